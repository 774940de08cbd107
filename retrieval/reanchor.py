"""Following spans of one text into its next version, line ends aside.

A file that was saved on another system has other line ends everywhere, between all words that an
alignment could hold on to. Where a place is not found as the text stands, it is followed once more
through both texts with every run of line ends as one, and mapped back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from retrieval.anchors import Alignment, Anchor

_LINE_ENDS = re.compile(r"[ \t]*(?:\r\n?|\n)[\r\n \t]*")


class Reanchoring:
    """Two versions of one text; `place` follows spans of the old one, sharing the work."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = _Lines(before), _Lines(after)
        self._as_it_stands = Alignment(before, after)

    def place(self, start: int, end: int) -> Anchor | None:
        """Where before[start:end] stands in `after`; None when it is gone or cannot be told.

        Raises ValueError where the span is empty or outside the old text.
        """
        return self._as_it_stands.place(start, end) or self._by_lines(start, end)

    def _by_lines(self, start: int, end: int) -> Anchor | None:
        if self._before.is_plain and self._after.is_plain:
            return None
        first, last = self._before.folded_place(start), self._before.folded_place(end)
        found = self._folded.place(first, last) if first < last else None
        if found is None:
            return None
        new_start, new_end = self._after.place(found.start), self._after.place(found.end)
        quote, old = self._after.text[new_start:new_end], self._before.text[start:end]
        how = found.how if quote == old else "respelled"
        return Anchor(new_start, new_end, quote, how)

    @cached_property
    def _folded(self) -> Alignment:
        return Alignment(self._before.folded, self._after.folded)


class _Lines:
    """A text and the same text with one line end in place of each run of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pieces: list[str] = []
        # Where each piece after a folded run begins, in the text and in the folded text.
        self._starts, self._folded_starts = [0], [0]
        position = length = 0
        for run in _LINE_ENDS.finditer(text):
            if run.group() == "\n":
                continue
            self._pieces += [text[position : run.start()], "\n"]
            length += run.start() - position + 1
            position = run.end()
            self._starts.append(position)
            self._folded_starts.append(length)
        self._pieces.append(text[position:])

    @property
    def is_plain(self) -> bool:
        return len(self._starts) == 1

    @cached_property
    def folded(self) -> str:
        return "".join(self._pieces)

    def folded_place(self, at: int) -> int:
        piece = bisect_right(self._starts, at) - 1
        place = self._folded_starts[piece] + at - self._starts[piece]
        # Inside a run: where the run ends.
        following = self._folded_starts[piece + 1 : piece + 2]
        return min(place, *following) if following else place

    def place(self, at: int) -> int:
        piece = bisect_right(self._folded_starts, at) - 1
        return self._starts[piece] + at - self._folded_starts[piece]


def reanchor(before: str, after: str, *, start: int, end: int) -> Anchor | None:
    """Where before[start:end] stands in `after`; None when it is gone or cannot be told.

    For several spans of one source make one `Reanchoring`. Raises ValueError for a span outside.
    """
    return Reanchoring(before, after).place(start, end)
