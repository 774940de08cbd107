"""Ranking of key moments on public minutes: VCSum's highlighted sentences, QMSum's gold turns.

Gold: a VCSum sentence of which at least half is highlighted; a QMSum turn within a gold span of a
specific query. Per meeting: average precision, nDCG@10, precision at the number of gold items.
"junshi" is the order in which the door (`junshi moments`) gives an utterance's best moment; what
the door drops as a repeat comes last. "salience" is the learned score alone. Series (ES2003a-d)
stay on one side of the split, chosen by a hash of their name; the shipped weights have seen the
"train" side only. Intervals: paired bootstrap over meetings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.intent.features import LONGEST_WHOLE_UTTERANCE
from agents.moments.encoding import encoded
from agents.moments.features import Numbers, Unit, surface, tfidf_centrality, tokens
from agents.moments.rank import rank
from agents.moments.salience import salience
from core.ports import Vectors
from core.settings import Settings
from core.text.sentences import sentences
from evals.adapters import qmsum

HELD_OUT_TENTHS = 4
N_RESAMPLES = 2000
_SERIES = re.compile(r"(?<=\d)[a-z]$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One meeting: its units in order and, for each utterance, whether it is gold."""

    id: str
    corpus: str
    units: tuple[Unit, ...]
    gold: Numbers

    @property
    def is_held_out(self) -> bool:
        series = _SERIES.sub("", self.id)
        return hashlib.sha256(series.encode()).digest()[0] % 10 < HELD_OUT_TENTHS


def labelled_meetings(shared: Path) -> list[Labelled]:
    folder = shared / "data" / "meetings"
    found = [*_vcsum(folder), *_qmsum(folder)]
    return [meeting for meeting in found if meeting.gold.any()]


def _units(rows: list[tuple[str, str]]) -> tuple[Unit, ...]:
    units = []
    for index, (speaker, text) in enumerate(rows):
        spans = sentences(text) if len(text) > LONGEST_WHOLE_UTTERANCE else [(0, len(text))]
        units += [
            Unit(index, text[a:b], a, b, speaker=speaker) for a, b in spans if text[a:b].strip()
        ]
    return tuple(units)


def _vcsum(folder: Path) -> Iterator[Labelled]:
    segments: dict[str, list[Any]] = defaultdict(list)
    for line in (folder / "vcsum_highlights.jsonl").open(encoding="utf-8"):
        segment = json.loads(line)
        meeting, number = segment["id"].rsplit("_", 1)
        segments[meeting].append((int(number), segment["sentences"]))
    for meeting, parts in segments.items():
        said = [s for _, part in sorted(parts, key=lambda p: p[0]) for s in part]
        rows = [(str(s["speaker"]), s["text"]) for s in said]
        gold = np.array([float(s["highlight"] >= 0.5) for s in said])
        yield Labelled(meeting, "vcsum", _units(rows), gold)


def _qmsum(folder: Path) -> Iterator[Labelled]:
    gold: dict[str, set[int]] = defaultdict(set)
    for line in (folder / "qmsum_queries.jsonl").open(encoding="utf-8"):
        query = json.loads(line)
        if query["kind"] == "specific":
            for first, last in query["spans"]:
                gold[query["meeting"]].update(range(int(first), int(last) + 1))
    for meeting, turns in qmsum(folder / "qmsum_meetings.jsonl"):
        flags = np.array([float(i in gold[meeting]) for i in range(len(turns))])
        yield Labelled(meeting, "qmsum", _units(turns), flags)


def average_precision(gold: Numbers, scores: Numbers) -> float:
    ranked = gold[np.argsort(-scores, kind="stable")]
    hits = np.flatnonzero(ranked)
    return float((np.cumsum(ranked)[hits] / (hits + 1)).mean()) if len(hits) else 0.0


def ndcg(gold: Numbers, scores: Numbers, k: int = 10) -> float:
    weights = 1 / np.log2(np.arange(2, k + 2))
    top = gold[np.argsort(-scores, kind="stable")[:k]]
    best = weights[: min(k, int(gold.sum()))].sum()
    return float((top * weights[: len(top)]).sum() / best) if best else 0.0


