"""Scores of multi-label recognition: F1 per intent, macro and micro, ECE.

Truth and decisions are boolean (n, n_intents) arrays, probabilities float arrays of that shape.
F1 is 2·tp / (2·tp + fp + fn); an intent that neither truth nor decisions hold has none and is left
out of the macro mean. The expected calibration error (Guo et al. 2017) takes every pair of
utterance and intent with p >= 0.05, in equally filled bins, weighted by their size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float32]

# Below the recogniser's reporting floor a probability is never shown, and there are so many that
# they would hide every error above it.
CALIBRATED_FROM = 0.05
N_BINS = 10
# The frequency of fewer pairs is chance.
FEWEST_IN_A_BIN = 10


def f1_per_intent(truth: Flags, decided: Flags) -> NDArray[np.float64]:
    """(n_intents,) F1; NaN where an intent is neither true nor decided anywhere."""
    _check(truth, decided)
    hit = (truth & decided).sum(axis=0)
    wrong = (truth != decided).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * hit / (2 * hit + wrong), dtype=np.float64)


def macro_f1(truth: Flags, decided: Flags) -> float:
    """The mean F1 over the intents that occur; 0.0 when none does."""
    scores = f1_per_intent(truth, decided)
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if len(known) else 0.0


def micro_f1(truth: Flags, decided: Flags) -> float:
    """F1 over all pairs of utterance and intent; 0.0 without any."""
    _check(truth, decided)
    hit = int((truth & decided).sum())
    total = 2 * hit + int((truth != decided).sum())
    return 2 * hit / total if total else 0.0


def expected_calibration_error(
    truth: Flags, p: Numbers, *, floor: float = CALIBRATED_FROM, n_bins: int = N_BINS
) -> float:
    """Mean |frequency − p| over bins of equally many pairs with p >= `floor`; 0.0 without any."""
    _check(truth, p)
    shown = p >= floor
    said, happened = p[shown], truth[shown]
    if not len(said):
        return 0.0
    order = np.argsort(said, kind="stable")
    error = 0.0
    n_filled = max(1, min(n_bins, len(said) // FEWEST_IN_A_BIN))
    for rows in np.array_split(order, n_filled):
        error += len(rows) * abs(float(happened[rows].mean()) - float(said[rows].mean()))
    return error / len(said)


def _check(truth: Flags, other: Flags | Numbers) -> None:
    if truth.ndim != 2 or truth.shape != other.shape:
        raise ValueError(f"truth of shape {truth.shape} beside {other.shape}")
