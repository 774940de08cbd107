"""One application over two tenants' sample deals, shared by the tests of this folder.

Tests that write use a deal or a tenant of their own, so that their order does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import evals
from agents.backends import Backends, open_backends
from agents.ingestion.ingest import ingest
from api.app import create_app
from api.auth import create_api_key
from core.fakes import FixedClock
from core.settings import Settings
from knowledge_graph import store as crm_store

SAMPLES = Path(evals.__file__).parent / "samples"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# A deal without mails and meetings: whatever the models learn, here is nothing to advise on.
SILENT = {
    "account": {"id": "acc-silent", "name": "Silent Ltd"},
    "opportunity": {"id": "opp-silent", "name": "Nothing said yet", "stage": "lead"},
}

ClientOf = Callable[..., TestClient]


@pytest.fixture(scope="session")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backends]:
    home = tmp_path_factory.mktemp("api") / "home"
    opened = open_backends(Settings(home=home, database_url=""), clock=FixedClock(NOW))
    for name in ("harbor-retail-pos", "renhe-pacs"):
        ingest(opened, SAMPLES / name, tenant_id="demo")
    silent = home.parent / "silent"
    silent.mkdir()
    (silent / "deal.json").write_text(json.dumps(SILENT), encoding="utf-8")
    ingest(opened, silent, tenant_id="demo")
    ingest(opened, SAMPLES / "stclare-monitoring", tenant_id="rival")
    yield opened
    opened.database.dispose()


@pytest.fixture(scope="session")
def app(backends: Backends) -> FastAPI:
    return create_app(backends)


@pytest.fixture(scope="session")
def client_of(app: FastAPI, backends: Backends) -> Iterator[ClientOf]:
    """A client with a new key for (tenant, role, rep_id)."""
    with TestClient(app):

        def made(
            tenant: str = "demo", role: str = "rep", rep_id: str | None = "rep-1"
        ) -> TestClient:
            with backends.database.write() as session:
                crm_store.ensure_tenant(session, tenant, NOW)
                key = create_api_key(
                    session, tenant_id=tenant, role=role, rep_id=rep_id, label="test", now=NOW
                )
            return TestClient(app, headers={"Authorization": f"Bearer {key}"})

        yield made


@pytest.fixture(scope="session")
def client(client_of: ClientOf) -> TestClient:
    return client_of()


@pytest.fixture(scope="session")
def stranger(client_of: ClientOf) -> TestClient:
    """An admin of another tenant."""
    return client_of(tenant="rival", role="admin")
