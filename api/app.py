"""The FastAPI application: routes, pages, errors, metrics, and security headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.staticfiles import StaticFiles

from agents.backends import Backends
from agents.coach.graph import Coach
from agents.coach.step_times import StepTimes
from agents.deviation_check.graph import DeviationCheck
from agents.deviation_check.worker import BackgroundWorker
from api import errors, guard, telemetry
from api.demo import demo_key
from api.routes import (
    asking,
    deals,
    deviations,
    moments,
    operations,
    provenance,
    sources,
    talk,
    timeline,
    verdicts,
)
from api.schemas import examples
from api.schemas.models import ProblemModel

WEB = Path(__file__).parent / "web"

PROBLEMS: dict[int | str, dict[str, object]] = {
    int(status): {
        "description": status.phrase,
        "content": {
            errors.MEDIA_TYPE: {
                "schema": ProblemModel.model_json_schema(),
                "example": examples.problem(status, code),
            }
        },
    }
    for status, code in (
        (HTTPStatus.UNAUTHORIZED, "unauthorised"),
        (HTTPStatus.FORBIDDEN, "forbidden"),
        (HTTPStatus.NOT_FOUND, "not_found"),
        (HTTPStatus.CONFLICT, "conflict"),
        (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"),
        (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request"),
        (HTTPStatus.SERVICE_UNAVAILABLE, "backend_failed"),
    )
}


def create_app(backends: Backends, *, demo: bool = False, works: bool = False) -> FastAPI:
    """The application over opened backends; models are loaded before the first request.

    `works`: what is due is done here too, in a thread, as `junshi work` would.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warm_up, backends)
        if demo:
            await run_in_threadpool(demo_key, backends)
        worker = BackgroundWorker(backends) if works else None
        if worker is not None:
            worker.start()
        app.state.warm = True
        on_ready: Callable[[], None] | None = getattr(app.state, "on_ready", None)
        if on_ready is not None:
            on_ready()
        yield
        if worker is not None:
            await run_in_threadpool(worker.stop)
        await run_in_threadpool(telemetry.stop, app)
        backends.database.dispose()

    app = FastAPI(
        title="Junshi 军师",
        version="0.1.0",
        description="Sales coaching in which every sentence is tied to the customer's own words.",
        lifespan=lifespan,
        # The pages bring a reference of their own: the framework's loads scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
    )
    app.state.backends = backends
    app.state.demo = demo
    app.state.warm = False
    errors.install(app)
    guard.install(app, backends.settings)
    metrics = telemetry.install(app, backends.settings)
    app.state.metrics = metrics
    app.state.coach = Coach(backends, callbacks=[StepTimes(metrics.observe_step)])
    app.state.deviation_check = DeviationCheck(backends)
    for routes in (
        deals,
        deviations,
        moments,
        timeline,
        talk,
        sources,
        verdicts,
        provenance,
        asking,
    ):
        app.include_router(routes.router, responses=PROBLEMS)
    app.include_router(operations.router)
    app.mount("/", StaticFiles(directory=WEB, html=True), name="web")
    return app


def _warm_up(backends: Backends) -> None:
    """Loads encoder, terms, head and playbook, so that the first rep does not wait for them."""
    backends.embedder.encode(["军师 Junshi"])
    backends.linker.link("Junshi", schemes=None)
    _ = backends.recogniser.version, backends.playbook.version, backends.search
