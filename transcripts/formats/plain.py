"""Plain-text transcripts: a time and a name on each line, or above each block of words.

Forms: `00:01:02 Name: text`, `[00:01:02] Name: text`, `Name(00:01:02): text`, and Feishu's and
Tencent Meeting's exports, where `Name 00:01:02` stands on a line of its own above the words.
Full-width colons and brackets count as half-width ones. Times of minutes and seconds alone are read
only where the file has no full ones, because "10:30 Meeting: budget" is an agenda.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.domain import Utterance
from transcripts.formats.lines import (
    clock_ms,
    ending_at_next_start,
    in_time_order,
    line_spans,
    trimmed,
)
from transcripts.formats.names import accepted_names, name_prefix

_FULL_CLOCK = r"\d{1,2}[:：][0-5]\d[:：][0-5]\d(?:[.,]\d{1,3})?"
_SHORT_CLOCK = r"\d{1,3}[:：][0-5]\d(?:[.,]\d{1,3})?"
# A recording begins near zero; an agenda or a chat log begins at an hour of the day.
_LATEST_FIRST_SHORT_MS = 5 * 60 * 1000
_OFTEN = 2
_LONGEST_TITLE = 120
_DATE = re.compile(
    r"\d{4}\s*[-/年.]|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:mon|tues|wednes|thurs)day", re.I
)
_SEPARATOR = re.compile(r"[ \t\u3000]*[-–—|｜:：]?[ \t\u3000]*")


@dataclass(frozen=True, slots=True)
class PlainFile:
    """Utterances in time order; `n_skipped_lines` stand before the first of them."""

    utterances: tuple[Utterance, ...]
    title: str | None
    n_skipped_lines: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """One line with a time. Words from `words_at` on; a heading's words stand below it."""

    line: int
    start_ms: int
    end_ms: int | None
    name: str | None
    words_at: int
    whole_at: int
    is_heading: bool


class _Forms:
    """The line patterns for one way of writing times."""

    def __init__(self, clock: str) -> None:
        opening, closing = r"[\[(（【]", r"[\])）】]"
        between = r"[ \t\u3000]*(?:-->|[-–—~～至])[ \t\u3000]*"
        self._leading = re.compile(
            rf"(?:(?P<b>{opening})[ \t]*)?(?P<from>{clock})(?:{between}(?P<to>{clock}))?"
            rf"(?(b)[ \t]*{closing}|(?=[ \t\u3000]|\Z))"
        )
        self._trailing = re.compile(
            rf"(?P<name>[^\r\n]{{1,64}}?)"
            rf"(?:[ \t\u3000]*(?P<b>{opening})[ \t]*|[ \t\u3000|｜·,，]+)"
            rf"(?P<from>{clock})(?:{between}(?P<to>{clock}))?"
            rf"(?(b)[ \t]*{closing})[ \t\u3000]*(?:(?P<colon>[:：])[ \t\u3000]*|(?=\Z))"
        )

    def mark(self, text: str, line: int, start: int, end: int) -> _Mark | None:
        start, end = trimmed(text, start, end)
        said = text[start:end]
        if found := self._leading.match(said):
            return self._led(text, line, start, end, found)
        if found := self._trailing.match(said):
            words_at = start + found.end()
            name = found["name"].strip(" \t\u3000[]【】")
            return _Mark(
                line,
                _clock(found["from"]),
                _clock(found["to"]) if found["to"] else None,
                name or None,
                words_at,
                words_at,
                is_heading=words_at >= end,
            )
        return None

    def _led(self, text: str, line: int, start: int, end: int, found: re.Match[str]) -> _Mark:
        separator = _SEPARATOR.match(text, start + found.end(), end)
        rest = separator.end() if separator else start + found.end()
        prefix = name_prefix(text, rest, end)
        return _Mark(
            line,
            _clock(found["from"]),
            _clock(found["to"]) if found["to"] else None,
            prefix[0] if prefix else None,
            prefix[1] if prefix else rest,
            rest,
            is_heading=(prefix[1] if prefix else rest) >= end,
        )


_FORMS = (_Forms(_FULL_CLOCK), _Forms(_SHORT_CLOCK))


