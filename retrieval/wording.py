"""A claim taken apart: what it quotes, what it repeats unmarked, and its own words.

Quoted words are looked up in the evidence before anything else, longest first, because a quote may
hold quotation marks of its own. What is left after quotes, repeated values and speakers' names are
taken out is what the claim says by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.domain import Channel
from retrieval.frame_words import (
    FIELDS_EN,
    FIELDS_ZH,
    FRAME_EN,
    FRAME_ZH,
    FUNCTION_ZH,
    REPORTING_EN,
    REPORTING_ZH,
)
from retrieval.statements import Statement, fold

# Stand for a quotation and for a repeated value in the claim's own words.
QUOTED, REPEATED = "\ue000", "\ue001"

_CLOSING = {"“": "”", "「": "」", "『": "』", '"': '"', "＂": "＂"}
_ELLIPSIS = re.compile(r"^(?:…|\.{3})+|(?:…|\.{3})+$")
_LATIN_END = re.compile(r"[A-Za-z0-9]")
_DENIED = re.compile(r"(?:[不没未非]|没有|(?:\bnot|n't|n’t|\bnever|\bno)\s)$", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:['’-][a-z0-9]+)*")
_UNIT_ZH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z][a-z0-9]+")

# A quotation this large says something by itself: six Chinese characters or three words.
_TELLING_SIZE = 6
_TELLING_SHARE = 0.6
# Words repeated without quotation marks must be this large, or follow a colon.
_REPEATED_SIZE = 8
# Closing marks tried for one opening mark; hostile texts may hold thousands.
_MOST_CLOSINGS = 12


@dataclass(frozen=True, slots=True)
class Literal:
    """Words that the claim puts in quotation marks. `borne_by` is empty when nobody said them.

    `denied`: the evidence has the words, but behind a negation that the claim left out.
    """

    text: str
    borne_by: tuple[Statement, ...]
    denied: bool = False

    @property
    def is_telling(self) -> bool:
        shortest = min((size(s.text) for s in self.borne_by), default=0)
        n = size(self.text)
        return bool(self.borne_by) and (n >= _TELLING_SIZE or n >= _TELLING_SHARE * shortest)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The claim's folded words with QUOTED and REPEATED where evidence speaks for itself."""

    text: str
    literals: tuple[Literal, ...]
    repeats: tuple[Statement, ...]

    @property
    def bearers(self) -> tuple[Statement, ...]:
        """The statements that the quotations and repeated words come from, in order."""
        quoted = [s for literal in self.literals for s in literal.borne_by]
        return tuple(dict.fromkeys([*quoted, *self.repeats]))

    @property
    def is_anchored(self) -> bool:
        """Whether quoted or repeated words carry the claim, so that it paraphrases nothing."""
        return bool(self.repeats) or any(literal.is_telling for literal in self.literals)


def size(text: str) -> int:
    """How much a text says: one for a Chinese character, two for a word or number."""
    return len(_HAN.findall(text)) + 2 * len(re.findall(r"[A-Za-z0-9]+", text))


def take_apart(claim: str, statements: Sequence[Statement]) -> OwnWords:
    """The claim's quotations and repeated values, and what is left."""
    pieces: list[str] = []
    literals: list[Literal] = []
    position = 0
    while position < len(claim):
        close = _CLOSING.get(claim[position])
        found = _literal(claim, position, close, statements) if close else None
        if found is None:
            pieces.append(claim[position])
            position += 1
        else:
            literal, position = found
            literals.append(literal)
            pieces.append(QUOTED)
    text, repeats = _without_repeats(fold("".join(pieces)), statements)
    return OwnWords(text, tuple(literals), repeats)


def _literal(
    claim: str, opening: int, close: str, statements: Sequence[Statement]
) -> tuple[Literal, int] | None:
    """The quotation that opens here and where it ends; None when it never closes."""
    ends = [i for i in range(opening + 1, len(claim)) if claim[i] == close][:_MOST_CLOSINGS]
    for end in reversed(ends):
        inner = fold(claim[opening + 1 : end])
        bearers = tuple(s for s in statements if _said(inner, s.text))
        if bearers:
            denied = all(_is_denied(inner, s.text) for s in bearers)
            return Literal(inner, bearers, denied), end + 1
    if not ends:
        return None
    return Literal(fold(claim[opening + 1 : ends[0]]), ()), ends[0] + 1


def _said(inner: str, text: str) -> bool:
    return next(_places(inner, text), None) is not None


