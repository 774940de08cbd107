"""Evidence that can be checked: exact words at an exact place in one unchanged source.

Offsets and hash together are the strictest of the W3C Web Annotation selectors (a TextPosition and
a TextQuote selector that must agree): a quote that merely occurs somewhere else does not hold.
"""

from __future__ import annotations

from datetime import date

from core.domain import Evidence, Passage, Source

CONTEXT_CHARACTERS = 80


def make_evidence(source: Source, passage: Passage, *, start: int, end: int) -> Evidence:
    """The words [start, end) of the source's text as evidence, said as the passage was said.

    Raises ValueError where the span is empty or lies outside the text.
    """
    if not 0 <= start < end <= len(source.text):
        raise ValueError(f"span [{start}, {end}) is outside a text of {len(source.text)}")
    said_on = source.meta.get("said_on")
    return Evidence(
        source_id=source.id,
        source_sha256=source.sha256,
        file=source.path,
        channel=source.channel,
        start=start,
        end=end,
        quote=source.text[start:end],
        speaker=passage.speaker,
        role=passage.role,
        occurred_at=passage.occurred_at or source.occurred_at,
        said_on=date.fromisoformat(said_on) if isinstance(said_on, str) else None,
        start_ms=passage.start_ms,
        end_ms=passage.end_ms,
        passage_id=passage.id,
    )


def check_evidence(evidence: Evidence, *, text: str, sha256: str) -> tuple[str, ...]:
    """Why the evidence does not hold against its source as stored now; empty when it holds.

    "hash": the source has changed; "span": no such place; "quote": other words stand there;
    "blank": the words say nothing.
    """
    reasons = []
    if evidence.source_sha256 != sha256:
        reasons.append("hash")
    if not 0 <= evidence.start < evidence.end <= len(text):
        reasons.append("span")
    elif text[evidence.start : evidence.end] != evidence.quote:
        reasons.append("quote")
    if not evidence.quote.strip():
        reasons.append("blank")
    return tuple(reasons)


def context_of(
    text: str, start: int, end: int, n: int = CONTEXT_CHARACTERS
) -> tuple[str, str, str]:
    """(before, quote, after) with at most `n` code points of context on either side.

    Raises ValueError where the span lies outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"span [{start}, {end}) is outside a text of {len(text)}")
    return text[max(0, start - n) : start], text[start:end], text[end : end + n]