def r_precision(gold: Numbers, scores: Numbers) -> float:
    """Precision at k = the number of gold items."""
    k = int(gold.sum())
    return float(gold[np.argsort(-scores, kind="stable")[:k]].mean()) if k else 0.0


METRICS: dict[str, Callable[[Numbers, Numbers], float]] = {
    "average_precision": average_precision,
    "ndcg_at_10": ndcg,
    "precision_at_gold": r_precision,
}


def of_utterances(meeting: Labelled, scores: Numbers) -> Numbers:
    """An utterance scores as its best sentence; one without words scores lowest."""
    best = np.full(len(meeting.gold), -np.inf)
    np.maximum.at(best, [unit.index for unit in meeting.units], scores)
    return best


def of_the_door(meeting: Labelled, salient: Numbers) -> Numbers:
    """Minus the rank of an utterance's best moment; -inf where the door shows none of it."""
    texts, shifted, at = [], [], 0
    for unit in meeting.units:
        # Units count within their utterance; the door's lie in one text.
        shifted.append(replace(unit, start=at, end=at + len(unit.text)))
        texts.append(unit.text)
        at += len(unit.text) + 1
    best = np.full(len(meeting.gold), -np.inf)
    for place, moment in enumerate(rank(shifted, salient, {}, text="\n".join(texts))):
        best[moment.index] = max(best[moment.index], -float(place))
    return best


def rankings(meeting: Labelled, vectors: Vectors) -> dict[str, Numbers]:
    words = [tokens(surface(unit.text)) for unit in meeting.units]
    salient = salience(meeting.units, vectors)
    return {
        "junshi": of_the_door(meeting, salient),
        "salience": of_utterances(meeting, salient),
        "tfidf": of_utterances(meeting, tfidf_centrality(words)),
        "lead": -np.arange(len(meeting.gold), dtype=np.float64),
    }


def scores_of(meeting: Labelled, vectors: Vectors) -> dict[str, dict[str, float]]:
    """System → metric → value; "random" is the mean over 20 orders."""
    found = {
        system: {name: metric(meeting.gold, ranked) for name, metric in METRICS.items()}
        for system, ranked in rankings(meeting, vectors).items()
    }
    rng = np.random.default_rng(0)
    orders = [rng.random(len(meeting.gold)) for _ in range(20)]
    found["random"] = {
        name: float(np.mean([metric(meeting.gold, order) for order in orders]))
        for name, metric in METRICS.items()
    }
    return found


def interval(differences: Numbers) -> list[float]:
    """95 % of the mean difference over meetings drawn with replacement."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(differences), (N_RESAMPLES, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return [round(float(low), 3), round(float(high), 3)]


def summary(scored: list[dict[str, dict[str, float]]]) -> dict[str, Any]:
    figures: dict[str, Any] = {"n_meetings": len(scored)}
    for system in scored[0]:
        figures[system] = {
            name: round(float(np.mean([one[system][name] for one in scored])), 3)
            for name in METRICS
        }
    for rival in ("tfidf", "lead", "random"):
        gain = np.array(
            [one["junshi"]["average_precision"] - one[rival]["average_precision"] for one in scored]
        )
        figures[f"gain_in_ap_over_{rival}"] = [round(float(gain.mean()), 3), interval(gain)]
    return figures


def run() -> dict[str, Any]:
    """Figures by corpus and side of the split; encodes 87,000 sentences: about two minutes."""
    from retrieval.embedders.use import UniversalSentenceEncoder

    encoder = UniversalSentenceEncoder(n_threads=2)
    sides: dict[str, list[dict[str, dict[str, float]]]] = defaultdict(list)
    for meeting in labelled_meetings(Settings().shared):
        vectors = encoded([unit.text for unit in meeting.units], encoder)
        side = "held_out" if meeting.is_held_out else "train"
        sides[f"{meeting.corpus}_{side}"].append(scores_of(meeting, vectors))
    return {name: summary(scored) for name, scored in sorted(sides.items())}
