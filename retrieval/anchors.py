"""Finding a quote again after its source was edited: where its characters went, or nowhere.

Words that merely occur somewhere in the new text are no proof: somebody else may say them there.
So the old place is followed through the edit, in four steps, each of which may only say "I know"
or "I do not know":

1. The unchanged beginning and end of the text (position, or position moved by the edit's length).
   Two old places that fall on one, or one that falls on two, cannot be told apart: neither counts.
2. Between them, sentences that occur once in both texts and whose order is certain enclose the old
   place: a patience diff (B. Cohen, "patience diff", 2008) that trusts an anchor only where every
   longest increasing subsequence holds it. A word diff decides inside the small rest.
3. The same region with width, case and white space ignored: the words, written otherwise.
4. Words that left their place are found elsewhere only with context that left with them: the
   quote with that context is unique in both texts, the context occurs as often as before (moved,
   not copied), and nothing of the quote was left behind (moved, not edited).

The selectors are those of the W3C Web Annotation model (TextPosition, TextQuote). difflib alone
would need seconds for 200 kB; here it only ever sees the region around one quote.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from core.text.normalise import normalise
from retrieval.differences import (
    MOVED_CONTEXT,
    Span,
    common_prefix,
    common_suffix,
    context,
    followed,
    in_every_longest,
    once,
    pieces,
    places,
    remnant_share,
    without,
)

# The second try, where a copy took the nearest neighbours along as well.
LONG_CONTEXT = 60
# Neighbours that, with two characters of the quote, show where its beginning or end still stands.
STUB = 6
# Above this share of the quote's own pieces an edited copy of it stands at the old place.
REMNANT_SHARE = 0.3
# A region without certain borders is no place to compare loosely; folding it would be slow too.
MAX_FOLDED = 20_000

# Characters that compatibility folding would turn into ordinary digits: 10² is not 102.
_FOLDS_TO_DIGIT = ("<super>", "<sub>", "<circle>", "<fraction>")

How = Literal["position", "shifted", "enclosed", "respelled", "moved"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """`after[start:end] == quote`. `how` is the step that knew; "respelled" has other letters."""

    start: int
    end: int
    quote: str
    how: How


@dataclass(frozen=True, slots=True)
class _Gap:
    """The old place's surroundings: before[b0:b1] became after[a0:a1]."""

    b0: int
    b1: int
    a0: int
    a1: int
    own: int | None = None
    """Where the span's own sentence, certain itself, puts it in `after`."""


