"""`python -m evals.train_intents`: the intent model, from the labelled utterances, in one command.

Two uses of the same steps. `evaluate` keeps whole authors apart, as `split.json` says: it trains on
some, calibrates on others and reports on a third group. `train` makes the file that is shipped: it
learns from every author, and takes calibration and thresholds from predictions for authors that
the predicting networks had not seen, fold by fold. People say the same thing in other words; a
random split would count an author's habits as skill.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from agents.backends import choose_embedder
from agents.intent.artefact import FORMAT, MODEL_FILE, pack, write_model
from agents.intent.cues import cue_names
from agents.intent.taxonomy import load_taxonomy
from core.domain import LANGUAGES
from core.ports import Embedder
from core.settings import Settings
from evals import intent_networks as networks
from evals.intent_calibration import Scales, best_thresholds, calibrate, probabilities
from evals.intent_data import (
    DATA,
    SIGNS,
    Json,
    Utterances,
    gram_matrix,
    read_rows,
    read_utterances,
    vocabulary_of,
)
from evals.intent_networks import Array, Parameters, Recipe
from evals.intent_report import report
from evals.intent_scores import macro_f1

MODEL_ID = "intents-2"
REPORT = DATA / "REPORT.json"
SPLIT = DATA / "split.json"
RECIPE = Recipe()
# The learning curve needs many models: smaller ones tell the slope as well.
CURVE_RECIPE = replace(RECIPE, n_hidden=256, n_networks=1, n_epochs=30)
CURVE_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
# How many groups of authors are predicted by networks that have not seen them.
N_FOLDS = 3
N_SCOPE_CENTRES = 64
# Of known utterances, the share that may count as out of scope.
OUT_OF_SCOPE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Trained:
    """Networks with the vocabulary they were trained on; they read unscaled inputs."""

    vocabulary: list[str]
    idf: Array
    parameters: list[Parameters]

    def logits(self, said: Utterances) -> Array:
        """(n, n_columns)."""
        matrix = gram_matrix(said.surfaces, self.vocabulary, self.idf)
        each = [networks.logits(one, said.inputs, matrix) for one in self.parameters]
        return np.asarray(np.mean(each, axis=0), dtype=np.float32)


def fit(said: Utterances, recipe: Recipe) -> Trained:
    vocabulary, idf = vocabulary_of(said)
    matrix = gram_matrix(said.surfaces, vocabulary, idf) * np.float32(recipe.gram_scale)
    # Embeddings are unit rows; cues, zeros and ones, would drown them.
    loudness = np.ones(said.inputs.shape[1], dtype=np.float32)
    loudness[2 * said.vectors.shape[1] :] = recipe.cue_scale
    parameters = []
    for number in range(recipe.n_networks):
        one = networks.train(
            said.inputs * loudness, matrix, said.targets, recipe, seed=recipe.seed + number
        )
        one["w1" if recipe.n_hidden else "w2"] *= loudness[:, None]
        one["wg"] *= recipe.gram_scale
        parameters.append(one)
    return Trained(vocabulary, idf, parameters)


def authors_of(said: Utterances) -> list[str]:
    return sorted(set(said.authors.tolist()))


def folds_of(authors: Sequence[str]) -> list[list[str]]:
    """The authors dealt out into N_FOLDS groups, in turn."""
    return [list(authors[start::N_FOLDS]) for start in range(min(N_FOLDS, len(authors)))]


def unseen_logits(said: Utterances, recipe: Recipe) -> Array:
    """(n, n_columns): each fold's logits from networks trained on the other folds."""
    found = np.zeros_like(said.targets)
    authors = authors_of(said)
    for fold in folds_of(authors):
        trained = fit(said.of([one for one in authors if one not in fold]), recipe)
        found[np.isin(said.authors, fold)] = trained.logits(said.of(fold))
    return found


def fit_on_split(said: Utterances) -> tuple[Trained, Scales, Array, Utterances]:
    """Trained networks, scales and thresholds, and the utterances of the authors kept to test."""
    split = json.loads(SPLIT.read_text(encoding="utf-8"))
    kept_apart = {*split["calibrate"], *split["test"]}
    scaling, testing = said.of(split["calibrate"]), said.of(split["test"])
    trained = fit(said.of([one for one in authors_of(said) if one not in kept_apart]), RECIPE)
    raw = trained.logits(scaling)
    scales = calibrate(raw, scaling)
    own = probabilities(raw, scaling, scales)[:, : said.truth.shape[1]]
    return trained, scales, best_thresholds(scaling.truth, own), testing


