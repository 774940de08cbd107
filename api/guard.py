"""What every response and body passes: security headers, size limits, and errors kept inside.

The content security policy allows no inline script or style: the pages show customers' mails, and
a mail must stay text even where a page forgets itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from core.settings import Settings

log = structlog.get_logger(__name__)

MIB = 1024 * 1024
# A thousand utterances of ordinary length are far below this; only archives may be larger.
JSON_LIMIT_MIB = 8
ARCHIVE_PATH = "/v1/deals"


class BodyLimit:
    """Refuses bodies above the limit, whether they declare their length or arrive in pieces."""

    def __init__(self, app: ASGIApp, *, archive_mib: int) -> None:
        self._app = app
        self._archive_mib = archive_mib

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        mib = self._archive_mib if scope["path"] == ARCHIVE_PATH else JSON_LIMIT_MIB
        request = Request(scope)
        declared = request.headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > mib * MIB:
            await _too_large(request, mib)(scope, receive, send)
            return
        n_bytes = 0

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > mib * MIB:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _limit_words(mib))
            return message

        await self._app(scope, counted, send)


def _too_large(request: Request, mib: int) -> Response:
    return errors.problem(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        code="too_large",
        detail=_limit_words(mib),
    )


def _limit_words(mib: int) -> str:
    return f"A body may have {mib} MiB here."


def install(app: FastAPI, settings: Settings) -> None:
    """Adds the limit first, so that its refusals carry the headers too."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {settings.frame_ancestors}"
    )
    app.add_middleware(BodyLimit, archive_mib=settings.max_file_mib)

    @app.middleware("http")
    async def _headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        try:
            response = await call_next(request)
        except Exception as error:
            # Left to the server, the traceback would be logged, and it may quote customers' words.
            log.error("request_failed", path=request.url.path, error=type(error).__name__)
            response = errors.internal_problem(request)
        _secure(request, response, policy)
        return response


def _secure(request: Request, response: Response, policy: str) -> None:
    is_api = request.url.path.startswith(("/v1", "/demo"))
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Pages are asked for anew each time (a 304 mostly); answers are kept nowhere.
    response.headers["Cache-Control"] = "no-store" if is_api else "no-cache"
