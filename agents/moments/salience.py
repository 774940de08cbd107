"""How likely a sentence is one that a reader of the minutes would want: a linear model in JSON.

Per language a bias, one weight a named feature, and one direction in the sentence space, read
relative to the meeting's own mean: what is left after the topic is taken off is what the sentence
does (states, asks, greets). Both languages are fitted together, shared weights plus each one's own
(Daumé 2007). `python -m evals.train_moments` makes the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from agents.moments.encoding import centred
from agents.moments.features import Numbers, Unit, feature_names, features
from core.errors import BackendFailed
from core.ports import Vectors
from core.text.language import language_of

MODEL_FILE = Path(__file__).with_name("salience.json")


@cache
def _model(file: Path = MODEL_FILE) -> dict[str, tuple[float, Numbers, Numbers]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["features"] != list(feature_names()):
            raise ValueError("it was trained on other features")
        return {
            language: (
                float(one["bias"]),
                np.array(one["weights"], dtype=np.float64),
                np.array(one["meaning"], dtype=np.float64),
            )
            for language, one in content["languages"].items()
        }
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BackendFailed(
            f"The salience model {file.name} cannot be used: {error}.",
            remedy="Restore it from the release, or run `python -m evals.train_moments`.",
        ) from error


def salience(units: Sequence[Unit], vectors: Vectors) -> Numbers:
    """(n,) in [0, 1], comparable within one source; `vectors` (n, d) as `encoded` gives."""
    if not units:
        return np.zeros(0)
    language = language_of(" ".join(unit.text for unit in units))
    bias, weights, meaning = _model()[language]
    logit = bias + features(units, vectors) @ weights + centred(vectors) @ meaning
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
