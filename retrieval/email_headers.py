"""Who wrote, to whom, when, in answer to what, and whether a person wrote at all.

Every reader takes raw values (bytes as surrogate escapes) and gives something for any input.
Automatic mail is recognised by RFC 3834 (Auto-Submitted, null return path), RFC 3462
(multipart/report), the vendors' own headers, and subjects that mail systems write by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from retrieval.email_charsets import decode_header
from retrieval.email_mime import parts_of

_MAX_ADDRESSES_TEXT = 32 * 1024
_MAX_REFERENCES = 200

_ID = re.compile(r"<\s*([^<>\s]{1,500})\s*>")
_ENCODED_WORD = re.compile(r"=\?[\w.:*+-]{1,60}\?[bBqQ]\?[^?\n]{0,2000}\?=(?:\s+(?==\?))?")
_STAND_IN = re.compile(r"\x11(\d{1,5})\x12")
_BARE_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_EMPTY_GROUP = re.compile(r"[^:]{0,100}:\s*;?")
_ISO_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,6})?\s*(Z|[+-]\d{2}:?\d{2})?"
)

_AUTO_HEADERS = (
    "x-autoreply x-auto-reply x-autorespond x-autoreply-from x-mail-autoreply x-autoreply-domain"
    " x-failed-recipients x-auto-response"
).split()
_AUTO_SUBJECT = re.compile(
    r"\s*[\[【(（]?(?:"
    r"(?:automatic|auto|automated)[ -]?(?:reply|response|respons|answer)\b"
    r"|out of (?:the )?office(?:[ -]?(?:auto[ -]?)?(?:reply|notification|message|notice|response))?"
    r"\s*(?:[:：)\]]|$)"
    r"|自动回复|自動回覆|自动答复|自动应答|休假自动|不在办公室\s*(?:[:：]|$)"
    r"|undeliver(?:ed|able)\b|delivery (?:status notification|failure)|returned mail\b"
    r"|mail delivery (?:failed|failure|system)|failure notice\s*$|(?:系统)?退信"
    r"|投递失败|邮件发送失败"
    r"|abwesenheitsnotiz|réponse automatique)",
    re.I,
)
_LOOSE_AUTO_SUBJECT = re.compile(r"(?i)out of office|auto|absence|自动|不在|休假")
_ROBOT_SENDER = re.compile(
    r"(?i)(?:mailer-?daemon|postmaster|no-?_?\.?reply|do-?_?not-?_?reply|bounces?)(?:[+=@-]|$)"
)


def read_header(message: Message[Any, Any], name: str) -> str:
    """The first header of that name as one line of decoded text, "" where there is none."""
    value = message.get(name)
    return decode_header(str(value)) if value is not None else ""


def read_addresses(values: Iterable[str]) -> list[tuple[str, str]]:
    """(name, lower-case address) in order, without repeats; a lone name where none is readable."""
    text = ", ".join(values)[:_MAX_ADDRESSES_TEXT]
    words: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        words.append(match[0])
        return f"\x11{len(words) - 1}\x12"

    folded = " ".join(_ENCODED_WORD.sub(stand_in, text).split())
    try:
        pairs = getaddresses([folded])
    except Exception:  # deep comments exhaust the library's recursion
        pairs = []
    if not any(_ADDRESS.fullmatch(_STAND_IN.sub("x", address)) for _, address in pairs):
        pairs = [("", address) for address in _BARE_ADDRESS.findall(folded)]
    found: dict[tuple[str, str], None] = {}
    for name, address in pairs:
        name = decode_header(_STAND_IN.sub(lambda m: _word(words, m), name)).strip("\"' ")
        address = decode_header(_STAND_IN.sub(lambda m: _word(words, m), address)).lower()
        if not _ADDRESS.fullmatch(address):
            continue
        found[(name if name.lower() != address else "", address)] = None
    name = decode_header(text).strip("\"' ")
    if not found and name and not _EMPTY_GROUP.fullmatch(name):
        return [(name[:200], "")]
    return list(found)


def _word(words: list[str], match: re.Match[str]) -> str:
    index = int(match[1])
    return words[index] if index < len(words) else ""


def read_date(message: Message[Any, Any], notes: list[str]) -> datetime | None:
    """When it was sent, aware, in the zone that the sender wrote; None where nothing tells."""
    written = read_header(message, "date")
    if written:
        if (found := _parsed_date(written)) is not None:
            return found
        notes.append("date not readable")
    received = read_header(message, "received").rpartition(";")[2]
    if received and (found := _parsed_date(received)) is not None:
        notes.append("date taken from Received")
        return found
    return None


def _parsed_date(text: str) -> datetime | None:
    text = text[:200].strip()
    try:
        if match := _ISO_DATE.match(text):
            zone = (match[3] or "+00:00").replace("Z", "+00:00")
            found = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
        else:
            found = parsedate_to_datetime(text)
        if found.tzinfo is None:  # RFC 5322: "-0000" is UTC without a known zone
            found = found.replace(tzinfo=UTC)
        found.astimezone(UTC)
    except Exception:  # ValueError, IndexError, OverflowError, TypeError: all mean "no date"
        return None
    return found


def read_ids(value: str) -> list[str]:
    """Message ids without their angle brackets, in order, without repeats."""
    found = _ID.findall(value) or [t.strip("<>,;") for t in value.split() if "@" in t]
    return [i for i in dict.fromkeys(found) if i][:_MAX_REFERENCES]


def automatic_reason(message: Message[Any, Any], subject: str, sender: str) -> str | None:
    """Why this mail was written by a machine; None for a person's mail."""
    submitted = re.split(r"[;\s(]", read_header(message, "auto-submitted").lower())[0]
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted[:40]}"
    for name in _AUTO_HEADERS:
        if message.get(name) is not None and read_header(message, name).lower() != "no":
            return name
    precedence = read_header(message, "precedence").lower()
    if precedence in ("bulk", "auto_reply", "auto-reply", "junk"):
        return f"Precedence: {precedence}"
    return_path = message.get("return-path")
    if return_path is not None and "".join(str(return_path).split()) == "<>":
        return "null return path"
    if _has_report(message):
        return "delivery report"
    if _ROBOT_SENDER.match(sender):
        return "robot sender"
    if _AUTO_SUBJECT.match(subject):
        return "subject of an automatic mail"
    is_suppressed = message.get("x-auto-response-suppress") is not None
    if is_suppressed and _LOOSE_AUTO_SUBJECT.search(subject):
        return "X-Auto-Response-Suppress"
    return None


def _has_report(message: Message[Any, Any]) -> bool:
    kind = str(message.get("content-type", "")).strip().lower()
    if kind.startswith("multipart/report"):
        return True
    return any(
        str(part.get("content-type", ""))
        .strip()
        .lower()
        .startswith(("message/delivery-status", "message/disposition-notification"))
        for part in parts_of(message)
    )
