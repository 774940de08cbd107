"""The prior score, the calibrator, and what a confidence says of itself."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from feedback.calibration import (
    IDENTITY,
    MIN_SLOPE,
    MIN_VERDICTS,
    SHIFT_SD,
    SLOPE_SD,
    WEIGHTS,
    Calibrator,
    confidence,
    fit,
    prior_score,
)

STRONG = {
    "evidence_support": 1.0,
    "intent_p": 0.92,
    "channel_agreement": 1.0,
    "recency": 0.9,
    "play_weight": 0.7,
    "play_acceptance": 0.5,
}
THIN = {
    "evidence_support": 1 / 3,
    "intent_p": 0.55,
    "channel_agreement": 0.5,
    "recency": 0.4,
    "play_weight": 0.5,
    "play_acceptance": 0.5,
}
shares = st.floats(0, 1)
features = st.fixed_dictionaries({name: shares for name in WEIGHTS})


def test_strong_material_scores_well_and_thin_material_poorly() -> None:
    assert 0.6 <= prior_score(STRONG) <= 0.75
    assert 0.2 <= prior_score(THIN) <= 0.35


def test_a_worked_score_is_the_logistic_of_the_weighted_sum() -> None:
    # -4.15 + .7 + 1.8 · .92 + .4 + .6 · .9 + 1.2 · .7 + 2 · .5 = .986
    assert prior_score(STRONG) == pytest.approx(1 / (1 + math.exp(-0.986)))


@given(features, st.sampled_from(sorted(WEIGHTS)), shares)
def test_a_better_feature_never_lowers_the_score(some, name: str, better: float) -> None:
    raised = {**some, name: max(some[name], better)}
    assert prior_score(raised) >= prior_score(some)


def test_values_outside_the_unit_interval_are_clipped() -> None:
    assert prior_score({**STRONG, "recency": 7.0}) == prior_score({**STRONG, "recency": 1.0})
    assert prior_score({**STRONG, "recency": -7.0}) == prior_score({**STRONG, "recency": 0.0})


def test_a_missing_or_undefined_feature_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="intent_p"):
        prior_score({k: v for k, v in STRONG.items() if k != "intent_p"})
    with pytest.raises(ValueError, match="recency"):
        prior_score({**STRONG, "recency": math.nan})


def test_before_any_verdict_the_confidence_is_the_prior_score_and_says_so() -> None:
    sure = confidence(STRONG, IDENTITY)
    assert sure.p == pytest.approx(prior_score(STRONG))
    assert (sure.basis, sure.n_verdicts, sure.word) == ("prior", 0, "high")
    assert sure.features == STRONG
    assert confidence(THIN, IDENTITY).word == "low"


@pytest.mark.parametrize(
    ("n", "basis"), [(MIN_VERDICTS - 1, "prior"), (MIN_VERDICTS, "calibrated")]
)
def test_the_basis_changes_with_enough_verdicts(n: int, basis: str) -> None:
    calibrator = fit([(0.5, 1.0)] * n)
    sure = confidence(STRONG, calibrator)
    assert (sure.basis, sure.n_verdicts) == (basis, n)
    assert (sure.p == pytest.approx(prior_score(STRONG))) == (basis == "prior")


@pytest.mark.parametrize(
    ("p", "word"), [(0.399, "low"), (0.4, "medium"), (0.649, "medium"), (0.65, "high")]
)
def test_words_change_at_their_thresholds(p: float, word: str) -> None:
    score = prior_score(STRONG)
    shift = math.log(p / (1 - p)) - math.log(score / (1 - score))
    sure = confidence(STRONG, Calibrator(1.0, shift + 1e-12, 50))
    assert sure.word == word


def test_a_tenant_that_accepts_less_than_believed_lowers_the_confidence() -> None:
    rng = random.Random(3)
    pairs = [(0.7, float(rng.random() < 0.3)) for _ in range(200)]
    assert 0.25 < fit(pairs)(0.7) < 0.42


def test_verdicts_drawn_from_the_scores_leave_them_nearly_as_they_are() -> None:
    rng = random.Random(5)
    scores = [rng.uniform(0.1, 0.9) for _ in range(2_000)]
    calibrator = fit([(s, float(rng.random() < s)) for s in scores])
    assert calibrator.a == pytest.approx(1, abs=0.15)
    assert calibrator.b == pytest.approx(0, abs=0.15)


def test_one_sided_verdicts_do_not_run_off_to_certainty() -> None:
    calibrator = fit([(0.6, 1.0)] * 30)
    assert 0.6 < calibrator(0.6) < 0.97
    assert math.isfinite(calibrator.a)


def test_verdicts_against_the_scores_flatten_but_never_reverse_the_ranking() -> None:
    calibrator = fit([(0.9, 0.0), (0.1, 1.0)] * 200)
    assert calibrator.a == MIN_SLOPE
    assert calibrator(0.2) < calibrator(0.8)


def test_the_fit_is_the_map_estimate_that_scikit_learn_finds() -> None:
    """With a = 1 + SLOPE_SD·u, the prior on u is a plain ridge: an independent check."""
    rng = random.Random(11)
    pairs = [(s := rng.uniform(0.1, 0.9), float(rng.random() < s * s)) for _ in range(300)]
    mine = fit(pairs)
    xs = [math.log(s / (1 - s)) for s, _ in pairs]
    best = min(
        ((a, b) for a in _around(mine.a) for b in _around(mine.b)),
        key=lambda ab: _loss(xs, [y for _, y in pairs], *ab),
    )
    assert best == (mine.a, mine.b)
    plain = LogisticRegression(C=1e9).fit([[x] for x in xs], [y for _, y in pairs])
    assert mine.a == pytest.approx(plain.coef_[0][0], abs=0.2)
    assert mine.b == pytest.approx(plain.intercept_[0], abs=0.2)


def _around(centre: float) -> list[float]:
    return [centre + step for step in (-1e-3, 0.0, 1e-3)]


def _loss(xs: list[float], ys: list[float], a: float, b: float) -> float:
    loss = (a - 1) ** 2 / (2 * SLOPE_SD**2) + b**2 / (2 * SHIFT_SD**2)
    return loss + sum(
        math.log1p(math.exp(a * x + b)) - y * (a * x + b) for x, y in zip(xs, ys, strict=True)
    )


@given(st.lists(st.tuples(shares, st.sampled_from([0.0, 0.5, 1.0])), max_size=60), st.randoms())
def test_the_fit_is_finite_monotone_and_blind_to_order(pairs, rng) -> None:
    calibrator = fit(pairs)
    assert 0 < calibrator(0.3) <= calibrator(0.7) < 1
    shuffled = list(pairs)
    rng.shuffle(shuffled)
    assert fit(shuffled) == calibrator
