"""What two versions of a text have in common, as far as it is certain.

Parts of retrieval.anchors: each function is pure and says nothing where it could only guess. The
patience order follows B. Cohen; difflib's word diff is quadratic and sees small regions only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

# Neighbouring characters that must have moved along: longer than "\nName: " or a common opening.
MOVED_CONTEXT = 12
# Neighbours that, with two characters of the quote, show where its beginning or end still stands.
STUB = 6
# Pieces of the quote that would show it was edited in place: short for a Chinese clause, long for
# an English sentence, whose four-letter pieces stand everywhere.
MIN_SHINGLE, MAX_SHINGLE = 4, 12
# Tokens on either side that the word diff may meet: quadratic, so a few milliseconds at most.
MAX_DIFF_TOKENS = 1500

_SENTENCE = re.compile(r"[^\n。！？!?;；.]*(?:[\n。！？!?;；]+|\.+|$)")
# White space goes with the word before it: alone it would match everywhere.
_TOKEN = re.compile(r"[A-Za-z0-9]+\s*|\s+|.\s*", re.DOTALL)
# Context that is compared around an occurrence: more says no more.
_FAR = 400

Span = tuple[int, int]


def common_prefix(one: str, other: str, limit: int) -> int:
    """By halving with slice comparisons: a few memory compares instead of a Python loop."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_suffix(one: str, other: str, limit: int) -> int:
    low, high = 0, limit
    n, m = len(one), len(other)
    while low < high:
        middle = (low + high + 1) // 2
        if one[n - middle : n - low] == other[m - middle : m - low]:
            low = middle
        else:
            high = middle - 1
    return low


def pieces(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    at = start
    for words in _SENTENCE.findall(text, start, end):
        if words and not words.isspace():
            yield words, at
        at += len(words)


def once(found: Iterator[tuple[str, int]]) -> dict[str, int]:
    """Sentences that occur once, with their place."""
    at_of: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for text, at in found:
        counts[text] += 1
        at_of[text] = at
    return {text: at for text, at in at_of.items() if counts[text] == 1}


def in_every_longest(values: list[int]) -> list[int]:
    """Indices that belong to every longest strictly increasing subsequence, in order."""
    forward = _levels(values)
    backward = _levels([-value for value in reversed(values)])[::-1]
    longest = max(forward, default=0)
    on_one = [i for i in range(len(values)) if forward[i] + backward[i] - 1 == longest]
    sharing = Counter(forward[i] for i in on_one)
    return [i for i in on_one if sharing[forward[i]] == 1]


def _levels(values: list[int]) -> list[int]:
    """Length of the longest increasing subsequence that ends at each value."""
    tails: list[int] = []
    levels = []
    for value in values:
        at = bisect_left(tails, value)
        if at == len(tails):
            tails.append(value)
        else:
            tails[at] = value
        levels.append(at + 1)
    return levels


def places(wanted: str, text: str) -> list[int]:
    """All places, overlapping ones too."""
    found, at = [], text.find(wanted)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def followed(old: str, new: str, start: int, length: int) -> int | None:
    """Where old[start:start + length] went inside a small region, by a word diff.

    None unless it occurs once on both sides and every token of it is kept, side by side.
    """
    quote = old[start : start + length]
    if old == new:
        return start
    if len(places(quote, old)) != 1 or len(places(quote, new)) != 1:
        return None
    if old.strip() == quote.strip():
        return new.index(quote)
    cut_old, cut_new = _tokens(old), _tokens(new)
    if max(len(cut_old), len(cut_new)) > MAX_DIFF_TOKENS:
        return None
    matcher = SequenceMatcher(
        None, [t for t, _ in cut_old], [t for t, _ in cut_new], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        if not block.size:
            continue
        from_old, from_new = cut_old[block.a][1], cut_new[block.b][1]
        n = sum(len(cut_old[i][0]) for i in range(block.a, block.a + block.size))
        if from_old <= start and start + length <= from_old + n:
            return from_new + start - from_old
    return None


def context(old: str, new: str, start: int, at: int, length: int) -> Span:
    """Equal characters on the left and on the right of two places of one quote, up to a limit.

    The beginning and the end of the text count as the whole context: nothing else stands there.
    """
    end, after = start + length, at + length
    n_left, n_right = min(start, at, _FAR), min(len(old) - end, len(new) - after, _FAR)
    left = common_suffix(old[start - n_left : start], new[at - n_left : at], n_left)
    right = common_prefix(old[end : end + n_right], new[after : after + n_right], n_right)
    return (
        _FAR if left == start == at else left,
        _FAR if right == len(old) - end == len(new) - after else right,
    )


def is_rival(rival: Span, mine: Span) -> bool:
    sides = zip(rival, mine, strict=True)
    return sum(rival) > sum(mine) or any(r >= MOVED_CONTEXT > m for r, m in sides)


def may_be_original(copy: Span, mine: Span) -> bool:
    """Whether the copy may be the original: as good on one side, or kept where mine was cut."""
    sides = zip(copy, mine, strict=True)
    return any((r >= MOVED_CONTEXT and r >= m) or r >= STUB > m for r, m in sides)


def _tokens(text: str) -> list[tuple[str, int]]:
    return [(match.group(), match.start()) for match in _TOKEN.finditer(text)]


def remnant_share(quote: str, rest_old: str, rest_new: str) -> float:
    """Share of the quote's pieces that newly stand beside it: an edited copy, or a part of one."""
    n = min(MAX_SHINGLE, max(MIN_SHINGLE, len(quote) // 5))
    shingles = {quote[i : i + n] for i in range(max(1, len(quote) - n + 1))}
    fresh = [p for p in shingles if p in rest_new and p not in rest_old]
    return len(fresh) / len(shingles)


def without(text: str, start: int, length: int) -> str:
    return text[:start] + "\0" + text[start + length :]


def may_tell(beside: str, n_beside: int, own: str) -> bool:
    """Whether these characters are enough to know the quote's edge by: punctuation is not."""
    return len(beside) == n_beside and own.isalnum()


def is_in_a_run(old: str, new: str, start: int, found: Span) -> bool:
    """Whether the quote cuts a run such as "-----", whose length nobody can follow."""
    at, after = found
    end = start + after - at
    return (
        old[max(0, start - 1) : start] == old[start]
        or old[end : end + 1] == old[end - 1]
        or new[max(0, at - 1) : at] == new[at]
        or new[after : after + 1] == new[after - 1]
    )
