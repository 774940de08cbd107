"""The ranking metrics on one case worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from agents.moments.features import Unit
from evals.moment_scores import Labelled, average_precision, ndcg, of_the_door, r_precision


def test_two_gold_items_at_ranks_one_and_three() -> None:
    gold, scores = np.array([1.0, 0.0, 1.0, 0.0]), np.array([4.0, 3.0, 2.0, 1.0])
    assert average_precision(gold, scores) == pytest.approx((1 + 2 / 3) / 2)
    assert ndcg(gold, scores) == pytest.approx(1.5 / (1 + 1 / np.log2(3)))
    assert r_precision(gold, scores) == 0.5


def test_the_door_ranks_an_utterance_by_its_best_moment_and_a_dropped_repeat_last() -> None:
    texts = ["we open the till at nine", "nobody came", "we open the till at nine"]
    units = tuple(Unit(at, text, 0, len(text)) for at, text in enumerate(texts))
    meeting = Labelled("m", "qmsum", units, np.array([1.0, 0.0, 1.0]))
    assert of_the_door(meeting, np.array([0.2, 0.5, 0.9])).tolist() == [-np.inf, -1.0, 0.0]
