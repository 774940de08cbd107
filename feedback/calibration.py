"""Confidence as a frequency of acceptance: a hand-set prior score, corrected by verdicts.

The prior is a logistic of six features in [0, 1], each better when higher, so it never falls when
material gets better. Verdicts then correct it by Platt scaling (J. Platt, "Probabilistic outputs
for support vector machines", 1999): p = sigmoid(a · logit(score) + b), two parameters, which a few
dozen verdicts can bear. Platt's smoothed targets are replaced by Gaussian priors on a and b around
the identity (a maximum a posteriori fit): with few or one-sided verdicts the fit then stays near
the prior score instead of running off, and it tends to the likelihood's optimum as verdicts come.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain import Confidence

# In logits: what a feature adds from its worst to its best. A sure intent matters most, since a
# misread customer makes every play wrong; the play's own record weighs as much because it is the
# only feature that is made of verdicts; the author's belief in the play comes next. More words,
# fresher words and a second channel each add what makes a reader nod, not what changes the advice.
WEIGHTS: Mapping[str, float] = {
    "evidence_support": 0.7,
    "intent_p": 1.8,
    "channel_agreement": 0.4,
    "recency": 0.6,
    "play_weight": 1.2,
    "play_acceptance": 2.0,
}
# Set so that strong material (three fresh touchpoints on two channels, intent .92, play .7) scores
# about .7 and thin material (one old touchpoint, intent .55, play .5) about .28.
INTERCEPT = -4.15

# Fewer verdicts than this move two parameters by more than their standard error allows.
MIN_VERDICTS = 20
# How far a and b may plausibly lie from the identity: a halving or 1.5-folding of the slope, one
# logit (.5 against .73) of general optimism.
SLOPE_SD, SHIFT_SD = 0.5, 1.0
# A flat or falling calibrator would turn the ranking round; verdicts may not do that.
MIN_SLOPE = 0.1
SCORE_FLOOR = 1e-3
N_NEWTON_STEPS = 25

LOW_BELOW, MEDIUM_BELOW = 0.4, 0.65


@dataclass(frozen=True, slots=True)
class Calibrator:
    """sigmoid(a · logit(score) + b), fitted on `n` verdicts; the identity below MIN_VERDICTS."""

    a: float = 1.0
    b: float = 0.0
    n: int = 0

    @property
    def is_fitted(self) -> bool:
        return self.n >= MIN_VERDICTS

    def __call__(self, score: float) -> float:
        """The calibrated probability in (0, 1)."""
        return _sigmoid(self.a * _logit(score) + self.b)


IDENTITY = Calibrator()


def prior_score(features: Mapping[str, float]) -> float:
    """The score in (0, 1) before any verdict. Raises ValueError when a feature is missing."""
    if missing := set(WEIGHTS) - set(features):
        raise ValueError(f"missing features: {sorted(missing)}")
    z = INTERCEPT
    for name, weight in WEIGHTS.items():
        if math.isnan(features[name]):
            raise ValueError(f"feature {name} is not a number")
        z += weight * min(1.0, max(0.0, features[name]))
    return _sigmoid(z)


def fit(pairs: Sequence[tuple[float, float]]) -> Calibrator:
    """The calibrator for (prior score, outcome in [0, 1]) pairs; order does not matter."""
    n = len(pairs)
    if n < MIN_VERDICTS:
        return Calibrator(n=n)
    points = sorted((_logit(score), outcome) for score, outcome in pairs)
    a, b = 1.0, 0.0
    for _ in range(N_NEWTON_STEPS):
        step_a, step_b = _newton_step(points, a, b)
        a, b = _line_search(points, a, b, step_a, step_b)
        if abs(step_a) + abs(step_b) < 1e-9:
            break
    if a < MIN_SLOPE:
        return Calibrator(MIN_SLOPE, _shift_at(points, MIN_SLOPE, b), n)
    return Calibrator(a, b, n)


def confidence(features: Mapping[str, float], calibrator: Calibrator = IDENTITY) -> Confidence:
    """The features' confidence; its basis is "prior" until enough verdicts exist."""
    p = calibrator(prior_score(features))
    return Confidence(
        p=p,
        word="low" if p < LOW_BELOW else "medium" if p < MEDIUM_BELOW else "high",
        basis="calibrated" if calibrator.is_fitted else "prior",
        n_verdicts=calibrator.n,
        features=dict(features),
    )


def _loss(points: Sequence[tuple[float, float]], a: float, b: float) -> float:
    """Negative log posterior up to a constant."""
    loss = (a - 1) ** 2 / (2 * SLOPE_SD**2) + b**2 / (2 * SHIFT_SD**2)
    for x, y in points:
        z = a * x + b
        loss += max(z, 0.0) - y * z + math.log1p(math.exp(-abs(z)))
    return loss


def _newton_step(points: Sequence[tuple[float, float]], a: float, b: float) -> tuple[float, float]:
    """What to subtract from (a, b). The loss is strictly convex, so the matrix inverts."""
    grad_a, grad_b = (a - 1) / SLOPE_SD**2, b / SHIFT_SD**2
    h_aa, h_ab, h_bb = 1 / SLOPE_SD**2, 0.0, 1 / SHIFT_SD**2
    for x, y in points:
        p = _sigmoid(a * x + b)
        w = p * (1 - p)
        grad_a += (p - y) * x
        grad_b += p - y
        h_aa += w * x * x
        h_ab += w * x
        h_bb += w
    determinant = h_aa * h_bb - h_ab * h_ab
    return (
        (h_bb * grad_a - h_ab * grad_b) / determinant,
        (h_aa * grad_b - h_ab * grad_a) / determinant,
    )


def _line_search(
    points: Sequence[tuple[float, float]], a: float, b: float, step_a: float, step_b: float
) -> tuple[float, float]:
    """Halves the step until the loss does not rise: Newton's method may overshoot far out."""
    before = _loss(points, a, b)
    share = 1.0
    while share > 1e-6:
        if _loss(points, a - share * step_a, b - share * step_b) <= before:
            return a - share * step_a, b - share * step_b
        share /= 2
    return a, b


def _shift_at(points: Sequence[tuple[float, float]], a: float, b: float) -> float:
    """The best b for a slope that is held fast; convex in b, so Newton's steps settle."""
    for _ in range(N_NEWTON_STEPS):
        gradient, curvature = b / SHIFT_SD**2, 1 / SHIFT_SD**2
        for x, y in points:
            p = _sigmoid(a * x + b)
            gradient += p - y
            curvature += p * (1 - p)
        b -= gradient / curvature
    return b


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _logit(score: float) -> float:
    clipped = min(1 - SCORE_FLOOR, max(SCORE_FLOOR, score))
    return math.log(clipped / (1 - clipped))
