"""What checks found and what people decided; what is due stands in schedule/store.py.

A check commits its report, the deviations and the touchpoints that it settles in one transaction:
a process killed before COMMIT leaves them due, and of two workers one commits.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from agents.deviation_check.schedule.store import settle
from agents.deviation_check.state import (
    Decision,
    DeviationState,
    FieldByChannel,
    Outcome,
    Record,
    Settled,
    StoredDeviation,
)
from core.domain import Deviation, DeviationReport
from core.errors import Conflict, NotFound
from core.tables.crm import DealRow
from core.tables.deviation_checks import (
    DeviationDecisionRow,
    DeviationReportRow,
    DeviationRow,
)
from retrieval import store as source_store

_DEVIATION = TypeAdapter(Deviation)
_BY_CHANNEL = TypeAdapter(tuple[FieldByChannel, ...])


def fingerprint(deviation: Deviation) -> str:
    """SHA-256 over field, CRM value and observed value, spelling apart.

    `proposed` is the observed value in the record's terms: "48万" and "480,000" are one deviation.
    """
    parts = [deviation.field, deviation.crm, deviation.proposed or deviation.observed]
    plain = [" ".join(unicodedata.normalize("NFKC", p or "").casefold().split()) for p in parts]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


# ---- recording ---------------------------------------------------------------------------------


def as_recorded(
    session: Session, *, tenant_id: str, deal_id: str, report: DeviationReport
) -> tuple[StoredDeviation, ...] | None:
    """The deal's deviations as stored, if the report holds just these; None: something is new."""
    rows = _rows(session, tenant_id, deal_id)
    unresolved = {
        row.fingerprint: row.payload for row in rows if row.state != DeviationState.RESOLVED
    }
    if unresolved != {fingerprint(one): _payload(one) for one in report.deviations}:
        return None
    return _read_all(session, tenant_id, rows)


def record(
    session: Session,
    *,
    tenant_id: str,
    deal_id: str,
    read_from: Collection[str],
    report: DeviationReport,
    by_channel: Sequence[FieldByChannel],
    due: Sequence[Settled],
    now: datetime,
) -> Record:
    """Stores report, deviations and settled touchpoints in the caller's transaction.

    `read_from` are the ids of the sources that were compared. Raises NotFound without the deal.
    """
    _lock_deal(session, tenant_id, deal_id)
    if source_store.source_ids_of(session, tenant_id=tenant_id, origin=deal_id) != read_from:
        return Record("outdated")
    report_id = uuid.uuid4().hex
    made = DeviationReportRow(
        id=report_id,
        tenant_id=tenant_id,
        deal_id=deal_id,
        started_by="schedule" if due else "demand",
        payload=_report_payload(report, by_channel),
        created_at=now,
    )
    if due:
        # The touchpoints' rows name the report, so it has to be there before them.
        with session.begin_nested() as savepoint:
            session.add(made)
            session.flush()
            mine = settle(
                session,
                tenant_id=tenant_id,
                deal_id=deal_id,
                due=due,
                report_id=report_id,
                now=now,
            )
            if not any(one.outcome is Outcome.CHECKED for one in mine):
                savepoint.rollback()
                return Record("settled_elsewhere")
    else:
        session.add(made)
    _follow(session, tenant_id, deal_id, report.deviations, now)
    session.flush()
    rows = _rows(session, tenant_id, deal_id)
    return Record("recorded", report_id=report_id, stored=_read_all(session, tenant_id, rows))


def _lock_deal(session: Session, tenant_id: str, deal_id: str) -> None:
    """One recorder at a time a deal; SQLite has one writer anyway."""
    query = (
        select(DealRow.id)
        .where(DealRow.tenant_id == tenant_id, DealRow.id == deal_id)
        .with_for_update()
    )
    if session.exec(query).first() is None:
        raise NotFound(
            f"There is no deal {deal_id!r}.", remedy="Ingest its deal folder, or list the deals."
        )


def _follow(
    session: Session, tenant_id: str, deal_id: str, found: Sequence[Deviation], now: datetime
) -> None:
    """Known deviations are seen again, new ones open, those no longer found are resolved."""
    by_mark = {fingerprint(one): one for one in found}
    rows = {row.fingerprint: row for row in _rows(session, tenant_id, deal_id, lock=True)}
    last = _last_decisions(session, tenant_id, [row.id for row in rows.values()])
    for mark, deviation in sorted(by_mark.items()):
        row = rows.get(mark)
        if row is None:
            row = DeviationRow(
                id=uuid.uuid4().hex,
                tenant_id=tenant_id,
                deal_id=deal_id,
                fingerprint=mark,
                field=deviation.field,
                state=DeviationState.OPEN.value,
                payload={},
                first_seen_at=now,
                last_seen_at=now,
            )
        elif row.state == DeviationState.RESOLVED:
            # A no still stands. A yes was carried out and undone since: that is worth a new look.
            decided = last.get(row.id)
            dismissed = decided is not None and decided.decision == "dismissed"
            row.state = (DeviationState.DISMISSED if dismissed else DeviationState.OPEN).value
            row.resolved_at = None
        row.payload, row.last_seen_at = _payload(deviation), now
        session.add(row)
    for mark, row in rows.items():
        if mark not in by_mark and row.state != DeviationState.RESOLVED:
            row.state, row.resolved_at = DeviationState.RESOLVED.value, now
            session.add(row)


