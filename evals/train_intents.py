"""`python -m evals.train_intents`: the intent model and its report, from the labelled utterances.

Every figure of the report is of authors that the model had not seen: people say the same thing in
other words, and a random split would count an author's habits as skill. The file that is shipped
is trained on all authors; calibration and thresholds come from the predictions for unseen ones.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.intent.artefact import FORMAT, MODEL_FILE, pack, write_model
from agents.intent.features import CUE_NAMES, cues, grams, surface
from agents.intent.rules import adjust
from agents.intent.taxonomy import load_taxonomy
from core.domain import LANGUAGES
from core.errors import InvalidInput
from core.ports import Embedder
from evals import intent_networks as networks
from evals.intent_networks import Array, Parameters, Recipe
from evals.intent_scores import Flags, f1_per_intent, summary

DATA = Path(__file__).parent / "datasets" / "intents"
REPORT = DATA / "REPORT.json"
RECIPE = Recipe()
# The floor of what counts as a signal in the product (core.settings.intent_floor).
PRODUCT_FLOOR = 0.5
# An n-gram must come from this many authors: one person's habit says nothing of the next.
FEWEST_AUTHORS = 2
MOST_GRAMS = 12_000
# Thresholds of rare intents are drawn towards the common one, as by this many true cases.
THRESHOLD_PRIOR_CASES = 20
N_SCOPE_CENTRES = 64
# Of known utterances, the share that may count as out of scope.
OUT_OF_SCOPE_SHARE = 0.01

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Utterances:
    """The customer's utterances of the data set, all arrays by row."""

    texts: list[str]
    surfaces: list[str]
    languages: NDArray[np.str_]
    authors: NDArray[np.str_]
    kinds: NDArray[np.str_]
    targets: Array
    vectors: Array
    cues: Array

    @property
    def truth(self) -> Flags:
        return self.targets > 0

    def inputs(self) -> Array:
        return np.hstack([self.vectors, self.cues])


@dataclass(frozen=True, slots=True)
class Trained:
    """Networks with the vocabulary they were trained on."""

    vocabulary: list[str]
    idf: Array
    parameters: list[Parameters]


def read_rows(folder: Path = DATA) -> list[Json]:
    """The lines of all files, by file name. Raises InvalidInput naming a line that is wrong."""
    known = set(load_taxonomy().ids)
    rows: list[Json] = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            if not row["text"].strip() or not set(row["labels"]) <= known:
                raise InvalidInput(
                    f"{file.name}:{number} has no text or an unknown label.",
                    remedy="Labels are the ids of agents/intent/taxonomy.yaml.",
                )
            rows.append(row)
    if not rows:
        raise InvalidInput(f"{folder} holds no utterances.", remedy="Restore the data set.")
    return rows


def read_utterances(rows: Sequence[Json], embedder: Embedder) -> Utterances:
    """Of the customer's lines only: the rep's words are ruled out by code, not learnt."""
    rows = [row for row in rows if row["speaker"] == "customer"]
    ids = load_taxonomy().ids
    texts = [row["text"] for row in rows]
    surfaces = [surface(text) for text in texts]
    targets = [[float(one in row["labels"]) for one in ids] for row in rows]
    return Utterances(
        texts=texts,
        surfaces=surfaces,
        languages=np.array([row["lang"] for row in rows]),
        authors=np.array([row["author"] for row in rows]),
        kinds=np.array([row["kind"] for row in rows]),
        targets=np.array(targets, dtype=np.float32),
        vectors=embedder.encode(texts),
        cues=np.stack([cues(one) for one in surfaces]),
    )


def fit(said: Utterances, rows: NDArray[np.int64], recipe: Recipe) -> Trained:
    """Networks trained on `rows`."""
    vocabulary, idf = _vocabulary(said, rows)
    matrix = gram_matrix([said.surfaces[at] for at in rows], vocabulary, idf)
    inputs = said.inputs()[rows]
    parameters = [
        networks.train(inputs, matrix, said.targets[rows], recipe, seed=recipe.seed + number)
        for number in range(recipe.n_networks)
    ]
    return Trained(vocabulary, idf, parameters)


def predict(trained: Trained, said: Utterances, rows: NDArray[np.int64]) -> Array:
    """(n, n_intents) logits of `rows`."""
    matrix = gram_matrix([said.surfaces[at] for at in rows], trained.vocabulary, trained.idf)
    inputs = said.inputs()[rows]
    each = [networks.logits(one, inputs, matrix) for one in trained.parameters]
    return np.asarray(np.mean(each, axis=0), dtype=np.float32)


