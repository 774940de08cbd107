"""Haystack: InMemoryDocumentStore with its BM25 and embedding retrievers, and DocumentJoiner.

As it comes: its tokenizer (one Chinese character a token) and reciprocal rank fusion. Tuned:
jieba's words, cut beforehand and told apart at spaces, join mode and weights from the dev split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from core.ports import Embedder
from evals.peers.shape import DEPTH, KEYWORD_WEIGHTS, Choice, Peer, Ranking, Search, once_each
from evals.peers.words import jieba_words

# Cosine: scaled to [0, 1] it is spread as widely as BM25's scores are, a dot product is not.
_OPTIONS = {
    "embedding_similarity_function": "cosine",
    "shared": False,
    "return_embedding": False,
}
_AS_IT_COMES = {"mode": "reciprocal_rank_fusion", "weight": 0.5}
_CHOICES = (
    _AS_IT_COMES,
    {"mode": "distribution_based_rank_fusion", "weight": 0.5},
    *(
        {"mode": mode, "weight": weight}
        for mode in ("merge", "reciprocal_rank_fusion")
        for weight in KEYWORD_WEIGHTS
    ),
)


def _build(
    passages: Mapping[str, str],
    embedder: Embedder,
    store: InMemoryDocumentStore,
    written: Callable[[str], str],
) -> Search:
    vectors = embedder.encode(list(passages.values()))
    documents = [Document(id=id, content=written(text)) for id, text in passages.items()]
    for document, vector in zip(documents, vectors, strict=True):
        # A row of numpy, past the constructor that makes a list of it: the store copies and stacks
        # embeddings for each query, element by element where they are lists.
        vars(document)["embedding"] = vector
    store.write_documents(documents)
    # Scaled scores lie in [0, 1] in both arms; without them "merge" adds unlike to unlike.
    by_keywords = InMemoryBM25Retriever(store, top_k=DEPTH, scale_score=True)
    by_vectors = InMemoryEmbeddingRetriever(store, top_k=DEPTH, scale_score=True)

    def ask(query: str) -> list[list[Document]]:
        text = written(query)
        vector = embedder.encode([query])[0].tolist()
        return [
            by_keywords.run(query=text)["documents"] if text.strip() else [],
            by_vectors.run(query_embedding=vector)["documents"],
        ]

    arms = once_each(ask)

    def search(queries: Sequence[str], k: int, choice: Choice) -> list[Ranking]:
        joiner = DocumentJoiner(
            join_mode=choice["mode"], weights=[choice["weight"], 1 - choice["weight"]], top_k=k
        )
        joined = (joiner.run(documents=arms(query))["documents"] for query in queries)
        return [[(one.id, float(one.score)) for one in found] for found in joined]

    return search


def build_default(passages: Mapping[str, str], embedder: Embedder) -> Search:
    store = InMemoryDocumentStore(**_OPTIONS)
    return _build(passages, embedder, store, lambda text: text)


def build_jieba(passages: Mapping[str, str], embedder: Embedder) -> Search:
    store = InMemoryDocumentStore(bm25_tokenization_regex=r"\S+", **_OPTIONS)
    return _build(passages, embedder, store, lambda text: " ".join(jieba_words(text)))


PEERS = {
    "Haystack default": Peer(build_default, (_AS_IT_COMES,)),
    "Haystack jieba": Peer(build_jieba, _CHOICES, tuned=True),
}
