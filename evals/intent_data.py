"""The labelled utterances as arrays, and their n-grams as the recogniser weighs them."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.intent.features import grams, surface
from agents.intent.recogniser import network_inputs
from agents.intent.taxonomy import load_taxonomy
from core.errors import InvalidInput
from core.ports import Embedder
from evals.intent_networks import Array
from evals.intent_scores import Flags

DATA = Path(__file__).parent / "datasets" / "intents"
# An n-gram must come from this many authors: one person's habit says nothing of the next.
FEWEST_AUTHORS = 2
MOST_GRAMS = 20_000

# Read beside the intents, by the same networks: whether others' words are passed on, and the mood.
SIGNS = ("reported", "negative", "positive")
_MOODS = {"negative": "neg", "positive": "pos"}

# The kind of real people's words, of which nobody noted whether they report.
REAL = "real"

Json = dict[str, Any]
Rows = NDArray[np.int64]
Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Utterances:
    """The customer's utterances of the data set, arrays by row.

    `targets` (n, n_intents + n_signs) are 0, 1 or, where nobody labelled the sign, NaN; `inputs`
    are what the networks read: `agents.intent.recogniser.network_inputs`.
    """

    surfaces: list[str]
    languages: Names
    authors: Names
    kinds: Names
    targets: Array
    vectors: Array
    inputs: Array

    def __len__(self) -> int:
        return len(self.surfaces)

    @property
    def truth(self) -> Flags:
        """(n, n_intents): the intents alone."""
        return self.targets[:, : len(load_taxonomy().ids)] > 0

    def rows(self, at: Rows) -> Utterances:
        """Only the utterances `at`, in that order."""
        return Utterances(
            surfaces=[self.surfaces[row] for row in at],
            languages=self.languages[at],
            authors=self.authors[at],
            kinds=self.kinds[at],
            targets=self.targets[at],
            vectors=self.vectors[at],
            inputs=self.inputs[at],
        )

    def of(self, authors: Sequence[str]) -> Utterances:
        return self.rows(np.flatnonzero(np.isin(self.authors, authors)))


def read_rows(folder: Path = DATA) -> list[Json]:
    """The lines of all files, by file name. Raises InvalidInput naming a line that is wrong."""
    known = set(load_taxonomy().ids)
    rows: list[Json] = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                fits = bool(row["text"].strip()) and set(row["labels"]) <= known
            except (ValueError, KeyError, TypeError, AttributeError):
                fits = False
            if not fits:
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
    surfaces = [surface(row["text"]) for row in rows]
    before = [row.get("before", "") for row in rows]
    answering = [at for at, text in enumerate(before) if text]
    vectors = embedder.encode([row["text"] for row in rows])
    before_vectors = np.zeros_like(vectors)
    before_vectors[answering] = embedder.encode([before[at] for at in answering])
    return Utterances(
        surfaces=surfaces,
        languages=np.array([row["lang"] for row in rows]),
        authors=np.array([row["author"] for row in rows]),
        kinds=np.array([row["kind"] for row in rows]),
        targets=np.array([_targets(row, ids) for row in rows], dtype=np.float32),
        vectors=vectors,
        inputs=network_inputs(
            vectors, before_vectors, surfaces, [surface(text) for text in before]
        ),
    )


def _targets(row: Json, ids: Sequence[str]) -> list[float]:
    signs = [np.nan if row["kind"] == REAL else float(row["kind"] == "reported")]
    signs += [float(row["mood"] == _MOODS[one]) if "mood" in row else np.nan for one in SIGNS[1:]]
    return [float(one in row["labels"]) for one in ids] + signs


def vocabulary_of(said: Utterances) -> tuple[list[str], Array]:
    """N-grams that several authors use, commonest first, and their idf."""
    heard: dict[str, set[str]] = {}
    n_heard: Counter[str] = Counter()
    for text, author in zip(said.surfaces, said.authors.tolist(), strict=True):
        for gram in set(grams(text)):
            heard.setdefault(gram, set()).add(author)
            n_heard[gram] += 1
    fewest = min(FEWEST_AUTHORS, len(set(said.authors.tolist())))
    shared = [gram for gram in heard if len(heard[gram]) >= fewest and n_heard[gram] > 1]
    shared.sort(key=lambda gram: (-n_heard[gram], gram))
    kept = shared[:MOST_GRAMS]
    idf = [1 + math.log((1 + len(said)) / (1 + n_heard[gram])) for gram in kept]
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
