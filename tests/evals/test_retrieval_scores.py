"""nDCG, recall and their intervals: one case by hand, properties, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.retrieval_scores import difference, mean_with_interval, ndcg, recall

IDS = [f"p{number}" for number in range(12)]
rankings = st.lists(st.sampled_from(IDS), unique=True, max_size=12)
gains_by_id = st.dictionaries(
    st.sampled_from(IDS), st.sampled_from([0.5, 1.0, 2.0]), min_size=1, max_size=8
)


def test_ndcg_by_hand():
    # Gains 3 and 1; found at ranks 3 and 1. DCG = 1/1 + 3/2 = 2.5, ideal = 3/1 + 1/log2(3).
    found = ndcg(["b", "x", "a"], {"a": 3.0, "b": 1.0})
    assert found == pytest.approx(2.5 / (3 + 1 / np.log2(3)))


def test_what_stands_behind_the_tenth_place_counts_nothing():
    assert ndcg([f"x{n}" for n in range(10)] + ["a"], {"a": 1.0}) == 0


def test_a_passage_named_twice_counts_once():
    assert ndcg(["a", "a"], {"a": 1.0, "b": 1.0}) == ndcg(["a"], {"a": 1.0, "b": 1.0})
    assert recall(["a", "a", "b"], {"a": 1.0, "b": 1.0}, 2) == 1


def test_recall_by_hand():
    gains = {"a": 1.0, "b": 1.0, "c": 1.0, "no": 0.0}
    assert recall(["x", "a", "no", "b", "c"], gains, 4) == pytest.approx(2 / 3)


@given(rankings, gains_by_id)
def test_scores_stay_between_nothing_and_the_ideal_order(ranking, gains):
    ideal = sorted(gains, key=lambda id: -gains[id])
    assert 0 <= ndcg(ranking, gains) <= 1 + 1e-12
    assert ndcg(ideal, gains) == pytest.approx(1)
    assert recall(ranking, gains, 5) <= recall(ranking, gains, 10) <= 1


@given(rankings.filter(lambda ranking: len(ranking) > 1), gains_by_id, st.data())
def test_moving_a_relevant_passage_up_never_lowers_ndcg(ranking, gains, data):
    place = data.draw(st.integers(1, len(ranking) - 1))
    raised = list(ranking)
    raised[place - 1], raised[place] = raised[place], raised[place - 1]
    if gains.get(ranking[place], 0) >= gains.get(ranking[place - 1], 0):
        assert ndcg(raised, gains) >= ndcg(ranking, gains) - 1e-12


def test_an_interval_holds_the_mean_and_comes_out_the_same_each_time():
    scores = np.random.default_rng(3).random(200)
    found = mean_with_interval(scores)
    assert found == mean_with_interval(scores)
    assert found.low < found.mean < found.high
    # The normal interval, for comparison: 1.96 standard errors to each side.
    error = 1.96 * scores.std() / np.sqrt(len(scores))
    assert found.high - found.mean == pytest.approx(error, rel=0.1)


def test_a_difference_is_taken_query_by_query():
    # Each query is better by the same, so resampling cannot move the difference.
    theirs = np.linspace(0, 0.9, 50)
    found = difference(theirs + 0.1, theirs)
    assert found == pytest.approx((0.1, 0.1, 0.1))


def test_queries_without_an_answer_and_uneven_scores_are_refused():
    with pytest.raises(ValueError, match="nDCG"):
        ndcg(["a"], {})
    with pytest.raises(ValueError, match="recall"):
        recall(["a"], {"a": 0.0}, 5)
    with pytest.raises(ValueError, match="no scores"):
        mean_with_interval([])
    with pytest.raises(ValueError, match="2 scores against 1"):
        difference([1.0, 0.0], [1.0])
