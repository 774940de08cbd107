"""The check as a workflow: when it is due, what it keeps, and what people decide."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import evals
from agents.backends import Backends, open_backends
from agents.coach.graph import Coach
from agents.deviation_check import store
from agents.deviation_check.graph import DeviationCheck
from agents.deviation_check.schedule import store as schedule
from agents.deviation_check.state import Decision, DeviationState, Outcome, Settled
from agents.deviation_check.worker import Step, Worker
from agents.ingestion.ingest import ingest
from core.database import Database
from core.domain import Channel, Deviation
from core.errors import Conflict, NotFound
from core.fakes import FixedClock
from core.settings import Settings
from retrieval import store as source_store

XINGYUAN = Path(evals.__file__).parent / "samples" / "xingyuan-mes"
DEAL = "opp-xingyuan-mes"
# The quote meeting was on 22 October, the freeze talk on 19 November.
INGESTED = datetime(2026, 10, 22, 12, 0, tzinfo=UTC)


def at(backends: Backends, now: datetime) -> Backends:
    return Backends(settings=backends.settings, database=backends.database, clock=FixedClock(now))


def passes(backends: Backends, now: datetime) -> list[Step]:
    steps: list[Step] = []
    Worker(at(backends, now), on_step=steps.append).run_pass()
    return steps


def checked(steps: list[Step]) -> list[Settled]:
    return [one for step in steps for one in step.settled if one.outcome is Outcome.CHECKED]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "xingyuan-mes"
    shutil.copytree(XINGYUAN, copy)
    return copy


@pytest.fixture
def backends(database: Database, tmp_path: Path, folder: Path) -> Iterator[Backends]:
    settings = Settings(home=tmp_path / "home", database_url=database.url)
    opened = open_backends(settings, clock=FixedClock(INGESTED))
    ingest(opened, folder, tenant_id="demo")
    yield opened
    opened.database.dispose()


def change_record(folder: Path, **fields: object) -> None:
    path = folder / "deal.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["opportunity"].update(fields)
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def run(backends: Backends, now: datetime = INGESTED) -> DeviationCheck:
    return DeviationCheck(at(backends, now))


def test_a_check_is_due_a_day_after_the_touchpoint_and_once(backends: Backends) -> None:
    meeting = "meetings/2026-10-22-quote-review.vtt"
    with backends.database.read() as session:
        known = source_store.sources_of(session, tenant_id="demo", origin=DEAL)
    quote = known[meeting]
    assert quote.occurred_at is not None
    early = passes(backends, quote.occurred_at + timedelta(hours=23, minutes=59))
    assert quote.id not in {one.source_id for one in checked(early)}
    late = passes(backends, quote.occurred_at + timedelta(hours=24))
    assert [one.source_id for one in checked(late)] == [quote.id]
    assert passes(backends, quote.occurred_at + timedelta(hours=25)) == []


def test_the_delay_is_a_setting(backends: Backends) -> None:
    backends.settings = backends.settings.model_copy(update={"deviation_delay_h": 24 * 365.0})
    assert passes(backends, datetime(2026, 12, 24, tzinfo=UTC)) == []


def test_several_due_touchpoints_of_a_deal_give_one_report(backends: Backends) -> None:
    steps = passes(backends, datetime(2026, 11, 24, tzinfo=UTC))
    assert len(steps) == 1
    assert steps[0].report_id
    assert len(checked(steps)) >= 2


def test_what_was_old_when_it_was_ingested_is_passed_over(
    database: Database, tmp_path: Path, folder: Path
) -> None:
    settings = Settings(home=tmp_path / "home", database_url=database.url)
    later = open_backends(settings, clock=FixedClock(datetime(2027, 6, 1, tzinfo=UTC)))
    ingest(later, folder, tenant_id="demo")
    steps = passes(later, datetime(2027, 6, 2, tzinfo=UTC))
    assert {one.outcome for step in steps for one in step.settled} == {Outcome.TOO_OLD}
    assert passes(later, datetime(2027, 6, 3, tzinfo=UTC)) == []
    later.database.dispose()


def test_a_long_outage_of_the_worker_loses_nothing(backends: Backends) -> None:
    assert checked(passes(backends, datetime(2028, 1, 1, tzinfo=UTC)))


def test_an_interrupted_check_is_still_due(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(store, "_follow", fail)
        steps = passes(backends, now)
    assert [step.error for step in steps] == ["RuntimeError"]
    with backends.database.read() as session:
        assert schedule.due_deals(session, until=now, limit=9) == [("demo", DEAL)]
    assert checked(passes(backends, now))


def test_a_failed_deal_waits_and_is_tried_again(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    steps: list[Step] = []
    worker = Worker(at(backends, now), on_step=steps.append)
    with monkeypatch.context() as patched:
        patched.setattr(store, "_follow", lambda *_: 1 / 0)
        assert worker.run_pass().n_failed == 1
    assert worker.run_pass().n_deals == 0
    worker.backends.clock = FixedClock(now + timedelta(minutes=2))
    assert worker.run_pass().n_reports == 1


def test_another_workers_touchpoints_are_not_settled_again(backends: Backends) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    due = checked(passes(backends, now))
    again = run(backends, now).run(tenant_id="demo", deal_id=DEAL, due=due)
    assert again.record.how == "settled_elsewhere"
    with backends.database.read() as session:
        assert schedule.due_deals(session, until=now, limit=9) == []


def test_tenants_take_turns(backends: Backends, folder: Path) -> None:
    ingest(backends, folder, tenant_id="other")
    for n in range(2):
        record = json.loads((folder / "deal.json").read_text(encoding="utf-8"))
        record["opportunity"]["id"] = f"opp-more-{n}"
        (folder / "deal.json").write_text(json.dumps(record), encoding="utf-8")
        ingest(backends, folder, tenant_id="demo")
    with backends.database.read() as session:
        due = schedule.due_deals(session, until=datetime(2026, 11, 24, tzinfo=UTC), limit=2)
    assert {tenant for tenant, _ in due} == {"demo", "other"}


def test_on_demand_is_the_coachs_comparison_with_the_channels_beside(backends: Backends) -> None:
    done = run(backends).run(tenant_id="demo", deal_id=DEAL)
    assert done.report == Coach(backends).compare(tenant_id="demo", deal_id=DEAL)
    assert [one.deviation for one in done.record.stored] == sorted(
        done.report.deviations, key=lambda one: one.field
    )
    budget = next(row for row in done.by_channel if row.field == "budget_status")
    assert budget.crm == "approved"
    assert budget.said[Channel.MEETING].value == "doubtful"
    words = budget.said[Channel.MEETING].evidence
    with backends.database.read() as session:
        source = source_store.source(session, tenant_id="demo", source_id=words.source_id)
    assert source.text[words.start : words.end] == words.quote
    assert run(backends).run(tenant_id="demo", deal_id=DEAL).record.how == "unchanged"


def test_other_spelling_of_the_same_value_is_the_same_deviation() -> None:
    one = Deviation("amount", "480000", "52万", "medium", None, (), proposed="520000")
    assert store.fingerprint(one) == store.fingerprint(replace(one, observed="520K"))
    assert store.fingerprint(one) != store.fingerprint(replace(one, crm="490000"))
    assert store.fingerprint(one) != store.fingerprint(replace(one, proposed="530000"))


def test_what_is_no_longer_found_is_resolved_and_opens_again(
    backends: Backends, folder: Path
) -> None:
    before = run(backends).run(tenant_id="demo", deal_id=DEAL).record.stored
    budget = next(one for one in before if one.deviation.field == "budget_status")
    change_record(folder, budget_status="doubtful")
    ingest(backends, folder, tenant_id="demo")
    later = INGESTED + timedelta(days=40)
    stored = run(backends, later).run(tenant_id="demo", deal_id=DEAL).record.stored
    gone = next(one for one in stored if one.id == budget.id)
    assert (gone.state, gone.resolved_at) == (DeviationState.RESOLVED, later)
    change_record(folder, budget_status="approved")
    ingest(backends, folder, tenant_id="demo")
    stored = run(backends, later).run(tenant_id="demo", deal_id=DEAL).record.stored
    back = next(one for one in stored if one.id == budget.id)
    assert (back.state, back.first_seen_at) == (DeviationState.OPEN, INGESTED)


def decide(backends: Backends, deviation_id: str, word: str, key: str, **who: str) -> Decision:
    made = Decision(
        id=key,
        deviation_id=deviation_id,
        decision="accepted" if word == "accepted" else "dismissed",
        decided_by=who.get("by", "rep-1"),
        decided_at=INGESTED,
    )
    with backends.database.write() as session:
        return store.decide(
            session,
            tenant_id=who.get("tenant", "demo"),
            deal_id=DEAL,
            decision=made,
            idempotency_key=key,
        )


def test_a_decision_counts_once_and_is_never_overwritten(backends: Backends) -> None:
    found = run(backends).run(tenant_id="demo", deal_id=DEAL).record.stored[0]
    first = decide(backends, found.id, "accepted", "k1")
    change = {"field": found.deviation.field, "from": found.deviation.crm}
    assert first.agreed_change == {**change, "to": found.deviation.proposed}
    assert decide(backends, found.id, "accepted", "k1") == first
    assert decide(backends, found.id, "accepted", "k2") == first
    with pytest.raises(Conflict):
        decide(backends, found.id, "dismissed", "k1")
    assert decide(backends, found.id, "dismissed", "k3").agreed_change is None
    with backends.database.read() as session:
        stored = store.stored_deviations(session, tenant_id="demo", deal_id=DEAL)
    now = next(one for one in stored if one.id == found.id)
    assert now.state is DeviationState.DISMISSED
    with pytest.raises(NotFound):
        decide(backends, found.id, "accepted", "k4", tenant="other")


def test_a_no_outlives_a_while_in_which_nothing_was_found(backends: Backends, folder: Path) -> None:
    stored = run(backends).run(tenant_id="demo", deal_id=DEAL).record.stored
    budget = next(one for one in stored if one.deviation.field == "budget_status")
    decide(backends, budget.id, "dismissed", "k1")
    for status in ("doubtful", "approved"):
        change_record(folder, budget_status=status)
        ingest(backends, folder, tenant_id="demo")
        stored = run(backends).run(tenant_id="demo", deal_id=DEAL).record.stored
    state = next(one.state for one in stored if one.id == budget.id)
    assert state is DeviationState.DISMISSED
