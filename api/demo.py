"""The demo's own API key: made once, kept in the state folder, readable by its owner only."""

from __future__ import annotations

import os

from agents.backends import Backends
from api.auth import caller_of, create_api_key
from core.errors import Unauthorised
from knowledge_graph import store as crm_store

FILE = "demo_key"
DEMO_REP = "demo-rep"


def demo_key(backends: Backends) -> str:
    """The stored key, or a new one when there is none or the database no longer knows it."""
    path = backends.settings.home / FILE
    if path.exists():
        key = path.read_text(encoding="ascii").strip()
        try:
            with backends.database.read() as session:
                caller_of(session, f"Bearer {key}")
        except Unauthorised:
            path.unlink()
        else:
            return key
    with backends.database.write() as session:
        now = backends.clock.now()
        crm_store.ensure_tenant(session, backends.settings.tenant, now)
        key = create_api_key(
            session,
            tenant_id=backends.settings.tenant,
            role="rep",
            rep_id=DEMO_REP,
            label="demo",
            now=now,
        )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
