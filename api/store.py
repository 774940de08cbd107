"""Rows of API keys."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlmodel import Session, select

from core.tables.tenancy import ApiKeyRow


def add_key(
    session: Session,
    *,
    tenant_id: str,
    sha256: str,
    role: str,
    rep_id: str | None,
    label: str,
    now: datetime,
) -> None:
    session.add(
        ApiKeyRow(
            id=uuid.uuid4().hex,
            tenant_id=tenant_id,
            sha256=sha256,
            role=role,
            rep_id=rep_id,
            label=label,
            created_at=now,
        )
    )
    session.flush()


def key_by_hash(session: Session, *, sha256: str) -> ApiKeyRow | None:
    """The unrevoked key with that hash."""
    return session.exec(
        select(ApiKeyRow).where(ApiKeyRow.sha256 == sha256, ApiKeyRow.revoked_at == None)  # noqa: E711
    ).first()
