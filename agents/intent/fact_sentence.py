"""One customer sentence as the fact readers see it, and whether it states anything at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.domain import ContactId, Deal
from core.text.quantities import Quantity, find_quantities

_SUPPOSED = re.compile(
    r"如果|要是|假如|万一|倘若|除非|的话[,,]|假设|若是|若能"
    r"|\b(?:if|unless|suppose|supposing|assuming|in case|were to|would have)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[??]\s*[”\"』」)]*\s*$|[吗呢么]\s*[。.]?\s*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a reader took from a sentence. `shown` empty: the sentence itself."""

    value: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what was said just before it, who said it and the intents seen in it."""

    text: str
    start: int
    end: int
    deal: Deal
    before: str = ""
    said_on: date | None = None
    speaker_id: ContactId | None = None
    intents: frozenset[str] = frozenset()

    @property
    def quantities(self) -> list[Quantity]:
        return find_quantities(self.text, reference=self.said_on)

    @property
    def is_question(self) -> bool:
        return bool(_ASKED.search(self.text))


def is_supposed(text: str) -> bool:
    """Whether the sentence supposes instead of stating."""
    return bool(_SUPPOSED.search(text))
