"""Does what is due: one deal after another, tenants in turn, each deal in one transaction.

Any number of workers may run on one database. What is due is asked again before each deal, so two
of them seldom compute the same one, and if they do only one commits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from agents.backends import Backends
from agents.deviation_check.graph import DeviationCheck
from agents.deviation_check.schedule import store as schedule
from agents.deviation_check.state import Outcome, Settled
from agents.deviation_check.touchpoints import touchpoint_kinds
from core.domain import DealId, TenantId
from core.errors import CoachError
from retrieval import store as source_store

log = structlog.get_logger(__name__)

# Deals between two looks at the schedule: what became due meanwhile waits no longer than these.
BATCH = 20
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one deal. `error` is the code of what went wrong; then nothing was written."""

    tenant_id: str
    deal_id: str
    settled: tuple[Settled, ...] = ()
    report_id: str | None = None
    n_deviations: int = 0
    settled_elsewhere: bool = False
    error: str | None = None


@dataclass(slots=True)
class Pass:
    """Counts of one pass over all that was due."""

    n_deals: int = 0
    n_reports: int = 0
    n_checked: int = 0
    n_passed_over: int = 0
    n_settled_elsewhere: int = 0
    n_failed: int = 0

    def count(self, step: Step) -> None:
        n_checked = sum(1 for one in step.settled if one.outcome is Outcome.CHECKED)
        self.n_deals += 1
        self.n_reports += step.report_id is not None
        self.n_checked += n_checked
        self.n_passed_over += len(step.settled) - n_checked
        self.n_settled_elsewhere += step.settled_elsewhere
        self.n_failed += step.error is not None


@dataclass(slots=True)
class _Waiting:
    """A deal that failed is tried again later, ever more seldom; the others do not wait for it."""

    until: datetime
    wait: timedelta = field(default=FIRST_WAIT)


class Worker:
    """`on_step` hears of each deal after its commit."""

    def __init__(
        self, backends: Backends, *, on_step: Callable[[Step], None] | None = None
    ) -> None:
        self.backends = backends
        self._check = DeviationCheck(backends)
        self._on_step = on_step or _log_step
        self._failed: dict[tuple[str, str], _Waiting] = {}

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set, finishing the deal at hand. A lost database is waited for."""
        while not stop.is_set():
            try:
                self.run_pass(stop)
            except Exception as error:
                # Whatever it was, the next pass finds the same work due.
                log.warning("worker_pass_failed", error=type(error).__name__)
            stop.wait(self.backends.settings.work_poll_s)

    def run_pass(self, stop: threading.Event | None = None) -> Pass:
        """Everything that is due now, except what failed just before."""
        made = Pass()
        while batch := self._next_batch():
            for tenant_id, deal_id in batch:
                if stop is not None and stop.is_set():
                    return made
                step = self._deal(tenant_id, deal_id)
                if step is not None:
                    made.count(step)
                    self._on_step(step)
        return made

    def _next_batch(self) -> list[tuple[TenantId, DealId]]:
        now = self.backends.clock.now()
        waiting = {key for key, one in self._failed.items() if one.until > now}
        with self.backends.database.read() as session:
            due = schedule.due_deals(session, until=self._until(), limit=BATCH + len(waiting))
        return [key for key in due if key not in waiting][:BATCH]

    def _until(self) -> datetime:
        delay = timedelta(hours=self.backends.settings.deviation_delay_h)
        return self.backends.clock.now() - delay

    def _deal(self, tenant_id: str, deal_id: str) -> Step | None:
        """None when another worker was quicker."""
        try:
            step = self._settle(tenant_id, deal_id)
        except Exception as error:
            # One deal that cannot be read must not keep the others from their checks.
            code = error.code if isinstance(error, CoachError) else type(error).__name__
            before = self._failed.get((tenant_id, deal_id))
            wait = min(before.wait * 2, LONGEST_WAIT) if before else FIRST_WAIT
            until = self.backends.clock.now() + wait
            self._failed[tenant_id, deal_id] = _Waiting(until=until, wait=wait)
            return Step(tenant_id, deal_id, error=code)
        self._failed.pop((tenant_id, deal_id), None)
        return step

    def _settle(self, tenant_id: str, deal_id: str) -> Step | None:
        due = tuple(self._look_at(tenant_id, deal_id))
        if not due:
            return None
        if any(one.outcome is Outcome.CHECKED for one in due):
            checked = self._check.run(tenant_id=tenant_id, deal_id=deal_id, due=due)
            if checked.record.how == "settled_elsewhere":
                return Step(tenant_id, deal_id, settled_elsewhere=True)
            return Step(
                tenant_id,
                deal_id,
                settled=due,
                report_id=checked.record.report_id,
                n_deviations=len(checked.report.deviations),
            )
        with self.backends.database.write() as session:
            mine = schedule.settle(
                session,
                tenant_id=tenant_id,
                deal_id=deal_id,
                due=due,
                report_id=None,
                now=self.backends.clock.now(),
            )
        return Step(tenant_id, deal_id, settled=tuple(mine)) if mine else None

    def _look_at(self, tenant_id: str, deal_id: str) -> Iterator[Settled]:
        settings = self.backends.settings
        delay = timedelta(hours=settings.deviation_delay_h)
        max_age = timedelta(days=settings.deviation_max_age_days)
        with self.backends.database.read() as session:
            due = schedule.due_sources(
                session, tenant_id=tenant_id, deal_id=deal_id, until=self._until()
            )
            for one in due:
                due_at = one.occurred_at + delay
                if one.ingested_at - one.occurred_at > max_age:
                    yield Settled(one.source_id, one.version, due_at, Outcome.TOO_OLD)
                    continue
                source = source_store.source(session, tenant_id=tenant_id, source_id=one.source_id)
                passages = source_store.passages_of_source(
                    session, tenant_id=tenant_id, source_id=one.source_id
                )
                kinds = touchpoint_kinds(source, passages)
                outcome = Outcome.CHECKED if kinds else Outcome.NO_TOUCHPOINT
                yield Settled(one.source_id, one.version, due_at, outcome, kinds)


class BackgroundWorker:
    """A worker in a thread of the server's process."""

    def __init__(self, backends: Backends) -> None:
        self._worker = Worker(backends)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._worker.run, args=(self._stop,), name="junshi-worker", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Comes back when the deal at hand is finished."""
        self._stop.set()
        self._thread.join()


def _log_step(step: Step) -> None:
    if step.error is not None:
        log.warning("deviation_check_failed", deal_id=step.deal_id, error=step.error)
    elif step.report_id is not None:
        log.info("deviations_checked", deal_id=step.deal_id, n_deviations=step.n_deviations)
