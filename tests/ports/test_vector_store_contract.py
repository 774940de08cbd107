"""What every `core.ports.VectorStore` promises."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from core.database import Database
from core.ports import Vectors, VectorStore
from retrieval.vector_stores.faiss_index import FaissVectors
from retrieval.vector_stores.pgvector.store import PgVectors

N_DIMENSIONS = 16
# Stores keep float16, pgvector rounds the query too: each component moves by 2^-11 of itself at
# most, so a cosine by less than twice that.
HALF_PRECISION = 2**-10
NewVectorStore = Callable[[int], VectorStore]


@pytest.fixture(params=["faiss exact", "faiss codes", "pgvector exact", "pgvector index"])
def new_vector_store(request: pytest.FixtureRequest) -> NewVectorStore:
    """Makes stores that know the passages 1 to 200; each call gives another scope's."""
    kind: str = request.param
    if kind.startswith("faiss"):
        return partial(FaissVectors, exact_up_to=1_000 if kind == "faiss exact" else 0)
    database: Database = request.getfixturevalue("pg_database")
    add_passages: Callable[..., None] = request.getfixturevalue("add_passages")
    n_made = 0

    def make(n_dimensions: int) -> VectorStore:
        nonlocal n_made
        n_made += 1
        scope = f"acc-{n_made}: it's 100%"
        if n_made == 1:
            add_passages(database, range(1, 201), scope=scope)
        return PgVectors(
            database,
            tenant_id="t-1",
            scope=scope,
            embedder="e",
            n_dimensions=n_dimensions,
            index_from=1_000 if kind == "pgvector exact" else 1,
        )

    return make


@pytest.fixture
def vector_store(new_vector_store: NewVectorStore) -> VectorStore:
    return new_vector_store(N_DIMENSIONS)


def unit_rows(n: int, *, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(n, N_DIMENSIONS)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def ids_of(*ids: int) -> np.ndarray:
    return np.array(ids, dtype=np.int64)


def test_the_nearest_come_first_with_their_cosines(vector_store: VectorStore) -> None:
    rows = unit_rows(50)
    ids = np.arange(100, 150, dtype=np.int64)
    vector_store.add(ids, rows)
    query = unit_rows(1, seed=2)[0]
    found, cosines = vector_store.search(query, k=10)
    exact = rows @ query
    order = np.argsort(-exact)[:10]
    assert found.tolist() == ids[order].tolist()
    assert found.dtype == np.int64
    assert cosines.dtype == np.float32
    np.testing.assert_allclose(cosines, exact[order], atol=HALF_PRECISION)


def test_fewer_come_back_where_fewer_are_held(vector_store: VectorStore) -> None:
    query = unit_rows(1)[0]
    assert len(vector_store.search(query, k=5)[0]) == 0
    vector_store.add(ids_of(7, 8), unit_rows(2))
    found, cosines = vector_store.search(query, k=5)
    assert len(found) == len(cosines) == len(vector_store) == 2
    assert len(vector_store.search(query, k=0)[0]) == 0


def test_removed_ids_are_not_found_again(vector_store: VectorStore) -> None:
    rows = unit_rows(3)
    vector_store.add(ids_of(1, 2, 3), rows)
    vector_store.remove(ids_of(2, 99))
    vector_store.remove(ids_of())
    assert len(vector_store) == 2
    assert 2 not in vector_store.search(rows[1], k=3)[0].tolist()


def test_what_was_removed_can_be_added_again(vector_store: VectorStore) -> None:
    rows = unit_rows(60)
    ids = np.arange(1, 61, dtype=np.int64)
    vector_store.add(ids, rows)
    vector_store.remove(ids[:30])
    assert set(vector_store.search(rows[0], k=60)[0].tolist()) == set(range(31, 61))
    vector_store.add(ids[:30], rows[:30])
    found, cosines = vector_store.search(rows[0], k=60)
    assert sorted(found.tolist()) == ids.tolist()
    assert found[0] == 1
    assert cosines[0] == pytest.approx(1, abs=HALF_PRECISION)


def test_an_id_that_is_added_again_is_replaced(vector_store: VectorStore) -> None:
    rows = unit_rows(2)
    vector_store.add(ids_of(5), rows[:1])
    vector_store.add(ids_of(5), rows[1:])
    found, cosines = vector_store.search(rows[1], k=5)
    assert found.tolist() == [5]
    assert cosines[0] == pytest.approx(1, abs=HALF_PRECISION)


def test_ties_come_in_order_of_id(vector_store: VectorStore) -> None:
    row = unit_rows(1)
    vector_store.add(ids_of(9, 4, 6), np.repeat(row, 3, axis=0))
    assert vector_store.search(row[0], k=3)[0].tolist() == [4, 6, 9]


def test_only_the_named_ids_come_back(vector_store: VectorStore) -> None:
    rows = unit_rows(60)
    vector_store.add(np.arange(1, 61, dtype=np.int64), rows)
    vector_store.remove(ids_of(3))
    among = ids_of(2, 3, 17, 40, 5_000)
    assert vector_store.search(rows[1], k=2, only=among)[0][0] == 2
    assert sorted(vector_store.search(rows[0], k=9, only=among)[0].tolist()) == [2, 17, 40]
    assert len(vector_store.search(rows[0], k=9, only=ids_of())[0]) == 0


def test_two_stores_hold_nothing_in_common(new_vector_store: NewVectorStore) -> None:
    one, other = new_vector_store(N_DIMENSIONS), new_vector_store(N_DIMENSIONS)
    one.add(ids_of(1), unit_rows(1))
    assert len(other) == 0
    assert len(other.search(unit_rows(1)[0], k=1)[0]) == 0


def test_wrong_input_is_refused(vector_store: VectorStore) -> None:
    with pytest.raises(ValueError, match="shape"):
        vector_store.add(ids_of(1), unit_rows(2))
    with pytest.raises(ValueError, match="shape"):
        vector_store.search(unit_rows(1), k=1)
    with pytest.raises(ValueError, match="twice"):
        vector_store.add(ids_of(1, 1), unit_rows(2))
    with pytest.raises(ValueError, match="finite"):
        vector_store.add(ids_of(1), np.full((1, N_DIMENSIONS), np.nan, dtype=np.float32))
