"""The recogniser's recipe on public intent sets, beside peers on the same rows.

BANKING77 (Casanueva et al. 2020), CLINC150 with its utterances out of scope (Larson et al. 2019)
and Dialogflow's prebuilt agents, support and small talk, Chinese and English. The recipe is
`evals.train_intents`' own: the shipped embedding, cues, one hidden layer, a linear term over
n-grams, one sigmoid an intent; the highest logit decides, since here an utterance has one label.
What differs: n-grams heard twice stay, since these sets name no authors, the 6,000 commonest; and
CLINC150 takes fewer epochs. Tried on an inner split of BANKING77's training part, and not better
than the recipe as it is (.920): softmax instead of sigmoids (both .912 after 25 epochs), character
n-grams of Latin words beside (.909 after as many), 1,024 hidden units (.919).
Out of scope, every system learns CLINC150's 100 strange training utterances as a column of its
own; the score is that column less the highest intent. On an inner split of the training part the
AUROC was .996 so, .984 by the highest probability alone and .980 by the distance to neighbours.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.intent.cues import cues
from agents.intent.features import grams, surface
from core.errors import NotFound
from core.ports import Vectors
from core.settings import Settings
from evals import intent_networks as networks
from evals.deal_probability import auroc
from evals.intent_data import gram_matrix
from evals.intent_networks import Array, Recipe
from evals.intervals import wilson
from evals.retrieval_vectors import EncodedOnce

Json = dict[str, Any]
Rows = NDArray[np.int64]
Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]
# Trains on some texts, answers with (n, n_labels) scores of others.
System = Callable[["Labelled", Rows, Rows], Scores]

OUT_OF_SCOPE = "oos"
# The vectorisers' own pattern leaves out words of one letter.
_WORD = r"(?u)\b\w+\b"
N_FOLDS = 5
UNTAUGHT = -1e3
MOST_GRAMS = 6000
RECIPE = Recipe()
# 15,100 utterances need fewer rounds: one such network had .969 on an inner split in scope.
LONG_RECIPE = replace(RECIPE, n_epochs=20, batch=256)
# Small sets: each fold predicted from the other four.
FOLDED: Mapping[str, str] = {
    "Dialogflow support, zh": "dialogflow_support_zh-CN",
    "Dialogflow support, en": "dialogflow_support_en",
    "Dialogflow small talk, zh": "dialogflow_small-talk_zh-CN",
    "Dialogflow small talk, en": "dialogflow_small-talk_en",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Utterances with one label each: `numbers` are places in `labels`, -1 out of scope."""

    texts: list[str]
    labels: list[str]
    numbers: Numbers
    vectors: Vectors

    @property
    def in_scope(self) -> NDArray[np.bool_]:
        return self.numbers >= 0


def read_rows(shared: Path, name: str) -> list[Json]:
    """The lines of one file. Raises NotFound where it is missing."""
    file = shared / "data" / "intents" / f"{name}.jsonl"
    if not file.is_file():
        raise NotFound(f"{file} is not there.", remedy="Point JUNSHI_SHARED to the public data.")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def labelled(rows: Sequence[Json], embedder: EncodedOnce) -> Labelled:
    texts = [row["text"] for row in rows]
    labels = sorted({row["label"] for row in rows} - {OUT_OF_SCOPE})
    place = {label: at for at, label in enumerate(labels)}
    embedder.prepare(texts)
    return Labelled(
        texts=texts,
        labels=labels,
        numbers=np.array([place.get(row["label"], -1) for row in rows], dtype=np.int64),
        vectors=embedder.encode(texts),
    )


def fold_of(text: str) -> int:
    """In [0, N_FOLDS): by a hash of the text, so that repeats stay on one side."""
    return hashlib.sha256(text.encode()).digest()[0] % N_FOLDS


