"""A claim that nearly repeats its evidence, compared word by word: what was changed on the way?

Most wrong claims are right sentences with one thing altered: a name, a unit, a "not", a "might".
Where the claim's words run along the evidence's (the longest common blocks, Ratcliff and Metzener
1988), each difference can be looked at by itself, and no list of names or synonyms is needed. A
free paraphrase does not run along, and is left to the other checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from typing import NamedTuple

from core.domain import Language
from retrieval.copy_words import (
    Token,
    key_in,
    means_the_same,
    tokens_in,
    tokens_of,
    unframed,
    words_in,
    words_of,
)
from retrieval.polarity import (
    asks_both_ways,
    draws_denials,
    is_conditional,
    is_hedged_in,
    is_in_doubt,
    is_negated_in,
)
from retrieval.statements import Statement, fold, quantities_of

# Above this share of matched words a claim is a copy with at most two words changed; down to the
# lower share, with one. More changes make a paraphrase. Tuned on the suite's dev half.
COPY_SHARE = 0.75
_LEAST_SHARE = 0.6
_MOST_CHANGES = 2
# A word added to a closer copy than this is no connecting word of a paraphrase.
_CLOSE_SHARE = 0.85
_MOST_BLOCKS = 3
_LEAST_MATCHED = {"zh": 5, "en": 4}
# Longer evidence is cut to the sentences that share most with the claim.
_MOST_TOKENS = 160
# A longer stretch of the evidence left out is a choice, not a changed word.
_LONGEST_SWAP = {"zh": 8, "en": 4}

# An export's row is no sentence: "stage: Won; close_date: 2017-03-01; close_value: 1054".
_RECORD = re.compile(r"(?:[\w ]+[:=][^:=;,|\n]*[;,|\n]\s*){3}")


@dataclass(frozen=True, slots=True)
class Copy:
    """`share` of the claim's words that run along the evidence; `reasons` for what differs."""

    share: float
    reasons: tuple[str, ...]


class _Side(NamedTuple):
    text: str
    tokens: Sequence[Token]


def compare_copy(
    claim: str, statements: Sequence[Statement], *, language: Language, strangers: Sequence[str]
) -> Copy | None:
    """How a near-copy differs from the piece it copies; None where the claim copies nothing.

    `strangers`: words of the claim that say who spoke and when, no part of the copy.
    """
    text = fold(claim).lower()
    for name in sorted(strangers, key=len, reverse=True):
        text = text.replace(name.lower(), ";" * len(name))
    best: tuple[float, Copy | None] = (0.0, None)
    alike = [s for s in statements if s.language == language and not _RECORD.search(s.text)]
    candidates = _likeliest(text, alike)
    by_day = {day: quantities_of(text, reference=day) for day in {s.day for s in candidates}}
    for one in candidates:
        tokens, known = tokens_of(one.evidence)
        figures = by_day[one.day]
        mine = _Side(text, tokens_in(text, figures, [key_in(q, known) for q in figures]))
        found = _compare(mine, _cut(_Side(one.low, tokens), mine), language)
        if found and found.share > best[0]:
            best = found.share, found
    return best[1]


