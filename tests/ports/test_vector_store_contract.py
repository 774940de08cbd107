"""What every `core.ports.VectorStore` promises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.ports import Vectors, VectorStore
from retrieval.vector_stores.flat import FlatVectors

N_DIMENSIONS = 16
NewVectorStore = Callable[[int], VectorStore]


@pytest.fixture(params=[FlatVectors])
def new_vector_store(request: pytest.FixtureRequest) -> NewVectorStore:
    made: NewVectorStore = request.param
    return made


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
    np.testing.assert_allclose(cosines, exact[order], atol=1e-5)


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


def test_an_id_that_is_added_again_is_replaced(vector_store: VectorStore) -> None:
    rows = unit_rows(2)
    vector_store.add(ids_of(5), rows[:1])
    vector_store.add(ids_of(5), rows[1:])
    found, cosines = vector_store.search(rows[1], k=5)
    assert found.tolist() == [5]
    assert cosines[0] == pytest.approx(1, abs=1e-5)


def test_ties_come_in_order_of_id(vector_store: VectorStore) -> None:
    row = unit_rows(1)
    vector_store.add(ids_of(9, 4, 6), np.repeat(row, 3, axis=0))
    assert vector_store.search(row[0], k=3)[0].tolist() == [4, 6, 9]


def test_two_stores_hold_nothing_in_common(new_vector_store: NewVectorStore) -> None:
    one, other = new_vector_store(N_DIMENSIONS), new_vector_store(N_DIMENSIONS)
    one.add(ids_of(1), unit_rows(1))
    assert len(other) == 0


def test_wrong_shapes_are_refused(vector_store: VectorStore) -> None:
    with pytest.raises(ValueError, match="shape"):
        vector_store.add(ids_of(1), unit_rows(2))
    with pytest.raises(ValueError, match="shape"):
        vector_store.search(unit_rows(1), k=1)
    with pytest.raises(ValueError, match="twice"):
        vector_store.add(ids_of(1, 1), unit_rows(2))