def _is_denied(inner: str, text: str) -> bool:
    return all(_DENIED.search(text, max(0, at - 6), at) is not None for at in _places(inner, text))


def _places(inner: str, text: str) -> Iterator[int]:
    """Where the quoted words stand as whole words; dots at their ends mark a cut."""
    cut = _ELLIPSIS.sub("", inner).strip()
    for words in dict.fromkeys((inner, cut)):
        at = text.find(words) if words else -1
        while at >= 0:
            end = at + len(words)
            if not (_cuts(text, at) or _cuts(text, end)):
                yield at
            at = text.find(words, at + 1)


def _cuts(text: str, at: int) -> bool:
    """Whether a cut here goes through a Latin word or a number."""
    return bool(
        0 < at < len(text) and _LATIN_END.match(text[at - 1]) and _LATIN_END.match(text[at])
    )


def _without_repeats(
    own: str, statements: Sequence[Statement]
) -> tuple[str, tuple[Statement, ...]]:
    """Own words without what they repeat letter by letter: CRM values, whole sentences."""
    repeats = []
    for one in statements:
        is_crm = one.evidence.channel is Channel.CRM
        texts = sorted(one.leaves, key=len, reverse=True) if is_crm else [one.text]
        for text in texts:
            shorter = _without(own, text, is_value=is_crm)
            if shorter != own:
                own = shorter
                repeats.append(one)
    return own, tuple(dict.fromkeys(repeats))


def _without(own: str, text: str, *, is_value: bool) -> str:
    if len(text) < 2 or not any(c.isalpha() for c in text):
        return own
    low, wanted = own.lower(), text.lower()
    if len(low) != len(own):
        return own
    at = low.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        after_colon = own[:at].rstrip().endswith(":")
        large = is_value or size(text) >= _REPEATED_SIZE
        if (large or after_colon) and not (_cuts(own, at) or _cuts(own, end)):
            return _without(own[:at] + REPEATED + own[end:], text, is_value=is_value)
        at = low.find(wanted, at + 1)
    return own


# ---- what words say ----------------------------------------------------------------------------


def content_units(text: str, *, language: str, with_fields: bool) -> frozenset[str]:
    """What a text is about: bigrams of Chinese, stems of English words; frame words left out.

    `with_fields`: CRM field names count as frame words too.
    """
    if language == "zh":
        return _units_zh(text.lower(), _FRAME_FIELDS_ZH if with_fields else _FRAME_ZH)
    words = (word.partition("'")[0].partition("’")[0] for word in _WORD.findall(text.lower()))
    frame = _FRAME_FIELDS_EN if with_fields else _FRAME_EN
    return frozenset(stem(word) for word in words if len(word) > 1 and word not in frame)


def _units_zh(low: str, frame: re.Pattern[str]) -> frozenset[str]:
    units: set[str] = set()
    for run in _UNIT_ZH.findall(frame.sub("|", low)):
        if run[0].isascii():
            units.add(run)
            continue
        bare = "".join(c if c not in FUNCTION_ZH else " " for c in run).split()
        for piece in bare:
            units.update(piece[i : i + 2] for i in range(len(piece) - 1))
            if len(piece) == 1:
                units.add(piece)
    return frozenset(units)


def evidence_units(text: str, *, language: str) -> frozenset[str]:
    """Everything that a paraphrase may draw on: all bigrams and characters, or all stems."""
    low = text.lower()
    if language == "en":
        return frozenset(
            stem(word.partition("'")[0].partition("’")[0]) for word in _WORD.findall(low)
        )
    units: set[str] = set()
    for run in _UNIT_ZH.findall(low):
        if run[0].isascii():
            units.add(run)
        else:
            units.update(run)
            units.update(run[i : i + 2] for i in range(len(run) - 1))
            bare = "".join(c for c in run if c not in FUNCTION_ZH)
            units.update(bare[i : i + 2] for i in range(len(bare) - 1))
    return frozenset(units)


def stem(word: str) -> str:
    """The word without its commonest endings: enough to match approved with approval."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word


_ENDINGS = (
    "ations ation ments ment ities ity ings ing ions ion als al ers er ies ied ed es ly s y".split()
)


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(set(words), key=len, reverse=True))))


_FRAME_ZH = _pattern([*FRAME_ZH, *REPORTING_ZH])
_FRAME_FIELDS_ZH = _pattern([*FRAME_ZH, *REPORTING_ZH, *FIELDS_ZH])
_FRAME_EN = FRAME_EN | frozenset(REPORTING_EN)
_FRAME_FIELDS_EN = _FRAME_EN | FIELDS_EN
