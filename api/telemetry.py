"""Metrics for Prometheus and, where a collector is configured, traces over OTLP/HTTP."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from core.settings import Settings

STEP_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0, 10.0)
LATENCY_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One registry an application, so that two of them in a process do not share counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "junshi_http_requests_total",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.latency = Histogram(
            "junshi_http_request_seconds",
            "Time to answer, by route.",
            ("route",),
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.steps = Histogram(
            "junshi_coach_step_seconds",
            "Time of each step of a coaching run.",
            ("step",),
            buckets=STEP_BUCKETS_S,
            registry=self.registry,
        )
        self.suggestions = Counter(
            "junshi_suggestions_shown_total", "Suggestions in answers.", registry=self.registry
        )
        self.abstentions = Counter(
            "junshi_abstentions_total", "Answers without a suggestion.", registry=self.registry
        )
        self.dropped_claims = Counter(
            "junshi_dropped_claims_total",
            "Claims that failed verification.",
            registry=self.registry,
        )
        self.verdicts = Counter(
            "junshi_verdicts_total", "Verdicts by kind.", ("kind",), registry=self.registry
        )

    def observe_step(self, step: str, seconds: float) -> None:
        self.steps.labels(step).observe(seconds)


def install(app: FastAPI, settings: Settings) -> Metrics:
    """Counts every request by its route's template, never by its path: paths hold ids."""
    metrics = Metrics()

    @app.middleware("http")
    async def _measure(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        started = time.perf_counter()
        response = await call_next(request)
        seconds = time.perf_counter() - started
        route = getattr(request.scope.get("route"), "path", "unmatched")
        metrics.requests.labels(route, request.method, str(response.status_code)).inc()
        metrics.latency.labels(route).observe(seconds)
        response.headers["Server-Timing"] = f"app;dur={seconds * 1000:.1f}"
        return response

    @app.get("/metrics", tags=["operations"], summary="Prometheus metrics")
    def _metrics() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    if settings.otlp_endpoint:
        app.state.stop_tracing = _trace(app, settings.otlp_endpoint)
    return metrics


def stop(app: FastAPI) -> None:
    """Sends the spans that still wait; without tracing nothing happens."""
    getattr(app.state, "stop_tracing", lambda: None)()


def _trace(app: FastAPI, endpoint: str) -> Callable[[], None]:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "junshi"}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider)
    return provider.shutdown
