"""The product's own search over the passages of a retrieval set, one function a set of arms.

Only this file knows how the product is asked: through `retrieval.corpus`, which indexes, fuses and
orders as an account's search does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.ports import Embedder
from knowledge_graph.terms import load_packs
from retrieval.corpus import Corpus
from retrieval.scope_index import BOTH, Arm
from retrieval.tokenize import Tokenizer

Ranking = list[tuple[str, float]]
SearchMany = Callable[[Sequence[str], int], list[Ranking]]

FUSED = "junshi"
ARMS: Mapping[str, frozenset[Arm]] = {
    "junshi keywords": frozenset({"keywords"}),
    "junshi vectors": frozenset({"vectors"}),
    FUSED: BOTH,
}


def build(passages: Mapping[str, str], embedder: Embedder) -> dict[str, SearchMany]:
    """A search by name of arms; each gives (passage id, score), best first, a list a query."""
    terms = load_packs()
    tokenizer = Tokenizer(terms.labels())

    def search_by(arms: frozenset[Arm]) -> SearchMany:
        return _search(
            Corpus(
                passages.items(),
                embedder=embedder,
                tokenizer=tokenizer,
                expand=terms.expand,
                arms=arms,
            )
        )

    return {name: search_by(arms) for name, arms in ARMS.items()}


def _search(corpus: Corpus) -> SearchMany:

    def search(queries: Sequence[str], k: int) -> list[Ranking]:
        return [
            [(found.passage, found.score) for found in one] for one in corpus.search(queries, k=k)
        ]

    return search
