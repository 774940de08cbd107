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
from retrieval.polarity import count_negations
from retrieval.statements import Statement

# Evidence longer than this is compared part by part: the mean of many sentences is like none.
_LONG = 240
_MOST_PARTS = 12
_SENTENCE = re.compile(r"(?<=[。!?；;])|(?<=[.!?])\s+|\n+")

# Anything that may stand for a denial in translation; loose on purpose.
_LOOSE = {
    "zh": re.compile(
        r"[不没未无非别勿免禁拒甭莫失误反]|否(?!则)|空(?![格间白中])|(?<![此另内])外(?![部观键边])"
        r"|(?<![删清移去])除(?!了)|停|避|防|缺|仅|不足"
    ),
    "en": re.compile(
        r"\b(?:not|no|never|none|nor|neither|without|nothing|nobody|cannot|unless|except\w*"
        r"|exclu\w+|ignor\w+|instead|rather|only|fail\w*|lack\w*|miss\w*|empty|prevent\w*|avoid\w*"
        r"|stop\w*|less|few\w*|free|refus\w+|declin\w+|reject\w*|against|unable|hardly|barely"
        r"|otherwise|skip\w*|disabl\w+|deactivat\w+|cancel\w*|disallow\w*|unavail\w+|un\w{4,}"
        r"|in(?:valid|active|correct|visible|complete|dependent\w*)|non-?\w+|\w+less|beyond)\b|n't\b",
        re.IGNORECASE,
    ),
}
_NO_DENIAL = {
    "zh": re.compile(r"是否|无论|不同|不仅|不但|不管|非常|别名|类别|级别|分别|区别|特别|别的"),
    "en": re.compile(
        r"\b(?:not only|unit\w*|under\w*|unique\w*|union\w*|until|universal\w*)\b", re.I
    ),
}


def crossing_reasons(
    claim: str,
    statements: Sequence[Statement],
    relatedness: Relatedness,
    *,
    language: Language,
) -> Iterator[str]:
    """A "meaning:<score>" or a "negation"; the statements are in the other language.

    Of several pieces the nearest one decides.
    """
    parts = [part for s in statements for part in _parts(s.text)]
    scores = list(relatedness.scores(claim, parts))
    best = max(scores)
    if best < relatedness.threshold:
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
    if claimed and _count_loosely(text, other) < claimed:
        return True
    return bool(said) and _count_loosely(claim, language) < said


def _count_loosely(text: str, language: Language) -> int:
    return len(_LOOSE[language].findall(_NO_DENIAL[language].sub("", text)))
