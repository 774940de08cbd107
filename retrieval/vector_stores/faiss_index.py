"""Nearest neighbours of one scope on FAISS: exact while small, proposed and re-scored when large.

Rows are kept as float16, which is what the database keeps: FAISS scans them as they are, in half
the time of float32. Past `EXACT_UP_TO` rows 4-bit product codes propose candidates, all of them
scanned from registers (André et al., "Cache locality is not enough", VLDB 2015), and the float16
rows give the order and the cosines. docs/decisions/0005-vector-index.md has the measurements, and
why HNSW and lists that are only partly read are not here.

A removed row stays as a hole that a selector hides from the scan, because taking it out would move
all rows behind it while searches wait; holes are closed by a rebuild beside the running index.
"""

from __future__ import annotations

import struct
import threading
import time
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.ports import Ids, Vectors

# Half a millisecond exact at 10,000 rows of 512 and one thread, one at 20,000; from there on the
# codes are faster. An account is far below it.
EXACT_UP_TO = 20_000
# Candidates that are re-scored: recall@20 0.999 and recall@200 0.996 at 200,000 real passages.
N_CANDIDATES = 1_200
CANDIDATES_PER_HIT = 4
# 16 centroids for each pair of dimensions learn no more from 10,000 rows than from 2,000.
N_TRAINING_ROWS = 2_048
MIN_TRAINING_ROWS = 16
# Codes learnt from the first rows serve until the store has grown to so many times their number.
RETRAIN_AT_GROWTH = 4
# Holes cost their share of the scan.
MAX_HOLES_SHARE = 0.2
MIN_HOLES = 1_000
HEADROOM = 0.1
# Adding so many rows takes about 10 ms, the longest that a search waits for a writer.
ROWS_A_TURN = 512
REMOVED = -1

_HEADER = struct.Struct("<8sIQQ")
_MAGIC = b"junshiV1"
_ROW_TYPE = np.dtype("<f2")


