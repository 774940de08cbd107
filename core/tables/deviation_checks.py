"""Deviation checks: which touchpoints were looked at, what was found, what people decided.

`deviation_check` is the schedule's memory: a touchpoint without a row is still to be looked at, so
nothing has to be enqueued and a restart forgets nothing. Decisions are append-only.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.tables.columns import UtcDateTime


class DeviationReportRow(SQLModel, table=True):
    """One run of the check that found out something or settled a touchpoint."""

    __tablename__ = "deviation_report"

    id: str = Field(primary_key=True)
    tenant_id: str = Field(index=True)
    deal_id: str = Field(index=True)
    started_by: str
    """schedule or demand."""
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)


class DeviationCheckRow(SQLModel, table=True):
    """One version of one source, settled once: checked, no touchpoint, or too old at first sight.

    The unique key is what keeps two workers from settling the same touchpoint twice.
    """

    __tablename__ = "deviation_check"
    __table_args__ = (UniqueConstraint("tenant_id", "deal_id", "source_id", "version"),)

    id: str = Field(primary_key=True)
    tenant_id: str
    deal_id: str
    source_id: str = Field(foreign_key="source.id", index=True)
    version: int
    outcome: str
    kinds: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    due_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime = Field(sa_type=UtcDateTime)
    report_id: str | None = Field(default=None, foreign_key="deviation_report.id", index=True)


class DeviationRow(SQLModel, table=True):
    """`fingerprint` hashes field, CRM value and observed value: found again, it is one row."""

    __tablename__ = "deviation"
    __table_args__ = (UniqueConstraint("tenant_id", "deal_id", "fingerprint"),)

    id: str = Field(primary_key=True)
    tenant_id: str = Field(index=True)
    deal_id: str = Field(index=True)
    fingerprint: str
    field: str
    state: str
    """open, accepted, dismissed or resolved."""
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeviationDecisionRow(SQLModel, table=True):
    """A person's yes or no. `agreed_change` is what a yes agreed to, as it was shown then."""

    __tablename__ = "deviation_decision"
    __table_args__ = (UniqueConstraint("tenant_id", "idempotency_key"),)

    id: str = Field(primary_key=True)
    tenant_id: str = Field(index=True)
    deviation_id: str = Field(foreign_key="deviation.id", index=True)
    decision: str
    decided_by: str
    reason: str = ""
    agreed_change: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    idempotency_key: str
    decided_at: datetime = Field(sa_type=UtcDateTime)
