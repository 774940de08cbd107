"""`python -m evals.train_intents`: the intent model and its report, from the labelled utterances.

Every figure of the report is of authors that the model had not seen: people say the same thing in
other words, and a random split would count an author's habits as skill. The file that is shipped
is trained on all authors; calibration and thresholds come from the predictions for unseen ones.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.intent.artefact import FORMAT, MODEL_FILE, pack, write_model
from agents.intent.cues import cue_names
from agents.intent.rules import adjust
from agents.intent.taxonomy import load_taxonomy
from core.domain import LANGUAGES
from core.ports import Embedder
from evals import intent_networks as networks
from evals.intent_data import (
    DATA,
    Json,
    Utterances,
    gram_matrix,
    read_rows,
    read_utterances,
    vocabulary_of,
)
from evals.intent_networks import Array, Parameters, Recipe
from evals.intent_scores import Flags, f1_per_intent, macro_f1, summary

MODEL_ID = "intents-1"
REPORT = DATA / "REPORT.json"
RECIPE = Recipe()
# The learning curve needs many models: smaller ones tell the slope as well.
CURVE_RECIPE = replace(RECIPE, n_hidden=128, n_networks=1, n_epochs=25)
# Thresholds of rare intents are drawn towards the common one, as by this many true cases.
THRESHOLD_PRIOR_CASES = 20
# Counting from these p in every intent; 0.5 reads as "more likely than not".
FLOORS = (0.3, 0.5)
N_SCOPE_CENTRES = 64
# Of known utterances, the share that may count as out of scope.
OUT_OF_SCOPE_SHARE = 0.01

Scales = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Trained:
    """Networks with the vocabulary they were trained on; they read unscaled inputs."""

    vocabulary: list[str]
    idf: Array
    parameters: list[Parameters]

    def logits(self, said: Utterances) -> Array:
        """(n, n_intents)."""
        matrix = gram_matrix(said.surfaces, self.vocabulary, self.idf)
        inputs = np.hstack([said.vectors, said.cues])
        each = [networks.logits(one, inputs, matrix) for one in self.parameters]
        return np.asarray(np.mean(each, axis=0), dtype=np.float32)


def fit(said: Utterances, recipe: Recipe) -> Trained:
    vocabulary, idf = vocabulary_of(said)
    matrix = gram_matrix(said.surfaces, vocabulary, idf) * np.float32(recipe.gram_scale)
    inputs = np.hstack([said.vectors, said.cues * np.float32(recipe.cue_scale)])
    parameters = []
    for number in range(recipe.n_networks):
        one = networks.train(inputs, matrix, said.targets, recipe, seed=recipe.seed + number)
        first = "w1" if recipe.n_hidden else "w2"
        one[first][said.vectors.shape[1] :] *= recipe.cue_scale
        one["wg"] *= recipe.gram_scale
        parameters.append(one)
    return Trained(vocabulary, idf, parameters)


def authors_of(said: Utterances) -> list[str]:
    return sorted(set(said.authors.tolist()))


def unseen_logits(said: Utterances, recipe: Recipe) -> Array:
    """(n, n_intents): each author's logits from networks trained on all the others."""
    found = np.zeros_like(said.targets)
    authors = authors_of(said)
    for author in authors:
        trained = fit(said.of([one for one in authors if one != author]), recipe)
        found[said.authors == author] = trained.logits(said.of([author]))
    return found


def calibrate(raw: Array, said: Utterances) -> dict[str, dict[str, float]]:
    """Platt's slope and intercept of each language, from logits for unseen authors."""
    from sklearn.linear_model import LogisticRegression

    found: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        mine = said.languages == language
        scale = LogisticRegression(C=1e6, max_iter=200)
        scale.fit(raw[mine].reshape(-1, 1), said.truth[mine].reshape(-1))
        found[language] = {
            "slope": round(float(scale.coef_[0, 0]), 5),
            "intercept": round(float(scale.intercept_[0]), 5),
        }
    return found


