"""The timeline over HTTP: what was read from real samples, and who may see it."""

from __future__ import annotations

from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from api.schemas.history import EXAMPLE, HistoryModel


def test_a_deals_timeline_is_latest_first_with_its_words_and_their_mood(
    client: TestClient, stranger: TestClient
) -> None:
    found = client.get("/v1/deals/opp-renhe-pacs/timeline").json()
    times = [entry["said_at"] for entry in found["timeline"]]
    assert times
    assert times == sorted(times, reverse=True)
    for entry in found["timeline"]:
        assert entry["p"] >= 0.5
        assert entry["evidence"]["role"] == "customer"
        assert 0 <= entry["reported"] <= 1
        assert -1 <= entry["mood"] <= 1
    assert set(found["agreement"]["channels"]) == {"email", "meeting"}
    assert stranger.get("/v1/deals/opp-renhe-pacs/timeline").status_code == 404


def test_a_deal_without_words_has_an_empty_timeline(client: TestClient) -> None:
    assert client.get("/v1/deals/opp-silent/timeline").json() == {
        "deal_id": "opp-silent",
        "timeline": [],
        "agreement": {
            "kappa": None, "coverage": None, "n_compared": 0, "channels": [], "pairs": []
        },
    }  # fmt: skip


def test_evidence_of_the_coach_says_whether_it_was_passed_on(client: TestClient) -> None:
    answer = client.get("/v1/deals/opp-renhe-pacs/coach").json()
    evidence = [e for intent in answer["intents"] for e in intent["evidence"]]
    assert evidence
    assert all(e["reported"] is None or 0.5 <= e["reported"] <= 1 for e in evidence)
    assert all("changed_from" in intent for intent in answer["intents"])


def test_the_example_fits_its_model() -> None:
    adapter = TypeAdapter(HistoryModel)
    assert adapter.dump_python(adapter.validate_python(EXAMPLE), mode="json") == EXAMPLE
