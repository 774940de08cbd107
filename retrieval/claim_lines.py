"""A claim with its evidence as one line of JSON, for outside sets and evaluations.

{"id", "claim", "evidence": [{"text", "date"?, "speaker"?, "role"?}]}: `date` is the day on which
the text was said, `role` customer or rep, in either language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from core.domain import Channel, Evidence, Role, SourceId
from core.errors import InvalidInput
from core.ports import Relatedness
from retrieval.verify import Verification, verify_claim

_SHAPE = '{"id", "claim", "evidence": [{"text", "date"?, "speaker"?, "role"?}]}'
_ROLES = {
    Role.CUSTOMER: "customer client buyer prospect user usr 客户 客户方 买方 买家 甲方 顾客 用户",
    Role.REP: "rep sales salesperson seller vendor agent us 销售 销售方 我方 卖方 卖家 乙方 客服",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()}


def verify_line(
    line: str, *, number: int, relatedness: Relatedness | None = None
) -> tuple[Any, Verification]:
    """(id, verification) of one line. Raises InvalidInput with the line's number."""
    try:
        row = json.loads(line)
        claim = _text(row["claim"], "claim")
        row_id, items = row["id"], row["evidence"]
        evidence = evidence_of(items)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(
            f"Line {number} is no claim with evidence: {error!r}.", remedy=f"Write {_SHAPE}."
        ) from error
    verified = verify_claim(
        claim, evidence, relatedness=relatedness, anyone_may_be_customer=not states_roles(items)
    )
    return row_id, verified


def states_roles(items: Sequence[dict[str, Any]]) -> bool:
    """Whether any piece says which side spoke, be it only in the speaker's place."""
    return any(
        item.get("role") or _role(str(item.get("speaker") or "")) is not Role.UNKNOWN
        for item in items
    )


def evidence_of(items: list[dict[str, Any]]) -> list[Evidence]:
    """Evidence values of a line's objects. Raises ValueError, KeyError or TypeError."""
    if not isinstance(items, list):
        raise TypeError("evidence is no list")
    return [_evidence(item) for item in items]


def _evidence(item: dict[str, Any]) -> Evidence:
    text = _text(item["text"], "text")
    speaker = _text(item.get("speaker") or "", "speaker").strip()
    role = _role(_text(item.get("role") or "", "role"))
    return Evidence(
        source_id=SourceId("line"),
        source_sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        file="",
        channel=Channel.MEETING,
        start=0,
        end=len(text),
        quote=text,
        speaker=speaker or None,
        role=_role(speaker) if role is Role.UNKNOWN else role,
        said_on=_day(_text(item.get("date") or "", "date").strip()),
    )


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{field} is no text")
    return value


def _role(word: str) -> Role:
    """A role that is no side of the sale (CFO, moderator) is unknown."""
    return _ROLE_OF.get(word.strip().casefold(), Role.UNKNOWN)


def _day(said: str) -> date | None:
    """ISO days and instants, 2026/11/3, and the dates of mail headers."""
    if not said:
        return None
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        pass
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007 (a local calendar day)
        except ValueError:
            continue
    return parsedate_to_datetime(said).date()