# ---- decisions ---------------------------------------------------------------------------------


def stored_deviations(
    session: Session, *, tenant_id: str, deal_id: str
) -> tuple[StoredDeviation, ...]:
    """All that were ever found for the deal, oldest first."""
    return _read_all(session, tenant_id, _rows(session, tenant_id, deal_id))


def decide(
    session: Session, *, tenant_id: str, deal_id: str, decision: Decision, idempotency_key: str
) -> Decision:
    """The stored decision; a repeated one is the first one again.

    Repeated: under the same key, or the same person's same word while it still stands. Raises
    NotFound without such a deviation, Conflict for a resolved one or a key of another decision.
    """
    row = session.exec(
        select(DeviationRow)
        .where(
            DeviationRow.id == decision.deviation_id,
            DeviationRow.tenant_id == tenant_id,
            DeviationRow.deal_id == deal_id,
        )
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound(
            f"Deal {deal_id} has no deviation {decision.deviation_id}.",
            remedy="Ask for the deal's deviations.",
        )
    known = _decision_by_key(session, tenant_id, idempotency_key)
    if known is not None:
        if (known.deviation_id, known.decision) != (decision.deviation_id, decision.decision):
            raise Conflict(
                "This idempotency key stands for another decision.", remedy="Send a new key."
            )
        return known
    last = _last_decisions(session, tenant_id, [row.id]).get(row.id)
    said_before = last is not None and last.decided_by == decision.decided_by
    if last is not None and said_before and row.state == last.decision == decision.decision:
        return last
    if row.state == DeviationState.RESOLVED:
        raise Conflict(
            "This deviation is no longer found: record and words agree now.",
            remedy="Ask for the deal's deviations again.",
        )
    session.add(
        DeviationDecisionRow(
            id=decision.id,
            tenant_id=tenant_id,
            deviation_id=row.id,
            decision=decision.decision,
            decided_by=decision.decided_by,
            reason=decision.reason,
            agreed_change=_agreed(decision, _DEVIATION.validate_python(row.payload)),
            idempotency_key=idempotency_key,
            decided_at=decision.decided_at,
        )
    )
    row.state = decision.decision
    session.add(row)
    session.flush()
    stored = _decision_by_key(session, tenant_id, idempotency_key)
    assert stored is not None
    return stored


def _agreed(decision: Decision, deviation: Deviation) -> dict[str, Any] | None:
    if decision.decision != "accepted":
        return None
    return {"field": deviation.field, "from": deviation.crm, "to": deviation.proposed}


def _decision_by_key(session: Session, tenant_id: str, key: str) -> Decision | None:
    row = session.exec(
        select(DeviationDecisionRow).where(
            DeviationDecisionRow.tenant_id == tenant_id,
            DeviationDecisionRow.idempotency_key == key,
        )
    ).first()
    return _read_decision(row) if row is not None else None


def _last_decisions(
    session: Session, tenant_id: str, deviation_ids: Sequence[str]
) -> dict[str, Decision]:
    rows = session.exec(
        select(DeviationDecisionRow)
        .where(
            DeviationDecisionRow.tenant_id == tenant_id,
            col(DeviationDecisionRow.deviation_id).in_(deviation_ids),
        )
        .order_by(col(DeviationDecisionRow.decided_at), col(DeviationDecisionRow.id))
    )
    return {row.deviation_id: _read_decision(row) for row in rows}


# ---- rows --------------------------------------------------------------------------------------


def _rows(
    session: Session, tenant_id: str, deal_id: str, *, lock: bool = False
) -> list[DeviationRow]:
    query = (
        select(DeviationRow)
        .where(DeviationRow.tenant_id == tenant_id, DeviationRow.deal_id == deal_id)
        .order_by(col(DeviationRow.first_seen_at), col(DeviationRow.field), col(DeviationRow.id))
    )
    return list(session.exec(query.with_for_update() if lock else query))


def _read_all(
    session: Session, tenant_id: str, rows: Sequence[DeviationRow]
) -> tuple[StoredDeviation, ...]:
    last = _last_decisions(session, tenant_id, [row.id for row in rows])
    return tuple(
        StoredDeviation(
            id=row.id,
            deviation=_DEVIATION.validate_python(row.payload),
            state=DeviationState(row.state),
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            resolved_at=row.resolved_at,
            decision=last.get(row.id),
        )
        for row in rows
    )


def _payload(deviation: Deviation) -> dict[str, Any]:
    payload: dict[str, Any] = _DEVIATION.dump_python(deviation, mode="json")
    return payload


def _report_payload(
    report: DeviationReport, by_channel: Sequence[FieldByChannel]
) -> dict[str, Any]:
    return {
        "deviations": [_payload(one) for one in report.deviations],
        "consistent": list(report.consistent),
        "undecided": list(report.undecided),
        "by_channel": _BY_CHANNEL.dump_python(tuple(by_channel), mode="json"),
    }


def _read_decision(row: DeviationDecisionRow) -> Decision:
    return Decision(
        id=row.id,
        deviation_id=row.deviation_id,
        decision="accepted" if row.decision == DeviationState.ACCEPTED else "dismissed",
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        agreed_change=row.agreed_change,
    )
