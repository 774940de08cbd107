"""A mail as text that can be cited: decoded body, regions, who, when, to whom.

Whatever bytes arrive, a `ParsedEmail` comes back; `notes` says what was repaired, guessed or left
out. Work is bounded twice: by sizes (email_mime, html_text) and by a deadline looked at between
steps, so no thread or signal is needed. Offsets are code points of `text`; the raw bytes stay with
the caller.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from retrieval.email_headers import (
    automatic_reason,
    read_addresses,
    read_date,
    read_header,
    read_ids,
)
from retrieval.email_mime import Body, IsLate, read_body, split_message
from retrieval.email_regions import RegionKind, divide

# Splitting may use this share of the deadline; closing the parser can cost as much again.
_SPLIT_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Region:
    """Code points [start, end) of the text; only "body" holds the writer's own sentences."""

    kind: RegionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Address:
    """`email` is lower case and "" where only a name was written; `name` may be ""."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """`regions` are ordered, do not overlap and together cover `text`.

    `text` joins the inline text/plain parts by a blank line, or is made from HTML; it has "\\n"
    newlines and no NULs. `sent_at` is UTC, `sent_at_local` the same instant in the zone that the
    sender wrote. Message ids stand without angle brackets. An automatic mail carries no intent.
    """

    text: str
    regions: tuple[Region, ...]
    subject: str
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    sent_at: datetime | None
    sent_at_local: datetime | None
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    is_automatic: bool
    attachments: tuple[str, ...]
    notes: tuple[str, ...]


def parse_email(raw: bytes, *, deadline_s: float = 1.0) -> ParsedEmail:
    """The mail in `raw`. Never raises on any bytes; "deadline" in `notes` where time ran out."""
    started = time.monotonic()
    notes: list[str] = []

    def after(share: float) -> IsLate:
        return lambda: time.monotonic() - started > share * deadline_s

    message = split_message(raw, is_late=after(_SPLIT_SHARE), notes=notes)
    from_ = _addresses(message, "from") or _addresses(message, "sender")
    sender = from_[0] if from_ else None
    subject = read_header(message, "subject")
    body = _body(message, after(1.0), notes)
    local = read_date(message, notes)
    reason = automatic_reason(message, subject, sender.email if sender else "")
    if reason:
        notes.append(f"automatic: {reason}")
    replied = read_ids(read_header(message, "in-reply-to"))
    own_ids = read_ids(read_header(message, "message-id"))
    return ParsedEmail(
        text=body.text,
        regions=_regions(body, sender.name if sender else "", after(1.0), notes),
        subject=subject,
        sender=sender,
        to=_addresses(message, "to"),
        cc=_addresses(message, "cc"),
        sent_at=local.astimezone(UTC) if local else None,
        sent_at_local=local,
        message_id=own_ids[0] if own_ids else None,
        in_reply_to=replied[0] if replied else None,
        references=tuple(read_ids(read_header(message, "references"))),
        is_automatic=reason is not None,
        attachments=body.attachments,
        notes=tuple(dict.fromkeys(notes)),
    )


def _addresses(message: Message[Any, Any], name: str) -> tuple[Address, ...]:
    values = [str(value) for value in message.get_all(name, [])]
    return tuple(Address(*pair) for pair in read_addresses(values))


def _body(message: Message[Any, Any], is_late: IsLate, notes: list[str]) -> Body:
    try:
        return read_body(message, is_late=is_late, notes=notes)
    except Exception as error:  # the mail is kept with its headers; its text cannot be read
        notes.append(f"body not readable ({type(error).__name__})")
        return Body()


def _regions(body: Body, sender: str, is_late: IsLate, notes: list[str]) -> tuple[Region, ...]:
    if not body.text:
        return ()
    if is_late():
        notes.append("deadline")
        return (Region("body", 0, len(body.text)),)
    found = divide(body.text, sender=sender, quoted=body.quoted, signatures=body.signatures)
    return tuple(Region(*region) for region in found)
