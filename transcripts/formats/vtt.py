"""WebVTT and SubRip cues, read from the text itself so that every utterance keeps its offsets.

webvtt-py was looked at and left out: it strips tags and joins lines, and its captions hold no
positions, so a quote could not be found again letter by letter. Rules: W3C WebVTT 1 (sections 4.1
and 6.1), and what exporters really write: Zoom `Name: text`, Teams `<v Name>`, SubRip commas,
Stream's one-digit times. Two departures from the standard's parser, both for the sake of words:
only a line with two times ends a cue (someone may say "A --> B"), and a cue inside NOTE is gone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain import Utterance
from transcripts.formats.lines import clock_ms, in_time_order, line_spans, trimmed
from transcripts.formats.names import accepted_names, name_prefix

_TIME = r"(?:(\d{1,5}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t]+[^\s:]+:[^\s]+)*[ \t]*\Z")
_HEADER = re.compile(r"WEBVTT(?:[ \t]+(?P<title>[^\r\n]*))?(?=[\r\n]|\Z)")
_COMMENT = re.compile(r"NOTE(?:[ \t]|\Z)")
_SETTINGS_BLOCK = re.compile(r"(?:STYLE|REGION)[ \t]*\Z")
_VOICE = re.compile(r"<v(?:\.[^\s<>]+)*(?:[ \t\r\n]+(?P<name>[^<>]*))?>|(?P<close></v>)")
_TAG = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class CueFile:
    """Utterances in time order; `n_skipped_lines` belonged to no cue, comment or setting."""

    utterances: tuple[Utterance, ...]
    title: str | None
    n_skipped_lines: int


@dataclass(frozen=True, slots=True)
class _Cue:
    start: int
    end: int
    start_ms: int
    end_ms: int | None


def is_webvtt(text: str) -> bool:
    return _HEADER.match(text) is not None


def has_cues(text: str) -> bool:
    """Whether any line is a cue's timing line."""
    return "-->" in text and any(_TIMING.match(text[s:e]) for s, e in line_spans(text))


def read_cues(text: str) -> CueFile:
    """Every cue's words; cues that show nothing are dropped, cues without speaker keep None."""
    reader = _Reader(text)
    cues = list(reader.cues())
    is_voiced = any(
        match["close"] is None
        for cue in cues
        for match in _VOICE.finditer(text, cue.start, cue.end)
    )
    spoken = _voiced(text, cues) if is_voiced else _prefixed(text, cues)
    header = _HEADER.match(text)
    title = (header["title"] or "").strip(" \t-–—") if header else ""
    return CueFile(in_time_order(spoken), title or None, reader.n_skipped)


