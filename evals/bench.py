"""`junshi bench`: latency and throughput of the fast path, in a scratch state of its own.

Latency is of `Coach.suggest` for ingested sample deals: in process, on a first look, and through
whatever `over_http` measures (the command line passes a real server on loopback). Throughput is of
ingestion. Search in stores of growing size is evals.retrieval_bench's. A timing is a reading on one
machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from agents.backends import Backends, open_backends
from agents.coach.graph import Coach
from agents.coach.nodes import forget_verifications
from agents.ingestion.ingest import ingest
from core.settings import Settings
from evals import adapters
from evals.retrieval_bench import SIZES, Extent, run_retrieval_bench, show_retrieval

SAMPLES = Path(__file__).parent / "samples"
N_WARM_UP = 10

Json = dict[str, Any]
OverHttp = Callable[[Backends, list[str], int], Json]


def run_bench(*, n_requests: int, quiet: bool, over_http: OverHttp) -> Json:
    """Figures by name; corpora that are not there are left out and listed under `skipped`."""
    log = Console(stderr=True, quiet=quiet).print
    with tempfile.TemporaryDirectory(prefix="junshi-bench-") as scratch:
        settings = Settings(home=Path(scratch), database_url="")
        opened = open_backends(settings)
        log("Ingesting the sample deals …")
        samples = ingest(opened, SAMPLES, tenant_id=settings.tenant)
        figures: Json = {"samples_s": samples.seconds}
        log("Fast path, in process …")
        figures["suggest_in_process_ms"] = _in_process(opened, samples.deals, n_requests)
        log("Fast path, first look …")
        figures["suggest_first_look_ms"] = _first_look(opened, samples.deals, n_requests // 3)
        log("Fast path, over HTTP …")
        figures["suggest_http_ms"] = over_http(opened, samples.deals, n_requests)
        log("Ingestion …")
        figures["ingestion"], figures["skipped"] = _throughput(opened, Path(scratch))
        opened.database.dispose()
    figures["retrieval"] = run_retrieval(quiet=quiet)
    return figures


def run_retrieval(*, quiet: bool, sizes: Sequence[int] = SIZES) -> Json:
    """Figures of search alone, by size of the store."""
    log = Console(stderr=True, quiet=quiet).print
    extent = Extent(sizes=tuple(sorted(sizes)))
    return run_retrieval_bench(Settings().shared, extent=extent, tell=log)


def percentiles(seconds: list[float]) -> Json:
    ms = np.array(seconds) * 1000
    return {
        "n": len(seconds),
        "p50": round(float(np.percentile(ms, 50)), 2),
        "p99": round(float(np.percentile(ms, 99)), 2),
        "max": round(float(ms.max()), 2),
    }


def timed(call: Callable[[str], object], deals: list[str], n: int) -> Json:
    """Calls with each deal in turn, `n` times after a warm-up; percentiles in ms."""
    for number in range(N_WARM_UP):
        call(deals[number % len(deals)])
    seconds = []
    for number in range(n):
        started = time.perf_counter()
        call(deals[number % len(deals)])
        seconds.append(time.perf_counter() - started)
    return percentiles(seconds)


def _in_process(opened: Backends, deals: list[str], n: int) -> Json:
    coach = Coach(opened)
    tenant = opened.settings.tenant
    return timed(lambda deal: coach.suggest(tenant_id=tenant, deal_id=deal), deals, n)


def _first_look(opened: Backends, deals: list[str], n: int) -> Json:
    """As after a restart or an edit: nothing of the deal is kept in memory, models are loaded."""
    tenant = opened.settings.tenant

    def look(deal: str) -> None:
        forget_verifications()
        Coach(opened).suggest(tenant_id=tenant, deal_id=deal)

    return timed(look, deals, n)


def _throughput(opened: Backends, scratch: Path) -> tuple[Json, list[str]]:
    shared = opened.settings.shared / "data"
    tenant = opened.settings.tenant
    figures: Json = {}
    skipped = []
    for name in ("enron_raw", "mime"):
        folder = shared / "emails" / name
        if not folder.is_dir():
            skipped.append(f"emails/{name}")
            continue
        report = ingest(opened, folder, tenant_id=tenant)
        figures[name] = {
            "files": report.n_files,
            "failures": len(report.failures),
            "emails_per_s": round(report.n_emails / report.seconds, 1),
        }
    for corpus in adapters.CORPORA:
        if not (shared / "meetings" / f"{corpus}_meetings.jsonl").is_file():
            skipped.append(f"meetings/{corpus}")
            continue
        out = scratch / corpus
        adapters.convert(corpus, out, n=20, shared=shared.parent)
        report = ingest(opened, out, tenant_id=tenant)
        figures[corpus] = {
            "meetings": report.n_meetings,
            "failures": len(report.failures),
            "utterances": report.n_utterances,
            "utterances_per_min": round(60 * report.n_utterances / report.seconds),
        }
    return figures, skipped


def show_bench(figures: Json) -> None:
    console = Console()
    for name in ("suggest_in_process_ms", "suggest_first_look_ms", "suggest_http_ms"):
        at = figures[name]
        console.print(f"{name:24} p50 {at['p50']:.1f} ms  p99 {at['p99']:.1f} ms  (n={at['n']})")
    console.print(f"{'sample deals':24} {figures['samples_s']:.1f} s")
    for name, at in figures["ingestion"].items():
        console.print(f"{name:24} " + "  ".join(f"{k} {v}" for k, v in at.items()))
    for name in figures["skipped"]:
        console.print(f"{name:24} skipped: not under JUNSHI_SHARED")
    show_retrieval(figures["retrieval"])
