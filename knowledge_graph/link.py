"""Linking words to terms: which concepts of the trade does a text speak of, and exactly where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from core.domain import ConceptId
from knowledge_graph.labels import LabelMatch, longest
from knowledge_graph.terms import Terms

SALES_SCHEME = "sales"


@dataclass(frozen=True, slots=True)
class TermMention:
    """`text[start:end]` speaks of the concept; `label` is the pack's spelling of what was said."""

    concept_id: ConceptId
    start: int
    end: int
    label: str


class Linker:
    """Links against all packs at once; each call says which of them count."""

    def __init__(self, terms: Terms) -> None:
        self._index = terms.index
        self._bearers = {
            key: [
                (terms.concept(concept_id).scheme, concept_id, label)
                for concept_id, _, label in who
            ]
            for key, who in terms.bearers.items()
        }

    def link(self, text: str, *, schemes: Collection[str] | None = None) -> list[TermMention]:
        """Mentions that do not overlap, the longest label winning, in text order.

        `schemes` limits the packs (the deal's industry, with or without sales); None takes all.
        A label of several packs goes to the industry's before sales, and where no industry was
        named to sales, then to the first pack by name.
        """
        bearer_of: dict[LabelMatch, tuple[ConceptId, str]] = {}
        for match in self._index.find(text):
            allowed = [b for b in self._bearers[match.key] if schemes is None or b[0] in schemes]
            if allowed:
                _, concept_id, label = min(allowed, key=lambda b: _rank(b[0], schemes))
                bearer_of[match] = (concept_id, label)
        return [
            TermMention(bearer_of[m][0], m.start, m.end, bearer_of[m][1])
            for m in longest(bearer_of)
        ]


def _rank(scheme: str, schemes: Collection[str] | None) -> tuple[bool, str]:
    is_sales = scheme == SALES_SCHEME
    return (is_sales if schemes is not None else not is_sales, scheme)