def vocabulary_of(texts: Sequence[str]) -> tuple[list[str], Array]:
    """N-grams of at least two of the surfaces, commonest first, and their idf."""
    n_heard = Counter(gram for text in texts for gram in set(grams(text)))
    shared = [gram for gram, n in n_heard.items() if n > 1]
    kept = sorted(shared, key=lambda gram: (-n_heard[gram], gram))[:MOST_GRAMS]
    idf = [1 + math.log((1 + len(texts)) / (1 + n_heard[gram])) for gram in kept]
    return kept, np.array(idf, dtype=np.float32)


def recipe_scores(said: Labelled, learn: Rows, asked: Rows, recipe: Recipe) -> Scores:
    """(n_asked, n_labels + 1): the networks' mean logits; the last column is out of scope.

    Learnt from `learn`, where utterances out of scope may be missing: then it stays low.
    """
    surfaces = [surface(text) for text in said.texts]
    vocabulary, idf = vocabulary_of([surfaces[row] for row in learn])
    seen, shown = (
        gram_matrix([surfaces[row] for row in rows], vocabulary, idf)
        * np.float32(recipe.gram_scale)
        for rows in (learn, asked)
    )
    signs = np.stack([cues(text) for text in surfaces]) * np.float32(recipe.cue_scale)
    inputs = np.hstack([said.vectors, signs])
    targets = np.eye(len(said.labels) + 1, dtype=np.float32)[said.numbers[learn]]
    each = []
    for number in range(recipe.n_networks):
        one = networks.train(inputs[learn], seen, targets, recipe, seed=recipe.seed + number)
        each.append(networks.logits(one, inputs[asked], shown))
    return np.asarray(np.mean(each, axis=0), dtype=np.float32)


def recipe_system(recipe: Recipe) -> System:
    return lambda said, learn, asked: recipe_scores(said, learn, asked, recipe)


def embedding_peer(said: Labelled, learn: Rows, asked: Rows) -> Scores:
    """As SetFit (Tunstall et al. 2022) with a frozen encoder: logistic regression on vectors."""
    from sklearn.linear_model import LogisticRegression

    head = LogisticRegression(C=10, max_iter=300).fit(said.vectors[learn], said.numbers[learn])
    return _spread(said, head, said.vectors[asked])


def counts_peer(said: Labelled, learn: Rows, asked: Rows) -> Scores:
    """As Rasa's sparse pipeline: counts of words and of 1-4 characters within them, linear SVM."""
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(token_pattern=_WORD)
    pieces = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2)
    return _svm(said, learn, asked, [words, pieces], c=0.1)


def tfidf_peer(said: Labelled, learn: Rows, asked: Rows) -> Scores:
    """The stronger common baseline: tf-idf of the same pieces and word pairs, linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(token_pattern=_WORD, ngram_range=(1, 2))
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    return _svm(said, learn, asked, [words, pieces], c=1.0)


def _svm(said: Labelled, learn: Rows, asked: Rows, readers: list[Any], *, c: float) -> Scores:
    from scipy.sparse import hstack
    from sklearn.svm import LinearSVC

    seen, shown = ([said.texts[row].lower() for row in rows] for rows in (learn, asked))
    columns = hstack([reader.fit_transform(seen) for reader in readers]).tocsr()
    model = LinearSVC(C=c, max_iter=300).fit(columns, said.numbers[learn])
    return _spread(said, model, hstack([reader.transform(shown) for reader in readers]).tocsr())


def _spread(said: Labelled, model: Any, columns: Any) -> Scores:
    """(n, n_labels + 1): the model's decisions; what nobody taught it stays low.

    Class -1, out of scope, is the last column.
    """
    decided = np.asarray(model.decision_function(columns), dtype=np.float32)
    found = np.full((len(decided), len(said.labels) + 1), UNTAUGHT, dtype=np.float32)
    found[:, model.classes_] = decided
    return found


OURS = "Junshi's recipe"
PEERS: Mapping[str, System] = {
    "embedding + logistic regression": embedding_peer,
    "counts + linear SVM": counts_peer,
    "tf-idf + linear SVM": tfidf_peer,
}


def accuracy(numbers: Numbers, scores: Scores) -> Json:
    """The share of utterances whose highest intent is theirs, with Wilson's interval."""
    hits = int((scores[:, :-1].argmax(axis=1) == numbers).sum())
    low, high = wilson(hits, len(numbers))
    return {
        "accuracy": round(hits / max(1, len(numbers)), 4),
        "interval": [round(low, 4), round(high, 4)],
        "n": len(numbers),
    }


