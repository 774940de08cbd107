"""Finding term labels in running text, in one pass, with offsets into the text as it was sent.

Text and labels are folded alike before they are compared: NFKC and lower case, hyphens as spaces,
one space for a run of white space, none beside a Chinese character. So "make-to-order" meets
"make to order" across a line break, and "ERP 系统" meets "ERP系统".

A label written in Latin letters must stand alone as words; an English plural is tolerated. A label
of two Chinese characters must not cut a dictionary word: 压变 (pressure transmitter) is no part of
电压变化. Abbreviations that are everyday words in lower case (HIS, ENDS) need a capital letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from core.text.normalise import Normalised, normalise, without_trailing_invisible

MIN_LABEL_CHARACTERS = 2

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_TWO_HAN = re.compile(f"[{_HAN}]{{2}}")
_GAP = re.compile(r"\s+")
_GAP_NOT_PLAIN = re.compile(rf"^\s|\s$|\s\s|[^\S ]|(?<=[{_HAN}])\s|\s(?=[{_HAN}])")
_IS_HAN = re.compile(f"[{_HAN}]")
_HYPHENS = str.maketrans(dict.fromkeys("-\u2010\u2212", " "))
_ADDS_ES = ("s", "x", "z", "ch", "sh")

# Below this the character belongs to an alphabet whose words are set apart by spaces.
_FIRST_CJK = "\u2e80"

# Short abbreviations of the packs that lower-case English, Spanish place names or units also spell.
_EVERYDAY = frozenset(
    "ad aids aim aims all am an and are as at bar be bed best bev bid bit but by call can cap car"
    " care cat co cop cut dc de dip do dot ed eg em en ends er es fast fed fit fob for gain get go"
    " hail he hip his hot ice id if im in is it lag lap lark lip los lot mad map mas mat may me"
    " met mid mis mom moo my no nor not of off on one or our out pa pal pan pat pay per pet pin"
    " pip pit plus pop pot pro pub put rag ram rap rat raw re red rest rid rip row sad sap sat see"
    " sen set she sit so sow star tap tat the tip to tops up us var vet via"
    " was way we who win".split()
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `offsets[i]` is the place of its character i in the normalised text."""

    text: str
    offsets: tuple[int, ...] | None
    normalised: Normalised

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The original's code points behind folded characters [start, end), start < end."""
        if self.offsets is not None:
            start, end = self.offsets[start], self.offsets[end - 1] + 1
        return self.normalised.to_original(start, end)


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A label at [start, end) of the original text; `key` is its folded spelling."""

    key: str
    start: int
    end: int


def fold(text: str) -> Folded:
    """The text as labels are compared."""
    normalised = normalise(text, casefold=True)
    flat = normalised.text.translate(_HYPHENS)
    if not _GAP_NOT_PLAIN.search(flat):
        return Folded(flat, None, normalised)
    pieces: list[str] = []
    offsets: list[int] = []
    done = 0
    for gap in _GAP.finditer(flat):
        start, end = gap.span()
        pieces.append(flat[done:start])
        offsets.extend(range(done, start))
        inner = start > 0 and end < len(flat)
        if inner and not (_IS_HAN.match(flat[start - 1]) or _IS_HAN.match(flat[end])):
            pieces.append(" ")
            offsets.append(start)
        done = end
    pieces.append(flat[done:])
    offsets.extend(range(done, len(flat)))
    return Folded("".join(pieces), tuple(offsets), normalised)


class LabelIndex:
    """An automaton over labels. `keys` maps each label to its folded spelling.

    Labels of one character are left out: they match everywhere.
    """

    def __init__(self, labels: Iterable[str]) -> None:
        self.keys: dict[str, str] = {}
        self._key_of: dict[str, str] = {}
        self._needs_capital: set[str] = set()
        for label in labels:
            key = fold(label).text
            if len(key) < MIN_LABEL_CHARACTERS:
                continue
            self.keys[label] = key
            self._key_of[key] = key
            if label != label.lower() and (key in _EVERYDAY or len(key) == 2):
                self._needs_capital.add(key)
        for key in [k for k in self._key_of if _takes_ies(k)]:
            self._key_of.setdefault(f"{key[:-1]}ies", key)
        self._patterns = list(self._key_of)
        self._automaton = AhoCorasick(self._patterns)

    def find(self, text: str) -> list[LabelMatch]:
        """Every label that stands in the text, overlapping ones too, by end and then start."""
        folded = fold(text)
        found = []
        words: list[tuple[int, int]] | None = None
        for number, start, end in self._automaton.find_matches_as_indexes(
            folded.text, overlapping=True
        ):
            pattern = self._patterns[number]
            stop = _word_end(folded.text, start, end)
            if stop is None:
                continue
            if _TWO_HAN.fullmatch(pattern):
                words = _words(folded.text) if words is None else words
                if _cuts_word(words[start], words[end - 1], start, end):
                    continue
            first, last = folded.to_original(start, stop)
            last = without_trailing_invisible(text, first, last)
            key = self._key_of[pattern]
            if key in self._needs_capital and text[first:last] == text[first:last].lower():
                continue
            found.append(LabelMatch(key, first, last))
        return found


def longest(matches: Iterable[LabelMatch]) -> list[LabelMatch]:
    """Matches that do not overlap, the longest first to be kept, in text order."""
    kept: list[LabelMatch] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start, m.key)):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


def _in_word(character: str) -> bool:
    return character < _FIRST_CJK and character.isalnum()


def _word_end(text: str, start: int, end: int) -> int | None:
    """Where the label's words end, a plural ending included; None when it is part of a word."""
    if start and _in_word(text[start]) and _in_word(text[start - 1]):
        return None
    if not _in_word(text[end - 1]):
        return end
    endings = ["", "s"]
    if text.endswith(_ADDS_ES, start, end):
        endings.append("es")
    for ending in endings:
        stop = end + len(ending)
        if text.startswith(ending, end) and (stop == len(text) or not _in_word(text[stop])):
            return stop
    return None


def _takes_ies(key: str) -> bool:
    return len(key) > 3 and key[-1] == "y" and key[-2].isalpha() and key[-2] not in "aeiou"


def _words(text: str) -> list[tuple[int, int]]:
    """For each character the dictionary word it belongs to, as (start, end).

    Without jieba's guesses at unknown words (HMM): those join what only happens to stand together.
    """
    import rjieba

    words: list[tuple[int, int]] = []
    for _, start, end in rjieba.tokenize(text, hmm=False):
        words.extend([(start, end)] * (end - start))
    return words


def _cuts_word(first: tuple[int, int], last: tuple[int, int], start: int, end: int) -> bool:
    """Whether [start, end) cuts a word in two; the head or tail of a compound (报价单) does not."""
    if first == last:
        return start != first[0] and end != first[1]
    return start != first[0] or end != last[1]
