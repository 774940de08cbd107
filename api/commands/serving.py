"""`demo`, `serve` and `key`: the server, its sample deals and its keys."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import uvicorn

import evals
from agents.backends import Backends
from api.app import create_app
from api.auth import create_api_key
from api.commands.ingesting import ingest_with_bar
from api.commands.opening import backends
from core.errors import BackendFailed
from knowledge_graph import store as crm_store

SAMPLES = Path(evals.__file__).parent / "samples"


def run_demo(*, port: int | None, as_json: bool) -> None:
    """Ingests the samples (equal files change nothing) and serves until interrupted."""
    opened = backends()
    ingest_with_bar(opened, SAMPLES, quiet=as_json)
    _serve(opened, host=None, port=port, demo=True, as_json=as_json)


def run_server(*, host: str | None, port: int | None, demo: bool, as_json: bool) -> None:
    _serve(backends(), host=host, port=port, demo=demo, as_json=as_json)


def create_key(*, role: str, rep_id: str | None) -> dict[str, Any]:
    opened = backends()
    tenant = opened.settings.tenant
    with opened.database.write() as session:
        crm_store.ensure_tenant(session, tenant, opened.clock.now())
        key = create_api_key(
            session,
            tenant_id=tenant,
            role=role,
            rep_id=rep_id,
            label="created on the command line",
            now=opened.clock.now(),
        )
    return {"key": key, "tenant": tenant, "role": role, "rep_id": rep_id}


def _serve(
    opened: Backends, *, host: str | None, port: int | None, demo: bool, as_json: bool
) -> None:
    at_host, at_port = host or opened.settings.host, port or opened.settings.port
    listening = _listen(at_host, at_port)
    shown = "localhost" if at_host in ("127.0.0.1", "::1", "0.0.0.0") else at_host  # noqa: S104
    address = f"http://{shown}:{at_port}"
    app = create_app(opened, demo=demo, works=opened.settings.work_in_server)
    app.state.on_ready = lambda: print(
        json.dumps({"address": address}) if as_json else f"Junshi is ready: {address}", flush=True
    )
    config = uvicorn.Config(app, log_level=opened.settings.log_level.lower(), access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """Binds before anything is loaded, so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only for sockets that name TCP as their protocol; without
    # that every answer waits 40 ms for the client's acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise BackendFailed(
            f"Port {port} on {host} cannot be used: {error.strerror}.",
            remedy="Stop the other program or name another port with --port.",
        ) from error
    return listening