def unseen_logits(said: Utterances, recipe: Recipe) -> Array:
    """(n, n_intents): each author's logits from networks trained on all the others."""
    found = np.zeros_like(said.targets)
    for author in sorted(set(said.authors)):
        mine = np.flatnonzero(said.authors == author)
        others = np.flatnonzero(said.authors != author)
        found[mine] = predict(fit(said, others, recipe), said, mine)
    return found


def _vocabulary(said: Utterances, rows: NDArray[np.int64]) -> tuple[list[str], Array]:
    """N-grams that several authors of `rows` use, commonest first, and their idf."""
    heard: dict[str, set[str]] = {}
    n_heard: Counter[str] = Counter()
    for at in rows:
        for gram in set(grams(said.surfaces[at])):
            heard.setdefault(gram, set()).add(str(said.authors[at]))
            n_heard[gram] += 1
    n_authors = len(set(said.authors[rows].tolist()))
    fewest = min(FEWEST_AUTHORS, n_authors)
    shared = [gram for gram in heard if len(heard[gram]) >= fewest and n_heard[gram] > 1]
    shared.sort(key=lambda gram: (-n_heard[gram], gram))
    kept = shared[:MOST_GRAMS]
    idf = [1 + math.log((1 + len(rows)) / (1 + n_heard[gram])) for gram in kept]
    return kept, np.array(idf, dtype=np.float32)


def gram_matrix(surfaces: Sequence[str], vocabulary: Sequence[str], idf: Array) -> Any:
    """(n, n_grams) CSR, unit rows, as agents.intent.recogniser.gram_logits weighs them."""
    from scipy.sparse import csr_matrix

    place = {gram: at for at, gram in enumerate(vocabulary)}
    values: list[Array] = []
    columns: list[int] = []
    ends = [0]
    for text in surfaces:
        known = sorted({place[gram] for gram in grams(text) if gram in place})
        weights = idf[known]
        values.append(weights / max(1e-9, float(np.linalg.norm(weights))))
        columns.extend(known)
        ends.append(len(columns))
    flat = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
    return csr_matrix((flat, columns, ends), shape=(len(surfaces), len(vocabulary)))


def calibrate(raw: Array, said: Utterances) -> dict[str, dict[str, float]]:
    """Platt's slope and intercept of each language, from logits for unseen authors."""
    from sklearn.linear_model import LogisticRegression

    found = {}
    for language in LANGUAGES:
        mine = said.languages == language
        scale = LogisticRegression(C=1e6, max_iter=200)
        scale.fit(raw[mine].reshape(-1, 1), said.truth[mine].reshape(-1))
        found[language] = {
            "slope": round(float(scale.coef_[0, 0]), 5),
            "intercept": round(float(scale.intercept_[0]), 5),
        }
    return found


def calibrated(
    raw: Array, said: Utterances, scales: dict[str, dict[str, float]], intents: Sequence[Any]
) -> Array:
    """(n, n_intents) probabilities with the rules applied."""
    slope = np.array([scales[str(one)]["slope"] for one in said.languages])[:, None]
    intercept = np.array([scales[str(one)]["intercept"] for one in said.languages])[:, None]
    p = 1 / (1 + np.exp(-(raw * slope + intercept)))
    return adjust(said.surfaces, p.astype(np.float32), intents)


def unseen_probabilities(raw: Array, said: Utterances, intents: Sequence[Any]) -> Array:
    """As `calibrated`, each author's scales fitted on the others: no author grades itself."""
    found = np.zeros_like(raw)
    for author in sorted(set(said.authors)):
        mine, others = said.authors == author, said.authors != author
        scales = calibrate(raw[others], _subset(said, others))
        found[mine] = calibrated(raw[mine], _subset(said, mine), scales, intents)
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
    for author in sorted(set(authors)):
        found[authors == author] = best_thresholds(truth[authors != author], p[authors != author])
    return found


def _subset(said: Utterances, rows: Flags) -> Utterances:
    at = np.flatnonzero(rows)
    return Utterances(
        texts=[said.texts[i] for i in at],
        surfaces=[said.surfaces[i] for i in at],
        languages=said.languages[at],
        authors=said.authors[at],
        kinds=said.kinds[at],
        targets=said.targets[at],
        vectors=said.vectors[at],
        cues=said.cues[at],
    )


