"""Features, folds and scores of the deal probability, on dialogues worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import NotFound
from core.settings import Settings
from evals.deal_probability import (
    Bargain,
    Turn,
    auroc,
    features,
    gain,
    prices,
    read_bargains,
    score,
    unseen_probabilities,
)


def _bargain(*turns: Turn) -> Bargain:
    return Bargain("bike 200.0", "bike", 200.0, turns, is_deal=True)


def test_numbers_near_the_list_price_are_prices_and_years_and_rooms_are_not() -> None:
    text = "It is a 2015 with 3 gears, would you take $120, or 150?"
    assert prices(text, 200.0) == [0.6, 0.75]
    assert prices("I can do 1,750 or 1.8k", 2250.0) == pytest.approx([1750 / 2250, 0.8])


def test_only_the_first_half_is_heard() -> None:
    bargain = _bargain(
        Turn("buyer", "hi, 120?"),
        Turn("seller", "sorry, no"),
        Turn("buyer", "160"),
        Turn("seller", "", "offer", 160.0),
        Turn("buyer", "", "accept"),
    )
    assert bargain.heard == bargain.turns[:2]
    shown = dict(zip(*features(bargain), strict=True))
    assert shown["buyer_price"] == 0.6
    assert shown["seller_has_price"] == 0.0
    assert shown["gap"] == pytest.approx(0.4)
    assert shown["seller_refuses"] == 1.0
    assert shown["seller_offers"] == 0.0


def test_a_concession_is_the_way_from_the_first_to_the_last_price() -> None:
    turns = [Turn("buyer", "120?"), Turn("buyer", "150 then"), Turn("seller", "", "offer", 180.0)]
    shown = dict(zip(*features(_bargain(*turns, *turns)), strict=True))
    assert shown["buyer_concession"] == pytest.approx(0.15)
    assert shown["formal_price"] == pytest.approx(0.9)
    assert shown["seller_offers"] == 1.0


def test_one_listing_has_one_fold() -> None:
    assert _bargain().fold == _bargain(Turn("buyer", "hello")).fold


def test_the_area_counts_pairs_and_halves_ties() -> None:
    truth = np.array([True, False, True, False])
    assert auroc(truth, np.array([0.9, 0.5, 0.5, 0.1])) == pytest.approx(3.5 / 4)
    assert auroc(np.array([True, True]), np.array([0.1, 0.2])) == 0.5


def test_each_fold_is_predicted_by_models_that_have_not_seen_it() -> None:
    # The first fold's labels contradict the others': whoever had seen them would know.
    columns = np.array([[float(row % 2)] for row in range(60)])
    folds = np.repeat([0, 1, 2], 20)
    is_deal = (columns[:, 0] > 0) ^ (folds == 0)
    p = unseen_probabilities(columns, is_deal, folds)
    assert auroc(is_deal[folds == 0], p[folds == 0]) == 0.0


def test_a_constant_share_ranks_nothing_and_has_the_variance_as_its_brier_score() -> None:
    is_deal = np.array([True] * 30 + [False] * 10)
    found = score(is_deal, np.full(40, 0.75))
    assert found["auroc"] == 0.5
    assert found["auroc_interval"] == [0.5, 0.5]
    assert found["brier"] == pytest.approx(0.1875, abs=1e-3)


def test_a_perfect_ranking_gains_half_over_a_constant_one() -> None:
    is_deal = np.array([True, False] * 20)
    found = gain(is_deal, is_deal.astype(np.float64), np.zeros(40))
    assert found == {"auroc": 0.5, "interval": [0.5, 0.5]}


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="craigslist_bargain"):
        read_bargains(tmp_path)


def test_the_public_dialogues_are_read_with_their_outcomes() -> None:
    shared = Settings().shared
    if not (shared / "data" / "dialogues" / "craigslist_bargain.jsonl").is_file():
        pytest.skip("the public dialogues are not there")
    bargains = read_bargains(shared)
    assert len(bargains) == 643
    assert sum(one.is_deal for one in bargains) == 461