def strangeness(scores: Scores) -> NDArray[np.float64]:
    """(n,): how far out of scope; the column of strange words against the highest intent."""
    margin = scores[:, -1].astype(np.float64) - scores[:, :-1].max(axis=1)
    return np.asarray(margin, dtype=np.float64)


def score_split(said: Labelled, learn: Rows, asked: Rows, systems: Mapping[str, System]) -> Json:
    """Figures by system: in scope the accuracy; the AUROC of what is not, where there is any."""
    figures: Json = {}
    inside = said.in_scope[asked]
    for name, system in systems.items():
        scores = system(said, learn, asked)
        figures[name] = accuracy(said.numbers[asked][inside], scores[inside])
        if not inside.all():
            figures[name]["out_of_scope_auroc"] = round(auroc(~inside, strangeness(scores)), 4)
            unclaimed = -scores[:, :-1].max(axis=1)
            figures[name]["out_of_scope_auroc_without_own_column"] = round(
                auroc(~inside, unclaimed.astype(np.float64)), 4
            )
            figures[name]["n_out_of_scope"] = int((~inside).sum())
    return figures


def score_folds(said: Labelled, systems: Mapping[str, System]) -> Json:
    """Accuracy by system over N_FOLDS folds, each predicted from the other four."""
    folds = np.array([fold_of(text) for text in said.texts])
    figures: Json = {}
    for name, system in systems.items():
        scores = np.zeros((len(said.texts), len(said.labels) + 1), dtype=np.float32)
        for fold in range(N_FOLDS):
            asked = np.flatnonzero(folds == fold)
            scores[asked] = system(said, np.flatnonzero(folds != fold), asked)
        figures[name] = accuracy(said.numbers, scores)
    return figures


def _tell(_: str) -> None:
    return


def run(shared: Path | None = None, tell: Callable[[str], None] = _tell) -> Json:
    """Figures by set and system; about five minutes on one core, the vectors kept under home."""
    from threadpoolctl import threadpool_limits

    from retrieval.embedders.use import UniversalSentenceEncoder

    settings = Settings()
    shared = shared or settings.shared
    embedder = EncodedOnce(UniversalSentenceEncoder(), settings.home / "evals" / "vectors")
    figures: Json = {}
    # One thread: sums in one order, so that every machine finds the same figures.
    with threadpool_limits(1):
        for name, file in FOLDED.items():
            said = labelled(read_rows(shared, file), embedder)
            figures[name] = score_folds(said, {OURS: recipe_system(RECIPE), **PEERS})
            tell(f"{name}: {figures[name]}")
        figures["BANKING77"] = _banking(shared, embedder)
        tell(f"BANKING77: {figures['BANKING77']}")
        figures["CLINC150"] = _clinc(shared, embedder)
        tell(f"CLINC150: {figures['CLINC150']}")
    return figures


def _banking(shared: Path, embedder: EncodedOnce) -> Json:
    said = labelled(read_rows(shared, "banking77_train"), embedder)
    is_held_out = np.array([fold_of(text) == 0 for text in said.texts])
    learn, asked = np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
    return score_split(said, learn, asked, {OURS: recipe_system(RECIPE), **PEERS})


def _clinc(shared: Path, embedder: EncodedOnce) -> Json:
    train, val = (read_rows(shared, f"clinc150_{part}") for part in ("train", "val"))
    said = labelled([*train, *val], embedder)
    learn, asked = np.arange(len(train)), np.arange(len(train), len(said.texts))
    return score_split(said, learn, asked, {OURS: recipe_system(LONG_RECIPE), **PEERS})
