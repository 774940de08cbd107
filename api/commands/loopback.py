"""A real server process on loopback over a given state, for measurements and tests."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from agents.backends import Backends
from api.auth import create_api_key
from core.errors import BackendFailed
from core.settings import child_environment
from evals.bench import timed
from knowledge_graph import store as crm_store

START_TIMEOUT_S = 60.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving(opened: Backends, *, role: str = "rep") -> Iterator[httpx.Client]:
    """A client with a key, against `junshi serve` in a process of its own."""
    tenant = opened.settings.tenant
    with opened.database.write() as session:
        crm_store.ensure_tenant(session, tenant, opened.clock.now())
        key = create_api_key(
            session,
            tenant_id=tenant,
            role=role,
            rep_id=None,
            label="loopback",
            now=opened.clock.now(),
        )
    port = free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with subprocess.Popen(  # noqa: S603
        command, env=child_environment(opened.settings), stdout=subprocess.DEVNULL
    ) as process:
        try:
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
                _wait_until_ready(client, process)
                yield client
        finally:
            process.terminate()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise BackendFailed("The server did not become ready.", remedy="Run `junshi serve` to see why.")


def time_requests(opened: Backends, deals: list[str], n: int) -> dict[str, Any]:
    """Percentiles of GET /v1/deals/{id}/coach, one request after the other."""
    with serving(opened) as client:
        return timed(
            lambda deal: client.get(f"/v1/deals/{deal}/coach").raise_for_status(), deals, n
        )
