"""Lines and clock times, with offsets into the text as it stands.

WebVTT ends a line with CR, LF or CRLF and with nothing else (W3C WebVTT 1, section 4.1);
`str.splitlines` also breaks at U+2028, form feed and others, which would shift meanings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from core.domain import Utterance

_TERMINATOR = re.compile(r"\r\n|\n|\r")


def line_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) of every line without its terminator, in order; one for an empty text."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _TERMINATOR.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return spans


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at either side; empty spans come back as (end, end)."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def clock_ms(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    """Milliseconds of a written time; `fraction` is the decimal part, so "57" is 570 ms."""
    whole_s = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole_s * 1000 + int((fraction or "").ljust(3, "0")[:3])


def in_time_order(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """By start time, ties and untimed files in file order."""
    listed = tuple(utterances)
    if any(u.start_ms is None for u in listed):
        return listed
    return tuple(sorted(listed, key=lambda u: u.start_ms or 0))


def ending_at_next_start(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """Fills each missing `end_ms` with the next later start; None where time runs backwards."""
    filled: list[Utterance] = []
    following: int | None = None
    upcoming: int | None = None
    for utterance in reversed(tuple(utterances)):
        if utterance.start_ms is not None:
            if upcoming is not None and upcoming != utterance.start_ms:
                following = upcoming
            upcoming = utterance.start_ms
            is_later = following is not None and following > utterance.start_ms
            if utterance.end_ms is None and is_later:
                utterance = replace(utterance, end_ms=following)
        filled.append(utterance)
    return tuple(reversed(filled))
