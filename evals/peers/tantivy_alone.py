"""tantivy by itself: words cut by jieba beforehand, its BM25 (k1 1.2, b 0.75) as it is built in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tantivy
from tantivy import Occur, Query

from core.ports import Embedder
from evals.peers.shape import Choice, Peer, Ranking, Search
from evals.peers.words import jieba_words


def build(passages: Mapping[str, str], _: Embedder) -> Search:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("words", tokenizer_name="whitespace")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for id, text in passages.items():
        writer.add_document(tantivy.Document(id=[id], words=[" ".join(jieba_words(text))]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search_one(query: str, k: int) -> Ranking:
        # Terms, not the query parser: a question's punctuation is no syntax.
        terms = [
            (Occur.Should, Query.term_query(schema, "words", word))
            for word in dict.fromkeys(jieba_words(query))
        ]
        if not terms:
            return []
        hits = searcher.search(Query.boolean_query(terms), k).hits
        return [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]

    def search(queries: Sequence[str], k: int, _: Choice) -> list[Ranking]:
        return [search_one(query, k) for query in queries]

    return search


PEERS = {"tantivy jieba": Peer(build, tuned=True)}
