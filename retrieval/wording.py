"""A claim taken apart: what it quotes, what it repeats unmarked, and its own words.

Quoted words are looked up in the evidence before anything else, longest first, because a quote may
hold quotation marks of its own. What is left after quotes, repeated values and speakers' names are
taken out is what the claim says by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.domain import Channel
from retrieval.frame_words import (
    FIELDS_EN,
    FIELDS_ZH,
    FRAME_EN,
    FRAME_ZH,
    FUNCTION_ZH,
    REPORTING_EN,
    REPORTING_ZH,
    SPEECH_ACTS_EN,
    SPEECH_ACTS_ZH,
)
from retrieval.statements import Statement, fold

# Stand for a quotation and for a repeated value in the claim's own words.
QUOTED, REPEATED = "\ue000", "\ue001"

# Folding has made curly and full-width marks straight.
_CLOSING = {'"': '"', "「": "」", "『": "』"}
_ELLIPSIS = re.compile(r"^(?:…|\.{3})+|(?:…|\.{3})+$")
_LATIN_END = re.compile(r"[A-Za-z0-9]")
_DENIED = re.compile(r"(?:[不没未非]|没有|(?:\bnot|n't|n’t|\bnever|\bno)\s)$", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:['’][a-z]+)?")
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


def take_apart(
    claim: str, statements: Sequence[Statement], *, with_unborne: bool = False
) -> OwnWords:
    """The claim's quotations and repeated values, and what is left.

    `with_unborne`: quotations that nobody said count as the claim's own words.
    """
    # A CRM value may hold quotation marks itself: such values go before quotations are read.
    text, marked = _without_repeats(fold(claim), statements, has_marks=True)
    pieces: list[str] = []
    literals: list[Literal] = []
    position = 0
    while position < len(text):
        close = _CLOSING.get(text[position])
        found = _literal(text, position, close, statements) if close else None
        if found is None or (with_unborne and not found[0].borne_by):
            pieces.append(text[position])
            position += 1
        else:
            literal, position = found
            literals.append(literal)
            pieces.append(QUOTED)
    text, plain = _without_repeats("".join(pieces), statements, has_marks=False)
    return OwnWords(text, tuple(literals), tuple(dict.fromkeys([*marked, *plain])))


def _literal(
    claim: str, opening: int, close: str, statements: Sequence[Statement]
) -> tuple[Literal, int] | None:
    """The quotation that opens here and where it ends; None when it never closes."""
    ends = [i for i in range(opening + 1, len(claim)) if claim[i] == close][:_MOST_CLOSINGS]
    for end in reversed(ends):
        inner = claim[opening + 1 : end].strip()
        bearers = tuple(s for s in statements if _said(inner, s.text))
        if bearers:
            denied = all(_is_denied(inner, s.text) for s in bearers)
            return Literal(inner, bearers, denied), end + 1
    if not ends:
        return None
    return Literal(claim[opening + 1 : ends[0]].strip(), ()), ends[0] + 1


def _said(inner: str, text: str) -> bool:
    return next(_places(inner, text), None) is not None


def _is_denied(inner: str, text: str) -> bool:
    return all(_DENIED.search(text, max(0, at - 6), at) is not None for at in _places(inner, text))


def _places(inner: str, text: str) -> Iterator[int]:
    """Where the quoted words stand as whole words; dots at their ends mark a cut.

    Case and the full stop that a quotation brings along are the writer's.
    """
    inner, text = inner.lower(), text.lower()
    cut = _ELLIPSIS.sub("", inner).strip()
    for words in dict.fromkeys((inner, cut, cut.rstrip("。.,;!"))):
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
    own: str, statements: Sequence[Statement], *, has_marks: bool
) -> tuple[str, list[Statement]]:
    """Own words without what they repeat letter by letter: CRM values, whole sentences."""
    repeats = []
    for one in statements:
        is_crm = one.evidence.channel is Channel.CRM
        texts = sorted(one.leaves, key=len, reverse=True) if is_crm else [one.text]
        for text in texts:
            if has_marks == any(mark in text for mark in _CLOSING):
                shorter = _without(own, text, is_value=is_crm)
                if shorter != own:
                    own = shorter
                    repeats.append(one)
    return own, repeats


def _without(own: str, text: str, *, is_value: bool) -> str:
    if len(text) < 2 or not any(c.isalpha() for c in text):
        return own
    low, wanted = own.lower(), text.lower()
    if len(low) != len(own):
        return own
    at = low.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        before, behind = own[:at].rstrip(), own[end:].lstrip()
        large = is_value or size(text) >= _REPEATED_SIZE
        is_quoted = before[-1:] in _CLOSING and behind[:1] in _CLOSING.values()
        if (
            (large or before.endswith(":"))
            and not is_quoted
            and not (_cuts(own, at) or _cuts(own, end))
        ):
            return _without(own[:at] + REPEATED + own[end:], text, is_value=is_value)
        at = low.find(wanted, at + 1)
    return own


# ---- what words say ----------------------------------------------------------------------------


def content_units(
    text: str, *, language: str, with_fields: bool, with_acts: bool = False
) -> frozenset[str]:
    """What a text is about: bigrams of Chinese, stems of English words; frame words left out.

    `with_fields`: CRM field names count as frame words too. `with_acts`: asking, hoping and
    agreeing are content, because there is no other.
    """
    frame = _FRAMES[language, with_fields, with_acts]
    if language == "zh":
        return _units_zh(text.lower(), frame)
    return frozenset(
        stem(word)
        for word in _words(frame.sub(" ", text.lower()))
        if len(word) > 1 and word not in FRAME_EN
    )


def _words(low: str) -> Iterator[str]:
    """English words without what an apostrophe adds."""
    for word in _WORD.findall(low):
        yield word.partition("'")[0].partition("’")[0]


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
        return frozenset(map(stem, _words(low)))
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


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its commonest endings: enough to match approved with approval."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word


_ENDINGS = (
    "ations ation ments ment ities ity ings ing ions ion als al ers er ies ied ed es ly s y".split()
)


def _frame(*, language: str, with_fields: bool, with_acts: bool) -> re.Pattern[str]:
    """Matches the words that are no content."""
    if language == "zh":
        words = {*FRAME_ZH, *REPORTING_ZH}
        words.update(FIELDS_ZH if with_fields else ())
        words.update(() if with_acts else SPEECH_ACTS_ZH)
        return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    words = {*REPORTING_EN, *(FIELDS_EN if with_fields else ())}
    words.update(() if with_acts else SPEECH_ACTS_EN)
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words)))})\b")


_FRAMES = {
    (language, with_fields, with_acts): _frame(
        language=language, with_fields=with_fields, with_acts=with_acts
    )
    for language in ("zh", "en")
    for with_fields in (False, True)
    for with_acts in (False, True)
}
