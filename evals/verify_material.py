"""Real sentences for the verifier's suite, with who said them, on which side and on which day.

Material that names no speaker or day is given one, drawn from its own text's hash: a verifier meets
both. The halves are split by file, so nothing seen while mending comes back in the other half.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from core.text.language import language_of

Half = Literal["dev", "held_out"]

PEOPLE_ZH = (
    "王建国 李敏 陈志强 赵丽华 周文博 孙晓燕 吴国栋 郑海涛 林雅琴 何俊杰 高翔 罗思远".split()
)
PEOPLE_EN = (
    "Priya Nair;Tom Baker;Dana Whitfield;Carlos Mendez;Helen Fischer;Omar Haddad;Grace Lim"
    ";Peter Novak;Susan Clarke;Ivan Petrov;Laura Bianchi;Kevin O'Brien"
).split(";")
FIRST_DAY = date(2025, 1, 6)

# Longest share of one file; sentences outside these lengths are greetings or whole stories.
_MOST_OF_A_FILE = 170
_LENGTHS = {"zh": (10, 70), "en": (30, 220)}
_SPLIT_ZH = re.compile(r"(?<=[。!?!?;;])")
_SPLIT_EN = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_NOISE = re.compile(r"\{\w+\}|https?://|[<>|=_*]{2,}|\.{4,}|-{3,}|@|\[\[|\(\s*\)")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence. `neighbours` are others of the same text or file, for irrelevant evidence."""

    half: Half
    file: str
    language: str
    text: str
    speaker: str
    role: str
    day: date
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twin:
    """One sentence in both languages."""

    half: Half
    file: str
    zh: str
    en: str


def draw(*parts: object) -> int:
    """A number that depends on the parts alone."""
    return int.from_bytes(sha256("\x00".join(map(str, parts)).encode()).digest()[:8], "big")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def sentences_of(text: str) -> list[str]:
    """Sentences of a telling length, clean of markup."""
    language = language_of(text)
    split = _SPLIT_ZH if language == "zh" else _SPLIT_EN
    least, most = _LENGTHS[language]
    found = []
    for piece in split.split(" ".join(text.split())):
        sentence = piece.strip()
        if least <= len(sentence) <= most and not _NOISE.search(sentence):
            found.append(sentence)
    return found


Turns = Iterator[tuple[str, str, str, str]]  # (text, speaker, role, day as a header writes it)


def _mails(path: Path) -> Turns:
    for row in read_rows(path):
        name = row["sender"].partition("@")[0].replace(".", " ").title()
        speaker = name if re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name) else ""
        yield row["text"].partition("-----Original")[0], speaker, "", row["date"]


def _utterances(path: Path) -> Turns:
    roles = {"usr": "customer", "sys": "rep", "persuadee": "customer", "persuader": "rep"}
    for row in read_rows(path):
        yield row["text"], "", roles.get(row.get("role", ""), ""), ""


def _bargains(path: Path) -> Turns:
    for row in read_rows(path):
        for turn in row["turns"]:
            if turn.get("text"):
                role = "customer" if turn["role"] == "buyer" else "rep"
                yield turn["text"], "", role, ""


def _meetings(path: Path) -> Turns:
    for row in read_rows(path):
        for turn in islice(row["turns"], 40, 90):
            yield re.sub(r"\s+([,.?!'])", r"\1", turn["text"]), "", "", ""


def _segments(path: Path) -> Turns:
    for row in read_rows(path):
        for segment in row["segments"]:
            for turn in segment["turns"]:
                yield "".join(turn["sents"]), "", "", ""


def _articles(path: Path) -> Turns:
    for row in read_rows(path):
        for section in islice(row["sections"], 3):
            yield section["text"], "", "", ""


def _texts(path: Path) -> Turns:
    for row in read_rows(path):
        yield row.get("summary") or row["text"], "", "", ""


