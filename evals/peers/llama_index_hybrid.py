"""LlamaIndex: QueryFusionRetriever over BM25Retriever and a FAISS vector index.

As it comes: its BM25 tokenizer for English and the reciprocal rank mode of its hybrid example.
Tuned: jieba's words, and the dev split chooses the fusion mode and the weights. Its BM25Retriever
takes no tokenizer any more, so the tuned one gets an index of words cut beforehand and cuts the
query itself. No language model writes further queries (`num_queries=1`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import bm25s
import faiss
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr

from core.ports import Embedder
from evals.peers.shape import DEPTH, KEYWORD_WEIGHTS, Choice, Peer, Ranking, Search, once_each
from evals.peers.words import jieba_words

_AS_IT_COMES = {"mode": "reciprocal_rerank", "weight": 0.5}
_CHOICES = (
    _AS_IT_COMES,
    *(
        {"mode": mode, "weight": weight}
        for mode in ("relative_score", "dist_based_score")
        for weight in KEYWORD_WEIGHTS
    ),
)


class _Encoder(BaseEmbedding):
    _embedder: Any = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embedder.encode([text])[0].tolist()

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.encode(texts).tolist()

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class _JiebaRetriever(BaseRetriever):
    """bm25s over jieba's words, as LlamaIndex' own retriever has it over English ones."""

    def __init__(self, nodes: list[TextNode]) -> None:
        super().__init__()
        self._nodes = nodes
        self._bm25 = bm25s.BM25()
        self._bm25.index([list(jieba_words(node.text)) for node in nodes], show_progress=False)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        words = list(jieba_words(query_bundle.query_str))
        if not words:
            return []
        k = min(DEPTH, len(self._nodes))
        places, scores = self._bm25.retrieve([words], k=k, show_progress=False)
        return [
            NodeWithScore(node=self._nodes[int(place)], score=float(score))
            for place, score in zip(places[0], scores[0], strict=True)
            if score > 0
        ]


class _Answered(BaseRetriever):
    """One arm's answers as they were, fresh each time because the fusion writes scores into them.

    The fusion tells nodes apart by hashing their text; the words are all in the arms, so a node
    of the id alone stands for each.
    """

    def __init__(self, arm: BaseRetriever) -> None:
        super().__init__()
        self._hits = once_each(
            lambda query: [(hit.node.node_id, hit.score) for hit in arm.retrieve(query)]
        )
        self._stand_ins: dict[str, TextNode] = {}

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=self._stand_ins.setdefault(id, TextNode(id_=id, text=id)), score=score
            )
            for id, score in self._hits(query_bundle.query_str)
        ]


def _build(by_keywords: BaseRetriever, nodes: list[TextNode], embedder: Embedder) -> Search:
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(embedder.n_dimensions))
    index = VectorStoreIndex(
        nodes,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=_Encoder(embedder),
    )
    arms = [_Answered(by_keywords), _Answered(index.as_retriever(similarity_top_k=DEPTH))]

    def search(queries: Sequence[str], k: int, choice: Choice) -> list[Ranking]:
        fusion = QueryFusionRetriever(
            arms,
            llm=MockLLM(),
            mode=choice["mode"],
            retriever_weights=[choice["weight"], 1 - choice["weight"]],
            similarity_top_k=k,
            num_queries=1,
            use_async=False,
        )
        return [[(h.node.node_id, float(h.score)) for h in fusion.retrieve(q)] for q in queries]

    return search


def _nodes(passages: Mapping[str, str]) -> list[TextNode]:
    return [TextNode(id_=id, text=text) for id, text in passages.items()]


def build_default(passages: Mapping[str, str], embedder: Embedder) -> Search:
    nodes = _nodes(passages)
    by_keywords = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH)
    return _build(by_keywords, nodes, embedder)


def build_jieba(passages: Mapping[str, str], embedder: Embedder) -> Search:
    nodes = _nodes(passages)
    return _build(_JiebaRetriever(nodes), nodes, embedder)


PEERS = {
    "LlamaIndex default": Peer(build_default, (_AS_IT_COMES,)),
    "LlamaIndex jieba": Peer(build_jieba, _CHOICES, tuned=True),
}