class FaissVectors:
    """A `core.ports.VectorStore`; safe to share between threads.

    Cosines are those of the float16 rows: rounding moves one of 512 dimensions by about 1e-5.
    Up to `exact_up_to` rows the answer is exact, beyond that a neighbour can be missed but never
    carries a wrong cosine.
    """

    def __init__(self, n_dimensions: int, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self.n_dimensions = n_dimensions
        self._exact_up_to = exact_up_to
        self._rows = _Rows(n_dimensions)
        # Writers queue on the first and build beside the searches; the second is held for as long
        # as memory moves.
        self._writing = threading.Lock()
        self._lock = threading.Lock()

    @property
    def is_exact(self) -> bool:
        return self._rows.codes is None

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds unit rows, (n, n_dimensions) float32; an id that is there already is replaced."""
        if vectors.shape != (len(ids), self.n_dimensions):
            raise ValueError(
                f"vectors of shape {vectors.shape} for {len(ids)} ids of {self.n_dimensions}"
            )
        if len(np.unique(ids)) != len(ids):
            raise ValueError("an id is given twice")
        if len(ids) and int(np.min(ids)) < 0:
            raise ValueError("ids are not negative")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds a number that is not finite")
        numbers = np.ascontiguousarray(ids, dtype=np.int64)
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        with self._writing:
            for start in range(0, len(numbers), ROWS_A_TURN):
                turn = slice(start, start + ROWS_A_TURN)
                with self._lock:
                    self._rows.append(numbers[turn], rows[turn])
                # A lock that is asked for again at once would not reach the waiting search.
                time.sleep(0)
            self._tidy()

    def remove(self, ids: Ids) -> None:
        """Forgets these ids; unknown ones are no error."""
        with self._writing:
            with self._lock:
                self._rows.punch(np.asarray(ids, dtype=np.int64).tolist())
            self._tidy()

    def search(self, query: Vectors, *, k: int, only: Ids | None = None) -> tuple[Ids, Vectors]:
        """(k,) ids and cosines of one query vector, best first, ties by id.

        `only`, ascending, names the ids that may come back.
        """
        if query.shape != (self.n_dimensions,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.n_dimensions},)")
        row = np.ascontiguousarray(query, dtype=np.float32)[None, :]
        with self._lock:
            ids, cosines = self._rows.nearest(row, k, only)
        order = np.lexsort((ids, -cosines))
        return ids[order], cosines[order]

    def __len__(self) -> int:
        return len(self._rows.slots)

    def to_bytes(self) -> bytes:
        """The whole store; writers wait, searches go on. It carries no checksum of its own."""
        with self._writing:
            return self._rows.to_bytes()

    @classmethod
    def from_bytes(cls, raw: bytes, *, exact_up_to: int = EXACT_UP_TO) -> Self:
        """What `to_bytes` wrote. Raises ValueError for anything that does not fit together.

        FAISS trusts what it reads: pass only bytes whose hash was checked (retrieval.snapshots).
        """
        rows = _Rows.from_bytes(raw)
        restored = cls(rows.n_dimensions, exact_up_to=exact_up_to)
        restored._rows = rows
        return restored

    def _tidy(self) -> None:
        """Builds a better index where one is due and puts it in the place of the old one."""
        if self._rows.is_due(self._exact_up_to):
            rebuilt = self._rows.rebuilt(self._exact_up_to)
            with self._lock:
                self._rows = rebuilt


class _Rows:
    """Rows in the order in which they came. A slot is a row's number; it is never given again.

    `exact` is a FAISS index of the float16 rows, `codes` one that proposes candidates, None while
    small; both number their rows by slot. `ids` has the id of each slot, REMOVED in a hole.
    """

    def __init__(self, n_dimensions: int) -> None:
        import faiss

        self._faiss: Any = faiss
        self.n_dimensions = n_dimensions
        self.exact: Any = faiss.IndexScalarQuantizer(
            n_dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self.codes: Any = None
        self.n_trained = 0
        self.ids: Ids = np.zeros(0, dtype=np.int64)
        self.slots: dict[int, int] = {}
        self._refined: Any = None
        self._living: Any = None
        self._by_id: tuple[NDArray[np.int64], Ids] | None = None

    @property
    def n_holes(self) -> int:
        return len(self.ids) - len(self.slots)

    # ---- writing: under the store's lock --------------------------------------------------------

    def append(self, ids: Ids, rows: Vectors) -> None:
        numbers = ids.tolist()
        self.punch(numbers)
        self.exact.add(rows)
        if self.codes is not None:
            self._faiss.omp_set_num_threads(1)
            self.codes.add(rows)
            # It counts rows for itself, and these came in behind its back.
            self._refined.ntotal = self.exact.ntotal
        self.slots.update(zip(numbers, range(len(self.ids), self.exact.ntotal), strict=True))
        self.ids = np.concatenate([self.ids, ids])
        self._living = self._by_id = None

    def punch(self, ids: list[int]) -> None:
        holes = [slot for id in ids if (slot := self.slots.pop(id, None)) is not None]
        if holes:
            self.ids[holes] = REMOVED
            self._living = self._by_id = None

    # ---- searching: under the store's lock ------------------------------------------------------

    def nearest(self, row: Vectors, k: int, only: Ids | None) -> tuple[Ids, Vectors]:
        """At most k ids and cosines for a query of shape (1, n_dimensions)."""
        selector, n_selected = self._chosen(only)
        n = min(k, n_selected)
        if n < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        # One query is too little work to share out; OpenMP's threads would spin beside it. The
        # number is a property of the calling thread, so it is set here each time.
        self._faiss.omp_set_num_threads(1)
        # So few would all be candidates; passing over the others is quicker among the rows.
        if self.codes is None or n_selected <= N_CANDIDATES:
            parameters = self._faiss.SearchParameters(sel=selector)
            cosines, slots = self.exact.search(row, n, params=parameters)
        else:
            n_candidates = max(N_CANDIDATES, CANDIDATES_PER_HIT * n)
            # FAISS multiplies and cuts off; the half keeps the product above the whole number.
            parameters = self._faiss.IndexRefineSearchParameters(
                k_factor=(n_candidates + 0.5) / n,
                base_index_params=self._faiss.SearchParametersIVF(nprobe=1, sel=selector),
            )
            cosines, slots = self._refined.search(row, n, params=parameters)
        return self.ids[slots[0]], cosines[0]

    def _chosen(self, only: Ids | None) -> tuple[Any, int]:
        """A selector of slots, None for all of them, and how many it lets through."""
        if only is not None:
            slots = self._slots_of(only)
            chosen = np.zeros(len(self.ids), dtype=bool)
            chosen[slots] = True
            return self._selector_of(chosen), len(slots)
        if self._living is None and self.n_holes:
            self._living = self._selector_of(self.ids != REMOVED)
        return self._living, len(self.slots)

    def _slots_of(self, only: Ids) -> NDArray[np.int64]:
        if not len(self.ids):
            return np.zeros(0, dtype=np.int64)
        if self._by_id is None:
            order = np.argsort(self.ids, kind="stable")
            self._by_id = order, self.ids[order]
        order, ids = self._by_id
        at = np.minimum(np.searchsorted(ids, only), len(ids) - 1)
        return np.asarray(order[at[(ids[at] == only) & (only != REMOVED)]])

    def _selector_of(self, chosen: NDArray[np.bool_]) -> Any:
        return self._faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))

    # ---- rebuilding: beside the searches, no other writer ----------------------------------------

    def is_due(self, exact_up_to: int) -> bool:
        if self.n_holes > max(MIN_HOLES, MAX_HOLES_SHARE * len(self.ids)):
            return True
        if self.codes is None:
            return self._wants_codes(exact_up_to)
        return len(self.ids) >= RETRAIN_AT_GROWTH * self.n_trained

    def rebuilt(self, exact_up_to: int) -> _Rows:
        """The same rows without holes, with codes where there are enough rows for them."""
        rebuilt = _Rows(self.n_dimensions)
        living = np.flatnonzero(self.ids != REMOVED)
        rebuilt._take(self.ids[living], self._half_rows()[living])
        if rebuilt._wants_codes(exact_up_to):
            rebuilt._encode()
        return rebuilt

    def _wants_codes(self, exact_up_to: int) -> bool:
        n_rows = len(self.slots)
        # Codes stand for pairs of dimensions. Every embedder known here has an even number.
        return n_rows > max(exact_up_to, MIN_TRAINING_ROWS) and self.n_dimensions % 2 == 0

    def _take(self, ids: Ids, half_rows: NDArray[np.float16]) -> None:
        flat = np.ascontiguousarray(half_rows).view(np.uint8).ravel()
        # Memory for the next rows is taken now, where no search waits for it.
        self.exact.codes.resize(int(flat.size * (1 + HEADROOM)))
        self._faiss.copy_array_to_vector(flat, self.exact.codes)
        self.exact.ntotal = len(ids)
        self.ids = ids
        self.slots = {id: slot for slot, id in enumerate(ids.tolist()) if id != REMOVED}

    def _half_rows(self) -> NDArray[np.float16]:
        """(n_slots, n_dimensions), a view into FAISS's memory."""
        if not self.exact.ntotal:
            return np.zeros((0, self.n_dimensions), dtype=_ROW_TYPE)
        flat = self._faiss.rev_swig_ptr(self.exact.codes.data(), self.exact.codes.size())
        return np.asarray(flat).view(_ROW_TYPE).reshape(-1, self.n_dimensions)

    def _encode(self) -> None:
        half_rows = self._half_rows()
        self._faiss.omp_set_num_threads(1)
        # One list that is always read whole: an exhaustive scan that, unlike FAISS's flat one,
        # knows selectors.
        codes = self._faiss.index_factory(
            self.n_dimensions,
            f"IVF1,PQ{self.n_dimensions // 2}x4fs",
            self._faiss.METRIC_INNER_PRODUCT,
        )
        spread = np.linspace(0, len(half_rows) - 1, min(len(half_rows), N_TRAINING_ROWS))
        codes.train(half_rows[spread.astype(np.int64)].astype(np.float32))
        for start in range(0, len(half_rows), 16 * ROWS_A_TURN):
            codes.add(half_rows[start : start + 16 * ROWS_A_TURN].astype(np.float32))
        self._use(codes, n_trained=len(half_rows))

    def _use(self, codes: Any, *, n_trained: int) -> None:
        self.codes, self.n_trained = codes, n_trained
        self._refined = self._faiss.IndexRefine(codes, self.exact)

    # ---- bytes -----------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        codes = b"" if self.codes is None else self._faiss.serialize_index(self.codes).tobytes()
        header = _HEADER.pack(_MAGIC, self.n_dimensions, len(self.ids), self.n_trained)
        return b"".join(
            (header, self.ids.astype("<i8").tobytes(), self._half_rows().tobytes(), codes)
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> _Rows:
        if len(raw) < _HEADER.size:
            raise ValueError("the bytes of the vectors end early")
        magic, n_dimensions, n_slots, n_trained = _HEADER.unpack_from(raw)
        end_of_ids = _HEADER.size + 8 * n_slots
        end_of_rows = end_of_ids + n_dimensions * n_slots * _ROW_TYPE.itemsize
        if magic != _MAGIC or len(raw) < end_of_rows:
            raise ValueError("these bytes are no vectors of this version, or they end early")
        rows = cls(n_dimensions)
        ids = np.frombuffer(raw[_HEADER.size : end_of_ids], dtype="<i8").astype(np.int64)
        half_rows = np.frombuffer(raw[end_of_ids:end_of_rows], dtype=_ROW_TYPE)
        rows._take(ids, half_rows.reshape(n_slots, n_dimensions))
        if len(rows.slots) != np.count_nonzero(ids != REMOVED):
            raise ValueError("an id stands twice among the vectors")
        if len(raw) > end_of_rows:
            codes = rows._deserialised(raw[end_of_rows:])
            if (codes.ntotal, codes.d) != (n_slots, n_dimensions):
                raise ValueError("codes and rows of the vectors do not belong together")
            rows._use(codes, n_trained=n_trained)
        return rows

    def _deserialised(self, raw: bytes) -> Any:
        try:
            return self._faiss.deserialize_index(np.frombuffer(raw, dtype=np.uint8))
        except RuntimeError as error:
            raise ValueError("FAISS does not read the codes of these vectors") from error