class Alignment:
    """Two versions of one text; `place` follows spans of the old one, sharing the work."""

    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = before, after
        shorter = min(len(before), len(after))
        self._prefix = common_prefix(before, after, shorter)
        self._suffix = common_suffix(before, after, shorter)

    def place(self, start: int, end: int) -> Anchor | None:
        """Where before[start:end] stands in `after`; None when it is gone or cannot be told.

        Raises ValueError where the span is empty or outside the old text.
        """
        if not 0 <= start < end <= len(self.before):
            raise ValueError(f"span [{start}, {end}) is outside a text of {len(self.before)}")
        if self.before == self.after:
            return self._anchor(start, end, "position")
        quote = self.before[start:end]
        if not quote.strip():
            return None
        kept = self.kept_places(start, end)
        if kept:
            anchor = self.of_kept(start, quote, kept)
            whole = (0, len(self.before))
            if anchor and self._is_threatened(start, quote, anchor.start, whole):
                return None
            return anchor
        gap = self._gap(start, end)
        return (
            self._in_gap(start, quote, gap)
            or self._respelled(quote, gap)
            or self._moved(start, quote, gap)
        )

    # ---- step 1: the unchanged beginning and end ------------------------------------------------

    def kept_places(self, start: int, end: int) -> set[int]:
        grown = len(self.after) - len(self.before)
        places = set()
        if end <= self._prefix:
            places.add(start)
        if start >= len(self.before) - self._suffix:
            places.add(start + grown)
        return places

    def of_kept(self, start: int, quote: str, kept: set[int]) -> Anchor | None:
        """Certain only where one old occurrence falls on one new place."""
        if len(kept) > 1:
            return None
        (at,) = kept
        grown = len(self.after) - len(self.before)
        for rival in {at, at - grown} - {start}:
            end = rival + len(quote)
            inside = rival >= 0 and self.before.startswith(quote, rival)
            if inside and at in self.kept_places(rival, end):
                return None
        how: How = "position" if at == start else "shifted"
        return self._anchor(at, at + len(quote), how)

    # ---- step 2: enclosed between certain sentences ---------------------------------------------

    @cached_property
    def _middle(self) -> _Gap:
        """What changed: beginning and end cut off, the beginning first where they overlap."""
        shorter = min(len(self.before), len(self.after))
        suffix = min(self._suffix, shorter - self._prefix)
        return _Gap(self._prefix, len(self.before) - suffix, self._prefix, len(self.after) - suffix)

    @cached_property
    def _certain(self) -> list[tuple[int, int, int]]:
        """(old start, new start, length) of the sentences that kept their order, in order."""
        middle = self._middle
        # Whole lines, so that both texts are cut into the same sentences.
        back = middle.b0 - (self.before.rfind("\n", 0, middle.b0) + 1)
        line_end = self.before.find("\n", middle.b1)
        ahead = (len(self.before) if line_end < 0 else line_end + 1) - middle.b1
        old = once(pieces(self.before, middle.b0 - back, middle.b1 + ahead))
        new = once(pieces(self.after, middle.a0 - back, middle.a1 + ahead))
        both = sorted((at, new[text], len(text)) for text, at in old.items() if text in new)
        return [both[i] for i in in_every_longest([place for _, place, _ in both])]

    def _gap(self, start: int, end: int) -> _Gap:
        """The smallest region around the span whose borders are certain."""
        middle = self._middle
        b0 = min(start, middle.b0)
        b1 = max(end, middle.b1)
        a0, a1 = b0, len(self.after) - (len(self.before) - b1)
        own = None
        for old, new, length in self._certain:
            if old + length <= start and old + length >= b0:
                b0, a0 = old + length, max(a0, new + length)
            elif old <= start and end <= old + length:
                own = new + start - old
            elif end <= old <= b1:
                b1, a1 = old, min(a1, new)
                break
        return _Gap(b0, b1, a0, max(a0, a1), own)

    def _in_gap(self, start: int, quote: str, gap: _Gap) -> Anchor | None:
        old, new = self.before[gap.b0 : gap.b1], self.after[gap.a0 : gap.a1]
        if quote not in new:
            return None
        at = gap.own
        if at is None:
            found = self._beside_border(start - gap.b0, quote, old, new)
            if found is None:
                found = followed(old, new, start - gap.b0, len(quote))
            if found is None:
                return None
            at = gap.a0 + found
            if self._is_threatened(start, quote, at, (gap.b0, gap.b1)):
                return None
        if self._is_left_behind(start, quote, gap, at):
            return None
        return self._anchor(at, at + len(quote), "enclosed")

    def _beside_border(self, start: int, quote: str, old: str, new: str) -> int | None:
        """Step 1 again, between the region's certain borders."""
        if (old, new) == (self.before, self.after):
            return None
        part = Alignment(old, new)
        kept = part.kept_places(start, start + len(quote))
        found = part.of_kept(start, quote, kept) if kept else None
        return found.start if found else None

    def _is_left_behind(self, start: int, quote: str, gap: _Gap, at: int) -> bool:
        """Whether an edited or broken quote stands where the words at `at` are not."""
        n, end = len(quote), start + len(quote)
        rest_old = without(self.before[gap.b0 : gap.b1], start - gap.b0, n)
        rest_new = self.after[gap.a0 : gap.a1]
        if gap.a0 <= at < gap.a1:
            rest_new = without(rest_new, at - gap.a0, n)
        if remnant_share(quote, rest_old, rest_new) >= REMNANT_SHARE:
            return True
        lead, trail = self.before[max(0, start - STUB) : start], self.before[end : end + STUB]
        if self.before.count(lead + quote[:2]) == 1:
            for place in places(lead, self.after):
                first = place + len(lead)
                is_ours = _is_spelling_of(self.after[first : first + 2], quote[:2])
                if is_ours and not self.after.startswith(quote, first):
                    return True
        if self.before.count(quote[-2:] + trail) == 1:
            for last in places(trail, self.after):
                is_ours = _is_spelling_of(self.after[max(0, last - 2) : last], quote[-2:])
                if is_ours and not self.after.startswith(quote, max(0, last - n)):
                    return True
        return False

    # ---- step 3: the same words, written otherwise ----------------------------------------------

    def _respelled(self, quote: str, gap: _Gap) -> Anchor | None:
        old, new = self.before[gap.b0 : gap.b1], self.after[gap.a0 : gap.a1]
        if quote in new or max(len(old), len(new)) > MAX_FOLDED:
            return None
        wanted, _ = _folded(quote)
        text, spans = _folded(new)
        if not wanted or len(places(wanted, _folded(old)[0])) != 1:
            return None
        found = places(wanted, text)
        if len(found) != 1:
            return None
        start, end = spans[found[0]][0], spans[found[0] + len(wanted) - 1][1]
        if quote[0].isspace():
            start = len(new[:start].rstrip())
        if quote[-1].isspace():
            end = len(new) - len(new[end:].lstrip())
        start, end = gap.a0 + start, gap.a0 + end
        if _signs(self.after[start:end]) != _signs(quote):
            return None
        return self._anchor(start, end, "respelled")

    # ---- step 4: moved, with its context --------------------------------------------------------

    def _is_threatened(self, start: int, quote: str, at: int, near: Span) -> bool:
        """Whether `at` has no context to speak of, or another pair of places has better.

        Old occurrences inside `near` keep their order and are no rivals.
        """
        n = len(quote)
        mine = context(self.before, self.after, start, at, n)
        if max(mine) < STUB:
            return True
        pairs = [(o, at) for o in places(quote, self.before) if not near[0] <= o < near[1]]
        pairs += [(start, a) for a in places(quote, self.after) if a != at]
        for pair in pairs:
            rival = context(self.before, self.after, *pair, n)
            sides = zip(rival, mine, strict=True)
            if sum(rival) > sum(mine) or any(r >= MOVED_CONTEXT > m for r, m in sides):
                return True
        return False

    def _moved(self, start: int, quote: str, gap: _Gap) -> Anchor | None:
        for n in (MOVED_CONTEXT, LONG_CONTEXT):
            found = self._with_context(start, quote, n)
            if len(found) != 1:
                continue
            (at,) = found
            others = (a for a in places(quote, self.after) if a != at)
            if any(self._context(start, a, len(quote)) >= MOVED_CONTEXT for a in others):
                return None
            if self._is_threatened(start, quote, at, (start, start + 1)):
                return None
            if self._is_left_behind(start, quote, gap, at):
                return None
            return self._anchor(at, at + len(quote), "moved")
        return None

    def _context(self, start: int, at: int, length: int) -> int:
        return max(context(self.before, self.after, start, at, length))

    def _with_context(self, start: int, quote: str, n: int) -> set[int]:
        """Places of the quote with `n` neighbouring characters that left with it, on some side."""
        end = start + len(quote)
        left, right = self.before[max(0, start - n) : start], self.before[end : end + n]
        found = set()
        for side, words, lead in ((left, left + quote, len(left)), (right, quote + right, 0)):
            is_whole = len(side) == n and len(side.strip()) >= n - 2
            if not is_whole or self.before.count(side) != self.after.count(side):
                continue
            if len(places(words, self.before)) == 1 == len(places(words, self.after)):
                found.add(self.after.index(words) + lead)
        return found

    def _anchor(self, start: int, end: int, how: How) -> Anchor:
        return Anchor(start, end, self.after[start:end], how)