def read_plain(text: str) -> PlainFile:
    """Every timed turn; empty where the text has no line with a time that reads as one."""
    spans = line_spans(text)
    for forms, is_short in zip(_FORMS, (False, True), strict=True):
        marks = _settled(
            text,
            spans,
            [m for i, (s, e) in enumerate(spans) if (m := forms.mark(text, i, s, e)) is not None],
        )
        if marks and not (is_short and not _reads_as_recording(marks)):
            said = ending_at_next_start(_utterances(text, spans, marks))
            before = [text[s:e].strip() for s, e in spans[: marks[0].line] if text[s:e].strip()]
            return PlainFile(in_time_order(said), _title(before), len(before))
    return PlainFile((), None, 0)


def _clock(written: str) -> int:
    *whole, last = re.split("[:：]", written)
    seconds, _, fraction = last.replace(",", ".").partition(".")
    hours = whole[-2] if len(whole) > 1 else None
    return clock_ms(hours, whole[-1], seconds, fraction)


def _reads_as_recording(marks: Sequence[_Mark]) -> bool:
    starts = [m.start_ms for m in marks]
    return starts[0] <= _LATEST_FIRST_SHORT_MS and starts == sorted(starts)


def _settled(text: str, spans: Sequence[tuple[int, int]], found: Sequence[_Mark]) -> list[_Mark]:
    """The marks with names decided over the whole file; a line that only ends in a time goes."""
    marks = _with_names_alone(text, spans, found)
    names = accepted_names([m.name for m in marks])
    settled: list[_Mark] = []
    for mark in marks:
        if mark.name is None or mark.name in names:
            settled.append(mark)
        elif mark.whole_at < mark.words_at:
            # `00:01:02 So the thing is: words`: the clause belongs to the words.
            settled.append(replace(mark, name=None, words_at=mark.whole_at, is_heading=False))
    return settled


def _with_names_alone(
    text: str, spans: Sequence[tuple[int, int]], marks: Sequence[_Mark]
) -> list[_Mark]:
    """Reads `00:01:02 Name` with the words below, where the same name stands so repeatedly."""
    marked = {m.line for m in marks}

    def alone(mark: _Mark) -> str | None:
        end = spans[mark.line][1]
        below = mark.line + 1
        if mark.name is not None or mark.is_heading or below in marked or below >= len(spans):
            return None
        is_followed = bool(text[spans[below][0] : spans[below][1]].strip())
        return text[mark.words_at : end].strip() if is_followed else None

    candidates = [alone(mark) for mark in marks]
    counts = Counter(name for name in candidates if name)
    often = accepted_names([n for n in candidates if n and counts[n] >= _OFTEN])
    return [
        replace(mark, name=name, words_at=spans[mark.line][1], is_heading=True)
        if name in often
        else mark
        for mark, name in zip(marks, candidates, strict=True)
    ]


def _utterances(
    text: str, spans: Sequence[tuple[int, int]], marks: Sequence[_Mark]
) -> Iterator[Utterance]:
    """One for each block of lines without an empty line.

    Below a heading every block is that speaker's. After `00:01:02 Name: text` only the lines
    directly below are; what follows an empty line has no speaker and no time.
    """
    ends = [m.line for m in marks[1:]] + [len(spans)]
    for mark, stop in zip(marks, ends, strict=True):
        is_first = True
        for start, end in _blocks(text, spans, mark, stop):
            is_theirs = is_first or mark.is_heading
            yield Utterance(
                text[start:end],
                start,
                end,
                mark.name if is_theirs else None,
                mark.start_ms if is_theirs else None,
                mark.end_ms if is_theirs else None,
            )
            is_first = False


def _blocks(
    text: str, spans: Sequence[tuple[int, int]], mark: _Mark, stop: int
) -> Iterator[tuple[int, int]]:
    block: tuple[int, int] | None = None
    for line in range(mark.line, stop):
        start, end = spans[line]
        if line == mark.line:
            start = mark.words_at
        if text[start:end].strip():
            block = (block[0] if block else start, end)
        elif block:
            yield trimmed(text, *block)
            block = None
    if block:
        yield trimmed(text, *block)


def _title(before: Sequence[str]) -> str | None:
    first = before[0] if before else ""
    return first if first and len(first) <= _LONGEST_TITLE and not _DATE.search(first) else None