def calibrated(raw: Array, said: Utterances, scales: Scales) -> Array:
    """(n, n_intents) probabilities with the rules applied."""
    slope = np.array([scales[str(one)]["slope"] for one in said.languages])[:, None]
    intercept = np.array([scales[str(one)]["intercept"] for one in said.languages])[:, None]
    p = 1 / (1 + np.exp(-(raw * slope + intercept)))
    return adjust(said.surfaces, p.astype(np.float32), load_taxonomy().ids)


def unseen_probabilities(raw: Array, said: Utterances) -> Array:
    """As `calibrated`, each author's scales fitted on the others: no author grades itself."""
    found = np.zeros_like(raw)
    for author in authors_of(said):
        mine, others = (
            np.flatnonzero(said.authors == author),
            np.flatnonzero(said.authors != author),
        )
        scales = calibrate(raw[others], said.rows(others))
        found[mine] = calibrated(raw[mine], said.rows(mine), scales)
    return found


def best_thresholds(truth: Flags, p: Array) -> Array:
    """(n_intents,) the p that gives each intent its best F1, drawn towards the common one."""
    grid = np.arange(0.1, 0.9, 0.02)
    scores = np.stack([np.nan_to_num(f1_per_intent(truth, p >= at)) for at in grid])
    common = float(grid[scores.mean(axis=1).argmax()])
    own = grid[scores.argmax(axis=0)]
    weight = truth.sum(axis=0) / (truth.sum(axis=0) + THRESHOLD_PRIOR_CASES)
    return np.asarray(weight * own + (1 - weight) * common, dtype=np.float32)


def unseen_thresholds(truth: Flags, p: Array, authors: NDArray[np.str_]) -> Array:
    """(n, n_intents): for each row the thresholds found on the other authors."""
    found = np.zeros_like(p)
    for author in sorted(set(authors.tolist())):
        others = authors != author
        found[~others] = best_thresholds(truth[others], p[others])
    return found


def labelling_authors(said: Utterances) -> list[str]:
    """Those who wrote intents; the others wrote small talk and neutral matter only."""
    return [one for one in authors_of(said) if said.truth[said.authors == one].any()]


def learning_curve(said: Utterances, recipe: Recipe) -> dict[str, dict[str, float]]:
    """Number of training authors → macro-F1 by language (at 0.3), over every held-out author.

    The training authors are those that follow the held-out one, in a circle; whoever wrote no
    intents is always trained on and never counted.
    """
    authors = labelling_authors(said)
    quiet = [one for one in authors_of(said) if one not in authors]
    judged = said.of(authors)
    curve: dict[str, dict[str, float]] = {}
    for n in range(1, len(authors)):
        raw = np.zeros_like(judged.targets)
        for at, author in enumerate(authors):
            others = [authors[(at + step) % len(authors)] for step in range(1, n + 1)]
            trained = fit(said.of([*others, *quiet]), recipe)
            raw[judged.authors == author] = trained.logits(said.of([author]))
        p = unseen_probabilities(raw, judged)
        curve[str(n)] = {
            language: round(macro_f1(judged.truth[mine], p[mine] >= FLOORS[0]), 4)
            for language in LANGUAGES
            for mine in [judged.languages == language]
        }
    return curve


def scope_of(said: Utterances) -> tuple[Array, float]:
    """Centres of the known utterances, unit rows, and the cosine below which words are foreign."""
    from sklearn.cluster import KMeans

    n_centres = min(N_SCOPE_CENTRES, len(said))
    centres = (
        KMeans(n_centres, n_init=1, random_state=RECIPE.seed).fit(said.vectors).cluster_centers_
    )
    centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    nearest = (said.vectors @ centres.T).max(axis=1)
    return centres.astype(np.float32), round(float(np.quantile(nearest, OUT_OF_SCOPE_SHARE)), 4)