def _likeliest(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """The two statements that share most words with the claim."""
    if len(statements) < 3:
        return list(statements)
    words = words_in(text)
    shared = {id(s): len(words & words_of(s.evidence)) for s in statements}
    return sorted(statements, key=lambda s: -shared[id(s)])[:2]


def _cut(theirs: _Side, mine: _Side) -> _Side:
    """Evidence of ordinary length; of a long one the window that shares most with the claim."""
    tokens = theirs.tokens
    if len(tokens) <= _MOST_TOKENS:
        return theirs
    wanted = {t.key for t in mine.tokens if not t.is_plain}
    hits = [t.key in wanted for t in tokens]
    width = min(len(tokens), max(_MOST_TOKENS, 2 * len(mine.tokens)))
    count = best = sum(hits[:width])
    at = 0
    for end in range(width, len(tokens)):
        count += hits[end] - hits[end - width]
        if count > best:
            best, at = count, end - width + 1
    return _Side(theirs.text, tokens[at : at + width])


def _compare(mine: _Side, theirs: _Side, language: Language) -> Copy | None:
    a, b = mine.tokens, theirs.tokens
    matcher = SequenceMatcher(None, [t.key for t in b], [t.key for t in a], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    blocks = _without_chance(blocks, a)
    if not blocks:
        return None
    matched = sum(block.size for block in blocks)
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    span = [t for t in a[first:last] if not t.is_plain]
    n_alike = sum(not t.is_plain for bl in blocks for t in a[bl.b : bl.b + bl.size])
    share = n_alike / len(span) if span else 0.0
    tail = [t for t in a[last:] if not t.is_plain and not t.is_figure]
    head = [t for t in a[:first] if not t.is_plain and not t.is_figure]
    outside = len(unframed(head, mine.text)) + len(unframed(tail, mine.text))
    share = min(share, n_alike / max(1, len(span) + outside))
    if matched < _LEAST_MATCHED[language] or share < _LEAST_SHARE:
        return None
    moods = _lost_moods(mine, theirs, blocks, language)
    is_close = share >= _CLOSE_SHARE
    changes = _changes(mine, theirs, blocks, language, is_close=is_close)
    reasons = tuple(dict.fromkeys([*moods, *changes]))
    n_new = sum(reason.startswith("wording") for reason in reasons)
    is_one_edit = n_new == 1 and len(blocks) <= _MOST_BLOCKS
    if n_new > _MOST_CHANGES or (share < COPY_SHARE and not is_one_edit):
        return None
    if not (is_close or is_one_edit):
        reasons = tuple(reason for reason in reasons if not reason.startswith("wording"))
    if share < COPY_SHARE:
        reasons = tuple(r for r in reasons if r.startswith("wording") and _is_written_as_name(r))
    if not is_close and draws_denials(mine.text, [theirs.text], language):
        reasons = tuple(reason for reason in reasons if reason != "negation")
    return Copy(share, reasons)


def _is_written_as_name(reason: str) -> bool:
    """Whether the changed word has digits: a looser paraphrase has other words of its own."""
    return any(c.isdigit() for c in reason)


def _without_chance(blocks: list[Match], a: Sequence[Token]) -> list[Match]:
    """Blocks at both ends that match one plain word only by chance are no part of the copy."""
    while blocks and blocks[0].size == 1 and a[blocks[0].b].is_plain and len(blocks) > 1:
        blocks = blocks[1:]
    while blocks and blocks[-1].size == 1 and a[blocks[-1].b].is_plain and len(blocks) > 1:
        blocks = blocks[:-1]
    return blocks


class _Gap(NamedTuple):
    """What stands before, between or behind matched blocks on both sides."""

    ours: Sequence[Token]
    others: Sequence[Token]
    beside_ours: Sequence[Token]
    beside_others: Sequence[Token]
    is_inside: bool


def _gaps(
    mine: _Side, theirs: _Side, blocks: Sequence[Match], language: Language
) -> Iterator[_Gap]:
    a, b = mine.tokens, theirs.tokens
    before_a = before_b = 0
    for number, block in enumerate([*blocks, None]):
        at_a = block.b if block else len(a)
        at_b = block.a if block else len(b)
        ours, others = a[before_a:at_a], b[before_b:at_b]
        near_a = _near(ours, a[before_a - 1] if number else None, a[at_a] if block else None)
        near_b = _near(others, b[before_b - 1] if number else None, b[at_b] if block else None)
        is_inside = number > 0 and block is not None
        yield _Gap(ours, _short(others, language), near_a, _short(near_b, language), is_inside)
        if block:
            before_a, before_b = block.b + block.size, block.a + block.size


def _changes(
    mine: _Side,
    theirs: _Side,
    blocks: Sequence[Match],
    language: Language,
    *,
    is_close: bool,
) -> Iterator[str]:
    """A "wording:…" or "number:…" for each word that stands in the place of another."""
    for gap in _gaps(mine, theirs, blocks, language):
        if gap.is_inside:
            others = gap.beside_others
            yield from _inner_reasons(mine, theirs, gap.ours, others, language, is_close=is_close)
        else:
            yield from _outer_reasons(mine, theirs, gap.ours, gap.others, language)


def _near(others: Sequence[Token], left: Token | None, right: Token | None) -> Sequence[Token]:
    """What the evidence has beside the matched words in the same clause."""
    clauses = {t.clause for t in (left, right) if t}
    return [t for t in others if t.clause in clauses]


def _short(tokens: Sequence[Token], language: Language) -> Sequence[Token]:
    """The tokens, or none of them where they are too many to be one changed thing."""
    return tokens if sum(not t.is_plain for t in tokens) <= _LONGEST_SWAP[language] else ()


def _lost_moods(
    mine: _Side, theirs: _Side, blocks: Sequence[Match], language: Language
) -> Iterator[str]:
    """A "negation" and a "hedge" that stands on one side only.

    A denial that moved ("不行…" to "拒绝…") stands on both.
    """
    denials = [0, 0]
    is_open = is_in_doubt(mine.text, language)
    for gap in _gaps(mine, theirs, blocks, language):
        my_words = _text(mine, gap.beside_ours, language)
        their_words = _text(theirs, gap.beside_others, language)
        in_mine = _denies(mine, gap.beside_ours, language)
        in_theirs = _denies(theirs, gap.beside_others, language)
        if in_mine != in_theirs:
            denials[in_theirs] += 1
        # A question may come back as a wish or a worry, a "might" has to come back as itself.
        is_asked = language == "zh" and asks_both_ways(their_words)
        if is_hedged_in(their_words, language) and not (
            (is_open and is_asked) or is_hedged_in(my_words, language)
        ):
            yield "hedge"
    if denials[0] != denials[1]:
        yield "negation"
    first, last = theirs.tokens[blocks[0].a], theirs.tokens[blocks[-1].a + blocks[-1].size - 1]
    if is_conditional(_sentence_around(theirs.text, first.start, last.end), language) and not (
        is_open or is_conditional(mine.text, language) or is_hedged_in(mine.text, language)
    ):
        yield "hedge"


def _sentence_around(text: str, start: int, end: int) -> str:
    before = max(text.rfind(mark, 0, start) for mark in ".!?。！？\n")
    ends = [at for mark in ".!?。！？\n" if (at := text.find(mark, end - 1)) >= 0]
    return text[before + 1 : min(ends, default=len(text))]


def _inner_reasons(
    mine: _Side,
    theirs: _Side,
    ours: Sequence[Token],
    others: Sequence[Token],
    language: Language,
    *,
    is_close: bool,
) -> Iterator[str]:
    """A word between matched ones that replaces another, or that the evidence does not have."""
    new = [t for t in ours if not (t.is_plain or t.is_figure)]
    if language == "zh":
        new = unframed(new, mine.text)
    gone = [t for t in others if not (t.is_plain or t.is_figure)]
    if (
        new
        and (gone or (is_close and _is_new(new, theirs, language)))
        and not means_the_same(new, gone)
    ):
        yield f"wording:{_shown(mine, new)}"
    changed = {t.key for t in ours if t.is_figure} - {t.key for t in theirs.tokens}
    if changed and any(t.is_figure for t in others):
        yield f"number:{_text(mine, [t for t in ours if t.is_figure], language)}"


def _outer_reasons(
    mine: _Side,
    theirs: _Side,
    ours: Sequence[Token],
    others: Sequence[Token],
    language: Language,
) -> Iterator[str]:
    """Words at an end that stand in the place of others; who said it and when is no content."""
    known = {t.key for t in theirs.tokens}
    bare = unframed([t for t in ours if not t.is_figure], mine.text)
    new = [t for t in bare if not t.is_plain and t.key not in known]
    # One Chinese character is rarely a word; with plain ones beside it, it may be a name (华为).
    is_word = bool(new) and (language == "en" or len(bare) > 1)
    if is_word and _short(new, language) and any(not t.is_plain for t in others):
        yield f"wording:{_shown(mine, new)}"


def _is_new(new: Sequence[Token], theirs: _Side, language: Language) -> bool:
    """Whether inserted words stand nowhere in the evidence."""
    if language == "zh":
        words = "".join(t.key for t in new)
        return len(words) > 1 and words not in theirs.text
    known = {t.key for t in theirs.tokens}
    return any(t.key not in known for t in new)


def _denies(side: _Side, tokens: Sequence[Token], language: Language) -> bool:
    """Whether the words deny; 续不 and 没有 do not in 续不续 and 有没有."""
    if not tokens or not is_negated_in(_text(side, tokens, language), language):
        return False
    around = side.text[max(0, tokens[0].start - 1) : tokens[-1].end + 1]
    return not (language == "zh" and asks_both_ways(around))


def _text(side: _Side, tokens: Sequence[Token], language: Language) -> str:
    if language == "zh":
        return "".join(side.text[t.start : t.end] for t in tokens)
    return " ".join("not" if t.key == "not" else side.text[t.start : t.end] for t in tokens)


def _shown(side: _Side, tokens: Sequence[Token]) -> str:
    return side.text[tokens[0].start : tokens[-1].end]
