"""One spelling for text that means the same, with a way back to the original characters.

Full-width digits, zero-width characters and curly quotes defeat plain regular expressions, and a
citation must still point into the text as it was sent. So every normalised character remembers the
code point it came from. Compatibility folding is Unicode NFKC (UAX #15), applied to one cluster
(a base character with its combining marks) at a time so that offsets stay exact.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Soft hyphen, joiners, bidi controls, BOM, annotation marks, variation selectors, tag characters:
# all invisible, all able to split or smuggle a word.
_INVISIBLE_CLASS = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_CLASS}]")

_QUOTES = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")

# Characters that NFKC leaves alone and that never combine: ASCII, Han, CJK punctuation, dashes.
_PLAIN_CLASS = "\x00-\x7f\u4e00-\u9fff\u3001\u3002\u3008-\u3011\u2013\u2014\u00a5\u20ac\u00a3"
_NOT_PLAIN = re.compile(f"[^{_PLAIN_CLASS}]")

# Characters that map to exactly one other character: the ordinary Chinese keyboard's.
_ONE_TO_ONE: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0x00A0: " ",
    0xFFE5: "¥",
    **{code: chr(value) if isinstance(value, int) else value for code, value in _QUOTES.items()},
}
_NOT_SIMPLE = re.compile(f"[^{_PLAIN_CLASS}{''.join(map(chr, _ONE_TO_ONE))}]")

# The Stream-Safe Text Format of UAX #15 allows 30 marks after a base; a longer run is hostile.
_CLUSTER_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text; `offsets` has len(text) + 1 entries, the last is the original's length."""

    text: str
    offsets: tuple[int, ...]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The original's code points [start, end) that produced normalised characters [start, end).

        A span that cuts a character's expansion (㎏ → kg) widens to the whole character. Invisible
        characters that follow the last one are included.

        Raises ValueError when the span does not lie in the normalised text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span [{start}, {end}) is outside a text of {len(self.text)}")
        offsets = self.offsets
        first = offsets[start]
        if start == end:
            return first, first
        last = offsets[end - 1]
        while offsets[end] == last:
            end += 1
        return first, offsets[end]


def normalise(text: str, *, casefold: bool = False) -> Normalised:
    """The text in NFKC without invisible characters, straight quotes, optionally case-folded."""
    if not _NOT_PLAIN.search(text):
        return _same_length(text, casefold)
    if not _NOT_SIMPLE.search(text):
        return _same_length(text.translate(_ONE_TO_ONE), casefold)
    return _by_cluster(text, casefold)


def normalised(text: str) -> str:
    """`normalise(text).text` without the way back, at many times the speed for mixed scripts."""
    if not _NOT_PLAIN.search(text):
        return text
    if not _NOT_SIMPLE.search(text):
        return text.translate(_ONE_TO_ONE)
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_QUOTES)


def without_trailing_invisible(text: str, start: int, end: int) -> int:
    """The end of [start, end) moved left over invisible characters."""
    while end > start and _INVISIBLE.match(text, end - 1):
        end -= 1
    return end


def _same_length(text: str, casefold: bool) -> Normalised:
    folded = text.lower() if casefold else text
    return Normalised(folded, tuple(range(len(text) + 1)))


def _by_cluster(text: str, casefold: bool) -> Normalised:
    pieces: list[str] = []
    offsets: list[int] = []
    for start, cluster in _clusters(text):
        piece = unicodedata.normalize("NFKC", cluster).translate(_QUOTES)
        if casefold:
            piece = unicodedata.normalize("NFKC", piece.casefold())
        pieces.append(piece)
        offsets.extend([start] * len(piece))
    offsets.append(len(text))
    return Normalised("".join(pieces), tuple(offsets))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """(index, characters) of each base with what composes onto it, invisible ones left out."""
    start, cluster = 0, ""
    for index, character in enumerate(text):
        if _INVISIBLE.match(character):
            continue
        if cluster and len(cluster) < _CLUSTER_CHARACTERS and _joins(cluster, character):
            cluster += character
            continue
        if cluster:
            yield start, cluster
        start, cluster = index, character
    if cluster:
        yield start, cluster


def _joins(cluster: str, character: str) -> bool:
    if not _NOT_SIMPLE.match(character):
        return False
    together = unicodedata.normalize("NFKC", cluster + character)
    apart = unicodedata.normalize("NFKC", cluster) + unicodedata.normalize("NFKC", character)
    return together != apart or unicodedata.combining(character) != 0
