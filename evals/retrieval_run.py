"""`junshi eval run retrieval`: the product on labelled sets, beside other libraries in one run.

Everyone searches the same passages with the same vectors. A tuned peer takes jieba's words and,
set by set, whichever of its own settings does best on the dev queries; the product has one setting
for all sets. Figures and differences are of the test queries. Peers live in an environment of their
own (`make eval-retrieval`); where one cannot be imported the run says so and goes on without it.

Two sets are scored at a time, each in a process of its own: the peers' loops are single-threaded.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from core.errors import CoachError, NotFound
from core.settings import Settings
from evals import product_retrieval
from evals.retrieval_scores import Estimate, difference, mean_with_interval, ndcg, recall
from evals.retrieval_sets import SETS, RetrievalSet, Split
from evals.retrieval_vectors import EncodedOnce
from retrieval.embedders.use import UniversalSentenceEncoder

Json = dict[str, Any]
Rankings = Sequence[Sequence[tuple[str, float]]]
Scores = dict[str, list[float]]

PEER_MODULES = (
    "bm25s_alone",
    "tantivy_alone",
    "langchain_ensemble",
    "llama_index_hybrid",
    "haystack_hybrid",
)
N_FOUND = 20
# Weights settle long before this; every further query costs each peer each of its settings.
MOST_TUNING_QUERIES = 150
N_PROCESSES = 2
METRICS = ("ndcg_10", "recall_5", "recall_20")
# What the run is for: level with every tuned peer, surely ahead on this many sets, and this good on
# Chinese questions.
GOAL_SETS_AHEAD = 3
GOAL_CMRC_NDCG = 0.88


def run(names: Iterable[str] = tuple(SETS), *, quiet: bool = False) -> Json:
    """Figures by set and system; means come as [mean, low, high]. Raises NotFound without data."""
    settings = Settings()
    started = time.perf_counter()
    missing_peers = _missing_peers()
    skipped = [f"{module}: {reason}" for module, reason in missing_peers.items()]
    by_set: Json = {}
    with ProcessPoolExecutor(
        max_workers=min(N_PROCESSES, os.cpu_count() or 1), mp_context=get_context("spawn")
    ) as pool:
        running = {
            pool.submit(score_set, name, settings.shared, settings.home, quiet=quiet): name
            for name in sorted(names, key=_by_size)
        }
        for done in as_completed(running):
            try:
                by_set[running[done]] = done.result()
            except NotFound as absent:
                skipped.append(f"{running[done]}: {absent.message}")
    if not by_set:
        raise NotFound("No labelled set was found.", remedy="Point JUNSHI_SHARED at its folder.")
    by_set = {name: by_set[name] for name in SETS if name in by_set}
    return {
        "sets": by_set,
        "goals": goals(by_set),
        "skipped": skipped,
        "seconds": round(time.perf_counter() - started, 1),
    }


def score_set(name: str, shared: Path, home: Path, *, quiet: bool = False) -> Json:
    """One set: its sizes, every system's figures on the test queries, and our lead over each."""
    console = Console(stderr=True, quiet=quiet, highlight=False)
    try:
        labelled = SETS[name](shared)
    except CoachError as error:
        # Crosses the process boundary: an exception with keywords of its own does not unpickle.
        raise NotFound(error.message) from None
    passages = {
        id: f"{title}\n{text}" if title else text for id, (title, text) in labelled.passages.items()
    }
    embedder = EncodedOnce(UniversalSentenceEncoder(), home / "evals" / "vectors")
    console.print(f"{name}: encoding {len(passages)} passages …")
    embedder.prepare([*passages.values(), *labelled.queries.values()])
    scored: dict[str, Scores] = {}
    systems: Json = {}
    for system, search in product_retrieval.build(passages, embedder).items():
        began = time.perf_counter()
        scored[system] = _score(search(_texts(labelled, "test"), N_FOUND), labelled)
        systems[system] = {"chosen": {}, "tuned": False, "seconds": _since(began)}
    for module in PEER_MODULES:
        if module in _missing_peers():
            continue
        for system, peer in importlib.import_module(f"evals.peers.{module}").PEERS.items():
            began = time.perf_counter()
            search = peer.build(passages, embedder)
            choice = _choose(search, peer.choices, labelled)
            scored[system] = _score(search(_texts(labelled, "test"), N_FOUND, choice), labelled)
            systems[system] = {"chosen": choice, "tuned": peer.tuned, "seconds": _since(began)}
            reached = float(np.mean(scored[system]["ndcg_10"]))
            console.print(f"{name}: {system} {reached:.3f} {systems[system]['seconds']} s")
    ours = scored[product_retrieval.FUSED]
    for system, scores in scored.items():
        for metric in METRICS:
            systems[system][metric] = _rounded(mean_with_interval(scores[metric]))
        if system != product_retrieval.FUSED:
            lead = difference(ours["ndcg_10"], scores["ndcg_10"])
            systems[system]["lead_ndcg_10"] = _rounded(lead)
    return {
        "n_passages": len(passages),
        "n_dev": len(labelled.queries_of("dev")),
        "n_test": len(labelled.queries_of("test")),
        "systems": systems,
    }


