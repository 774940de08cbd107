"""Any collection of passages, searched as an account is, without a database.

The same index, the same fusion and the same order as `retrieval.search`: what is measured here is
what a rep gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from core.domain import Channel, Hit, Passage, PassageId
from core.ports import Embedder, Vectors
from core.text.language import language_of
from retrieval.fusion import VECTORS
from retrieval.scope_index import BOTH, Arm, Expand, ScopeIndex, no_expansion, prepare
from retrieval.tokenize import Tokenizer
from retrieval.vector_stores.faiss_index import FaissVectors

BATCH = 256


class Found(NamedTuple):
    """A passage's id in the corpus; `found_by` holds what each arm adds to `score`."""

    passage: str
    score: float
    found_by: dict[str, float]


class Corpus:
    """`passages` are (id, text) with ids of the caller's own; with a title, put it before the text.

    `arms` leaves one out altogether: without vectors nothing is encoded. `tell` hears how many
    texts more were encoded. Raises ValueError where an id is given twice.
    """

    def __init__(
        self,
        passages: Iterable[tuple[str, str]],
        *,
        embedder: Embedder,
        tokenizer: Tokenizer,
        expand: Expand = no_expansion,
        arms: frozenset[Arm] = BOTH,
        tell: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._embedder = embedder
        self._tokenizer = tokenizer
        self._expand = expand
        self._arms = arms
        self._tell = tell
        self._ids: list[str] = []
        texts: list[str] = []
        for id, text in passages:
            self._ids.append(id)
            texts.append(text)
        if len(set(self._ids)) != len(self._ids):
            raise ValueError("two passages have the same id")
        self._index = ScopeIndex(FaissVectors(embedder.n_dimensions), tokenizer=tokenizer)
        self._index.update([_passage(n, text) for n, text in enumerate(texts)], self._encode(texts))

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, queries: Sequence[str], *, k: int) -> list[list[Found]]:
        """At most k passages a query, best first; a query without words finds nothing."""
        return [
            [self._found(hit) for hit in self._hits(query, vector, k)]
            for query, vector in zip(queries, self._encode(queries), strict=True)
        ]

    def _hits(self, text: str, vector: Vectors, k: int) -> list[Hit]:
        query = prepare(
            text,
            vector if VECTORS in self._arms and text.strip() else None,
            tokenizer=self._tokenizer,
            expand=self._expand,
        )
        return self._index.search(query, k=k, arms=self._arms)

    def _found(self, hit: Hit) -> Found:
        return Found(self._ids[int(hit.passage.id or 0)], hit.score, dict(hit.found_by))

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if VECTORS not in self._arms or not texts:
            return np.zeros((len(texts), self._embedder.n_dimensions), dtype=np.float32)
        rows = []
        for at in range(0, len(texts), BATCH):
            rows.append(self._embedder.encode(texts[at : at + BATCH]))
            self._tell(len(rows[-1]))
        return np.concatenate(rows)


def _passage(number: int, text: str) -> Passage:
    return Passage(
        text=text,
        start=0,
        end=len(text),
        channel=Channel.KNOWLEDGE,
        language=language_of(text),
        id=PassageId(number),
    )
