"""Who may ask: keys, roles and tenants."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agents.backends import Backends
from api.auth import caller_of
from api.demo import FILE, demo_key

ClientOf = Callable[..., TestClient]
DEAL = "opp-hlm-1"
FOREIGN_DEAL = "opp-stc-1"


def operations(app: FastAPI) -> list[tuple[str, str]]:
    """(method, path with placeholders filled) of every /v1 operation."""
    return [
        (method.upper(), path.replace("{", "x-").replace("}", ""))
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/v1")
        for method in methods
    ]


def test_every_operation_refuses_a_caller_without_a_key(app: FastAPI, client: TestClient) -> None:
    bare = TestClient(app)
    asked = operations(app)
    assert len(asked) >= 14
    for method, path in asked:
        response = bare.request(method, path)
        assert response.status_code == 401, (method, path)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "unauthorised"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer jsk_wrong",
        "Bearer ",
        "Basic abc",
        "jsk_wrong",
        "Bearer jsk_" + "x" * 9000,
        "Bearer é",
    ],
)
def test_a_key_that_is_not_known_is_refused(app: FastAPI, client: TestClient, header: str) -> None:
    response = TestClient(app).get("/v1/me", headers={"Authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert response.json()["remedy"]


def test_me_says_whose_key_it_is(client: TestClient) -> None:
    assert client.get("/v1/me").json() == {
        "tenant": "demo",
        "role": "rep",
        "rep_id": "rep-1",
        "acts_as": "rep-1",
    }


def test_a_key_is_stored_as_its_hash_only(client: TestClient, backends: Backends) -> None:
    key = client.headers["Authorization"].removeprefix("Bearer ")
    backends.database.engine.dispose()
    for file in backends.settings.home.glob("junshi.db*"):
        assert key.encode() not in file.read_bytes()


def test_a_rep_may_not_upload(client: TestClient) -> None:
    response = client.post("/v1/deals", content=b"zip", headers={"Content-Type": "application/zip"})
    assert response.status_code == 403
    assert response.json()["code"] == "forbidden"


def test_a_tenant_sees_its_own_deals_only(client: TestClient, stranger: TestClient) -> None:
    mine = {deal["id"] for deal in client.get("/v1/deals").json()}
    theirs = {deal["id"] for deal in stranger.get("/v1/deals").json()}
    assert DEAL in mine
    assert FOREIGN_DEAL in theirs
    assert not mine & theirs


@pytest.mark.parametrize("path", ["", "/coach", "/deviations", "/verdicts"])
def test_another_tenants_deal_does_not_exist(client: TestClient, path: str) -> None:
    response = client.get(f"/v1/deals/{FOREIGN_DEAL}{path}")
    assert response.status_code == 404
    assert response.json()["instance"] == f"/v1/deals/{FOREIGN_DEAL}{path}"


def test_another_tenants_sources_and_suggestions_do_not_exist(
    client: TestClient, stranger: TestClient
) -> None:
    answer = client.get(f"/v1/deals/{DEAL}/coach").json()
    suggestion = answer["suggestions"][0]
    source_id = suggestion["claims"][0]["evidence"][0]["source_id"]
    verdicts = f"/v1/suggestions/{suggestion['id']}/verdicts"
    assert client.get(f"/v1/sources/{source_id}").status_code == 200
    for method, path, body in (
        ("GET", f"/v1/sources/{source_id}", None),
        ("GET", f"/v1/sources/{source_id}/evidence?start=0&end=5", None),
        ("GET", verdicts, None),
        ("POST", verdicts, {"kind": "accepted"}),
        ("GET", f"/v1/search?q=price&deal_id={DEAL}", None),
        ("GET", "/v1/search?q=price&account_id=acc-harbor", None),
    ):
        assert stranger.request(method, path, json=body).status_code == 404, path
    assert client.get(verdicts).json() == []


def test_search_does_not_reach_into_another_account(client: TestClient) -> None:
    hits = client.get("/v1/search", params={"q": "预算", "deal_id": DEAL, "k": 50}).json()["hits"]
    known = {t["source_id"] for t in client.get(f"/v1/deals/{DEAL}").json()["touchpoints"]}
    assert hits
    assert {hit["source_id"] for hit in hits} <= known


def test_the_demo_key_is_made_once_and_is_its_owners_alone(backends: Backends) -> None:
    key = demo_key(backends)
    file = backends.settings.home / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert demo_key(backends) == key
    with backends.database.read() as session:
        assert caller_of(session, f"Bearer {key}").role == "rep"


def test_a_demo_key_that_the_database_forgot_is_made_anew(backends: Backends) -> None:
    file: Path = backends.settings.home / FILE
    file.write_text("jsk_of-another-database", encoding="ascii")
    file.chmod(0o644)
    assert demo_key(backends) != "jsk_of-another-database"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
