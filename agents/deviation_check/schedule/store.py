"""The schedule is a query: sources whose delay has passed and that nobody settled yet.

A settled source has a row in `deviation_check`, written in the transaction of its report. So there
is no queue that a crash could lose or fill twice (docs/decisions/0007-schedule-is-a-query.md).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel, col

from agents.deviation_check.state import DueSource, Outcome, Settled
from core.domain import Channel, DealId, SourceId, TenantId
from core.tables.deviation_checks import DeviationCheckRow
from core.tables.sources import SourceRow

_TALK = (Channel.EMAIL.value, Channel.MEETING.value)


def due_deals(session: Session, *, until: datetime, limit: int) -> list[tuple[TenantId, DealId]]:
    """Deals with unsettled mails or meetings of `until` or before.

    Tenants take turns, each with its oldest first: a backlog of one does not hold up the others.
    """
    oldest = func.min(SourceRow.occurred_at)
    waiting = (
        select_columns(
            col(SourceRow.tenant_id).label("tenant_id"),
            col(SourceRow.deal_id).label("deal_id"),
            oldest.label("oldest"),
        )
        .where(*_is_due(until))
        .group_by(col(SourceRow.tenant_id), col(SourceRow.deal_id))
        .subquery()
    )
    turn = func.row_number().over(
        partition_by=waiting.c.tenant_id, order_by=(waiting.c.oldest, waiting.c.deal_id)
    )
    query = (
        select_columns(waiting.c.tenant_id, waiting.c.deal_id)
        .order_by(turn, waiting.c.oldest, waiting.c.tenant_id)
        .limit(limit)
    )
    rows = session.connection().execute(query)
    return [(TenantId(row.tenant_id), DealId(row.deal_id)) for row in rows]


def due_sources(
    session: Session, *, tenant_id: str, deal_id: str, until: datetime
) -> list[DueSource]:
    """The deal's unsettled mails and meetings of `until` or before, oldest first."""
    query = (
        select_columns(
            col(SourceRow.id),
            col(SourceRow.version),
            col(SourceRow.occurred_at),
            col(SourceRow.ingested_at),
        )
        .where(
            col(SourceRow.tenant_id) == tenant_id,
            col(SourceRow.deal_id) == deal_id,
            *_is_due(until),
        )
        .order_by(col(SourceRow.occurred_at), col(SourceRow.id))
    )
    return [
        DueSource(SourceId(row.id), row.version, row.occurred_at, row.ingested_at)
        for row in session.connection().execute(query)
    ]


def _is_due(until: datetime) -> tuple[ColumnElement[bool], ...]:
    settled = exists().where(
        and_(
            col(DeviationCheckRow.tenant_id) == col(SourceRow.tenant_id),
            col(DeviationCheckRow.deal_id) == col(SourceRow.deal_id),
            col(DeviationCheckRow.source_id) == col(SourceRow.id),
            col(DeviationCheckRow.version) == col(SourceRow.version),
        )
    )
    return (
        col(SourceRow.channel).in_(_TALK),
        col(SourceRow.deal_id).is_not(None),
        col(SourceRow.retired_at).is_(None),
        col(SourceRow.occurred_at) <= until,
        ~settled,
    )


def settle(
    session: Session,
    *,
    tenant_id: str,
    deal_id: str,
    due: Sequence[Settled],
    report_id: str | None,
    now: datetime,
) -> list[Settled]:
    """Those that this call settled: one that another worker settled is left out."""
    return [
        one
        for one in due
        if _insert_new(
            session,
            DeviationCheckRow,
            ("tenant_id", "deal_id", "source_id", "version"),
            id=uuid.uuid4().hex,
            tenant_id=tenant_id,
            deal_id=deal_id,
            source_id=one.source_id,
            version=one.version,
            outcome=one.outcome.value,
            kinds=[kind.value for kind in one.kinds],
            due_at=one.due_at,
            settled_at=now,
            report_id=report_id if one.outcome is Outcome.CHECKED else None,
        )
    ]


def _insert_new(
    session: Session, table: type[SQLModel], unique: tuple[str, ...], **values: Any
) -> bool:
    """Whether the row went in; False when its unique key exists, also from a worker just now."""
    dialect = session.get_bind().dialect.name
    insert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    # Asked for the row itself: drivers do not agree on the row count of an INSERT.
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=list(unique))
    made = session.connection().execute(statement.returning(table.__table__.c.id))  # type: ignore[attr-defined]
    return made.first() is not None
