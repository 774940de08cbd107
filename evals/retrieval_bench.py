"""`junshi bench --retrieval`: search as the store grows, and how quickly it can be filled.

Each size stands twice in a database of its own: as accounts of one to two thousand passages, which
is how a rep's questions meet it, and as one shared scope that holds them all. Every step runs in a
fresh interpreter (evals.bench_scale says why), texts are public ones, most vectors are mixtures of
real ones (evals.bench_texts says how). A timing is a reading on one machine: processor time beside
it tells what other work on the machine added.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from core.errors import NotFound
from evals.bench_picture import budget_of, growth_svg
from evals.bench_rates import embedded_rates, lexical_rate, packaged_model_rates
from evals.bench_scale import (
    N_SHARED,
    N_WARM_UP,
    Json,
    Layout,
    Store,
    measure,
    plant,
    restart,
)
from evals.bench_texts import (
    SAMPLE,
    make_passages,
    make_questions,
    missing_files,
    write_lines,
    write_sample,
)
from retrieval.embedders.use import UniversalSentenceEncoder

Tell = Callable[[str], None]
Run = Callable[..., Any]

SIZES = (10_000, 50_000, 200_000)
LAYOUTS: tuple[Layout, ...] = ("account", "global")
N_QUERIES = 1_000
N_UPSERTS = 30
# Fewer would not hold the longest texts that the dense rate asks for.
LEAST_TEXTS = 2_500
VECTORS_NOTE = (
    f"{SAMPLE} passages are encoded, the vectors of the others are mixtures of three of them plus "
    "noise: times are real, what is found is not"
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured; `an_account` and `a_source` as in `Store`."""

    sizes: tuple[int, ...] = SIZES
    n_queries: int = N_QUERIES
    n_upserts: int = N_UPSERTS
    an_account: tuple[int, int] = (1_000, 2_000)
    a_source: int = 300
    with_rates: bool = True


