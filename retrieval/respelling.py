"""The same words written otherwise: what counts as spelling, and what does not.

Parts of retrieval.anchors: width, case and white space may change; a superscript that becomes a
digit, or a letter that joins the next word, makes other words of them.
"""

from __future__ import annotations

import re
import unicodedata

from core.text.normalise import normalise
from retrieval.differences import Span

# Characters that compatibility folding would turn into ordinary digits: 10² is not 102.
_FOLDS_TO_DIGIT = ("<super>", "<sub>", "<circle>", "<fraction>")
_NO_LETTER = re.compile(r"[\W_]+")


def folded_with_spans(text: str) -> tuple[str, list[Span]]:
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


def loosely(text: str) -> str:
    """Quickly folded, to see whether folding with places is worth its time."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_spelling_of(one: str, other: str) -> bool:
    return normalise(one, casefold=True).text == normalise(other, casefold=True).text


def is_respelling_of(one: str, other: str) -> bool:
    """Whether nothing but width and white space differs, or the case of the whole."""
    new, old = ("".join(normalise(text).text.split()) for text in (one, other))
    return new in (old, old.upper(), old.lower())


def joints(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a Latin word goes on before `start` and beyond `end`."""
    return (
        start > 0 and _is_word(text[start - 1]) and _is_word(text[start]),
        end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]),
    )


def signs(text: str) -> list[str]:
    """The superscripts, circled and other signs that folding makes digits of."""
    return [c for c in text if unicodedata.decomposition(c).startswith(_FOLDS_TO_DIGIT)]


def _is_word(character: str) -> bool:
    return all(_is_latin(c) for c in unicodedata.normalize("NFKC", character))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
