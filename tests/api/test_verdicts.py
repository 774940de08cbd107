"""The rep's answer: stored once, by whom the key says, and still there after a restart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agents.backends import Backends, open_backends
from api.app import create_app
from core.fakes import FixedClock

ClientOf = Callable[..., TestClient]
DEAL = "opp-renhe-pacs"


@pytest.fixture
def rep(client_of: ClientOf, request: pytest.FixtureRequest) -> TestClient:
    """Each test is another rep, so that one's rejection hides nothing from the next."""
    return client_of(rep_id=f"rep-{request.node.name}")


def suggestions(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/deals/{DEAL}/coach").json()["suggestions"]
    return found


def with_several_claims(client: TestClient) -> dict[str, Any]:
    return next(s for s in suggestions(client) if len(s["claims"]) > 1)


def reviewed(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/deals/{DEAL}/verdicts").json()
    return found


def url(suggestion: dict[str, Any]) -> str:
    return f"/v1/suggestions/{suggestion['id']}/verdicts"


def test_an_accepted_suggestion_has_a_verdict_in_the_reps_name(rep: TestClient) -> None:
    first = suggestions(rep)[0]
    response = rep.post(url(first), json={"kind": "accepted"})
    assert response.status_code == 201
    made = response.json()
    assert made["rep_id"] == rep.get("/v1/me").json()["acts_as"]
    assert made in rep.get(url(first)).json()


def test_the_same_key_twice_is_one_verdict(rep: TestClient) -> None:
    first = suggestions(rep)[0]
    before = len(rep.get(url(first)).json())
    headers = {"Idempotency-Key": "press-1"}
    once = rep.post(url(first), json={"kind": "accepted"}, headers=headers)
    again = rep.post(url(first), json={"kind": "accepted"}, headers=headers)
    assert (once.status_code, again.status_code) == (201, 200)
    assert again.json() == once.json()
    assert len(rep.get(url(first)).json()) == before + 1


def test_a_colleagues_equal_key_is_another_verdict(rep: TestClient, client_of: ClientOf) -> None:
    first = suggestions(rep)[0]
    headers = {"Idempotency-Key": "press-2"}
    colleague = client_of(rep_id="rep-colleague")
    mine = rep.post(url(first), json={"kind": "accepted"}, headers=headers)
    theirs = colleague.post(url(first), json={"kind": "accepted"}, headers=headers)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]


def test_partly_accepted_names_the_claims_that_hold(rep: TestClient) -> None:
    chosen = with_several_claims(rep)
    kept = [chosen["claims"][0]["id"]]
    made = rep.post(url(chosen), json={"kind": "partly_accepted", "claim_ids": kept}).json()
    assert made["claim_ids"] == kept


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "rejected"},
        {"kind": "rejected", "reason_code": "no such reason"},
        {"kind": "rejected", "reason_code": "other"},
        {"kind": "partly_accepted", "claim_ids": []},
        {"kind": "partly_accepted", "claim_ids": ["c99"]},
        {"kind": "accepted", "claim_ids": ["c1"]},
        {"kind": "maybe"},
        {"kind": "accepted", "rep_id": "rep-9"},
        {"kind": "accepted", "comment": "x" * 2001},
        {},
        [],
        "accepted",
    ],
)
def test_a_verdict_that_does_not_fit_is_refused(rep: TestClient, body: Any) -> None:
    response = rep.post(url(suggestions(rep)[0]), json=body)
    assert response.status_code == 422
    assert response.json()["code"] in ("invalid_input", "invalid_request")


@pytest.mark.parametrize("key", ["", " ", "k" * 201])
def test_an_unusable_idempotency_key_is_refused_or_replaced(rep: TestClient, key: str) -> None:
    response = rep.post(
        url(suggestions(rep)[0]), json={"kind": "accepted"}, headers={"Idempotency-Key": key}
    )
    assert response.status_code == (422 if len(key) > 200 else 201)


def test_a_rejected_suggestion_is_not_shown_again_but_can_be_read(
    rep: TestClient, client_of: ClientOf
) -> None:
    chosen = suggestions(rep)[0]
    verdict = {"kind": "rejected", "reason_code": "wrong_stage", "comment": "还没到这一步"}
    assert rep.post(url(chosen), json=verdict).status_code == 201
    assert chosen["id"] not in {s["id"] for s in suggestions(rep)}
    (kept,) = [one for one in reviewed(rep) if one["suggestion"]["id"] == chosen["id"]]
    assert kept["suggestion"]["move"] == chosen["move"]
    assert kept["verdict"]["comment"] == "还没到这一步"
    other = client_of(rep_id="rep-who-rejected-nothing")
    assert chosen["id"] in {s["id"] for s in suggestions(other)}


def test_a_colleagues_later_word_does_not_hide_ones_own(
    rep: TestClient, client_of: ClientOf
) -> None:
    chosen = suggestions(rep)[0]
    mine = rep.post(url(chosen), json={"kind": "rejected", "reason_code": "wrong_person"}).json()
    theirs = client_of(rep_id="rep-later").post(url(chosen), json={"kind": "accepted"}).json()
    assert mine in [one["verdict"] for one in reviewed(rep)]
    assert theirs not in [one["verdict"] for one in reviewed(rep)]
    assert theirs in [one["verdict"] for one in reviewed(client_of(rep_id="rep-later"))]


def test_a_verdict_survives_a_restart(rep: TestClient, backends: Backends) -> None:
    first = suggestions(rep)[0]
    made = rep.post(
        url(first), json={"kind": "rejected", "reason_code": "other", "comment": "改由渠道商谈"}
    ).json()
    reopened = open_backends(backends.settings, clock=FixedClock(backends.clock.now()))
    # The models are as before; what matters here is that the database is opened anew.
    for part in ("embedder", "recogniser", "terms", "linker", "playbook"):
        setattr(reopened, part, getattr(backends, part))
    with TestClient(create_app(reopened), headers=dict(rep.headers)) as restarted:
        assert made in restarted.get(url(first)).json()
        assert made in [one["verdict"] for one in reviewed(restarted)]
