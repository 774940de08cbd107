"""Labelled retrieval sets out of public corpora: what a query should find, by passage id.

None of them was written for this product, and none is searched with its answer at hand: a section
is indexed without its heading, a meeting without its summaries. A third of the queries (whole
documents and whole meetings at a time) is for tuning weights; figures are of the other two thirds.

- cmrc: Chinese questions of CMRC 2018's trial half, each to the passage that answers it;
- docs_zh, docs_en: headings of Dynamics 365 manuals to the section below them. A heading that more
  than `MOST_SECTIONS` sections share ("Prerequisites") names none and is no query;
- qmsum: queries of QMSum to the windows of any meeting that overlap the gold span;
- headings_zh_en, headings_en_zh: a heading to its twin in the other language, among all of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.errors import NotFound
from core.text.language import language_of
from core.text.sentences import sentences

Split = Literal["dev", "test"]
Row = dict[str, Any]

# Enough for intervals of about three points; more would only take longer.
MOST_QUERIES = 1_000
DEV_SHARE = 1 / 3
MOST_SECTIONS = 3
# A section of a few characters ("]", a link) says nothing that a query could ask for.
SHORTEST_SECTION = 20
# What the product makes of a long turn (transcripts/segment.py); short turns are joined up to it.
LONGEST_WINDOW = 600
_NOISE = re.compile(r"\{[a-z]+\}")  # QMSum marks vocal sounds and gaps so


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """`passages` maps an id to (title, text), `relevant` a query's id to its passages' gains.

    Every query has at least one relevant passage and a `split`; texts of passages are distinct.
    """

    name: str
    passages: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    split: Mapping[str, Split]

    def queries_of(self, split: Split) -> dict[str, str]:
        """The queries of one split, in the set's order."""
        return {id: text for id, text in self.queries.items() if self.split[id] == split}


