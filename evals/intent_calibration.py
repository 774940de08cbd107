"""From logits to frequencies and decisions, on predictions for authors the model had not seen.

One slope a language, as in temperature scaling (Guo et al. 2017), and one intercept a column drawn
towards the common one: Platt's sigmoid (Platt 1999) per intent and language where there is enough
to tell them apart. A few hundred true cases an intent bear two numbers, not a free curve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.intent.rules import adjust
from agents.intent.taxonomy import load_taxonomy
from core.domain import LANGUAGES
from evals.intent_data import Utterances
from evals.intent_networks import Array
from evals.intent_scores import Flags, f1_per_intent
from evals.intervals import wilson

# Thresholds of rare intents are drawn towards the common one, as by this many true cases.
THRESHOLD_PRIOR_CASES = 40
_GRID = np.arange(0.1, 0.9, 0.02)
# Of the utterances said to carry nothing, this share has to: the lower end of a 95 % interval.
NONE_PRECISION = 0.90
FEWEST_NONE = 50


@dataclass(frozen=True, slots=True)
class Scale:
    """p = sigmoid(slope · logit + intercepts); below `none_below` nothing was meant."""

    slope: float
    intercepts: Array
    none_below: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "slope": round(self.slope, 5),
            "intercepts": [round(float(one), 5) for one in self.intercepts],
            "none_below": round(self.none_below, 4),
        }


Scales = Mapping[str, Scale]


def calibrate(raw: Array, said: Utterances) -> dict[str, Scale]:
    """The scale of each language from `raw` (n, n_columns), logits for unseen authors."""
    found: dict[str, Scale] = {}
    for language in LANGUAGES:
        mine = said.languages == language
        scale = _fit(raw[mine], said.targets[mine])
        p = probabilities(raw[mine], said.rows(np.flatnonzero(mine)), {language: scale})
        none_below = highest_none(said.truth[mine], p[:, : said.truth.shape[1]])
        found[language] = Scale(scale.slope, scale.intercepts, none_below)
    return found


def _fit(raw: Array, targets: Array) -> Scale:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(targets)
    columns = np.broadcast_to(np.arange(raw.shape[1]), raw.shape)[known]
    n = len(columns)
    which = csr_matrix((np.ones(n), (np.arange(n), columns)), shape=(n, raw.shape[1]))
    cells = hstack([csr_matrix(raw[known].reshape(-1, 1)), which]).tocsr()
    model = LogisticRegression(C=0.5, max_iter=500)
    model.fit(cells, targets[known] > 0)
    weights = model.coef_[0]
    return Scale(float(weights[0]), (weights[1:] + model.intercept_[0]).astype(np.float32))


def probabilities(raw: Array, said: Utterances, scales: Scales) -> Array:
    """(n, n_columns), the taxonomy's rules applied to the intents."""
    p = np.empty_like(raw)
    for language, scale in scales.items():
        mine = said.languages == language
        p[mine] = 1 / (1 + np.exp(-(raw[mine] * scale.slope + scale.intercepts)))
    ids = load_taxonomy().ids
    p[:, : len(ids)] = adjust(said.surfaces, p[:, : len(ids)], ids)
    return p


def best_thresholds(truth: Flags, p: Array) -> Array:
    """(n_intents,) the p that gives each intent its best F1, drawn towards the common one."""
    scores = np.stack([np.nan_to_num(f1_per_intent(truth, p >= at)) for at in _GRID])
    common = float(_GRID[scores.mean(axis=1).argmax()])
    own = _GRID[scores.argmax(axis=0)]
    weight = truth.sum(axis=0) / (truth.sum(axis=0) + THRESHOLD_PRIOR_CASES)
    return np.asarray(weight * own + (1 - weight) * common, dtype=np.float32)


def highest_none(truth: Flags, p: Array) -> float:
    """The highest q such that whoever has no p >= q surely enough carries nothing; 0 if none is.

    "Surely enough": the lower end of the Wilson interval of their share is NONE_PRECISION.
    """
    top = p.max(axis=1)
    is_empty = np.asarray(~truth.any(axis=1))
    found = 0.0
    for q in np.arange(0.02, 0.6, 0.01):
        quiet = top < q
        n = int(quiet.sum())
        if n >= FEWEST_NONE and wilson(int(is_empty[quiet].sum()), n)[0] >= NONE_PRECISION:
            found = float(q)
    return found
