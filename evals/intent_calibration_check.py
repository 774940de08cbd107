"""Whether a probability is a frequency: by language and by bin, for authors kept apart.

The recogniser is trained without the test authors and calibrated on a third group, as in the
evaluation `intent`; beside it, the shipped recogniser on real people's words.
"""

from __future__ import annotations

import numpy as np

from core.domain import LANGUAGES
from evals import real_utterances
from evals.intent_calibration import probabilities
from evals.intent_data import Json
from evals.intent_scores import (
    CALIBRATED_FROM,
    N_BINS,
    Flags,
    Numbers,
    expected_calibration_error,
)
from evals.intervals import wilson


def run() -> Json:
    from threadpoolctl import threadpool_limits

    from evals.train_intents import fit_on_split, read

    said, _ = read()
    with threadpool_limits(1):
        trained, scales, _, testing = fit_on_split(said)
        p = probabilities(trained.logits(testing), testing, scales)[:, : testing.truth.shape[1]]
    figures: Json = {}
    for language in LANGUAGES:
        mine = testing.languages == language
        figures[language] = {
            "ece": round(expected_calibration_error(testing.truth[mine], p[mine]), 4),
            "bins": reliability(testing.truth[mine], p[mine]),
        }
    return figures | {"real_utterances": real_utterances.run()}


def reliability(truth: Flags, p: Numbers) -> list[Json]:
    """Of pairs with p >= 0.05, in equally filled bins: mean p, frequency, its interval, number."""
    shown = p >= CALIBRATED_FROM
    said, happened = p[shown], truth[shown]
    order = np.argsort(said, kind="stable")
    bins = []
    for rows in np.array_split(order, N_BINS):
        if not len(rows):
            continue
        n_true = int(happened[rows].sum())
        bins.append(
            {
                "p": round(float(said[rows].mean()), 3),
                "frequency": round(n_true / len(rows), 3),
                "interval": [round(one, 3) for one in wilson(n_true, len(rows))],
                "n": len(rows),
            }
        )
    return bins
