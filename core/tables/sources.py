"""Originals, the passages cut from them, and the intents seen in those.

An edited file becomes a new row of `source` with the next version; the old one is retired, its
passages and signals go, its text stays so that old evidence can still be shown.
`scope` is the account id, or "" for the tenant's shared knowledge: search reads whole scopes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.tables.columns import UtcDateTime


class SourceRow(SQLModel, table=True):
    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("tenant_id", "origin", "path", "version"),)

    id: str = Field(primary_key=True)
    tenant_id: str = Field(index=True)
    scope: str
    deal_id: str | None = Field(default=None, index=True)
    origin: str
    """What a re-ingestion compares with: a deal id, or the name of a loose collection."""
    path: str
    channel: str
    sha256: str
    text: str
    title: str = ""
    occurred_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
    meta: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    ingested_at: datetime = Field(sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SourceRawRow(SQLModel, table=True):
    """The bytes as they came, apart from `source` so that reading text does not drag them along."""

    __tablename__ = "source_raw"

    source_id: str = Field(primary_key=True, foreign_key="source.id")
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PassageRow(SQLModel, table=True):
    __tablename__ = "passage"
    __table_args__ = (
        Index("ix_passage_tenant_scope", "tenant_id", "scope"),
        # Evidence keeps passage ids and caches compare the newest one: SQLite must not reuse any.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: str
    scope: str
    deal_id: str | None = Field(default=None, index=True)
    source_id: str = Field(foreign_key="source.id", index=True)
    channel: str
    role: str
    speaker: str | None = None
    contact_id: str | None = None
    start: int
    end: int
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    occurred_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    language: str
    carries_intent: bool = True
    embedder: str
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """float16, unit length: halves the table, and cosine ranks move only in the fourth digit."""


class ScopeChangesRow(SQLModel, table=True):
    """How often a scope's passages changed: what a search index compares itself with."""

    __tablename__ = "scope_changes"

    tenant_id: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    n_changes: int


class SignalRow(SQLModel, table=True):
    __tablename__ = "signal"

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: str
    deal_id: str | None = Field(default=None, index=True)
    source_id: str = Field(foreign_key="source.id", index=True)
    passage_id: int = Field(foreign_key="passage.id", index=True)
    intent: str
    p: float
    start: int
    end: int
    recogniser: str
    reported: float | None = None
    mood: float | None = None