class _Reader:
    """Walks the lines once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = line_spans(text)
        self.n_skipped = 0

    def cues(self) -> Iterator[_Cue]:
        at = self._after_header()
        while at < len(self._spans):
            line = self._line(at)
            if not line.strip():
                at += 1
            elif _COMMENT.match(line):
                at = self._after_block(at)
            elif _TIMING.match(line):
                cue, at = self._cue(at)
                yield cue
            elif self._is_timing(at + 1):
                cue, at = self._cue(at + 1)
                yield cue
            elif _SETTINGS_BLOCK.match(line):
                at = self._after_block(at)
            else:
                self.n_skipped += 1
                at += 1

    def _line(self, at: int) -> str:
        start, end = self._spans[at]
        return self._text[start:end]

    def _is_timing(self, at: int) -> bool:
        return at < len(self._spans) and _TIMING.match(self._line(at)) is not None

    def _after_header(self) -> int:
        if not is_webvtt(self._text):
            return 0
        at = 1
        while at < len(self._spans) and self._line(at) and not self._starts_cue(at):
            at += 1
        return at

    def _after_block(self, at: int) -> int:
        while at < len(self._spans) and self._line(at).strip():
            at += 1
        return at

    def _starts_cue(self, at: int) -> bool:
        return self._is_timing(at) or self._is_timing(at + 1)

    def _cue(self, at: int) -> tuple[_Cue, int]:
        """The cue whose timing line is `at`, and the line where the next block begins."""
        timing = _TIMING.match(self._line(at))
        assert timing is not None
        start_ms, end_ms = clock_ms(*timing.group(1, 2, 3, 4)), clock_ms(*timing.group(5, 6, 7, 8))
        first = stop = at + 1
        while stop < len(self._spans) and not self._ends_payload(stop, first):
            stop += 1
        begin = self._spans[first][0] if first < len(self._spans) else len(self._text)
        start, end = trimmed(self._text, begin, max(begin, self._spans[stop - 1][1]))
        return _Cue(start, end, start_ms, end_ms if end_ms >= start_ms else None), stop

    def _ends_payload(self, at: int, first: int) -> bool:
        line = self._line(at)
        if not line or self._is_timing(at):
            return True
        if not line.strip():
            # A line of blanks: inside a cue unless a new block follows.
            after = at + 1
            return after >= len(self._spans) or not self._line(after) or self._starts_cue(after)
        # Sloppy SubRip leaves no empty line before the next cue's number.
        return at > first and line.strip().isdigit() and self._is_timing(at + 1)


def _utterance(text: str, cue: _Cue, start: int, end: int, speaker: str | None) -> Utterance | None:
    """The slice without outer tags and white space; None where nothing visible is left."""
    start, end = _without_outer_tags(text, start, end)
    shown = html.unescape(_TAG.sub("", text[start:end]))
    if not _INVISIBLE.sub("", shown).strip():
        return None
    return Utterance(text[start:end], start, end, speaker, cue.start_ms, cue.end_ms)


def _without_outer_tags(text: str, start: int, end: int) -> tuple[int, int]:
    tags = [match.span() for match in _TAG.finditer(text, start, end)]
    start, end = trimmed(text, start, end)
    for first, last in tags:
        if first != start:
            break
        start, end = trimmed(text, last, end)
    for first, last in reversed(tags):
        if last != end or first < start:
            break
        start, end = trimmed(text, start, first)
    return start, end


def _display_name(raw: str | None) -> str | None:
    return " ".join(html.unescape(_TAG.sub("", raw or "")).split()) or None


def _voiced(text: str, cues: list[_Cue]) -> Iterator[Utterance]:
    """Cuts each cue at its voice tags; words outside any voice have no speaker."""
    for cue in cues:
        start, speaker = cue.start, None
        for match in _VOICE.finditer(text, cue.start, cue.end):
            if utterance := _utterance(text, cue, start, match.start(), speaker):
                yield utterance
            start = match.end()
            speaker = None if match["close"] else _display_name(match["name"])
        if utterance := _utterance(text, cue, start, cue.end, speaker):
            yield utterance


def _prefixed(text: str, cues: list[_Cue]) -> Iterator[Utterance]:
    """Reads `Name: ` at the start of a cue, and of a later line where the name is known already."""
    firsts = [_first_line_prefix(text, cue) for cue in cues]
    names = accepted_names([found[0] if found else None for found in firsts])
    for cue in cues:
        start, speaker = cue.start, None
        for line_start, line_end in line_spans(text[cue.start : cue.end]):
            found = _line_prefix(text, cue.start + line_start, cue.start + line_end)
            if found is None or found[0] not in names:
                continue
            if utterance := _utterance(text, cue, start, cue.start + line_start, speaker):
                yield utterance
            speaker, start = _display_name(found[0]), found[1]
        if utterance := _utterance(text, cue, start, cue.end, speaker):
            yield utterance


def _first_line_prefix(text: str, cue: _Cue) -> tuple[str, int] | None:
    _, end = line_spans(text[cue.start : cue.end])[0]
    return _line_prefix(text, cue.start, cue.start + end)


def _line_prefix(text: str, start: int, end: int) -> tuple[str, int] | None:
    while tag := _TAG.match(text, start, end):
        start = tag.end()
    return name_prefix(text, start, end)
