"""bm25s by itself: its default tokenizer, and jieba's words with k1 and b from the dev split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import bm25s

from core.ports import Embedder
from evals.peers.shape import Choice, Peer, Ranking, Search
from evals.peers.words import jieba_words

_CHOICES = tuple({"k1": k1, "b": b} for k1 in (1.5, 0.9) for b in (0.75, 0.4))


def build_default(passages: Mapping[str, str], _: Embedder) -> Search:
    ids = list(passages)
    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(passages.values()), show_progress=False), show_progress=False)

    def search(queries: Sequence[str], k: int, _: Choice) -> list[Ranking]:
        tokens = bm25s.tokenize(list(queries), show_progress=False)
        return _retrieved(index, ids, tokens, k)

    return search


def build_jieba(passages: Mapping[str, str], _: Embedder) -> Search:
    ids = list(passages)
    words = [list(jieba_words(text)) for text in passages.values()]
    indexes: dict[tuple[float, float], bm25s.BM25] = {}

    def search(queries: Sequence[str], k: int, choice: Choice) -> list[Ranking]:
        key = choice["k1"], choice["b"]
        if key not in indexes:
            indexes[key] = bm25s.BM25(k1=key[0], b=key[1])
            indexes[key].index(words, show_progress=False)
        tokens = [list(jieba_words(query)) for query in queries]
        return _retrieved(indexes[key], ids, tokens, k)

    return search


def _retrieved(index: bm25s.BM25, ids: list[str], tokens: object, k: int) -> list[Ranking]:
    places, scores = index.retrieve(tokens, k=min(k, len(ids)), show_progress=False)
    return [
        [(ids[int(place)], float(score)) for place, score in zip(*row, strict=True) if score > 0]
        for row in zip(places, scores, strict=True)
    ]


PEERS = {
    "bm25s default": Peer(build_default),
    "bm25s jieba": Peer(build_jieba, _CHOICES, tuned=True),
}
