"""A person's yes or no over HTTP: recorded once, in the own tenant only, and no CRM is written."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

DEAL = "opp-hlm-1"


@pytest.fixture
def found(client: TestClient) -> dict[str, Any]:
    report = client.get(f"/v1/deals/{DEAL}/deviations").json()
    assert report["deviations"]
    first: dict[str, Any] = report["deviations"][0]
    return first


def test_a_yes_is_recorded_once_and_writes_no_crm(
    client: TestClient, found: dict[str, Any]
) -> None:
    path = f"/v1/deals/{DEAL}/deviations/{found['id']}/decision"
    headers = {"Idempotency-Key": "yes-1"}
    first = client.post(path, json={"decision": "accepted"}, headers=headers)
    again = client.post(path, json={"decision": "accepted"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["written_to_crm"] is False
    assert first.json()["agreed_change"]["to"] == found["proposed"]
    report = client.get(f"/v1/deals/{DEAL}/deviations").json()
    mine = next(one for one in report["deviations"] if one["id"] == found["id"])
    assert (mine["state"], mine["decided"]["by"]) == ("accepted", "rep-1")
    assert mine["crm"] == found["crm"]


def test_another_tenant_neither_sees_nor_decides(
    stranger: TestClient, found: dict[str, Any]
) -> None:
    path = f"/v1/deals/{DEAL}/deviations"
    assert stranger.get(path).status_code == 404
    posted = stranger.post(f"{path}/{found['id']}/decision", json={"decision": "dismissed"})
    assert posted.status_code == 404


def test_another_word_is_refused(client: TestClient, found: dict[str, Any]) -> None:
    path = f"/v1/deals/{DEAL}/deviations/{found['id']}/decision"
    assert client.post(path, json={"decision": "maybe"}).status_code == 422
