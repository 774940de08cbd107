"""What one piece of evidence says, prepared once: folded words, CRM values, quantities, its day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from core.domain import Channel, Evidence, Language
from core.text.language import language_of
from core.text.normalise import normalise
from core.text.quantities import Quantity, find_quantities

_HAN = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff65"
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_ISO_INTERVAL = re.compile(r"(\d{4}-\d\d-\d\d)/(?=\d{4}-\d\d-\d\d)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")

# The deals a worker looks at in a row; a statement is a few kilobytes at most.
_N_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` folded (see `fold`), `low` the same in lower case, `leaves` the texts of a CRM value.

    `day` is when it was said where it was said; None for CRM values and terms.
    """

    evidence: Evidence
    text: str
    low: str
    leaves: tuple[str, ...]
    day: date | None
    language: Language

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is counted, dated and coded; read on first use, since most claims ask for none."""
        return _quantities(self.evidence)

    @property
    def is_spoken(self) -> bool:
        return self.evidence.channel not in (Channel.CRM, Channel.TERM)

    @property
    def is_empty_field(self) -> bool:
        return self.evidence.channel is Channel.CRM and not self.leaves


def fold(text: str) -> str:
    """The text in one width and with single spaces, none beside Chinese characters."""
    return _SPACE_BESIDE_HAN.sub("", " ".join(normalise(text).text.split()))


def quantities_of(text: str, *, reference: date | None) -> list[Quantity]:
    """Quantities of a text, offsets into it; the days of an ISO interval are read one by one."""
    return find_quantities(_ISO_INTERVAL.sub(r"\1;", text), reference=reference)


@lru_cache(maxsize=_N_KEPT)
def statement(evidence: Evidence) -> Statement:
    """The evidence prepared for comparison."""
    is_crm = evidence.channel is Channel.CRM
    leaves = tuple(_leaves(evidence.quote)) if is_crm else ()
    text = " ; ".join(leaves) if is_crm else fold(evidence.quote)
    return Statement(
        evidence=evidence,
        text=text,
        low=text.lower(),
        leaves=leaves,
        day=None if is_crm or evidence.channel is Channel.TERM else _day(evidence),
        language=language_of(text),
    )


@lru_cache(maxsize=_N_KEPT)
def _quantities(evidence: Evidence) -> tuple[Quantity, ...]:
    is_crm = evidence.channel is Channel.CRM
    text = " ; ".join(_leaves(evidence.quote)) if is_crm else evidence.quote
    return tuple(quantities_of(text, reference=_day(evidence)))


def _day(evidence: Evidence) -> date | None:
    return evidence.said_on or (evidence.occurred_at.date() if evidence.occurred_at else None)


def _leaves(quote: str) -> Iterator[str]:
    """The texts in a CRM value: a bare text, or a raw slice of JSON (list, object, escapes)."""
    for leaf in _walk(_decoded(quote)):
        folded = fold(leaf)
        if _NUMBER.fullmatch(folded):
            folded = _plain_decimal(folded)
        if folded:
            yield folded


def _decoded(quote: str) -> Any:
    for candidate in (quote, f'"{quote}"'):
        try:
            return json.loads(candidate, parse_float=str, parse_int=str)
        except ValueError:
            continue
    return quote


def _walk(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for item in content:
            yield from _walk(item)
    elif isinstance(content, dict):
        for item in content.values():
            yield from _walk(item)
    elif isinstance(content, bool):
        yield str(content).lower()


def _plain_decimal(number: str) -> str:
    """4.8e5 as 480000; a huge exponent stays as it is written."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number
    return f"{value:f}" if -20 < value.adjusted() < 20 else number
