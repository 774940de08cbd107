"""BM25 over the tokens of one scope, on tantivy: passages come and go while others search.

Lucene's BM25 (Kamphuis et al. 2020, "Which BM25 do you mean?") with k1 = 1.2, b = 0.75, which
tantivy fixes: on the CMRC 2018 trial set the grid k1 in {0.9, 1.2, 1.5, 2}, b in {0.3, 0.5, 0.75,
0.9} moves nDCG@10 by no more than 0.002. Lengths above 40 tokens are rounded, as in Lucene.

Its term weight stays below 1, so the sum of weight times idf over the query bounds what any
passage can score. Scores come back as a share of that bound: 0.6 means the same in a scope of forty
passages and in one of forty thousand, which a min-max over the hits would not give. Words that the
scope does not know count in the bound as the rarest ones: a query in the other language, of which
only a product name matches, scores low, as it should.

A commit publishes all of a change or nothing. Passages that left still count in idf until tantivy
merges their segment away (as in Lucene), so an index that lost many is better made anew. A small
scope lives in memory, a large one in a folder, from where it can be copied into a snapshot.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ports import Ids, Vectors

K1 = 1.2
# tantivy multiplies each term's weight by this; a share of the bound must not.
_TANTIVY_FACTOR = K1 + 1
# One writer thread with tantivy's smallest arena: a second thread would make a second segment.
_ARENA_BYTES = 15_000_000
# Up to so many passages are asked for by id; more are cheaper to sort out among the hits.
_MOST_NAMED = 1_000
# Tokens are kept apart by spaces, so a label's own space becomes another separator.
_SEPARATOR = str.maketrans({" ": "\x1f"})

_EMPTY: tuple[Ids, Vectors] = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)


class Keywords:
    """The tokens of one scope by passage id; safe to search and update from several threads.

    `folder`: where the index is kept, an empty folder or one that `write_parts` has filled; it is
    the index's own and is deleted with it. None keeps the index in memory. Passages without tokens
    are allowed; they are never found.
    """

    def __init__(self, folder: Path | None = None) -> None:
        import tantivy

        self._folder = folder
        where: dict[str, Any] = {}
        if folder is not None:
            where["path"] = str(folder)
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._index: Any = tantivy.Index(_schema(), **where)
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("tokens", analyzer)
        self._lock = threading.Lock()
        self._searcher: Any = self._index.searcher()
        self._n_gone = 0

    def __len__(self) -> int:
        """How many passages with tokens there are."""
        return int(self._searcher.num_docs)

    @property
    def is_in_folder(self) -> bool:
        return self._folder is not None

    @property
    def n_gone(self) -> int:
        """How many ids were taken out since this index was made or opened."""
        return self._n_gone

    def update(
        self, added: Iterable[tuple[int, Sequence[str]]], *, removed: Iterable[int] = ()
    ) -> None:
        """Takes the removed ids out and the added ones in, in one commit.

        An added id that is there already is replaced only when it is among `removed` too. In order
        of id: that is the order in which ties come back.
        """
        import tantivy

        with self._lock:
            writer = self._index.writer(heap_size=_ARENA_BYTES, num_threads=1)
            gone = [int(id) for id in removed]
            if gone:
                writer.delete_documents_by_query(_ids(gone))
            for id, tokens in added:
                if tokens:
                    passage = tantivy.Document()
                    passage.add_unsigned("id", id)
                    passage.add_text("tokens", " ".join(t.translate(_SEPARATOR) for t in tokens))
                    writer.add_document(passage)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()
            self._n_gone += len(gone)

    def search(
        self,
        weights: Mapping[str, float],
        *,
        k: int,
        added: Mapping[str, float] | None = None,
        only: Ids | None = None,
    ) -> tuple[Ids, Vectors]:
        """At most k ids and their scores in (0, 1], best first, ties by id.

        `weights` are the query's own tokens and make the bound. `added` tokens (synonyms,
        translations) stand in for those, so they raise scores up to the bound and never the bound.
        Only passages that share a token come back: an empty query finds nothing. `only` names the
        passages that may come back, in ascending order.
        """
        searcher = self._searcher
        n = int(searcher.num_docs) + self._n_gone
        bound = sum(weight * _idf(searcher, n, token) for token, weight in weights.items())
        if not len(self) or bound <= 0 or k < 1 or (only is not None and not len(only)):
            return _EMPTY
        query = _any_of(weights, added or {})
        if only is None:
            ids, scores = _hits(searcher, query, k)
        elif len(only) <= _MOST_NAMED:
            ids, scores = _hits(searcher, _named(query, only), k)
        else:
            ids, scores = _sorted_out(searcher, query, k, only, n)
        shares = np.minimum(scores / np.float32(bound * _TANTIVY_FACTOR), np.float32(1))
        order = np.lexsort((ids, -shares))
        return ids[order], shares[order]

    def parts(self) -> dict[str, bytes]:
        """The files of an index that is kept in a folder, by name. Raises ValueError in memory."""
        if self._folder is None:
            raise ValueError("an index in memory has no files")
        with self._lock:
            files = [file for file in self._folder.iterdir() if not file.name.endswith(".lock")]
            return {file.name: file.read_bytes() for file in sorted(files)}


def write_parts(parts: Mapping[str, bytes], folder: Path) -> None:
    """Lays the files of `Keywords.parts` into a folder that `Keywords` can open.

    Only the last part of a name counts.
    """
    for name, content in parts.items():
        (folder / os.path.basename(name)).write_bytes(content)


def new_folder() -> Path:
    """An empty folder for an index."""
    return Path(tempfile.mkdtemp(prefix="junshi-keywords-"))


@cache
def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("tokens", stored=False, tokenizer_name="tokens", index_option="freq")
    builder.add_unsigned_field("id", stored=False, indexed=True, fast=True)
    return builder.build()


def _idf(searcher: Any, n: int, token: str) -> float:
    n_having = min(searcher.doc_freq("tokens", token.translate(_SEPARATOR)), n)
    return math.log1p((n - n_having + 0.5) / (n_having + 0.5))


def _any_of(*queries: Mapping[str, float]) -> Any:
    from tantivy import Occur, Query

    terms = (term for query in queries for term in _terms(query))
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _terms(weights: Mapping[str, float]) -> Iterator[Any]:
    from tantivy import Query

    for token, weight in weights.items():
        if weight > 0:
            term = Query.term_query(
                _schema(), "tokens", token.translate(_SEPARATOR), index_option="freq"
            )
            yield term if weight == 1 else Query.boost_query(term, weight)


def _named(query: Any, only: Ids) -> Any:
    from tantivy import Occur, Query

    named = Query.const_score_query(_ids(only.tolist()), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, named)])


def _ids(ids: list[int]) -> Any:
    from tantivy import Query

    return Query.term_set_query(_schema(), "id", ids)


def _hits(searcher: Any, query: Any, k: int) -> tuple[Ids, NDArray[np.float32]]:
    hits = searcher.search(query, k, count=False).hits
    if not hits:
        return _EMPTY
    scores, addresses = zip(*hits, strict=True)
    ids = searcher.fast_field_values("id", list(addresses))
    return np.array(ids, dtype=np.int64), np.array(scores, dtype=np.float32)


def _sorted_out(
    searcher: Any, query: Any, k: int, only: Ids, n: int
) -> tuple[Ids, NDArray[np.float32]]:
    """The best k that `only` names; asks for more until there are enough or no more."""
    depth = k
    while True:
        depth = min(n, 2 * max(depth, k * n // len(only)))
        ids, scores = _hits(searcher, query, depth)
        kept = np.isin(ids, only, assume_unique=True)
        if kept.sum() >= k or len(ids) < depth or depth == n:
            return ids[kept][:k], scores[kept][:k]
