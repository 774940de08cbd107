"""A claim in one language on evidence in the other: what can be compared without common words.

Figures, codes and Latin names are compared as always. Here the matter is compared by a sentence
encoder, where one is given, and the polarity by counting: a claim may deny only if the evidence has
any denial at all, also one inside a word (unused, 空, 除外), and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.domain import Language
from core.ports import Relatedness
from retrieval.polarity import count_loosely, count_negations
from retrieval.statements import Statement

# Evidence longer than this is compared part by part: the mean of many sentences is like none.
_LONG = 240
_MOST_PARTS = 12
# Of the threshold, where a figure is common to both: chosen on the suite's dev half and dev claims.
_SHARE_WITH_FIGURE = 0.55
_SENTENCE = re.compile(r"(?<=[。!?；;])|(?<=[.!?])\s+|\n+")


def crossing_reasons(
    claim: str,
    statements: Sequence[Statement],
    relatedness: Relatedness,
    *,
    language: Language,
    has_common: bool = False,
) -> Iterator[str]:
    """A "meaning:<score>" or a "negation"; the statements are in the other language.

    Of several pieces the nearest one decides. `has_common`: they share a figure, and need less.
    """
    parts = [part for s in statements for part in _parts(s.text)]
    scores = list(relatedness.scores(claim, parts))
    best = max(scores)
    if best < relatedness.threshold * (_SHARE_WITH_FIGURE if has_common else 1):
        yield f"meaning:{best:.2f}"
        return
    text = parts[scores.index(best)]
    if _is_turned_round(claim, text, language):
        yield "negation"


def _parts(text: str) -> list[str]:
    if len(text) <= _LONG:
        return [text]
    parts = [part.strip() for part in _SENTENCE.split(text) if part and part.strip()]
    return [*parts[:_MOST_PARTS], text]


def _is_turned_round(claim: str, text: str, language: Language) -> bool:
    other: Language = "en" if language == "zh" else "zh"
    said, claimed = count_negations(text, other), count_negations(claim, language)
    if claimed and count_loosely(text, other) < claimed:
        return True
    return bool(said) and count_loosely(claim, language) < said