def scope_of(said: Utterances) -> tuple[Array, float]:
    """Centres of the known utterances, unit rows, and the cosine below which words are foreign."""
    from sklearn.cluster import KMeans

    clusters = KMeans(N_SCOPE_CENTRES, n_init=1, random_state=RECIPE.seed).fit(said.vectors)
    centres = clusters.cluster_centers_
    centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    nearest = (said.vectors @ centres.T).max(axis=1)
    return centres.astype(np.float32), round(float(np.quantile(nearest, OUT_OF_SCOPE_SHARE)), 4)


def artefact_of(
    trained: Trained,
    said: Utterances,
    embedder: Embedder,
    scales: dict[str, dict[str, float]],
    thresholds: Array,
) -> Json:
    centres, floor = scope_of(said)
    return {
        "format": FORMAT,
        "id": "intents-1",
        "embedder": embedder.name,
        "n_dimensions": embedder.n_dimensions,
        "intents": list(load_taxonomy().ids),
        "cues": list(CUE_NAMES),
        "vocabulary": trained.vocabulary,
        "idf": pack(trained.idf, "float32"),
        "gram_weights": pack(np.mean([one["wg"] for one in trained.parameters], axis=0)),
        "networks": [_layers(one) for one in trained.parameters],
        "calibration": scales,
        "thresholds": pack(thresholds, "float32"),
        "scope": pack(centres),
        "scope_floor": floor,
        "trained_on": {"n_utterances": len(said.texts), "authors": sorted(set(said.authors))},
    }


def _layers(one: Parameters) -> list[Json]:
    names = [("w1", "b1"), ("w2", "b2")] if "w1" in one else [("w2", "b2")]
    return [{"weights": pack(one[w]), "bias": pack(one[b], "float32")} for w, b in names]


def report_of(said: Utterances, p: Array, thresholds: Array) -> Json:
    """Scores by language; `tuned` counts from each intent's threshold, `floor` from p 0.5."""
    ids = load_taxonomy().ids
    report: Json = {
        "n_utterances": len(said.texts),
        "authors": sorted(set(said.authors.tolist())),
        "by_language": {},
    }
    for language in LANGUAGES:
        mine = said.languages == language
        truth, own = said.truth[mine], p[mine]
        decided = own >= thresholds[mine]
        report["by_language"][language] = {
            "tuned": summary(truth, own, thresholds[mine]),
            "floor": summary(truth, own, PRODUCT_FLOOR),
            "f1_by_intent": _rounded(ids, f1_per_intent(truth, decided)),
            "false_alarms_by_kind": _false_alarms(said.kinds[mine], truth, own >= PRODUCT_FLOOR),
        }
    return report


def _false_alarms(kinds: NDArray[np.str_], truth: Flags, decided: Flags) -> dict[str, float]:
    """Of the utterances without intent of each kind, the share that got one all the same."""
    empty = ~truth.any(axis=1)
    return {
        str(kind): round(float(decided[empty & (kinds == kind)].any(axis=1).mean()), 4)
        for kind in sorted(set(kinds[empty].tolist()))
    }


def _rounded(names: Sequence[str], values: NDArray[np.float64]) -> dict[str, float | None]:
    return {
        name: None if np.isnan(value) else round(float(value), 4)
        for name, value in zip(names, values, strict=True)
    }


def main() -> None:
    from retrieval.embedders.use import UniversalSentenceEncoder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    parser.add_argument("--report", type=Path, default=REPORT)
    arguments = parser.parse_args()
    started = time.perf_counter()
    embedder = UniversalSentenceEncoder()
    said = read_utterances(read_rows(arguments.data), embedder)
    ids = load_taxonomy().ids
    raw = unseen_logits(said, RECIPE)
    p = unseen_probabilities(raw, said, ids)
    report = report_of(said, p, unseen_thresholds(said.truth, p, said.authors))
    everything = np.arange(len(said.texts))
    model = artefact_of(
        fit(said, everything, RECIPE),
        said,
        embedder,
        calibrate(raw, said),
        best_thresholds(said.truth, p),
    )
    write_model(arguments.out, model)
    report["recipe"] = asdict(RECIPE)
    arguments.report.write_text(
        json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    for language, found in report["by_language"].items():
        print(language, found["tuned"], found["floor"])
    print(f"{len(said.texts)} utterances, {time.perf_counter() - started:.0f} s → {arguments.out}")


if __name__ == "__main__":
    main()