def goals(by_set: Mapping[str, Any]) -> Json:
    """How far the goals are met; a peer counts where it was tuned."""
    tuned = dict.fromkeys(
        system
        for figures in by_set.values()
        for system, at in figures["systems"].items()
        if at["tuned"]
    )
    met: Json = {}
    for peer in tuned:
        leads = {
            name: figures["systems"][peer]["lead_ndcg_10"]
            for name, figures in by_set.items()
            if peer in figures["systems"]
        }
        met[peer] = {
            "at_or_above": [name for name, (mean, _, _) in leads.items() if mean >= 0],
            "surely_ahead": [name for name, (_, low, _) in leads.items() if low > 0],
            "below": [name for name, (mean, _, _) in leads.items() if mean < 0],
        }
        met[peer]["met"] = (
            not met[peer]["below"] and len(met[peer]["surely_ahead"]) >= GOAL_SETS_AHEAD
        )
    if "cmrc" in by_set:
        reached = by_set["cmrc"]["systems"][product_retrieval.FUSED]["ndcg_10"][0]
        met["cmrc_ndcg_10"] = {"reached": reached, "met": reached >= GOAL_CMRC_NDCG}
    return met


def tables(figures: Json) -> list[Table]:
    """nDCG@10 and recall by system and set, and our lead in nDCG@10, each with its interval."""
    titles = {
        "ndcg_10": "nDCG@10 [95 % interval], test queries",
        "lead_ndcg_10": "our lead in nDCG@10 [95 % interval of the paired difference]",
        "recall_5": "recall@5",
        "recall_20": "recall@20",
    }
    sets = figures["sets"]
    systems = dict.fromkeys(system for at in sets.values() for system in at["systems"])
    drawn = []
    for metric, title in titles.items():
        table = Table("", *sets, title=title)
        for system in systems:
            cells = [_cell(at["systems"].get(system, {}).get(metric)) for at in sets.values()]
            if any(cells):
                table.add_row(system, *cells)
        drawn.append(table)
    return drawn


def show_retrieval(figures: Json, *, picture: Path | None = None) -> None:
    """The tables on the terminal; `picture` also keeps them as an SVG file."""
    console = Console(record=picture is not None, width=150 if picture else None)
    for table in tables(figures):
        console.print(table)
    for name, at in figures["goals"].items():
        console.print(f"{name:20} " + "  ".join(f"{key}: {value}" for key, value in at.items()))
    for line in figures["skipped"]:
        console.print(f"skipped: {line}")
    console.print(f"{figures['seconds']} s")
    if picture is not None:
        console.save_svg(str(picture), title="retrieval")


def _missing_peers() -> dict[str, str]:
    """The reason by module for each peer that cannot be imported here."""
    missing = {}
    for module in PEER_MODULES:
        try:
            importlib.import_module(f"evals.peers.{module}")
        except ImportError as error:
            missing[module] = f"{error}; see make setup-peers"
    return missing


def _choose(search: Any, choices: Sequence[Json], labelled: RetrievalSet) -> Json:
    """The choice with the highest mean nDCG@10 on the dev queries; the earlier one at a tie."""
    if len(choices) == 1:
        return choices[0]
    queries = dict(list(labelled.queries_of("dev").items())[:MOST_TUNING_QUERIES])
    gains = [labelled.relevant[id] for id in queries]

    def reached(choice: Json) -> float:
        found: Rankings = search(list(queries.values()), N_FOUND, choice)
        return float(np.mean([ndcg(_ids(one), g) for one, g in zip(found, gains, strict=True)]))

    return max(choices, key=reached)


def _score(found: Rankings, labelled: RetrievalSet) -> Scores:
    """One number a test query for each metric."""
    scores: Scores = {metric: [] for metric in METRICS}
    for id, ranking in zip(labelled.queries_of("test"), found, strict=True):
        ids, gains = _ids(ranking), labelled.relevant[id]
        scores["ndcg_10"].append(ndcg(ids, gains))
        scores["recall_5"].append(recall(ids, gains, 5))
        scores["recall_20"].append(recall(ids, gains, 20))
    return scores


def _ids(ranking: Sequence[tuple[str, float]]) -> list[str]:
    return [id for id, _ in ranking]


def _texts(labelled: RetrievalSet, split: Split) -> list[str]:
    return list(labelled.queries_of(split).values())


def _by_size(name: str) -> int:
    """The largest sets first, so that no process is left alone with one at the end."""
    order = ("qmsum", "docs_zh", "headings_zh_en", "headings_en_zh", "docs_en", "cmrc")
    return order.index(name)


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 1)


def _rounded(estimate: Estimate) -> list[float]:
    return [round(number, 4) for number in estimate]


def _cell(estimate: Sequence[float] | None) -> str:
    if estimate is None:
        return ""
    mean, low, high = estimate
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", default=",".join(SETS), help="names with commas between")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--picture", type=Path, help="also keep the tables as an SVG file")
    chosen = parser.parse_args(arguments)
    names = [name for name in chosen.sets.split(",") if name]
    unknown = sorted(set(names) - set(SETS))
    if unknown:
        parser.error(f"no set {', '.join(unknown)}; there are {', '.join(SETS)}")
    figures = run(names)
    if chosen.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        show_retrieval(figures, picture=chosen.picture)


if __name__ == "__main__":
    try:
        main()
    except CoachError as error:
        sys.exit(f"junshi: {error}")
