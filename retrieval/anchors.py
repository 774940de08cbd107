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

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from retrieval.differences import (
    MOVED_CONTEXT,
    STUB,
    Span,
    common_prefix,
    common_suffix,
    context,
    followed,
    in_every_longest,
    is_in_a_run,
    is_rival,
    may_be_original,
    may_tell,
    once,
    pieces,
    places,
    remnant_share,
    without,
)
from retrieval.respelling import (
    folded_with_spans,
    is_respelling_of,
    is_spelling_of,
    joints,
    loosely,
    signs,
)

# The second try, where a copy took the nearest neighbours along as well.
LONG_CONTEXT = 60
# (neighbours, own characters) that show a broken quote; the more, the surer the place was before.
STUBS = ((STUB, 2),)
KEPT_STUBS = ((MOVED_CONTEXT, 2),)
MOVED_STUBS = ((MOVED_CONTEXT, 1),)
SENTENCE_ENDS = ("\n", "。", "！", "？", "!", "?", ".", ";", "；")
MAX_RIVALS = 200  # old occurrences tried as the origin of one new place
# Above this share of the quote's own pieces an edited copy of it stands at the old place.
REMNANT_SHARE = 0.3
# Characters of a text that is compared loosely: folding takes some µs a character.
MAX_FOLDED = 300_000

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

    def __init__(self, before: str, after: str, *, is_folded: bool = False) -> None:
        self.before, self.after, self.is_folded = before, after, is_folded
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
            return self._still_kept(start, quote, kept)
        gap = self._gap(start, end)
        return (
            self._in_gap(start, quote, gap)
            or (None if self.is_folded else self._respelled(start, quote, gap))
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

    def _still_kept(self, start: int, quote: str, kept: set[int]) -> Anchor | None:
        anchor = self.of_kept(start, quote, kept)
        if anchor is None or self._has_stub(start, quote, KEPT_STUBS):
            return None
        is_threatened = self._is_threatened(start, quote, anchor.start, (0, len(self.before)))
        return None if is_threatened else anchor

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
        if self._is_left_behind(start, quote, gap, at) or self._is_respelled_too(quote):
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
        n = len(quote)
        rest_old = without(self.before[gap.b0 : gap.b1], start - gap.b0, n)
        rest_new = self.after[gap.a0 : gap.a1]
        if gap.a0 <= at < gap.a1:
            rest_new = without(rest_new, at - gap.a0, n)
        # Whole copies are rivals, to be told apart by their context, but nothing left behind.
        rest_new = rest_new.replace(quote, "\0")
        if remnant_share(quote, rest_old, rest_new) >= REMNANT_SHARE:
            return True
        return self._has_stub(start, quote, STUBS)

    def _has_stub(self, start: int, quote: str, stubs: tuple[Span, ...]) -> bool:
        """Whether the old neighbours still stand beside the quote's edge, the quote not whole."""
        n, end = len(quote), start + len(quote)
        for n_beside, n_own in stubs:
            lead, head = self.before[max(0, start - n_beside) : start], quote[:n_own]
            trail, tail = self.before[end : end + n_beside], quote[-n_own:]
            if may_tell(lead, n_beside, head) and self.before.count(lead + head) == 1:
                for first in (place + n_beside for place in places(lead, self.after)):
                    is_ours = is_spelling_of(self.after[first : first + n_own], head)
                    if is_ours and not self.after.startswith(quote, first):
                        return True
            if may_tell(trail, n_beside, tail) and self.before.count(tail + trail) == 1:
                for last in places(trail, self.after):
                    is_ours = is_spelling_of(self.after[max(0, last - n_own) : last], tail)
                    if is_ours and not self.after.startswith(quote, max(0, last - n)):
                        return True
        return False

    @cached_property
    def _loose(self) -> tuple[str, str]:
        return loosely(self.before), loosely(self.after)

    def _is_respelled_too(self, quote: str) -> bool:
        """Whether the words newly stand somewhere with other letters: perhaps there they went."""
        wanted, (old, new) = loosely(quote), self._loose
        n_exact = self.after.count(quote) - self.before.count(quote)
        return bool(wanted) and new.count(wanted) - old.count(wanted) > max(0, n_exact)

    @cached_property
    def _without_spelling(self) -> tuple[Alignment, list[Span], list[Span]] | None:
        """The same two texts folded, and where the folded characters come from."""
        if max(len(self.before), len(self.after)) > MAX_FOLDED:
            return None
        (old, old_spans), (new, new_spans) = (
            folded_with_spans(self.before),
            folded_with_spans(self.after),
        )
        return Alignment(old, new, is_folded=True), old_spans, new_spans

    def _respelled(self, start: int, quote: str, gap: _Gap) -> Anchor | None:
        loose = loosely(quote)
        n_loose = self._loose[1].count(loose) if loose else 0
        if n_loose <= self.after.count(quote) or quote in self.after[gap.a0 : gap.a1]:
            return None
        folding = self._without_spelling
        wanted, _ = folded_with_spans(quote)
        if folding is None or not wanted:
            return None
        texts, old_spans, new_spans = folding
        bare = start + len(quote) - len(quote.lstrip())
        first = bisect_left(old_spans, (bare, 0))
        last = first + len(wanted)
        if texts.before[first:last] != wanted:
            return None
        found = texts.place(first, last)
        if found is None or is_in_a_run(texts.before, texts.after, first, (found.start, found.end)):
            return None
        return self._dressed(start, quote, new_spans[found.start][0], new_spans[found.end - 1][1])

    def _dressed(self, start: int, quote: str, at: int, end: int) -> Anchor | None:
        """The anchor with the quote's white space around it, if only the spelling is another."""
        n_before = len(quote) - len(quote.lstrip())
        n_after = len(quote) - len(quote.rstrip())
        old = (start + n_before, start + len(quote) - n_after)
        around = self.after[max(0, at - n_before) : at] + self.after[end : end + n_after]
        if len(around) != n_before + n_after or around.strip():
            return None
        if joints(self.before, *old) != joints(self.after, at, end):
            return None
        words, others = quote.strip(), self.after[at:end]
        if signs(words) != signs(others) or not is_respelling_of(others, words):
            return None
        return self._anchor(at - n_before, end + n_after, "respelled")

    def _is_threatened(self, start: int, quote: str, at: int, near: Span) -> bool:
        """Whether `at` has no context to speak of, or another pair of places may be the true one.

        Old occurrences inside `near` keep their order and are no rivals. Where there are more
        occurrences than before somebody copied, perhaps context and all: then one strong side is
        enough for doubt.
        """
        n = len(quote)
        mine = context(self.before, self.after, start, at, n)
        if max(mine) < STUB:
            return True
        olds, news = places(quote, self.before), places(quote, self.after)
        for old in olds:
            if old == start or near[0] <= old < near[1]:
                continue
            if is_rival(context(self.before, self.after, old, at, n), mine):
                return True
        is_copied = len(news) > len(olds)
        for new in news:
            rival = context(self.before, self.after, start, new, n)
            if new == at or not (
                is_rival(rival, mine)
                or (is_copied and may_be_original(rival, mine))
                or (is_copied and self._is_torn_off(start, n, rival, mine))
            ):
                continue
            if not self._is_explained(new, rival, n, [old for old in olds if old != start]):
                return True
        return False

    def _is_torn_off(self, start: int, n: int, rival: Span, mine: Span) -> bool:
        """Whether a whole sentence up to the quote, or from it on, may have moved to the rival."""
        (left, right), (left_here, right_here) = rival, mine
        first, last = self.before[: start - left], self.before[start + n : start + n + right]
        if right < min(STUB, right_here) and left >= MOVED_CONTEXT:
            return not first or first.endswith(SENTENCE_ENDS)
        return (
            left < min(STUB, left_here) and right >= MOVED_CONTEXT and last.endswith(SENTENCE_ENDS)
        )

    def _is_explained(self, at: int, rival: Span, n: int, olds: list[int]) -> bool:
        """Whether another old occurrence went to `at`: it fits better there, on no side worse."""
        for old in olds[:MAX_RIVALS]:
            left, right = context(self.before, self.after, old, at, n)
            if left >= rival[0] and right >= rival[1] and (left, right) != rival:
                return True
        return False

    def _moved(self, start: int, quote: str, gap: _Gap) -> Anchor | None:
        for n in (MOVED_CONTEXT, LONG_CONTEXT):
            found = self._with_context(start, quote, n)
            if len(found) != 1:
                continue
            (at,) = found
            others = [a for a in places(quote, self.after) if a != at]
            if any(
                max(context(self.before, self.after, start, a, len(quote))) >= STUB for a in others
            ):
                return None
            if self._is_threatened(start, quote, at, (start, start + 1)):
                return None
            if self._is_left_behind(start, quote, gap, at):
                return None
            if self._has_stub(start, quote, MOVED_STUBS) or self._is_respelled_too(quote):
                return None
            return self._anchor(at, at + len(quote), "moved")
        return None

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
