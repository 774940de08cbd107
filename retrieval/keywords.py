"""BM25 over the tokens of one scope, on bm25s: scores are computed when the index is built.

Lucene's variant (Kamphuis et al. 2020, "Which BM25 do you mean?") with k1 = 1.2, b = 0.75, Lucene's
defaults: on the CMRC 2018 trial set the grid k1 in {0.9, 1.2, 1.5, 2}, b in {0.3, 0.5, 0.75, 0.9}
moves nDCG@10 by no more than 0.002.

Its term weight stays below 1, so the sum of weight times idf over the query bounds what any
passage can score. Scores come back as a share of that bound: 0.6 means the same in a scope of forty
passages and in one of forty thousand, which a min-max over the hits would not give. Words that the
scope does not know count in the bound as the rarest ones: a query in the other language, of which
only a product name matches, scores low, as it should.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ports import Ids, Vectors

K1 = 1.2
B = 0.75


class Keywords:
    """A frozen index of one scope: `ids[i]` names the passage with `token_lists[i]`.

    Passages without tokens and scopes without passages are allowed; they are never found.
    """

    def __init__(self, ids: Sequence[int] | Ids, token_lists: Sequence[Sequence[str]]) -> None:
        if len(ids) != len(token_lists):
            raise ValueError(f"{len(ids)} ids for {len(token_lists)} token lists")
        kept = [index for index, tokens in enumerate(token_lists) if tokens]
        self._ids: Ids = np.asarray(ids, dtype=np.int64)[kept]
        self._columns: dict[str, int] = {}
        self._idf: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._idf_of_unknown = 0.0
        if kept:
            self._build([token_lists[index] for index in kept])

    def _build(self, token_lists: list[Sequence[str]]) -> None:
        from bm25s import BM25

        columns: dict[str, int] = {}
        numbered = [[columns.setdefault(t, len(columns)) for t in tokens] for tokens in token_lists]
        self._columns = columns
        # Numbering here, in the order of the text, keeps bm25s from numbering by hash order.
        self._bm25 = BM25(k1=K1, b=B, method="lucene", backend="numpy")
        self._bm25.index((numbered, columns), create_empty_token=False, show_progress=False)
        n_having = np.diff(np.asarray(self._bm25.scores["indptr"]))[: len(columns)]
        n = len(token_lists)
        self._idf_of_unknown = float(np.log1p((n + 0.5) / 0.5))
        self._idf = np.log1p((n - n_having + 0.5) / (n_having + 0.5)).astype(np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def search(
        self,
        weights: Mapping[str, float],
        *,
        k: int,
        added: Mapping[str, float] | None = None,
    ) -> tuple[Ids, Vectors]:
        """At most k ids and their scores in (0, 1], best first, ties by id.

        `weights` are the query's own tokens and make the bound. `added` tokens (synonyms,
        translations) stand in for those, so they raise scores up to the bound and never the bound.
        Only passages that share a token come back: an empty query finds nothing.
        """
        bound = sum(weight * self._idf_of(token) for token, weight in weights.items())
        total = self._sum(weights, added or {})
        if total is None or bound <= 0 or k < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        scores = np.minimum(total / np.float32(bound), np.float32(1))
        found = np.flatnonzero(scores > 0)
        order = np.lexsort((self._ids[found], -scores[found]))[:k]
        best = found[order]
        return self._ids[best], scores[best]

    def _idf_of(self, token: str) -> float:
        column = self._columns.get(token)
        return self._idf_of_unknown if column is None else float(self._idf[column])

    def _sum(self, *queries: Mapping[str, float]) -> Vectors | None:
        """(n,) weighted sums; None where no token of any query is in the index."""
        by_weight: dict[float, list[int]] = {}
        for weights in queries:
            for token, weight in weights.items():
                column = self._columns.get(token)
                if column is not None and weight > 0:
                    by_weight.setdefault(weight, []).append(column)
        if not by_weight:
            return None
        total = np.zeros(len(self._ids), dtype=np.float32)
        for weight, columns in by_weight.items():
            # bm25s weighs passages, not query tokens: one pass for each distinct weight.
            total += np.float32(weight) * self._bm25.get_scores_from_ids(columns)
        return total
