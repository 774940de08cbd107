"""Real worker processes: killed in the middle, or two at once, each touchpoint is settled once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.backends import open_backends
from agents.ingestion.ingest import ingest
from core.database import Database
from core.settings import Settings, child_environment
from core.tables.registry import metadata

ROOT = Path(__file__).parents[2]
N_DEALS = 40


def deal_folder(root: Path, number: int, started: datetime) -> None:
    folder = root / f"deal-{number}"
    (folder / "meetings").mkdir(parents=True)
    deal = {
        "account": {"id": f"acc-{number}", "name": f"Account {number}"},
        "opportunity": {"id": f"opp-{number}", "name": "Deal", "budget_status": "approved"},
        "contacts": [{"id": "c1", "name": "Ann Lee", "email": "ann@x.example"}],
        "rep": {"id": "r1", "name": "Bo Chen"},
    }
    (folder / "deal.json").write_text(json.dumps(deal), encoding="utf-8")
    (folder / "meetings" / "demo.txt").write_text(
        "00:00:01 Bo Chen: Let me show you the screen.\n"
        "00:00:09 Ann Lee: Our budget for this year is frozen.\n",
        encoding="utf-8",
    )
    meta = {"title": "Product demo", "start_time": started.isoformat(), "participants": []}
    (folder / "meetings" / "demo.meta.json").write_text(json.dumps(meta), encoding="utf-8")


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Many deals of two tenants, each with one demo that was two days ago."""
    made = Settings(home=tmp_path / "home", database_url=database.url)
    opened = open_backends(made)
    for tenant in ("one", "two"):
        for number in range(N_DEALS // 2):
            deal_folder(tmp_path / tenant, number, datetime.now(UTC) - timedelta(days=2))
        report = ingest(opened, tmp_path / tenant, tenant_id=tenant)
        assert not report.failures
    opened.database.dispose()
    return made


def start(settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "work", "--once", "--json"],
        cwd=ROOT,
        env=child_environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_each_once(database: Database) -> None:
    with database.engine.connect() as connection:
        checks = connection.execute(metadata.tables["deviation_check"].select()).all()
        reports = connection.execute(metadata.tables["deviation_report"].select()).all()
    settled = Counter((row.tenant_id, row.deal_id, row.source_id) for row in checks)
    assert len(settled) == N_DEALS
    assert set(settled.values()) == {1}
    assert {row.outcome for row in checks} == {"checked"}
    assert Counter(row.report_id for row in checks) == Counter(row.id for row in reports)


def test_a_killed_worker_neither_loses_nor_doubles_a_check(
    settings: Settings, database: Database
) -> None:
    for n_lines in (1, 7, 12):
        child = start(settings)
        assert child.stdout is not None
        with child.stdout:
            for _ in range(n_lines):
                assert child.stdout.readline()
            child.send_signal(signal.SIGKILL)
            child.wait()
    with database.engine.connect() as connection:
        n_done = len(connection.execute(metadata.tables["deviation_check"].select()).all())
    assert n_done < N_DEALS, "the worker was through before it could be killed"
    last = start(settings)
    last.communicate(timeout=120)
    assert last.returncode == 0
    assert_each_once(database)


def test_two_workers_at_once_settle_each_check_once(settings: Settings, database: Database) -> None:
    children = [start(settings) for _ in range(2)]
    lines = []
    for child in children:
        written, _ = child.communicate(timeout=120)
        lines += [json.loads(line) for line in written.splitlines()]
        assert child.returncode == 0
    done = [line for line in lines if line["event"] == "deal_checked"]
    assert len({line["report_id"] for line in done}) == len(done) == N_DEALS
    assert_each_once(database)


def test_a_polite_signal_ends_the_worker_cleanly(settings: Settings) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "work", "--json"],
        cwd=ROOT,
        env=child_environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline()
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=60)
    assert child.returncode == 0
