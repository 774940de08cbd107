"""From a deal folder to its timeline and the coach's answer, and the way up from older signals."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from agents.backends import Backends
from agents.coach.graph import Coach
from agents.ingestion.ingest import ingest
from api.commands.timeline import read_history
from api.schemas.answers import answer_to_json
from core.database import MIGRATIONS, Database
from core.domain import Channel, IntentId, IntentScore, Passage, Recognition, Role
from core.errors import NotFound
from core.fakes import FixedClock
from core.settings import Settings
from retrieval import store
from retrieval.rows import NewSignal

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NO, YES = "今年的预算没批下来。", "财务说预算批了。"
CALL = "[00:01:00] 王建国: 预算批下来了。\n[00:01:10] 陈思远: 好的。\n"
RECORD = {
    "account": {"id": "acc-1", "name": "星源"},
    "contacts": [{"id": "c-1", "name": "王建国", "email": "wang@xingyuan.example"}],
    "rep": {"id": "rep-1", "name": "陈思远", "email": "chen@seller.example"},
    "opportunity": {"id": "d-1", "name": "MES", "stage": "proposal"},
}


class HearsBudgets:
    """A recogniser by plain words, so that the flow does not hang on what a model has learnt."""

    version = "words@1"

    def recognise(
        self,
        texts: Sequence[str],
        *,
        roles: Sequence[Role],
        channels: Sequence[Channel],
        before: Sequence[str] | None = None,
    ) -> list[Recognition]:
        return [_heard(text) for text in texts]


def _heard(text: str) -> Recognition:
    name = "money.budget_doubt" if "没批" in text else "money.budget_ready"
    scores = (IntentScore(IntentId(name), 0.98),) if "预算" in text else ()
    reported = 0.9 if "财务说" in text else 0.1
    return Recognition(scores, reported=reported, negative=0.2, positive=0.7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    deal = tmp_path / "deal"
    (deal / "emails").mkdir(parents=True)
    (deal / "deal.json").write_text(json.dumps(RECORD, ensure_ascii=False), encoding="utf-8")
    for name, day, words in (("1.eml", "10 Nov", NO), ("2.eml", "20 Nov", YES)):
        mail = EmailMessage()
        mail["From"], mail["To"] = "wang@xingyuan.example", "chen@seller.example"
        mail["Subject"], mail["Date"] = "预算", f"{day} 2026 10:00:00 +0800"
        mail["Message-ID"] = f"<{name}@xingyuan.example>"
        mail.set_content(words)
        (deal / "emails" / name).write_bytes(mail.as_bytes())
    return deal


@pytest.fixture
def backends(database: Database, tmp_path: Path) -> Backends:
    opened = Backends(
        settings=Settings(home=tmp_path / "home", database_url=""),
        database=database,
        clock=FixedClock(NOW),
    )
    opened.__dict__["recogniser"] = HearsBudgets()
    return opened


def history_of(backends: Backends) -> dict[str, Any]:
    return read_history(backends, tenant_id="t-1", deal_id="d-1")


def test_a_corrected_budget_reaches_the_timeline_and_the_coach(
    backends: Backends, folder: Path
) -> None:
    ingest(backends, folder, tenant_id="t-1")
    later, earlier = history_of(backends)["timeline"]
    assert (later["intent"], later["stands"]) == ("money.budget_ready", True)
    assert (earlier["intent"], earlier["stands"]) == ("money.budget_doubt", False)
    assert later["overrules"] == {"intent": earlier["intent"], "evidence": earlier["evidence"]}
    assert (later["reported"], later["mood"], earlier["reported"]) == (0.9, 0.5, 0.1)
    assert later["evidence"]["quote"] == YES
    assert (later["evidence"]["reported"], earlier["evidence"]["reported"]) == (0.9, None)

    answer = answer_to_json(Coach(backends).suggest(tenant_id="t-1", deal_id="d-1"))
    shown = {intent["id"]: intent for intent in answer["intents"]}
    changed = shown["money.budget_ready"]["changed_from"]
    assert (changed["intent"], changed["evidence"]["quote"]) == ("money.budget_doubt", NO)
    assert shown["money.budget_doubt"]["changed_from"] is None
    assert shown["money.budget_ready"]["evidence"][0]["reported"] == 0.9


def test_a_meeting_that_confirms_a_mail_agrees_with_it(backends: Backends, folder: Path) -> None:
    (folder / "meetings").mkdir()
    (folder / "meetings" / "2026-11-21.txt").write_text(CALL, encoding="utf-8")
    ingest(backends, folder, tenant_id="t-1")
    agreed = history_of(backends)["agreement"]
    assert agreed["channels"] == ["email", "meeting"]
    # Mails show doubt and readiness, the meeting readiness.
    assert (agreed["coverage"], agreed["n_compared"]) == (0.5, 26)
    assert agreed["kappa"] == pytest.approx(0.649)


def test_another_tenants_deal_has_no_timeline(backends: Backends, folder: Path) -> None:
    ingest(backends, folder, tenant_id="t-1")
    with pytest.raises(NotFound, match="d-1"):
        read_history(backends, tenant_id="t-2", deal_id="d-1")


def test_signals_from_before_the_migration_stay_with_nothing_known(
    database: Database, plant: Callable[..., list[Passage]]
) -> None:
    (passage,) = plant(database, [YES], deal_id="d-1")
    with database.write() as session:
        store.add_signals(
            session,
            tenant_id="t-1",
            deal_id="d-1",
            source_id=passage.source_id,
            recogniser="r@1",
            signals=[NewSignal(passage.id, "money.budget_ready", 0.9, 0, 8, 0.9, 0.5)],
        )
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    database.migrate()
    with database.read() as session:
        (signal,) = store.signals_of_deal(session, tenant_id="t-1", deal_id="d-1")
    assert (signal.intent, signal.evidence.quote) == ("money.budget_ready", YES)
    assert (signal.reported, signal.mood) == (None, None)
