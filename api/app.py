"""The FastAPI application: routes, pages, errors, metrics, and security headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.staticfiles import StaticFiles

from agents.backends import Backends
from agents.coach.graph import Coach
from api import errors, telemetry
from api.demo import demo_key
from api.routes import asking, deals, operations, sources, verdicts
from api.schemas.models import ProblemModel

WEB = Path(__file__).parent / "web"
MIB = 1024 * 1024

PROBLEMS: dict[int | str, dict[str, object]] = {
    int(status): {"model": ProblemModel, "description": status.phrase}
    for status in (
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    )
}


def create_app(backends: Backends, *, demo: bool = False) -> FastAPI:
    """The application over opened backends; models are loaded before the first request."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warm_up, backends)
        if demo:
            await run_in_threadpool(demo_key, backends)
        app.state.warm = True
        on_ready: Callable[[], None] | None = getattr(app.state, "on_ready", None)
        if on_ready is not None:
            on_ready()
        yield
        backends.database.dispose()

    app = FastAPI(
        title="Junshi 军师",
        version="0.1.0",
        description="Sales coaching in which every sentence is tied to the customer's own words.",
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
    )
    app.state.backends = backends
    app.state.coach = Coach(backends)
    app.state.demo = demo
    app.state.warm = False
    app.state.metrics = telemetry.install(app, backends.settings)
    errors.install(app)
    _guard(app, backends)
    for routes in (deals, sources, verdicts, asking):
        app.include_router(routes.router, responses=PROBLEMS)
    app.include_router(operations.router)
    app.mount("/", StaticFiles(directory=WEB, html=True), name="web")
    return app


def _warm_up(backends: Backends) -> None:
    """Loads encoder, terms, head and playbook, so that the first rep does not wait for them."""
    backends.embedder.encode(["军师 Junshi"])
    backends.linker.link("Junshi", schemes=None)
    _ = backends.recogniser.version, backends.playbook.version, backends.search


def _guard(app: FastAPI, backends: Backends) -> None:
    frame_ancestors = backends.settings.frame_ancestors
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )

    @app.middleware("http")
    async def _headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        limit = backends.settings.max_file_mib * MIB
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > limit:
            return errors.problem(
                request,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                code="too_large",
                detail=f"A body may have {limit // MIB} MiB.",
            )
        response = await call_next(request)
        if not request.url.path.startswith("/docs"):
            response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.url.path.startswith(("/v1", "/demo")):
            response.headers["Cache-Control"] = "no-store"
        return response
