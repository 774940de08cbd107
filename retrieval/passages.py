"""What is indexed and cited: pieces of a mail or of a shared text, cut where a reader would.

Every passage is a slice, `text[start:end] == passage.text`, so that a citation needs no search.
Mails are cut into paragraphs and list items of at most 600 characters: one thought each, short
enough to be quoted in a sidebar. Shared knowledge is cut by headings into at most 800: a section's
paragraphs explain each other, and its heading travels with the first.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from core.domain import Channel, ContactId, Passage, Role
from core.text.language import language_of
from core.text.sentences import sentences

LONGEST_EMAIL_PASSAGE = 600
LONGEST_KNOWLEDGE_PASSAGE = 800

Span = tuple[int, int]

_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*(?:\r?\n[^\S\n]*)+")
_LIST_ITEM = re.compile(
    r"^[^\S\n]*(?:[-*+•·●○▪◦–—]\s|[•●○▪◦]|[(（]?\d{1,2}[.)、）](?!\d)"
    r"|[(（]?[一二三四五六七八九十]{1,3}[、）)]|[(（]?[a-zA-Z][)）]\s|[①-⑳])",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W_]")
_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_HEADING = re.compile(
    r"^ {0,3}\#{1,6}[^\S\n]+\S.*$"
    r"|^[^\s\#>|*+-][^\n]*\n {0,3}(?:={3,}|-{3,})[^\S\n]*$"
    r"|^第[一二三四五六七八九十百\d]{1,4}[章节部分条][^\n。；]{0,40}$"
    r"|^[一二三四五六七八九十]{1,3}、[^\n。；，]{1,40}$",
    re.MULTILINE,
)
_HEADING_MARKS = "#=- \t\r\n"


def email_passages(
    text: str,
    regions: Sequence[tuple[str, int, int]],
    *,
    role: Role,
    speaker: str | None,
    contact_id: str | None,
    occurred_at: datetime | None,
    automatic: bool,
) -> list[Passage]:
    """The passages of a mail's own words, in the order of the text.

    `regions` are (kind, start, end); only "body" is indexed, since quoted history is the passage of
    the mail that it came with. A robot's mail (`automatic`) is kept but carries no intent.
    """
    spans = (
        span
        for kind, start, end in regions
        if kind == "body"
        for paragraph in _paragraphs(text, start, end)
        for span in _pieces(text, *paragraph, LONGEST_EMAIL_PASSAGE)
    )
    return [
        Passage(
            text=text[start:end],
            start=start,
            end=end,
            channel=Channel.EMAIL,
            role=role,
            speaker=speaker,
            contact_id=ContactId(contact_id) if contact_id else None,
            occurred_at=occurred_at,
            language=language_of(text[start:end]),
            carries_intent=not automatic,
        )
        for start, end in spans
    ]


def knowledge_passages(text: str, *, title: str) -> list[Passage]:
    """The passages of a shared text (Markdown or plain), in its order; they carry no intent.

    A heading opens the passage of the words below it. One that only repeats `title` says nothing
    that tells passages apart and is left out.
    """
    return [
        Passage(
            text=text[start:end],
            start=start,
            end=end,
            channel=Channel.KNOWLEDGE,
            language=language_of(text[start:end]),
            carries_intent=False,
        )
        for section in _sections(text, title)
        for start, end in _packed(text, *section, LONGEST_KNOWLEDGE_PASSAGE)
    ]


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """Between blank lines, and each list item for itself."""
    for first, last in _between(_BLANK_LINE, text, start, end):
        starts = [match.start() for match in _LIST_ITEM.finditer(text, first, last)]
        cuts = [first, *(at for at in starts if at > first), last]
        for left, right in pairwise(cuts):
            yield from _trimmed(text, left, right)


def _pieces(text: str, start: int, end: int, longest: int) -> Iterator[Span]:
    """[start, end) as it is, or cut at sentence ends into pieces of at most `longest`."""
    if end - start <= longest:
        yield start, end
        return
    inner = [(start + a, start + b) for a, b in sentences(text[start:end])]
    yield from _joined(inner, longest)


def _packed(text: str, start: int, end: int, longest: int) -> Iterator[Span]:
    """A section's paragraphs, as many together as fit into `longest`."""
    pieces = [
        piece
        for paragraph in _between(_BLANK_LINE, text, start, end)
        for trimmed in _trimmed(text, *paragraph)
        for piece in _pieces(text, *trimmed, longest)
    ]
    yield from _joined(pieces, longest)


def _joined(spans: Sequence[Span], longest: int) -> Iterator[Span]:
    """Neighbours joined while the whole, with what lies between them, stays within `longest`."""
    start = end = -1
    for left, right in spans:
        if start >= 0 and right - start <= longest:
            end = right
            continue
        if start >= 0:
            yield start, end
        start, end = left, right
    if start >= 0:
        yield start, end


def _sections(text: str, title: str) -> Iterator[Span]:
    """From heading to heading; a heading without words below it goes with the next section."""
    fences = [match.start() for match in _FENCE.finditer(text)]
    start = below_heading = 0
    for match in _HEADING.finditer(text):
        if bisect(fences, match.start()) % 2:
            continue  # a comment in a code block
        if text[below_heading : match.start()].strip():
            yield start, match.start()
            start = match.start()
        below_heading = match.end()
        if _bare(match[0]) == _bare(title) and not text[start : match.start()].strip():
            start = match.end()
    yield start, len(text)


def _bare(heading: str) -> str:
    return heading.strip(_HEADING_MARKS).casefold()


def _between(separator: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """[start, end) without white space around it; nothing when no letter or digit is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if _WORD.search(text, start, end):
        yield start, end
