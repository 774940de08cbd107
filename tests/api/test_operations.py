"""Health, metrics, headers, and the demo's session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agents.backends import Backends
from api.app import create_app
from api.demo import demo_key

ClientOf = Callable[..., TestClient]
LOOPBACK = ("127.0.0.1", 51000)


def test_health_answers_without_a_key(app: FastAPI) -> None:
    assert TestClient(app).get("/healthz").json() == {"status": "ok"}


def test_readiness_waits_for_the_models(backends: Backends, client: TestClient) -> None:
    cold = TestClient(create_app(backends))
    assert cold.get("/readyz").status_code == 503
    assert client.get("/readyz").json() == {"status": "ready"}


def test_metrics_count_requests_by_route_and_never_by_id(client: TestClient) -> None:
    client.get("/v1/deals/opp-hlm-1/coach")
    text = client.get("/metrics").text
    assert 'route="/v1/deals/{deal_id}/coach"' in text
    assert "opp-hlm-1" not in text
    for name in ("suggestions_shown", "abstentions", "dropped_claims", "http_requests"):
        assert f"junshi_{name}_total" in text


@pytest.mark.parametrize(
    "path", ["/", "/sidebar.html", "/app.js", "/v1/deals", "/healthz", "/docs"]
)
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def demo(backends: Backends, *, host: str, client: tuple[str, int]) -> TestClient:
    return TestClient(create_app(backends, demo=True), base_url=f"http://{host}", client=client)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]"])
def test_the_demo_hands_its_key_to_a_page_on_this_machine(backends: Backends, host: str) -> None:
    key = demo(backends, host=host, client=LOOPBACK).get("/demo/session").json()["key"]
    assert key == demo_key(backends)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("evil.example", "127.0.0.1"),
        ("localhost.evil.example", "127.0.0.1"),
        ("localhost", "192.0.2.7"),
        ("192.0.2.1", "192.0.2.7"),
    ],
)
def test_the_demo_key_is_for_loopback_callers_and_names_only(
    backends: Backends, host: str, address: str
) -> None:
    response = demo(backends, host=host, client=(address, 5000)).get("/demo/session")
    assert response.status_code == 404
    assert "jsk_" not in response.text


def test_outside_the_demo_there_is_no_session(app: FastAPI) -> None:
    served = TestClient(app, base_url="http://localhost", client=LOOPBACK)
    assert served.get("/demo/session").status_code == 404


def test_no_answer_invites_another_origin(client: TestClient) -> None:
    response = client.get("/v1/deals", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control-")]
