"""Large scopes are restored from a snapshot, and nothing but what the database holds is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.domain import Passage
from core.ports import Vectors
from retrieval import scope_index, search
from retrieval.search import Search
from retrieval.tokenize import Tokenizer

Plant = Callable[..., list[Passage]]

TOPICS = ["budget approved", "delivery late", "security audit", "price too high", "pilot ended"]


class LetterCounts:
    """Quick, and the same text has the same vector in every process."""

    name = "letters@1"
    n_dimensions = 26

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.array(
            [[1 + text.lower().count(chr(97 + at)) for at in range(26)] for text in texts],
            dtype=np.float32,
        ).reshape(len(texts), 26)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Spy(Tokenizer):
    def __init__(self, terms: Sequence[str] = ()) -> None:
        super().__init__(terms)
        self.n_texts = 0

    def tokens(self, text: str) -> list[str]:
        self.n_texts += 1
        return super().tokens(text)


@pytest.fixture(autouse=True)
def forty_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope_index, "IN_FOLDER_FROM", 40)
    monkeypatch.setattr(search, "IN_FOLDER_FROM", 40)


def lines(n: int = 60, mark: str = "case") -> list[str]:
    return [f"{TOPICS[at % len(TOPICS)]} {mark} number{at}" for at in range(n)]


def opened(database: Database, folder: Path, tokenizer: Tokenizer | None = None) -> Search:
    return Search(
        database, embedder=LetterCounts(), tokenizer=tokenizer or Tokenizer(), snapshots=folder
    )


def texts(found: Search, query: str, k: int = 5) -> list[str]:
    return [h.passage.text for h in found.search(query, tenant_id="t-1", account_id=None, k=k)]


def test_a_second_start_cuts_no_text_into_words(
    database: Database, plant: Plant, tmp_path: Path
) -> None:
    plant(database, lines(), account_id=None, embedder=LetterCounts())
    first, spy = texts(opened(database, tmp_path), "delivery number31"), Spy()
    again = opened(database, tmp_path, spy)
    assert texts(again, "delivery number31") == first
    assert first[0] == "delivery late case number31"
    assert spy.n_texts == 1  # the query


def test_what_changed_since_is_caught_up_with(
    database: Database, plant: Plant, tmp_path: Path
) -> None:
    for part in range(6):
        plant(
            database, lines(10, f"part{part}"), account_id=None, path=f"{part}.md",
            embedder=LetterCounts(),
        )  # fmt: skip
    texts(opened(database, tmp_path), "budget")
    plant(database, ["warranty of five years"], account_id=None, path="1.md")
    spy = Spy()
    again = opened(database, tmp_path, spy)
    assert texts(again, "warranty")[0] == "warranty of five years"
    assert not [text for text in texts(again, "part1", k=60) if "part1" in text]
    assert spy.n_texts < 10


def test_the_same_ids_with_other_words_are_not_served(
    database: Database, plant: Plant, tmp_path: Path
) -> None:
    """A database put back from a backup counts its ids anew."""
    plant(database, lines(), account_id=None, embedder=LetterCounts())
    before = opened(database, tmp_path)
    texts(before, "budget")
    index = before._indexes["t-1", ""]
    other = {id: p for id, p in index.passages.items()}
    changed = {id: _with_text(p, p.text.replace("budget", "kitten")) for id, p in other.items()}
    index.passages = changed
    assert before._saved is not None
    before._saved.save(index, tenant_id="t-1", scope="")
    assert all("kitten" not in text for text in texts(opened(database, tmp_path), "budget", k=60))


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_snapshot_is_built_anew(
    database: Database, plant: Plant, tmp_path: Path, damage: str
) -> None:
    plant(database, lines(), account_id=None, embedder=LetterCounts())
    first = texts(opened(database, tmp_path), "security number12")
    (file,) = tmp_path.glob("*.snapshot")
    whole = file.read_bytes()
    file.write_bytes(
        {
            "cut": whole[:-9],
            "flip": whole[:99] + bytes([whole[99] ^ 1]) + whole[100:],
            "empty": b"",
        }[damage]
    )
    with capture_logs() as events:
        assert texts(opened(database, tmp_path), "security number12") == first
    assert [event["event"] for event in events] == ["snapshot_refused"]
    assert len(file.read_bytes()) == len(whole)


def test_another_dictionary_makes_another_index(
    database: Database, plant: Plant, tmp_path: Path
) -> None:
    plant(database, lines(), account_id=None, embedder=LetterCounts())
    texts(opened(database, tmp_path), "budget")
    spy = Spy(["pilot ended"])
    texts(opened(database, tmp_path, spy), "budget")
    assert spy.n_texts > 60


def test_a_small_scope_leaves_no_file(database: Database, plant: Plant, tmp_path: Path) -> None:
    plant(database, lines(10), account_id=None, embedder=LetterCounts())
    texts(opened(database, tmp_path), "budget")
    assert list(tmp_path.glob("*.snapshot")) == []


def _with_text(passage: Passage, text: str) -> Passage:
    return replace(passage, text=text)
