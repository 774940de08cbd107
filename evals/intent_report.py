"""What the recogniser can do, by language, for authors that it has not seen.

Intervals are 95 %: a bootstrap over utterances for macro-F1 and each intent's F1, Wilson's for
shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.intent.taxonomy import load_taxonomy
from core.domain import LANGUAGES
from evals.intent_calibration import Scales
from evals.intent_data import SIGNS, Json, Utterances
from evals.intent_networks import Array
from evals.intent_scores import (
    Flags,
    expected_calibration_error,
    f1_per_intent,
    macro_f1,
    micro_f1,
)
from evals.intervals import wilson

N_RESAMPLES = 300
# Counting from these p in every intent, beside each intent's own threshold.
FLOORS = (0.3, 0.5)
COVERAGE = 0.8


def report(said: Utterances, p: Array, thresholds: Array, scales: Scales) -> Json:
    """`p` (n, n_columns) for unseen authors; thresholds (n_intents,) found on others."""
    return {
        language: _of_language(
            said.rows(mine), p[mine], thresholds, none_below=scales[language].none_below
        )
        for language in LANGUAGES
        for mine in [np.flatnonzero(said.languages == language)]
    }


def _of_language(said: Utterances, p: Array, thresholds: Array, *, none_below: float) -> Json:
    truth: Flags = said.truth
    n_intents = truth.shape[1]
    own = p[:, :n_intents]
    decided = own >= thresholds
    low, high = _bootstrap(truth, decided)
    return {
        "n": len(said),
        "macro_f1": _round(macro_f1(truth, decided)),
        "macro_f1_interval": [_round(low.macro_f1), _round(high.macro_f1)],
        **{f"macro_f1_from_{at}": _round(macro_f1(truth, own >= at)) for at in FLOORS},
        "micro_f1": _round(micro_f1(truth, decided)),
        "ece": _round(expected_calibration_error(truth, own)),
        "accuracy_at_80_percent": _round(_accuracy(truth, own, decided, thresholds)),
        "none": _none(truth, own, decided, none_below),
        "signs": _signs(said.targets[:, n_intents:], p[:, n_intents:]),
        "macro_f1_by_author": {
            str(author): _round(macro_f1(truth[who], decided[who]))
            for author in sorted(set(said.authors.tolist()))
            for who in [said.authors == author]
            if truth[who].any()
        },
        "false_alarms_by_kind": _false_alarms(said.kinds, truth, decided),
        "f1_by_intent": {
            intent: {"f1": _round(f1), "interval": [_round(a), _round(b)], "n": int(n)}
            for intent, f1, a, b, n in zip(
                load_taxonomy().ids,
                f1_per_intent(truth, decided),
                low.by_intent,
                high.by_intent,
                truth.sum(axis=0),
                strict=True,
            )
        },
    }


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end of the bootstrap's intervals."""

    macro_f1: float
    by_intent: NDArray[np.float64]


def _bootstrap(truth: Flags, decided: Flags) -> tuple[_Bound, _Bound]:
    random = np.random.default_rng(7)
    each = np.stack(
        [
            f1_per_intent(truth[rows], decided[rows])
            for rows in random.integers(0, len(truth), (N_RESAMPLES, len(truth)))
        ]
    )
    means = np.nanmean(each, axis=1)
    low, high = (
        _Bound(float(np.quantile(means, q)), np.nanquantile(each, q, axis=0))
        for q in (0.025, 0.975)
    )
    return low, high


def _accuracy(truth: Flags, p: Array, decided: Flags, thresholds: Array) -> float:
    """Share of exactly right label sets among the 80 % that lie clearest of all thresholds."""
    clear = np.abs(_logit(p) - _logit(thresholds)).min(axis=1)
    kept = np.argsort(-clear, kind="stable")[: round(COVERAGE * len(p))]
    return float((truth[kept] == decided[kept]).all(axis=1).mean())


def _none(truth: Flags, p: Array, decided: Flags, none_below: float) -> Json:
    """`precision`: of those said to carry nothing (neither an intent nor unsure), the share that
    carries none; `unsure` the share of all that is neither; `silent`, no intent decided at all."""
    is_empty = np.asarray(~truth.any(axis=1))
    is_silent = np.asarray(~decided.any(axis=1))
    is_none = is_silent & (p.max(axis=1) < none_below)
    n = int(is_none.sum())
    good = int(is_empty[is_none].sum())
    return {
        "precision": _round(good / n) if n else None,
        "precision_interval": [_round(one) for one in wilson(good, n)] if n else None,
        "recall": _round(float(is_none[is_empty].mean())),
        "unsure": _round(float((is_silent & ~is_none).mean())),
        "silent_precision": _round(float(is_empty[is_silent].mean())),
        "silent_recall": _round(float(is_silent[is_empty].mean())),
        "share_of_all": _round(float(is_empty.mean())),
    }


def _signs(targets: Array, p: Array) -> Json:
    from sklearn.metrics import roc_auc_score

    found: dict[str, Any] = {}
    for at, sign in enumerate(SIGNS):
        known = ~np.isnan(targets[:, at])
        if not 0 < targets[known, at].sum() < known.sum():
            continue
        truth, mine = targets[known, at] > 0, p[known, at]
        found[sign] = {
            "auroc": _round(float(roc_auc_score(truth, mine))),
            "f1": _round(macro_f1(truth[:, None], mine[:, None] >= FLOORS[1])),
            "ece": _round(expected_calibration_error(truth[:, None], mine[:, None])),
        }
    return found


def _false_alarms(kinds: NDArray[np.str_], truth: Flags, decided: Flags) -> dict[str, float]:
    """Of the utterances without intent of each kind, the share that got one all the same."""
    empty = ~truth.any(axis=1)
    return {
        str(kind): _round(float(decided[empty & (kinds == kind)].any(axis=1).mean()))
        for kind in sorted(set(kinds[empty].tolist()))
    }


def _logit(p: Array) -> Array:
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)), dtype=np.float32)


def _round(value: float) -> float:
    return round(float(value), 4)
