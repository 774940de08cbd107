"""The public sets' pure parts, on rows small enough to work by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import NotFound
from evals.intent_networks import Recipe
from evals.public_intents import (
    Labelled,
    Rows,
    Scores,
    System,
    accuracy,
    counts_peer,
    embedding_peer,
    fold_of,
    read_rows,
    recipe_scores,
    score_folds,
    score_split,
    strangeness,
    tfidf_peer,
    vocabulary_of,
)

_SAID = {
    "refund": [
        "give me my money back",
        "i want a refund",
        "refund my order now",
        "a refund please",
    ],
    "opening": [
        "when do you open",
        "are you open today",
        "what time do you open",
        "open on sunday",
    ],
    "": ["the moon is far", "my cat sings songs"],
}


def _few() -> Labelled:
    rows = [(text, label) for label, texts in _SAID.items() for text in texts]
    labels = ["opening", "refund"]
    numbers = np.array([labels.index(label) if label else -1 for _, label in rows])
    vectors = np.eye(3, dtype=np.float32)[numbers]
    return Labelled([text for text, _ in rows], labels, numbers, vectors)


def test_the_highest_intent_counts_and_the_strange_column_does_not() -> None:
    scores = np.array([[2.0, 1.0, 9.0], [0.0, 1.0, 9.0], [0.0, 1.0, 9.0]], dtype=np.float32)
    found = accuracy(np.array([0, 1, 0]), scores)
    assert found["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["interval"][0] < 2 / 3 < found["interval"][1]


def test_strange_is_what_its_column_claims_more_than_any_intent() -> None:
    scores = np.array([[2.0, 1.0, 5.0], [4.0, 1.0, 0.0]], dtype=np.float32)
    assert strangeness(scores).tolist() == [3.0, -4.0]


def test_a_text_stays_in_its_fold_and_folds_fill() -> None:
    folds = [fold_of(f"utterance {number}") for number in range(200)]
    assert folds == [fold_of(f"utterance {number}") for number in range(200)]
    assert set(folds) == {0, 1, 2, 3, 4}


def test_an_n_gram_heard_once_is_dropped_and_the_commonest_comes_first() -> None:
    vocabulary, idf = vocabulary_of(["open today", "open door", "open today"])
    assert vocabulary == ["open", "open today", "today"]
    assert idf[0] == pytest.approx(1.0)


def test_the_recipe_learns_a_handful_of_utterances() -> None:
    said = _few()
    rows = np.arange(len(said.texts))
    recipe = Recipe(n_hidden=16, n_networks=1, n_epochs=60)
    scores = recipe_scores(said, rows, rows, recipe)
    assert scores.shape == (10, 3)
    assert (scores[:8].argmax(axis=1) == said.numbers[:8]).all()
    assert strangeness(scores)[8:].min() > strangeness(scores)[:8].max()


@pytest.mark.parametrize("peer", [counts_peer, tfidf_peer, embedding_peer])
def test_a_peer_learns_them_too_and_keeps_the_strange_ones_last(peer: System) -> None:
    said = _few()
    rows = np.arange(len(said.texts))
    figures = score_split(said, rows, rows, {"peer": peer})["peer"]
    assert figures["accuracy"] == 1.0
    assert figures["n"] == 8
    assert figures["n_out_of_scope"] == 2
    assert figures["out_of_scope_auroc"] == 1.0


def test_every_utterance_is_predicted_from_the_other_folds() -> None:
    said = _few()
    inside = Labelled(said.texts[:8], said.labels, said.numbers[:8], said.vectors[:8])
    seen: list[tuple[set[int], set[int]]] = []

    def system(_: Labelled, learn: Rows, asked: Rows) -> Scores:
        seen.append((set(learn.tolist()), set(asked.tolist())))
        return np.asarray(np.eye(3)[inside.numbers[asked]], dtype=np.float32)

    assert score_folds(inside, {"oracle": system})["oracle"]["accuracy"] == 1.0
    assert all(not learn & asked for learn, asked in seen)
    assert set().union(*(asked for _, asked in seen)) == set(range(8))


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="banking77_train"):
        read_rows(tmp_path, "banking77_train")


def test_rows_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "intents"
    folder.mkdir(parents=True)
    rows = [{"text": "a", "label": "x"}, {"text": "b", "label": "y"}]
    (folder / "few.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_rows(tmp_path, "few") == rows
