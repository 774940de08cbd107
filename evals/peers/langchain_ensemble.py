"""LangChain: EnsembleRetriever over BM25Retriever and FAISS, as it comes and tuned.

As it comes, BM25Retriever splits at spaces and both arms weigh the same. Tuned, it takes jieba's
words, and the dev split chooses the weights and the constant of its rank fusion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings

from core.ports import Embedder
from evals.peers.shape import DEPTH, KEYWORD_WEIGHTS, Choice, Peer, Ranking, Search, once_each
from evals.peers.words import jieba_words

_AS_IT_COMES = {"weight": 0.5, "c": 60}
_CHOICES = (
    _AS_IT_COMES,
    *({"weight": weight, "c": c} for weight in KEYWORD_WEIGHTS for c in (60, 10)),
)


class _Encoder(Embeddings):
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.encode([text])[0].tolist()


def _build(
    passages: Mapping[str, str], embedder: Embedder, **keyword_options: Callable[[str], Any]
) -> Search:
    texts, metadatas = list(passages.values()), [{"id": id} for id in passages]
    by_keywords = BM25Retriever.from_texts(texts, metadatas, k=DEPTH, **keyword_options)
    store = FAISS.from_texts(texts, _Encoder(embedder), metadatas)
    by_vectors = store.as_retriever(search_kwargs={"k": DEPTH})
    # `EnsembleRetriever.invoke` asks both and fuses; kept apart, an arm is asked once a query and
    # not again for each pair of weights.
    arms = once_each(lambda query: [by_keywords.invoke(query), by_vectors.invoke(query)])

    def search(queries: Sequence[str], k: int, choice: Choice) -> list[Ranking]:
        weight = choice["weight"]
        ensemble = EnsembleRetriever(
            retrievers=[by_keywords, by_vectors],
            weights=[weight, 1 - weight],
            c=choice["c"],
            id_key="id",
        )
        fused = (ensemble.weighted_reciprocal_rank(arms(query)) for query in queries)
        # It returns an order without scores.
        return [
            [(one.metadata["id"], 1 / rank) for rank, one in enumerate(found[:k], start=1)]
            for found in fused
        ]

    return search


def build_default(passages: Mapping[str, str], embedder: Embedder) -> Search:
    return _build(passages, embedder)


def build_jieba(passages: Mapping[str, str], embedder: Embedder) -> Search:
    return _build(passages, embedder, preprocess_func=jieba_words)


PEERS = {
    "LangChain default": Peer(build_default, (_AS_IT_COMES,)),
    "LangChain jieba": Peer(build_jieba, _CHOICES, tuned=True),
}