def evaluate(said: Utterances, *, with_curve: bool) -> Json:
    """Figures for the authors kept for testing, by language, and the learning curve."""
    trained, scales, thresholds, testing = fit_on_split(said)
    p = probabilities(trained.logits(testing), testing, scales)
    figures: Json = {
        "how": "trained, calibrated and tested on three groups of authors (split.json)",
        "n_test": len(testing),
        "by_language": report(testing, p, thresholds, scales),
    }
    if with_curve:
        figures["learning_curve"] = _learning_curve(said)
    return figures


def _learning_curve(said: Utterances) -> Json:
    """Number of training utterances → macro-F1 by language, adding whole authors."""
    split = json.loads(SPLIT.read_text(encoding="utf-8"))
    kept_apart = {*split["calibrate"], *split["test"]}
    scaling, testing = said.of(split["calibrate"]), said.of(split["test"])
    learning = said.of([one for one in authors_of(said) if one not in kept_apart])
    random = np.random.default_rng(RECIPE.seed)
    authors = list(random.permutation(authors_of(learning)))
    n_intents = testing.truth.shape[1]
    curve: Json = {}
    for share in CURVE_SHARES:
        few = learning.of(authors[: max(1, round(share * len(authors)))])
        trained = fit(few, CURVE_RECIPE)
        raw = trained.logits(scaling)
        scales = calibrate(raw, scaling)
        own = probabilities(raw, scaling, scales)[:, :n_intents]
        thresholds = best_thresholds(scaling.truth, own)
        p = probabilities(trained.logits(testing), testing, scales)[:, :n_intents]
        curve[str(len(few))] = {
            language: round(macro_f1(testing.truth[mine], p[mine] >= thresholds), 4)
            for language in LANGUAGES
            for mine in [testing.languages == language]
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
        "signs": list(SIGNS),
        "cues": list(cue_names()),
        "vocabulary": trained.vocabulary,
        "idf": pack(trained.idf, "float32"),
        "gram_weights": pack(np.mean([one["wg"] for one in trained.parameters], axis=0)),
        "networks": [_layers(one) for one in trained.parameters],
        "calibration": {language: scale.to_json() for language, scale in scales.items()},
        "thresholds": pack(thresholds, "float32"),
        "scope": pack(centres),
        "scope_floor": floor,
        "trained_on": {"n_utterances": len(said), "authors": authors_of(said)},
    }


def _layers(one: Parameters) -> list[Json]:
    names = [("w1", "b1"), ("w2", "b2")] if "w1" in one else [("w2", "b2")]
    return [{"weights": pack(one[w]), "bias": pack(one[b], "float32")} for w, b in names]


def train(said: Utterances, embedder: Embedder, out: Path) -> Json:
    """Writes the model; figures over all authors, each predicted by networks that never saw it."""
    n_intents = said.truth.shape[1]
    raw = unseen_logits(said, RECIPE)
    scales = calibrate(raw, said)
    p = probabilities(raw, said, scales)
    thresholds = best_thresholds(said.truth, p[:, :n_intents])
    model = artefact_of(fit(said, RECIPE), said, embedder, scales, thresholds)
    write_model(out, model, key_file=Settings().signing_key)
    return {
        "how": f"{N_FOLDS} folds of authors; scales and thresholds seen by all of them",
        "by_language": report(said, p, thresholds, scales),
    }


def read(data: Path = DATA, embedder_setting: str = "use") -> tuple[Utterances, Embedder]:
    """`embedder_setting` as in JUNSHI_EMBEDDER."""
    embedder = choose_embedder(Settings(embedder=embedder_setting))
    return read_utterances(read_rows(data), embedder), embedder


def main(arguments: Sequence[str] | None = None) -> None:
    from threadpoolctl import threadpool_limits

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--embedder", default="use", help="as JUNSHI_EMBEDDER; see docs/cli.md")
    parser.add_argument("--no-curve", action="store_true", help="leave the learning curve out")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    said, embedder = read(given.data, given.embedder)
    # One thread: sums in one order, so that every machine writes the same file.
    with threadpool_limits(1):
        tested = evaluate(said, with_curve=not given.no_curve)
        print(_lines("test authors", tested), flush=True)
        shipped = train(said, embedder, given.out)
    print(_lines("all authors, by folds", shipped))
    figures = {"recipe": asdict(RECIPE), "test": tested, "shipped": shipped}
    given.report.write_text(
        json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(f"{len(said)} utterances, {time.perf_counter() - started:.0f} s → {given.out}")


def _lines(title: str, figures: Json) -> str:
    return "\n".join(
        f"{title}, {language}: macro-F1 {found['macro_f1']} {found['macro_f1_interval']}, "
        f"from 0.5 {found['macro_f1_from_0.5']}, ECE {found['ece']}, none {found['none']}, "
        f"accuracy at 80 % {found['accuracy_at_80_percent']}, signs {found['signs']}"
        for language, found in figures["by_language"].items()
    )


if __name__ == "__main__":
    main()