def reanchor(before: str, after: str, *, start: int, end: int) -> Anchor | None:
    """Where before[start:end] stands in `after`; None when it is gone or cannot be told.

    For several spans of one source make one `Alignment`. Raises ValueError for a span outside.
    """
    return Alignment(before, after).place(start, end)


def _folded(text: str) -> tuple[str, list[Span]]:
    """Text without width, case and white space, and the original span of each character.

    Between two Latin letters or digits one space stays: "1 5" is not "15".
    """
    folded = normalise(text, casefold=True)
    letters: list[str] = []
    spans: list[Span] = []
    gap: Span | None = None
    for i, character in enumerate(folded.text):
        span = folded.to_original(i, i + 1)
        if character.isspace():
            gap = gap or span
            continue
        if gap and letters and _is_latin(letters[-1]) and _is_latin(character):
            letters.append(" ")
            spans.append(gap)
        gap = None
        letters.append(character)
        spans.append(span)
    return "".join(letters), spans


def _is_spelling_of(one: str, other: str) -> bool:
    return normalise(one, casefold=True).text == normalise(other, casefold=True).text


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _signs(text: str) -> list[str]:
    """The superscripts, circled and other signs that folding makes digits of."""
    return [c for c in text if unicodedata.decomposition(c).startswith(_FOLDS_TO_DIGIT)]
