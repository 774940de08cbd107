"""Two hundred thousand distinct passages out of public texts, with vectors that can be afforded.

Sentences of manuals, meetings, mails, help pages and encyclopedia articles are joined to passages
of 80 to 400 characters, one Chinese, one English in turn. The texts are fewer than that (about
twenty thousand Chinese passages without a repeat), so each further round joins the same sentences
to other ones: words are as frequent as in the originals, sentences return, passages do not.

Encoding all of them would take half an hour. `SAMPLE` passages are encoded; the others' vectors are
mixtures of three of those in the same language plus noise: as spread out as real ones, which is
what codes and scans see. What a query finds by them means nothing, so only time is measured here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import LANGUAGES, Language
from core.ports import Embedder, Vectors
from core.text.language import language_of
from core.text.sentences import sentences
from evals.verify_material import read_rows

SHORTEST, LONGEST = 80, 400
# Half of a language's texts: enough that two of them are rarely mixed twice.
SAMPLE = 1_500
N_MIXED = 3
# Cosine between a mixture and what the noise makes of it, about as between neighbours in the texts.
NOISE_COSINE = 0.9
SEED = 7
_BLOCK = 8_192
_BATCH = 256

# Files under the public folder, and the keys that lead to their texts (through lists as well).
TEXTS: Mapping[str, tuple[str, ...]] = {
    "knowledge/d365ops_zh_docs.jsonl": ("sections", "text"),
    "knowledge/d365proj_zh_docs.jsonl": ("sections", "text"),
    "knowledge/d365proj_en_docs.jsonl": ("sections", "text"),
    "knowledge/salescopilot_en_docs.jsonl": ("sections", "text"),
    "meetings/vcsum_meetings.jsonl": ("segments", "summary"),
    "meetings/qmsum_meetings.jsonl": ("turns", "text"),
    "meetings/earnings21.jsonl": ("turns", "text"),
    "emails/enron_business.jsonl": ("text",),
    "parallel/libreoffice_zh_en.jsonl": ("zh",),
    "retrieval/cmrc2018_trial_passages.jsonl": ("text",),
}
QUESTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("retrieval/cmrc2018_trial_questions.jsonl", "query"),
        ("knowledge/d365_headings_zh_en.jsonl", "zh"),
    ),
    "en": (
        ("meetings/qmsum_queries.jsonl", "query"),
        ("knowledge/d365_headings_zh_en.jsonl", "en"),
    ),
}


def missing_files(shared: Path) -> list[str]:
    """What of the public texts is not under `shared`, by its path there."""
    asked = chain.from_iterable(QUESTIONS.values())
    names = dict.fromkeys([*TEXTS, *(name for name, _ in asked)])
    return [name for name in names if not (shared / "data" / name).is_file()]


def make_passages(shared: Path, n: int) -> list[str]:
    """n distinct texts of 80 to 400 characters, Chinese and English in turn, always the same."""
    pieces: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    for name, keys in TEXTS.items():
        for row in read_rows(shared / "data" / name):
            for text in _texts(row, keys):
                for start, end in sentences(text):
                    piece = " ".join(text[start:end].split())
                    if piece:
                        pieces[language_of(piece)].append(piece)
    seen: set[str] = set()
    by_language = [_joined(pieces[language], (n + 1) // 2, seen) for language in LANGUAGES]
    return _in_turn(by_language)[:n]


def make_questions(shared: Path, n: int) -> list[str]:
    """n distinct questions and headings, Chinese and English in turn, questions first."""
    by_language = []
    for language, places in QUESTIONS.items():
        asked = (row[key] for name, key in places for row in read_rows(shared / "data" / name))
        found = dict.fromkeys(q.strip() for q in asked if language_of(q) == language)
        by_language.append(list(found))
    return _in_turn(by_language)[:n]


def write_sample(passages: Sequence[str], embedder: Embedder, path: Path) -> None:
    """Encodes the first `SAMPLE` passages into a file that `make_vectors` reads."""
    sample = passages[:SAMPLE]
    batches = [sample[at : at + _BATCH] for at in range(0, len(sample), _BATCH)]
    np.save(path, np.concatenate([embedder.encode(batch) for batch in batches]))


def make_vectors(passages: Sequence[str], path: Path) -> Vectors:
    """(n, d) float32 unit rows: the encoded ones first, then mixtures of their own language."""
    real: Vectors = np.load(path)[: len(passages)]
    random_numbers = np.random.default_rng(SEED)
    vectors = np.zeros((len(passages), real.shape[1]), dtype=np.float32)
    vectors[: len(real)] = real
    # Languages take turns, so a row's parity is its language.
    for start in range(len(real), len(passages), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(passages)))
        chosen = random_numbers.integers(0, max(len(real) // 2, 1), (len(rows), N_MIXED))
        chosen = np.minimum(2 * chosen + rows[:, None] % 2, len(real) - 1)
        shares = random_numbers.dirichlet(np.ones(N_MIXED), len(rows)).astype(np.float32)
        mixed = _unit(np.einsum("nm,nmd->nd", shares, real[chosen]))
        noise = _unit(random_numbers.standard_normal(mixed.shape, dtype=np.float32))
        weight = np.sqrt(1 / NOISE_COSINE**2 - 1)
        vectors[rows] = _unit(mixed + np.float32(weight) * noise)
    return vectors


def _texts(row: Any, keys: Sequence[str]) -> Iterator[str]:
    if not keys:
        yield str(row or "")
        return
    found = row.get(keys[0])
    for one in found if isinstance(found, list) else [found]:
        yield from _texts(one, keys[1:])


def _joined(pieces: list[str], n: int, seen: set[str]) -> list[str]:
    """n new passages; the first round follows the texts, later ones shuffle the sentences."""
    chance = random.Random(SEED)  # noqa: S311  # reproducible, not secret
    joined: list[str] = []
    while len(joined) < n:
        before = len(joined)
        for passage in _passages(pieces, chance):
            if passage not in seen:
                seen.add(passage)
                joined.append(passage)
        if len(joined) == before:
            raise ValueError(f"{len(pieces)} sentences make no more than {before} passages")
        chance.shuffle(pieces)
    joined = joined[:n]
    # A small store is to hold something of every text.
    chance.shuffle(joined)
    return joined


def _passages(pieces: Iterable[str], chance: random.Random) -> Iterator[str]:
    lines: list[str] = []
    length, wanted = 0, chance.randint(SHORTEST, LONGEST)
    for piece in pieces:
        lines.append(piece)
        length += len(piece) + 1
        if length > wanted:
            passage = " ".join(lines)[:LONGEST].rstrip()
            if len(passage) >= SHORTEST:
                yield passage
            lines, length, wanted = [], 0, chance.randint(SHORTEST, LONGEST)


def _in_turn(lists: Iterable[Sequence[str]]) -> list[str]:
    turns = zip_longest(*lists)
    return [one for turn in turns for one in turn if one is not None]


def _unit(rows: Vectors) -> Vectors:
    norms = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9))
    return np.asarray(rows / norms, dtype=np.float32)


def write_lines(lines: Iterable[str], path: Path) -> None:
    """One JSON string a line: passages hold line breaks of their own."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def read_lines(path: Path, n: int) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line, _ in zip(file, range(n), strict=False)]
