"""Traces leave over OTLP/HTTP, to a real collector on loopback, where one is configured."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from agents.backends import open_backends
from api.app import create_app
from core.settings import Settings


@pytest.fixture
def collector() -> Iterator[tuple[list[ExportTraceServiceRequest], str]]:
    received: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces" and not self.headers.get("Content-Encoding"):
                received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_becomes_a_span_at_the_collector(
    collector: tuple[list[ExportTraceServiceRequest], str], tmp_path: Path
) -> None:
    received, url = collector
    settings = Settings(home=tmp_path / "home", database_url="", otlp_endpoint=url)
    with TestClient(create_app(open_backends(settings))) as client:
        client.get("/healthz")
    spans = [
        span
        for request in received
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert any("/healthz" in span.name for span in spans)
