"""Accounts and deals as the CRM has them. `record` is the deal.json object, unknown keys kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from core.tables.columns import UtcDateTime


class AccountRow(SQLModel, table=True):
    __tablename__ = "account"

    tenant_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    industry: str | None = None
    region: str | None = None


class DealRow(SQLModel, table=True):
    __tablename__ = "deal"

    tenant_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    account_id: str = Field(index=True)
    name: str
    stage: str | None = None
    rep_id: str | None = Field(default=None, index=True)
    record: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    source_id: str
    synced_at: datetime = Field(sa_type=UtcDateTime)
