"""`ingest`: progress bars for people, counts for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from agents.backends import Backends
from agents.ingestion.ingest import ingest
from agents.ingestion.report import IngestReport
from api.commands.opening import backends

Json = dict[str, Any]


def run_ingest(paths: list[Path], *, quiet: bool) -> Json:
    """Each path in turn; the counts of all of them together."""
    opened = backends()
    reports = [ingest_with_bar(opened, path, quiet=quiet) for path in paths]
    total = reports[0].to_json()
    for report in reports[1:]:
        for key, value in report.to_json().items():
            total[key] = total[key] + value
    return total


def ingest_with_bar(opened: Backends, path: Path, *, quiet: bool) -> IngestReport:
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        # A bar that cannot be redrawn would only litter a log.
        disable=quiet or not console.is_terminal,
    ) as bars:
        bar = bars.add_task(path.name, total=None)

        def advance(what: str, n_done: int, n_total: int) -> None:
            bars.update(bar, description=what, completed=n_done, total=n_total)

        report = ingest(opened, path, tenant_id=opened.settings.tenant, on_progress=advance)
        bars.update(bar, description=path.name, completed=report.n_files, total=report.n_files)
    return report


def show_report(report: Json) -> None:
    console = Console()
    console.print(
        f"{report['n_files']} files in {report['seconds']:.1f} s: {report['n_new']} new, "
        f"{report['n_replaced']} replaced, {report['n_unchanged']} unchanged, "
        f"{report['n_retired']} retired, {len(report['failures'])} failed"
    )
    console.print(
        f"{report['n_deals']} deals, {report['n_emails']} e-mails, {report['n_meetings']} meetings "
        f"({report['n_utterances']} utterances), {report['n_passages']} passages"
    )
    for failure in report["failures"]:
        console.print(f"  failed: {failure['path']}: {failure['reason']}", markup=False)
    for warning in report["warnings"]:
        console.print(f"  note: {warning['path']}: {warning['reason']}", markup=False)
