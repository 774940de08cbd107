from __future__ import annotations

import math

import numpy as np
import pytest

from retrieval.keywords import K1, B, Keywords

PASSAGES = [["budget", "approved", "budget"], ["price", "too", "high"], ["budget", "frozen"]]


def test_scores_are_bm25_as_a_share_of_the_best_possible() -> None:
    keywords = Keywords([7, 8, 9], PASSAGES)
    ids, scores = keywords.search({"budget": 1.0, "approved": 1.0}, k=10)
    assert ids.tolist() == [7, 9]

    # By hand: three passages of 8 tokens; Lucene's idf and saturation.
    mean_length = 8 / 3
    idf = {"budget": math.log(1 + 1.5 / 2.5), "approved": math.log(1 + 2.5 / 1.5)}

    def weight(times: int, length: int) -> float:
        return times / (times + K1 * (1 - B + B * length / mean_length))

    bound = idf["budget"] + idf["approved"]
    first = idf["budget"] * weight(2, 3) + idf["approved"] * weight(1, 3)
    assert scores[0] == pytest.approx(first / bound, rel=1e-5)
    assert scores[1] == pytest.approx(idf["budget"] * weight(1, 2) / bound, rel=1e-5)


def test_words_unknown_to_the_scope_lower_the_share() -> None:
    keywords = Keywords([7, 8, 9], PASSAGES)
    _, known = keywords.search({"price": 1.0}, k=1)
    _, partly = keywords.search({"price": 1.0, "warranty": 1.0}, k=1)
    assert partly[0] < known[0] / 2


def test_added_words_raise_scores_and_not_the_bound() -> None:
    keywords = Keywords([7, 8, 9], PASSAGES)
    _, alone = keywords.search({"price": 1.0}, k=1)
    ids, helped = keywords.search({"price": 1.0}, k=3, added={"high": 0.5, "frozen": 0.5})
    assert ids.tolist() == [8, 9]
    assert alone[0] < helped[0] <= 1


def test_a_translation_finds_what_the_query_itself_does_not() -> None:
    ids, scores = Keywords([7, 8, 9], PASSAGES).search({"价格": 1.0}, k=3, added={"price": 0.5})
    assert ids.tolist() == [8]
    assert 0 < scores[0] < 0.5


@pytest.mark.parametrize("weights", [{}, {"warranty": 1.0}, {"budget": 0.0}])
def test_a_query_without_known_words_finds_nothing(weights: dict[str, float]) -> None:
    ids, scores = Keywords([7, 8, 9], PASSAGES).search(weights, k=5)
    assert len(ids) == len(scores) == 0


@pytest.mark.parametrize("token_lists", [[], [[], []]])
def test_scopes_without_words_are_allowed(token_lists: list[list[str]]) -> None:
    keywords = Keywords(range(len(token_lists)), token_lists)
    assert len(keywords.search({"budget": 1.0}, k=5)[0]) == 0


def test_passages_without_words_are_never_found() -> None:
    keywords = Keywords([1, 2], [[], ["budget"]])
    assert keywords.search({"budget": 1.0}, k=5)[0].tolist() == [2]


def test_ties_come_in_order_of_id() -> None:
    keywords = Keywords([5, 3, 4], [["budget"], ["budget"], ["budget"]])
    ids, scores = keywords.search({"budget": 1.0}, k=2)
    assert ids.tolist() == [3, 4]
    assert np.ptp(scores) == 0


def test_ids_and_token_lists_must_match() -> None:
    with pytest.raises(ValueError, match="2 ids"):
        Keywords([1, 2], [["a"]])