def run_apart(step: Callable[..., Any], *args: Any) -> Any:
    """The step's return value, from an interpreter started for it alone."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_say_less) as pool:
        return pool.submit(step, *args).result()


def _say_less() -> None:
    # Standard output is for the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def run_retrieval_bench(
    shared: Path, *, extent: Extent = Extent(), tell: Tell, run: Run = run_apart
) -> Json:
    """Figures by size and layout, and rates; without the public texts only what is `skipped`.

    `run` calls a step with its arguments; memory means something only in an interpreter of its own.
    """
    missing = missing_files(shared)
    if missing:
        return {"by_size": [], "rates": {}, "skipped": [f"retrieval: {one}" for one in missing]}
    with tempfile.TemporaryDirectory(prefix="junshi-bench-") as name:
        scratch = Path(name)
        passages, questions = scratch / "passages.jsonl", scratch / "questions.jsonl"
        vectors = scratch / "vectors.npy"
        tell("Retrieval: texts and sample vectors …")
        run(_write_texts, shared, extent, passages, questions, vectors)
        figures: Json = {
            "n_cpus": os.cpu_count(),
            "vectors": VECTORS_NOTE,
            "by_size": [],
            "rates": {},
            "skipped": [],
        }
        for n in extent.sizes:
            row: Json = {"n": n}
            for layout in LAYOUTS:
                tell(f"Retrieval: {n:,} passages, {layout} …")
                store = Store(
                    folder=scratch / f"{layout}-{n}",
                    passages=passages,
                    vectors=vectors,
                    questions=questions,
                    layout=layout,
                    n=n,
                    n_queries=extent.n_queries,
                    n_upserts=extent.n_upserts,
                    an_account=extent.an_account,
                    a_source=extent.a_source,
                )
                row[layout] = _measured(store, run)
            figures["by_size"].append(row)
        if extent.with_rates:
            tell("Retrieval: ingestion rates …")
            figures["rates"], figures["skipped"] = _rates(passages, run)
    return figures


def _measured(store: Store, run: Run) -> Json:
    figures: Json = run(plant, store)
    figures |= run(measure, store)
    if store.layout == "global":
        figures |= run(restart, store)
    shutil.rmtree(store.folder)
    figures["p99_budget"] = budget_of(store.layout)
    return figures


def _write_texts(
    shared: Path, extent: Extent, passages: Path, questions: Path, vectors: Path
) -> None:
    texts = make_passages(shared, max(*extent.sizes, LEAST_TEXTS) + N_SHARED)
    write_lines(texts, passages)
    write_lines(make_questions(shared, 2 * N_WARM_UP + extent.n_queries), questions)
    sample = texts[: max(extent.sizes) + N_SHARED]
    write_sample(sample, UniversalSentenceEncoder(), vectors)


def _rates(passages: Path, run: Run) -> tuple[Json, list[str]]:
    rates: Json = {"lexical": run(lexical_rate, passages)}
    rates["dense"] = [run(embedded_rates, passages)]
    packaged, why_not = packaged_model_rates(passages)
    if packaged is None:
        return rates, [f"retrieval: rate of a sentence-transformers model ({why_not})"]
    rates["dense"].append(packaged)
    return rates, []


def draw_growth(figures: Json, picture: Path | None) -> None:
    """Writes the picture where one is asked for; NotFound where nothing was measured."""
    if picture is None:
        return
    if not figures["by_size"]:
        raise NotFound(
            "There is no growth to draw: the public texts are not there.",
            remedy="Point JUNSHI_SHARED at the folder of public data.",
        )
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(growth_svg(figures["by_size"]), encoding="utf-8")


# ---- shown ---------------------------------------------------------------------------------------


def show_retrieval(figures: Json) -> None:
    console = Console()
    if figures["by_size"]:
        console.print(_searches(figures["by_size"]))
        console.print(_parts(figures["by_size"]))
        console.print(_stores(figures["by_size"]))
        console.print(f"Vectors: {figures['vectors']}.", style="dim")
    for line in _rate_lines(figures["rates"]):
        console.print(line)
    for name in figures["skipped"]:
        console.print(f"{name}: skipped")


def _rows(by_size: Sequence[Json]) -> Iterator[tuple[str, str, Json]]:
    for row in by_size:
        for layout in LAYOUTS:
            yield f"{row['n']:,}", layout, row[layout]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 1 else "right")
    return table


def _searches(by_size: Sequence[Json]) -> Table:
    title = "One search, ms: by the clock, and of the processor"
    table = _table(
        title, "passages", "scope", "p50", "p99", "max", "cpu p50", "cpu p99", "p99 budget"
    )
    for n, layout, at in _rows(by_size):
        wall, cpu, budget = at["search_ms"], at["search_cpu_ms"], at["p99_budget"]
        shown = f"≤ {budget['p99_ms']:g}" if n == f"{budget['n']:,}" else ""
        figures = [wall["p50"], wall["p99"], wall["max"], cpu["p50"], cpu["p99"]]
        table.add_row(n, layout, *(f"{one:.2f}" for one in figures), shown)
    return table


def _parts(by_size: Sequence[Json]) -> Table:
    names = list(dict.fromkeys(part for _, _, at in _rows(by_size) for part in at["parts"]))
    table = _table("Mean ms of its parts, and their share", "passages", "scope", *names)
    for n, layout, at in _rows(by_size):
        cells = [at["parts"].get(name) for name in names]
        shown = [f"{c['mean']:.2f} {c['share']:.0%}" if c else "" for c in cells]
        table.add_row(n, layout, *shown)
    return table


def _stores(by_size: Sequence[Json]) -> Table:
    table = _table(
        "Memory in MiB (models, indexed, after restart); seconds to build and to restore; upserts",
        *("passages", "scope", "models", "indexed", "restart", "stored/s", "build s", "restore s"),
        *("snapshot MiB", "upsert found p50", "p99 ms"),
    )
    for n, layout, at in _rows(by_size):
        first = at.get("first_search_ms")
        built = f"{at['built_s']:.1f}" if first is None else f"p50 {first['p50'] / 1_000:.2f}"
        found = at["upsert_found_ms"]
        table.add_row(
            *(n, layout, _mib(at["rss_models_mib"]), _mib(at["rss_searched_mib"])),
            *(_mib(at.get("rss_restored_mib")), f"{at['stored_per_s']:,}", built),
            *(_mib(at.get("restored_s"), ".2f"), _mib(at.get("snapshot_mib"))),
            *(f"{found['p50']:.0f}", f"{found['p99']:.0f}"),
        )
    return table


def _mib(figure: float | None, form: str = ",.0f") -> str:
    return "" if figure is None else format(figure, form)


def _rate_lines(rates: Json) -> Iterator[str]:
    if "lexical" in rates:
        lexical = rates["lexical"]
        rate, of_cpu = lexical["passages_per_s"], lexical["passages_per_cpu_s"]
        yield f"Lexical ingestion: {rate:,} passages/s, {of_cpu:,} a second of the processor"
    for dense in rates.get("dense", ()):
        by_length = ", ".join(
            f"{length} characters {rate:g}/s" for length, rate in dense["passages_per_s"].items()
        )
        yield f"Dense ingestion, {dense['model']}: {by_length}"
