"""Makes agents/moments/salience.json: `python -m evals.train_moments` (about three minutes).

Logistic regression on the train side of the split of `evals.moment_scores`. Each corpus weighs the
same, each meeting within it, and gold as much as the rest of a meeting. The 40 main directions of
the centred sentence vectors stand for their meaning; size and ridge were chosen by four-fold
cross-validation over series (20 directions: VCSum average precision .322, 40: .335, 80: .342).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from agents.moments.encoding import centred, encoded
from agents.moments.features import Numbers, feature_names, features
from agents.moments.salience import MODEL_FILE
from core.ports import Vectors
from core.settings import Settings
from evals.moment_scores import Labelled, labelled_meetings

N_DIRECTIONS = 40
RIDGE_C = 0.001
# How much of a weight the languages share before each adds its own.
SHARED = 0.5
MEANING_SCALE = 5.0
LANGUAGE = {"vcsum": "zh", "qmsum": "en"}


def fit(meetings: list[Labelled], vectors: list[Vectors]) -> dict[str, Any]:
    """The content of salience.json."""
    from sklearn.linear_model import LogisticRegression

    meanings = [centred(v) for v in vectors]
    directions = np.linalg.eigh(sum(v.T @ v for v in meanings))[1][:, -N_DIRECTIONS:]
    rows = [
        np.hstack([features(m.units, v), c @ directions * MEANING_SCALE])
        for m, v, c in zip(meetings, vectors, meanings, strict=True)
    ]
    x = np.vstack([_tripled(r, m.corpus) for r, m in zip(rows, meetings, strict=True)])
    gold = [m.gold[[unit.index for unit in m.units]] for m in meetings]
    weights = _weights(meetings, gold)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    model = LogisticRegression(C=RIDGE_C, max_iter=200)
    model.fit((x - mean) / spread, np.concatenate(gold), sample_weight=weights)
    plain = model.coef_[0] / spread
    bias = float(model.intercept_[0] - mean @ plain)
    return {
        "features": list(feature_names()),
        "n_meetings": Counter(m.corpus for m in meetings),
        "languages": {
            language: _of_language(plain, bias, directions, at)
            for at, language in enumerate(("zh", "en"), start=1)
        },
    }


def _tripled(row: Numbers, corpus: str) -> Numbers:
    zh = LANGUAGE[corpus] == "zh"
    return np.hstack([SHARED * row, row * zh, row * (not zh)])


def _weights(meetings: list[Labelled], gold: list[Numbers]) -> Numbers:
    n = Counter(m.corpus for m in meetings)
    parts = []
    for meeting, y in zip(meetings, gold, strict=True):
        share = min(max(float(y.mean()), 1e-9), 1 - 1e-9)
        parts.append(np.where(y > 0, 0.5 / share, 0.5 / (1 - share)) / len(y) / n[meeting.corpus])
    weights = np.concatenate(parts)
    return np.asarray(weights * len(weights) / weights.sum())


def _of_language(plain: Numbers, bias: float, directions: Numbers, at: int) -> dict[str, Any]:
    n = len(plain) // 3
    weights = SHARED * plain[:n] + plain[at * n : (at + 1) * n]
    n_named = len(feature_names())
    meaning = directions @ weights[n_named:] * MEANING_SCALE
    return {
        "bias": round(bias, 5),
        "weights": [round(float(w), 5) for w in weights[:n_named]],
        "meaning": [round(float(w), 5) for w in meaning],
    }


def write(content: dict[str, Any], file: Path = MODEL_FILE) -> None:
    file.write_text(json.dumps(content) + "\n", encoding="utf-8")


def main() -> None:
    from retrieval.embedders.use import UniversalSentenceEncoder

    encoder = UniversalSentenceEncoder(n_threads=2)
    meetings = [m for m in labelled_meetings(Settings().shared) if not m.is_held_out]
    vectors = [encoded([unit.text for unit in m.units], encoder) for m in meetings]
    write(fit(meetings, vectors))
    print(f"{len(meetings)} meetings → {MODEL_FILE}")


if __name__ == "__main__":
    main()