_FILES: tuple[tuple[Half, str, Callable[[Path], Turns]], ...] = (
    ("dev", "emails/enron_business.jsonl", _mails),
    ("dev", "dialogues/crosswoz_acts.jsonl", _utterances),
    ("dev", "meetings/earnings21.jsonl", _meetings),
    ("dev", "meetings/vcsum_meetings.jsonl", _segments),
    ("dev", "retrieval/cmrc2018_trial_passages.jsonl", _texts),
    ("dev", "dialogues/casino_strategies.jsonl", _utterances),
    ("held_out", "dialogues/craigslist_bargain.jsonl", _bargains),
    ("held_out", "dialogues/persuasion_annotated.jsonl", _utterances),
    ("held_out", "meetings/qmsum_meetings.jsonl", _meetings),
    ("held_out", "emails/enron_intent.jsonl", _utterances),
    ("held_out", "meetings/vcsum_highlights.jsonl", _texts),
    ("held_out", "knowledge/d365ops_zh_docs.jsonl", _articles),
    ("held_out", "knowledge/d365proj_zh_docs.jsonl", _articles),
    ("held_out", "knowledge/salescopilot_en_docs.jsonl", _articles),
)
_TWINS: tuple[tuple[Half, str], ...] = (
    ("dev", "parallel/libreoffice_zh_en.jsonl"),
    ("held_out", "knowledge/d365_headings_zh_en.jsonl"),
)


def said_in(shared: Path) -> list[Said]:
    """The sentences of every file, in a fixed order, about as many from each file."""
    found: list[Said] = []
    for half, name, turns in _FILES:
        candidates = [
            (sentence, *rest)
            for text, *rest in turns(shared / "data" / name)
            for sentence in sentences_of(text)[:6]
        ]
        unique = {one[0]: one for one in candidates}
        rows = sorted(unique.values(), key=lambda one: (not _is_rich(one[0]), draw(one[0])))
        rich = [row for row in rows if _is_rich(row[0])][: _MOST_OF_A_FILE * 2 // 3]
        plain = [row for row in rows if not _is_rich(row[0])][: _MOST_OF_A_FILE - len(rich)]
        chosen = rich + plain
        texts = [row[0] for row in chosen]
        found += [_said(half, name, row, texts, at) for at, row in enumerate(chosen)]
    return found


def _is_rich(sentence: str) -> bool:
    """Whether there is something in it to change besides its matter."""
    has_figure = re.search(r"\d|[百千万亿%]|百分之|million|billion|percent", sentence)
    return bool(has_figure or re.search(r"不|没|\bnot\b|n't|可能|might|may\b", sentence))


def _said(half: Half, file: str, row: tuple[str, ...], texts: list[str], at: int) -> Said:
    text, speaker, role, header = row
    language = language_of(text)
    people = PEOPLE_ZH if language == "zh" else PEOPLE_EN
    day = FIRST_DAY + timedelta(days=draw("day", text) % 700)
    if header:
        day = parsedate_to_datetime(header).date()
    alike = [t for t in (texts[(at + n) % len(texts)] for n in (7, 19, 31)) if t != text]
    return Said(
        half=half,
        file=file,
        language=language,
        text=text,
        speaker=speaker or people[draw("who", text) % len(people)],
        role=role or ("customer", "rep")[draw("side", text) % 2],
        day=day,
        neighbours=tuple(alike),
    )


def twins_in(shared: Path) -> list[Twin]:
    """Sentences with their translation, long enough to say something."""
    found: list[Twin] = []
    for half, name in _TWINS:
        rows = [
            Twin(half, name, row["zh"], row["en"])
            for row in read_rows(shared / "data" / name)
            if len(row["zh"]) >= 8 and 25 <= len(row["en"]) <= 200
            and not _NOISE.search(row["en"] + row["zh"])
            and language_of(row["zh"]) == "zh"
        ]  # fmt: skip
        rows.sort(key=lambda one: draw(one.en))
        found += rows[: 2 * _MOST_OF_A_FILE]
    return found


def deals_in(shared: Path) -> list[dict[str, str]]:
    """Rows of the sales pipeline that were won."""
    with (shared / "data/crm/sales_pipeline.csv").open(encoding="utf-8") as lines:
        won = [row for row in csv.DictReader(lines) if row["deal_stage"] == "Won"]
    return sorted(won, key=lambda row: draw(row["opportunity_id"]))[:120]
