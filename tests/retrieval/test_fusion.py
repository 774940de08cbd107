from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import (
    CROSSING_KEYWORD_WEIGHT,
    KEYWORD_WEIGHT,
    Ranking,
    alone,
    fuse,
    gate_closes,
)

VECTOR_WEIGHT = 1 - KEYWORD_WEIGHT

SCORES = st.dictionaries(st.integers(0, 40), st.floats(0, 1, width=32), max_size=30)


def ranking(scores: dict[int, float]) -> Ranking:
    ordered = sorted(scores.items(), key=lambda item: -item[1])
    return (
        np.array([id for id, _ in ordered], dtype=np.int64),
        np.array([score for _, score in ordered], dtype=np.float32),
    )


def test_scores_are_the_weighted_sum_of_both_arms() -> None:
    first, second, third = fuse(ranking({1: 0.5, 2: 0.25}), ranking({2: 0.75, 3: 0.5}))
    assert (first.id, second.id, third.id) == (1, 2, 3)
    assert second.score == pytest.approx(KEYWORD_WEIGHT * 0.25 + VECTOR_WEIGHT * 0.75)
    assert second.found_by == pytest.approx(
        {"keywords": KEYWORD_WEIGHT * 0.25, "vectors": VECTOR_WEIGHT * 0.75}
    )
    assert set(third.found_by) == {"vectors"}


def test_across_languages_the_vectors_weigh_more() -> None:
    keywords, vectors = ranking({1: 0.6, 2: 0.1}), ranking({2: 0.7, 1: 0.1})
    assert [one.id for one in fuse(keywords, vectors)] == [1, 2]
    crossed = fuse(keywords, vectors, crosses=lambda _: True)
    assert [one.id for one in crossed] == [2, 1]
    assert crossed[0].found_by == pytest.approx(
        {"keywords": CROSSING_KEYWORD_WEIGHT * 0.1, "vectors": (1 - CROSSING_KEYWORD_WEIGHT) * 0.7}
    )


def test_vectors_decide_where_keywords_find_nothing() -> None:
    fused = fuse(ranking({}), ranking({4: 0.3, 5: 0.2}))
    assert [one.id for one in fused] == [4, 5]


def test_the_gate_leaves_out_a_dense_arm_that_is_unsure_and_agrees_on_nothing() -> None:
    keywords, unsure = ranking({1: 0.5}), ranking({2: 0.39, 3: 0.2})
    assert gate_closes(keywords, unsure)
    assert [one.id for one in fuse(keywords, unsure)] == [1]


@pytest.mark.parametrize(
    ("keywords", "vectors"),
    [
        ({1: 0.5}, {2: 0.41}),  # sure enough
        ({1: 0.5}, {2: 0.3, 1: 0.2}),  # agrees
        ({}, {2: 0.3}),  # the only arm
        ({1: 0.5}, {}),
    ],
)
def test_the_gate_stays_open_otherwise(
    keywords: dict[int, float], vectors: dict[int, float]
) -> None:
    assert not gate_closes(ranking(keywords), ranking(vectors))


def test_negative_cosines_count_as_nothing() -> None:
    assert fuse(ranking({}), ranking({1: -0.2})) == []


@given(SCORES, SCORES)
def test_scores_lie_in_the_unit_interval_and_fall(
    keywords: dict[int, float], vectors: dict[int, float]
) -> None:
    fused = fuse(ranking(keywords), ranking(vectors))
    assert [one.score for one in fused] == sorted((one.score for one in fused), reverse=True)
    assert len({one.id for one in fused}) == len(fused)
    for one in fused:
        assert 0 < one.score <= 1.000001
        assert one.score == pytest.approx(sum(one.found_by.values()))


def test_one_arm_alone_keeps_its_scores() -> None:
    found = alone("vectors", ranking({1: 0.5, 2: 0.3, 3: -0.1}))
    assert [(one.id, dict(one.found_by)) for one in found] == [
        (1, {"vectors": pytest.approx(0.5)}),
        (2, {"vectors": pytest.approx(0.3)}),
    ]
