"""Health, readiness, and the demo's session."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request

from api.demo import demo_key
from api.dependencies import TheBackends
from core.errors import BackendFailed, NotFound

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="The process answers")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="The database answers and the models are loaded")
def readyz(request: Request, backends: TheBackends) -> dict[str, str]:
    """503 until both hold."""
    if not request.app.state.warm:
        raise BackendFailed("The models are still loading.", remedy="Ask again in a second.")
    backends.database.ping()
    return {"status": "ready"}


@router.get("/demo/session", include_in_schema=False)
def demo_session(request: Request, backends: TheBackends) -> dict[str, str]:
    """The demo's key, for a page opened on this very machine; anyone else gets 404."""
    client = request.client.host if request.client else ""
    if not (request.app.state.demo and _is_loopback(client) and _is_loopback(_host(request))):
        raise NotFound("There is no demo session here.", remedy="Paste an API key instead.")
    return {"key": demo_key(backends)}


def _host(request: Request) -> str:
    # A page elsewhere that resolves its own name to this machine still sends that name.
    return request.url.hostname or ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
