"""Tenants, accounts and deals in the database. Every question names the tenant it is asked for.

A deal's row keeps the record as plain JSON and the typed Deal is parsed from it on reading, so a
better parser improves deals that are stored already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from core.domain import AccountId, Deal, DealId, Stage
from core.errors import NotFound
from core.tables.crm import AccountRow, DealRow
from core.tables.tenancy import TenantRow
from knowledge_graph.crm.record import parse_record


@dataclass(frozen=True, slots=True)
class DealSummary:
    """One line of a list of deals. `synced_at` is when the record was last read."""

    id: DealId
    name: str
    account_id: AccountId
    account_name: str
    industry: str | None
    stage: Stage | None
    amount: Decimal | None
    currency: str | None
    rep: str | None
    synced_at: datetime


def ensure_tenant(session: Session, tenant_id: str, now: datetime) -> None:
    """Creates the tenant if it is new."""
    _upsert(session, TenantRow, {"id": tenant_id}, {"created_at": now}, replace=False)


def save_deal(
    session: Session,
    *,
    tenant_id: str,
    deal: Deal,
    record: Mapping[str, Any],
    source_id: str,
    now: datetime,
) -> None:
    """Stores the deal and its account, replacing what was there. `record` is deal.json's object."""
    account = deal.account
    _upsert(
        session,
        AccountRow,
        {"tenant_id": tenant_id, "id": account.id},
        {"name": account.name, "industry": account.industry, "region": account.region},
    )
    _upsert(
        session,
        DealRow,
        {"tenant_id": tenant_id, "id": deal.id},
        {
            "account_id": account.id,
            "name": deal.opportunity.name,
            "stage": deal.opportunity.stage,
            "rep_id": deal.rep.id if deal.rep else None,
            "record": dict(record),
            "source_id": source_id,
            "synced_at": now,
        },
    )


def deal(session: Session, *, tenant_id: str, deal_id: DealId) -> Deal:
    """Raises NotFound when the tenant has no such deal."""
    stored = record(session, tenant_id=tenant_id, deal_id=deal_id)
    return parse_record(stored, fallback_id=deal_id).deal


def record(session: Session, *, tenant_id: str, deal_id: DealId) -> dict[str, Any]:
    """deal.json's object as it was read. Raises NotFound when the tenant has no such deal."""
    stored = session.exec(
        select(DealRow.record).where(DealRow.tenant_id == tenant_id, DealRow.id == deal_id)
    ).first()
    if stored is None:
        raise NotFound(
            f"There is no deal {deal_id!r}.", remedy="Ingest its deal folder, or list the deals."
        )
    return dict(stored)


def deals(session: Session, *, tenant_id: str) -> list[DealSummary]:
    """The tenant's deals, by account name, then deal name, then id."""
    rows = session.exec(select(DealRow).where(DealRow.tenant_id == tenant_id)).all()
    found = [_summary(row) for row in rows]
    return sorted(found, key=lambda one: (one.account_name, one.name, one.id))


def account_ids(session: Session, *, tenant_id: str) -> list[AccountId]:
    """The tenant's accounts, sorted."""
    ids = session.exec(
        select(AccountRow.id).where(AccountRow.tenant_id == tenant_id).order_by(col(AccountRow.id))
    )
    return [AccountId(one) for one in ids]


def _summary(row: DealRow) -> DealSummary:
    stored = parse_record(row.record, fallback_id=row.id).deal
    return DealSummary(
        id=DealId(row.id),
        name=row.name,
        account_id=AccountId(row.account_id),
        account_name=stored.account.name,
        industry=stored.account.industry,
        stage=stored.opportunity.stage,
        amount=stored.opportunity.amount,
        currency=stored.opportunity.currency,
        rep=stored.rep.name if stored.rep else None,
        synced_at=row.synced_at,
    )


def _upsert(
    session: Session,
    table: type[SQLModel],
    key: Mapping[str, Any],
    columns: Mapping[str, Any],
    *,
    replace: bool = True,
) -> None:
    """One statement, so that two writers of the same row cannot collide."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**key, **columns)
    if replace:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=dict(columns))
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    session.exec(statement)