def artefact_of(
    trained: Trained, said: Utterances, embedder: Embedder, scales: Scales, thresholds: Array
) -> Json:
    centres, floor = scope_of(said)
    return {
        "format": FORMAT,
        "id": MODEL_ID,
        "embedder": embedder.name,
        "n_dimensions": embedder.n_dimensions,
        "intents": list(load_taxonomy().ids),
        "cues": list(cue_names()),
        "vocabulary": trained.vocabulary,
        "idf": pack(trained.idf, "float32"),
        "gram_weights": pack(np.mean([one["wg"] for one in trained.parameters], axis=0)),
        "networks": [_layers(one) for one in trained.parameters],
        "calibration": scales,
        "thresholds": pack(thresholds, "float32"),
        "scope": pack(centres),
        "scope_floor": floor,
        "trained_on": {"n_utterances": len(said), "authors": authors_of(said)},
    }


def _layers(one: Parameters) -> list[Json]:
    names = [("w1", "b1"), ("w2", "b2")] if "w1" in one else [("w2", "b2")]
    return [{"weights": pack(one[w]), "bias": pack(one[b], "float32")} for w, b in names]


def report_of(said: Utterances, p: Array) -> Json:
    """Scores by language, counting from each intent's threshold (`tuned`) and from each floor."""
    thresholds = unseen_thresholds(said.truth, p, said.authors)
    by_language: Json = {}
    for language in LANGUAGES:
        mine = said.languages == language
        truth, own = said.truth[mine], p[mine]
        by_language[language] = {
            "tuned": summary(truth, own, thresholds[mine]),
            **{f"from_{floor}": summary(truth, own, floor) for floor in FLOORS},
            "f1_by_intent": _by_intent(f1_per_intent(truth, own >= thresholds[mine])),
            "false_alarms_by_kind": _false_alarms(said.kinds[mine], truth, own >= FLOORS[1]),
            "macro_f1_by_author": {
                author: round(macro_f1(truth[who], own[who] >= thresholds[mine][who]), 4)
                for author in labelling_authors(said)
                for who in [said.authors[mine] == author]
            },
        }
    return {
        "how": "leave one author out; calibration and thresholds from the other authors",
        "n_utterances": len(said),
        "authors": authors_of(said),
        "by_language": by_language,
    }


def _false_alarms(kinds: NDArray[np.str_], truth: Flags, decided: Flags) -> dict[str, float]:
    """Of the utterances without intent of each kind, the share that got one all the same."""
    empty = ~truth.any(axis=1)
    return {
        str(kind): round(float(decided[empty & (kinds == kind)].any(axis=1).mean()), 4)
        for kind in sorted(set(kinds[empty].tolist()))
    }


def _by_intent(values: NDArray[np.float64]) -> dict[str, float | None]:
    return {
        intent: None if np.isnan(value) else round(float(value), 4)
        for intent, value in zip(load_taxonomy().ids, values, strict=True)
    }


def train(data: Path, out: Path, report_file: Path, *, with_curve: bool) -> Json:
    """Writes model and report; the report."""
    from threadpoolctl import threadpool_limits

    from retrieval.embedders.use import UniversalSentenceEncoder

    embedder = UniversalSentenceEncoder()
    said = read_utterances(read_rows(data), embedder)
    # One thread: sums in one order, so that every machine writes the same file.
    with threadpool_limits(1):
        raw = unseen_logits(said, RECIPE)
        p = unseen_probabilities(raw, said)
        trained = fit(said, RECIPE)
        model = artefact_of(
            trained, said, embedder, calibrate(raw, said), best_thresholds(said.truth, p)
        )
        figures = {**report_of(said, p), "recipe": asdict(RECIPE)}
        if with_curve:
            figures["learning_curve"] = learning_curve(said, CURVE_RECIPE)
    write_model(out, model)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    report_file.write_text(text + "\n", encoding="utf-8")
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--no-curve", action="store_true", help="leave the learning curve out")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    figures = train(given.data, given.out, given.report, with_curve=not given.no_curve)
    for language, found in figures["by_language"].items():
        print(
            language, *(f"\n  {name}: {found[name]}" for name in ("tuned", "from_0.3", "from_0.5"))
        )
    seconds = time.perf_counter() - started
    print(f"{figures['n_utterances']} utterances, {seconds:.0f} s → {given.out}")


if __name__ == "__main__":
    main()
