"""Every error is a problem document, and none tells of the inside."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agents.coach.graph import Coach
from core.errors import (
    BackendFailed,
    CoachError,
    Conflict,
    Forbidden,
    InvalidInput,
    ModelOutputInvalid,
    NotFound,
    Unauthorised,
)

DEAL = "opp-hlm-1"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput, 422),
        (NotFound, 404),
        (Conflict, 409),
        (Unauthorised, 401),
        (Forbidden, 403),
        (BackendFailed, 503),
        (ModelOutputInvalid, 502),
    ],
)
def test_each_error_has_its_status_and_keeps_its_remedy(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: type[CoachError], status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("The thing failed.", remedy="Do this.")

    monkeypatch.setattr(Coach, "suggest", fail)
    response = client.get(f"/v1/deals/{DEAL}/coach")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": f"urn:junshi:error:{error.code}",
        "title": response.json()["title"],
        "status": status,
        "code": error.code,
        "detail": "The thing failed.",
        "instance": f"/v1/deals/{DEAL}/coach",
        "remedy": "Do this.",
    }


def test_an_unforeseen_error_tells_nothing_of_the_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("password=hunter2 in /srv/secret.py")

    monkeypatch.setattr(Coach, "suggest", fail)
    response = client.get(f"/v1/deals/{DEAL}/coach")
    assert response.status_code == 500
    assert response.json()["code"] == "internal_error"
    assert "hunter2" not in response.text
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text
    assert response.headers["Content-Security-Policy"]
    assert 'status="500"' in client.get("/metrics").text


def test_a_validation_error_says_where_but_not_what_was_sent(client: TestClient) -> None:
    secret = "the customer's secret words"
    body = [{"id": "u1", "text": "hi", "speaker": secret}]
    response = client.post("/v1/intents", json=body)
    problem = response.json()
    assert response.status_code == 422
    assert problem["errors"][0]["where"] == "body.0.speaker"
    assert secret not in response.text


def test_a_body_that_is_no_json_is_refused(client: TestClient) -> None:
    response = client.post(
        "/v1/intents", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/nothing.html", 404, "not_found"),
        ("DELETE", "/v1/deals", 405, "method_not_allowed"),
        ("GET", "/../core/settings.py", 404, "not_found"),
    ],
)
def test_unknown_paths_and_methods_are_problems_too(
    app: FastAPI, client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == code
