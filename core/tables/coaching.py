"""Suggestions that were shown and the verdicts on them. Verdicts are append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.tables.columns import UtcDateTime


class SuggestionRow(SQLModel, table=True):
    """`fingerprint` is a hash of play, move, claims and evidence: the same advice is one row."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("tenant_id", "deal_id", "fingerprint"),)

    id: str = Field(primary_key=True)
    tenant_id: str = Field(index=True)
    deal_id: str = Field(index=True)
    play_id: str = Field(index=True)
    fingerprint: str
    p: float
    basis: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    stale_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stale_reason: str | None = None


class SuggestionSourceRow(SQLModel, table=True):
    """Which sources a suggestion rests on: an edit of one makes it stale."""

    __tablename__ = "suggestion_source"

    suggestion_id: str = Field(primary_key=True, foreign_key="suggestion.id")
    source_id: str = Field(primary_key=True, foreign_key="source.id", index=True)


class VerdictRow(SQLModel, table=True):
    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("tenant_id", "idempotency_key"),)

    id: str = Field(primary_key=True)
    tenant_id: str = Field(index=True)
    suggestion_id: str = Field(foreign_key="suggestion.id", index=True)
    rep_id: str
    kind: str
    reason_code: str | None = None
    comment: str = ""
    claim_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    idempotency_key: str
    created_at: datetime = Field(sa_type=UtcDateTime)
