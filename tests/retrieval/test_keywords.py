from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.keywords import K1, Keywords, write_parts

B = 0.75

PASSAGES = [["budget", "approved", "budget"], ["price", "too", "high"], ["budget", "frozen"]]


def index_of(ids: Iterable[int], token_lists: Sequence[Sequence[str]]) -> Keywords:
    keywords = Keywords()
    keywords.update(sorted(zip(ids, token_lists, strict=True)))
    return keywords


def test_scores_are_bm25_as_a_share_of_the_best_possible() -> None:
    keywords = index_of([7, 8, 9], PASSAGES)
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
    keywords = index_of([7, 8, 9], PASSAGES)
    _, known = keywords.search({"price": 1.0}, k=1)
    _, partly = keywords.search({"price": 1.0, "warranty": 1.0}, k=1)
    assert partly[0] < known[0] / 2


def test_added_words_raise_scores_and_not_the_bound() -> None:
    keywords = index_of([7, 8, 9], PASSAGES)
    _, alone = keywords.search({"price": 1.0}, k=1)
    ids, helped = keywords.search({"price": 1.0}, k=3, added={"high": 0.5, "frozen": 0.5})
    assert ids.tolist() == [8, 9]
    assert alone[0] < helped[0] <= 1


def test_a_translation_finds_what_the_query_itself_does_not() -> None:
    ids, scores = index_of([7, 8, 9], PASSAGES).search({"价格": 1.0}, k=3, added={"price": 0.5})
    assert ids.tolist() == [8]
    assert 0 < scores[0] < 0.5


@pytest.mark.parametrize("weights", [{}, {"warranty": 1.0}, {"budget": 0.0}])
def test_a_query_without_known_words_finds_nothing(weights: dict[str, float]) -> None:
    ids, scores = index_of([7, 8, 9], PASSAGES).search(weights, k=5)
    assert len(ids) == len(scores) == 0


@pytest.mark.parametrize("token_lists", [[], [[], []]])
def test_scopes_without_words_are_allowed(token_lists: list[list[str]]) -> None:
    keywords = index_of(range(len(token_lists)), token_lists)
    assert len(keywords.search({"budget": 1.0}, k=5)[0]) == 0


def test_passages_without_words_are_never_found() -> None:
    keywords = index_of([1, 2], [[], ["budget"]])
    assert keywords.search({"budget": 1.0}, k=5)[0].tolist() == [2]


def test_ties_come_in_order_of_id() -> None:
    keywords = index_of([5, 3, 4], [["budget"], ["budget"], ["budget"]])
    ids, scores = keywords.search({"budget": 1.0}, k=2)
    assert ids.tolist() == [3, 4]
    assert np.ptp(scores) == 0


def test_passages_come_and_go_and_are_replaced() -> None:
    keywords = index_of([7, 8, 9], PASSAGES)
    keywords.update([(10, ["budget", "signed"])], removed=[7])
    assert set(keywords.search({"budget": 1.0}, k=5)[0].tolist()) == {9, 10}
    keywords.update([(9, ["warranty"])], removed=[9])
    assert keywords.search({"budget": 1.0}, k=5)[0].tolist() == [10]
    assert keywords.search({"warranty": 1.0}, k=5)[0].tolist() == [9]
    assert len(keywords) == 3


def test_a_changed_index_answers_as_a_fresh_one() -> None:
    lists = {id: [f"w{id % 7}", f"w{id % 11}", "all"][: 1 + id % 3] for id in range(300)}
    changed = index_of(range(200), [lists[id] for id in range(200)])
    changed.update([(id, lists[id]) for id in range(200, 300)], removed=range(0, 200, 2))
    left = [id for id in lists if id >= 200 or id % 2]
    fresh = index_of(left, [lists[id] for id in left])
    for query in ({"w3": 1.0}, {"w3": 1.0, "w5": 0.5}, {"all": 1.0, "w0": 1.0}):
        was, now = changed.search(query, k=500), fresh.search(query, k=500)
        assert set(was[0].tolist()) == set(now[0].tolist())
        # Words of passages that left count in idf until their segment is merged away.
        assert np.sort(was[1]) == pytest.approx(np.sort(now[1]), rel=0.3)


@pytest.mark.parametrize("n_named", [3, 1500])
def test_only_named_passages_come_back_and_the_best_of_them(n_named: int) -> None:
    token_lists = [["budget"] * (1 + id % 5) + ["word"] * (id % 13) for id in range(3000)]
    keywords = index_of(range(3000), token_lists)
    only = np.arange(0, 2 * n_named, 2)
    every_id, every_score = keywords.search({"budget": 1.0}, k=3000)
    ids, scores = keywords.search({"budget": 1.0}, k=3, only=only)
    mine = np.isin(every_id, only)
    assert scores == pytest.approx(every_score[mine][:3])
    assert set(ids.tolist()) <= set(only.tolist())
    assert len(keywords.search({"budget": 1.0}, k=3, only=only[:0])[0]) == 0


def test_labels_with_spaces_are_one_token() -> None:
    keywords = index_of([1, 2], [["soc 2", "soc"], ["2"]])
    assert keywords.search({"soc 2": 1.0}, k=5)[0].tolist() == [1]
    assert keywords.search({"2": 1.0}, k=5)[0].tolist() == [2]


def test_an_index_in_a_folder_can_be_copied_and_opened_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    keywords = Keywords(first)
    keywords.update(enumerate(PASSAGES))
    write_parts(keywords.parts(), second)
    copied = Keywords(second)
    assert copied.search({"budget": 1.0}, k=5)[0].tolist() == [0, 2]
    copied.update([(5, ["budget"])], removed=[0])
    assert set(copied.search({"budget": 1.0}, k=5)[0].tolist()) == {2, 5}
    assert keywords.search({"budget": 1.0}, k=5)[0].tolist() == [0, 2]
    with pytest.raises(ValueError, match="in memory"):
        Keywords().parts()
