"""Exact nearest neighbours of one scope on FAISS: a flat index that takes and removes by id.

Flat on purpose. An account holds hundreds to some thousands of passages, for which exact search
takes well under a millisecond; `remove_ids` raises on HNSW; and nothing is saved: the database is
the truth, this index a cache in memory that is rebuilt from it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from core.ports import Ids, Vectors


class FlatVectors:
    """A `core.ports.VectorStore`; safe to share between threads."""

    def __init__(self, n_dimensions: int) -> None:
        import faiss

        self.n_dimensions = n_dimensions
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(n_dimensions))
        self._omp_set_num_threads: Callable[[int], None] = faiss.omp_set_num_threads
        self._lock = threading.Lock()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds unit rows, (n, n_dimensions) float32; an id that is there already is replaced."""
        if vectors.shape != (len(ids), self.n_dimensions):
            raise ValueError(
                f"vectors of shape {vectors.shape} for {len(ids)} ids of {self.n_dimensions}"
            )
        if len(np.unique(ids)) != len(ids):
            raise ValueError("an id is given twice")
        if not len(ids):
            return
        numbers = np.ascontiguousarray(ids, dtype=np.int64)
        with self._lock:
            if self._index.ntotal:
                self._index.remove_ids(numbers)
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), numbers)

    def remove(self, ids: Ids) -> None:
        """Forgets these ids; unknown ones are no error."""
        if len(ids):
            with self._lock:
                self._index.remove_ids(np.ascontiguousarray(ids, dtype=np.int64))

    def search(
        self, query: Vectors, *, k: int, only: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """(k,) ids and cosines of one query vector, best first, ties by id."""
        if query.shape != (self.n_dimensions,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.n_dimensions},)")
        with self._lock:
            n = min(k, self._index.ntotal)
            if n < 1:
                return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
            row = np.ascontiguousarray(query, dtype=np.float32)[None, :]
            # One query is too little work to share out; OpenMP's threads would spin beside it. The
            # number is a property of the calling thread, so it is set here each time.
            self._omp_set_num_threads(1)
            import faiss

            selector = None if only is None else faiss.IDSelectorBatch(only)
            parameters = faiss.SearchParameters(sel=selector)
            cosines, ids = self._index.search(row, n, params=parameters)
        found = ids[0] >= 0
        ids, cosines = ids[:, found], cosines[:, found]
        order = np.lexsort((ids[0], -cosines[0]))
        return ids[0][order], cosines[0][order]

    def __len__(self) -> int:
        return int(self._index.ntotal)