class _Draft:
    """Collects a set; passages with the same text become one, under the first id."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.passages: dict[str, tuple[str, str]] = {}
        self._ids: dict[str, str] = {}
        self._queries: dict[str, tuple[str, dict[str, float], str]] = {}

    def add_passage(self, id: str, text: str) -> str:
        """The id under which the text stands, without the space around it."""
        text = text.strip()
        known = self._ids.setdefault(text, id)
        self.passages.setdefault(known, ("", text))
        return known

    def add_query(self, id: str, text: str, relevant: Iterable[str], *, split_by: str) -> None:
        """`split_by` names what stays together: a document, a meeting."""
        gains = dict.fromkeys(relevant, 1.0)
        if gains and text.strip():
            self._queries[id] = (text, gains, split_by)

    def done(self) -> RetrievalSet:
        """The set with a fixed sample of at most `MOST_QUERIES`, drawn by hash."""
        drawn = sorted(self._queries, key=lambda id: _fraction(f"{self.name}/query/{id}"))
        kept = set(drawn[:MOST_QUERIES])
        queries = {id: query for id, query in self._queries.items() if id in kept}
        return RetrievalSet(
            name=self.name,
            passages=self.passages,
            queries={id: text for id, (text, _, _) in queries.items()},
            relevant={id: gains for id, (_, gains, _) in queries.items()},
            split={id: _split(self.name, by) for id, (_, _, by) in queries.items()},
        )


def cmrc(shared: Path) -> RetrievalSet:
    draft = _Draft("cmrc")
    ids = {
        row["id"]: draft.add_passage(row["id"], row["text"])
        for row in _rows(shared, "retrieval/cmrc2018_trial_passages.jsonl")
    }
    for row in _rows(shared, "retrieval/cmrc2018_trial_questions.jsonl"):
        passage = ids[row["passage"]]
        draft.add_query(row["id"], row["query"], [passage], split_by=passage)
    return draft.done()


def docs_zh(shared: Path) -> RetrievalSet:
    return _manuals("docs_zh", shared, ("d365ops_zh", "d365proj_zh"))


def docs_en(shared: Path) -> RetrievalSet:
    return _manuals("docs_en", shared, ("d365proj_en", "salescopilot_en"))


def qmsum(shared: Path) -> RetrievalSet:
    draft = _Draft("qmsum")
    by_turn: dict[str, dict[int, list[str]]] = {}
    for row in _rows(shared, "meetings/qmsum_meetings.jsonl"):
        meeting = row["id"]
        turns = [" ".join(_NOISE.sub(" ", turn["text"]).split()) for turn in row["turns"]]
        by_turn[meeting] = defaultdict(list)
        for number, (text, covered) in enumerate(_windows(turns)):
            id = draft.add_passage(f"{meeting}-w{number}", text)
            for turn in covered:
                by_turn[meeting][turn].append(id)
    for row in _rows(shared, "meetings/qmsum_queries.jsonl"):
        if row["kind"] == "general":  # "Summarize the whole meeting" asks for no place in it
            continue
        turns_of = by_turn[row["meeting"]]
        gold = (
            id
            for first, last in row["spans"]
            for turn in range(int(first), int(last) + 1)
            for id in turns_of.get(turn, ())
        )
        draft.add_query(row["id"], row["query"], gold, split_by=row["meeting"])
    return draft.done()


def headings_zh_en(shared: Path) -> RetrievalSet:
    return _headings("headings_zh_en", shared, "zh", "en")


def headings_en_zh(shared: Path) -> RetrievalSet:
    return _headings("headings_en_zh", shared, "en", "zh")


SETS: Mapping[str, Callable[[Path], RetrievalSet]] = {
    reader.__name__: reader
    for reader in (cmrc, docs_zh, docs_en, qmsum, headings_zh_en, headings_en_zh)
}


def _manuals(name: str, shared: Path, corpora: Iterable[str]) -> RetrievalSet:
    draft = _Draft(name)
    headed: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for corpus in corpora:
        for manual in _rows(shared, f"knowledge/{corpus}_docs.jsonl"):
            for number, section in enumerate(manual["sections"]):
                heading, text = _apart(section["head"], section["text"])
                if len(text) < SHORTEST_SECTION:
                    continue
                id = draft.add_passage(f"{manual['id']}-s{number}", text)
                headed[heading.casefold()].append((heading, id, manual["id"]))
    for sections in headed.values():
        relevant = list(dict.fromkeys(id for _, id, _ in sections))
        heading, first, manual_id = sections[0]
        if len(relevant) <= MOST_SECTIONS:
            draft.add_query(f"{first}-q", heading, relevant, split_by=manual_id)
    return draft.done()


def _apart(heading: str, text: str) -> tuple[str, str]:
    """Heading and text, the text without lines at its start that only repeat the heading."""
    heading = heading.strip()
    lines = text.strip().splitlines()
    while lines and lines[0].strip(" #*\t").casefold() in ("", heading.casefold()):
        del lines[0]
    return heading, "\n".join(lines)


def _headings(name: str, shared: Path, asked: str, found: str) -> RetrievalSet:
    draft = _Draft(name)
    twins: dict[str, list[str]] = defaultdict(list)
    for row in _rows(shared, "knowledge/d365_headings_zh_en.jsonl"):
        id = draft.add_passage(row["id"], row[found])
        # A product's name is the same in both languages: such a pair asks for no translation.
        if language_of(row["zh"]) == "zh" and language_of(row["en"]) == "en":
            twins[row[asked]].append(id)
    for text, ids in twins.items():
        draft.add_query(f"{ids[0]}-q", text, ids, split_by=text)
    return draft.done()


def _windows(turns: list[str]) -> Iterator[tuple[str, list[int]]]:
    """Consecutive turns joined up to the longest window, long ones cut where sentences end."""
    pieces = [
        (number, turn[start:end])
        for number, turn in enumerate(turns)
        for start, end in _cut(turn)
        if any(map(str.isalnum, turn[start:end]))
    ]
    lines: list[str] = []
    covered: list[int] = []
    for number, piece in pieces:
        if lines and sum(map(len, lines)) + len(lines) + len(piece) > LONGEST_WINDOW:
            yield "\n".join(lines), covered
            lines, covered = [], []
        lines.append(piece)
        covered.append(number)
    if lines:
        yield "\n".join(lines), covered


def _cut(turn: str) -> list[tuple[int, int]]:
    return [(0, len(turn))] if len(turn) <= LONGEST_WINDOW else list(sentences(turn))


def _split(name: str, by: str) -> Split:
    return "dev" if _fraction(f"{name}/split/{by}") < DEV_SHARE else "test"


def _fraction(key: str) -> float:
    """A fixed number in [0, 1) that depends on the key alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / (1 << 48)


def _file(shared: Path, name: str) -> Path:
    path = shared / "data" / name
    if not path.is_file():
        raise NotFound(
            f"{path} is not there.", remedy="Point JUNSHI_SHARED at the folder of public data."
        )
    return path


def _rows(shared: Path, name: str) -> Iterator[Row]:
    with _file(shared, name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
