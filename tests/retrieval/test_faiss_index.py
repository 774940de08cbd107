"""Both families of the FAISS store against brute force, through thousands of changes."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ports import Vectors
from retrieval.vector_stores import faiss_index
from retrieval.vector_stores.faiss_index import FaissVectors

D = 32
EXACT, CODES = 1_000_000, 0
FAMILIES = pytest.mark.parametrize("exact_up_to", [EXACT, CODES], ids=["exact", "codes"])


def unit_rows(n: int, *, seed: int, d: int = D) -> Vectors:
    """Rows that float16 holds exactly but for a rounding of their length: brute force agrees."""
    rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows.astype(np.float16), dtype=np.float32)


def numbers(n: int, *, start: int = 0) -> np.ndarray:
    return np.arange(start, start + n, dtype=np.int64)


def brute_force(held: dict[int, Vectors], query: Vectors, k: int) -> list[int]:
    ids = sorted(held)
    cosines = np.array([held[id] @ query for id in ids])
    return [ids[at] for at in np.argsort(-cosines, kind="stable")[:k]]


changes = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove"]),
        st.lists(st.integers(0, 60), min_size=1, max_size=40, unique=True),
    ),
    min_size=1,
    max_size=12,
)


@FAMILIES
@settings(max_examples=40, deadline=None)
@given(changes=changes, seed=st.integers(0, 2**16), k=st.integers(1, 70))
def test_any_sequence_of_changes_ends_like_brute_force(
    exact_up_to: int, changes: list[tuple[str, list[int]]], seed: int, k: int
) -> None:
    store = FaissVectors(D, exact_up_to=exact_up_to)
    held: dict[int, Vectors] = {}
    for step, (kind, ids) in enumerate(changes):
        if kind == "add":
            rows = unit_rows(len(ids), seed=seed + step)
            store.add(np.array(ids, dtype=np.int64), rows)
            held.update(zip(ids, rows, strict=True))
        else:
            store.remove(np.array(ids, dtype=np.int64))
            for id in ids:
                held.pop(id, None)
    query = unit_rows(1, seed=seed + 1_000)[0]
    found, cosines = store.search(query, k=k)
    assert len(store) == len(held)
    # A tie within float32's rounding may stand either way round; the cosines may not differ.
    expected = brute_force(held, query, k)
    assert set(found.tolist()) == set(expected)
    np.testing.assert_allclose(
        cosines, np.array([float(held[id] @ query) for id in expected]), atol=1e-5
    )


@FAMILIES
def test_thousands_of_changes_end_like_a_store_built_afresh(exact_up_to: int) -> None:
    rng = np.random.default_rng(7)
    rows = unit_rows(12_000, seed=8)
    store, version = FaissVectors(D, exact_up_to=exact_up_to), np.full(4_000, -1)
    for step in range(40):
        ids = rng.choice(4_000, size=300, replace=False)
        if step % 3 == 2:
            store.remove(ids)
            version[ids] = -1
        else:
            which = np.arange(step * 300, step * 300 + 300)
            store.add(ids, rows[which])
            version[ids] = which
    held = np.flatnonzero(version >= 0)
    afresh = FaissVectors(D, exact_up_to=exact_up_to)
    afresh.add(held, rows[version[held]])
    assert len(store) == len(held)
    assert store.is_exact == afresh.is_exact == (exact_up_to == EXACT)
    agreed, true = 0, 0
    for query in unit_rows(50, seed=9):
        found, cosines = store.search(query, k=20)
        assert np.isin(found, held).all()
        np.testing.assert_allclose(cosines, rows[version[found]] @ query, atol=1e-5)
        best = np.sort(rows[version[held]] @ query)[::-1][:20]
        agreed += len(np.intersect1d(found, afresh.search(query, k=20)[0]))
        true += int(np.isclose(cosines, best, atol=1e-5).sum())
    assert (agreed, true) == (1_000, 1_000)


@FAMILIES
def test_the_next_best_follow_when_the_whole_neighbourhood_goes(
    exact_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No rebuild comes to help: the selector alone must hide the holes.
    monkeypatch.setattr(faiss_index, "MIN_HOLES", 5_000)
    rows = unit_rows(2_600, seed=3)
    store = FaissVectors(D, exact_up_to=exact_up_to)
    store.add(numbers(2_600), rows)
    query = unit_rows(1, seed=4)[0]
    order = np.argsort(-(rows @ query))
    store.remove(order[:1_500])
    assert store.search(query, k=10)[0].tolist() == order[1_500:1_510].tolist()
    assert store._rows.n_holes == 1_500


def test_many_holes_are_closed_by_a_rebuild() -> None:
    rows = unit_rows(5_000, seed=3)
    store = FaissVectors(D, exact_up_to=CODES)
    store.add(numbers(5_000), rows)
    store.remove(numbers(2_500))
    assert store._rows.n_holes == 0
    assert len(store) == 2_500
    assert store.search(rows[4_000], k=1)[0].tolist() == [4_000]
    store.remove(numbers(5_000))
    assert len(store) == 0
    assert len(store.search(rows[0], k=3)[0]) == 0


def test_growth_turns_an_exact_store_into_codes_and_shrinking_turns_it_back() -> None:
    rows = unit_rows(3_000, seed=5)
    store = FaissVectors(D, exact_up_to=2_000)
    store.add(numbers(1_500), rows[:1_500])
    assert store.is_exact
    store.add(numbers(1_500, start=1_500), rows[1_500:])
    assert not store.is_exact
    assert store.search(rows[10], k=1)[0].tolist() == [10]
    store.remove(numbers(1_400))
    assert store.is_exact
    assert store.search(rows[2_000], k=1)[0].tolist() == [2_000]


def test_codes_are_learnt_again_when_the_store_has_outgrown_them() -> None:
    rows = unit_rows(900, seed=6)
    store = FaissVectors(D, exact_up_to=CODES)
    store.add(numbers(200), rows[:200])
    assert store._rows.n_trained == 200
    store.add(numbers(700, start=200), rows[200:])
    assert store._rows.n_trained == 900


def test_codes_miss_few_of_the_nearest_among_more_than_they_propose() -> None:
    rows = unit_rows(30_000, seed=11)
    store = FaissVectors(D)
    store.add(numbers(30_000), rows)
    assert not store.is_exact
    n_found = 0
    for query in unit_rows(40, seed=12):
        best = np.argsort(-(rows @ query))[:20]
        n_found += len(np.intersect1d(best, store.search(query, k=20)[0]))
    assert n_found >= 0.99 * 800


@FAMILIES
@pytest.mark.parametrize("n_named", [5, 3_000])
def test_a_filter_answers_like_brute_force(exact_up_to: int, n_named: int) -> None:
    rows = unit_rows(6_000, seed=13)
    store = FaissVectors(D, exact_up_to=exact_up_to)
    store.add(numbers(6_000)[::-1], rows[::-1])
    store.remove(numbers(500))
    named = np.sort(np.random.default_rng(14).choice(6_000, size=n_named, replace=False))
    held = {id: rows[id] for id in named.tolist() if id >= 500}
    query = unit_rows(1, seed=15)[0]
    found, _ = store.search(query, k=20, only=named)
    assert found.tolist() == brute_force(held, query, 20)


def test_an_odd_number_of_dimensions_stays_exact() -> None:
    rows = unit_rows(100, seed=16, d=7)
    store = FaissVectors(7, exact_up_to=CODES)
    store.add(numbers(100), rows)
    assert store.is_exact


def test_ids_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        FaissVectors(D).add(numbers(1, start=-1), unit_rows(1, seed=1))


@FAMILIES
def test_bytes_come_back_as_the_same_store(exact_up_to: int) -> None:
    rows = unit_rows(2_000, seed=17)
    store = FaissVectors(D, exact_up_to=exact_up_to)
    store.add(numbers(2_000), rows)
    store.remove(numbers(300))
    restored = FaissVectors.from_bytes(store.to_bytes(), exact_up_to=exact_up_to)
    assert (len(restored), restored.is_exact) == (1_700, store.is_exact)
    for query in unit_rows(10, seed=18):
        for one, other in zip(restored.search(query, k=30), store.search(query, k=30), strict=True):
            np.testing.assert_array_equal(one, other)
    restored.add(numbers(10), rows[:10])
    assert restored.search(rows[3], k=1)[0].tolist() == [3]
    assert len(FaissVectors.from_bytes(FaissVectors(D).to_bytes())) == 0


def test_bytes_that_do_not_fit_together_are_refused() -> None:
    store = FaissVectors(D, exact_up_to=CODES)
    store.add(numbers(100), unit_rows(100, seed=19))
    raw = store.to_bytes()
    twice = bytearray(raw)
    twice[28:36] = twice[36:44]
    for damaged in (b"", raw[:20], raw[:500], b"x" * len(raw), raw[:-40], bytes(twice)):
        with pytest.raises(ValueError, match=r"bytes|FAISS|twice"):
            FaissVectors.from_bytes(damaged)


@FAMILIES
def test_searches_beside_a_writer_never_see_a_wrong_answer(
    exact_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faiss_index, "MIN_HOLES", 50)
    rows = unit_rows(3_000, seed=20)
    store = FaissVectors(D, exact_up_to=exact_up_to)
    store.add(numbers(1_000), rows[:1_000])
    wrong: list[str] = []
    done = threading.Event()

    def search() -> None:
        rng = np.random.default_rng()
        while not done.is_set():
            at = int(rng.integers(1_000))
            found, cosines = store.search(rows[at], k=5)
            if found[0] != at or not np.allclose(cosines, rows[found] @ rows[at], atol=1e-5):
                wrong.append(f"{at}: {found} {cosines}")

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for start in range(1_000, 3_000, 100):
        store.add(numbers(100, start=start), rows[start : start + 100])
        store.remove(numbers(60, start=start))
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(store) == 1_800
