"""Deals, the coach's answer, and the evidence behind it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

DEAL = "opp-hlm-1"
ABSTAINS = "opp-silent"


@pytest.fixture(scope="module")
def answer(client: TestClient) -> dict[str, Any]:
    response = client.get(f"/v1/deals/{DEAL}/coach")
    assert response.status_code == 200
    shape: dict[str, Any] = response.json()
    return shape


def evidence_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    claims = [c for s in answer["suggestions"] for c in s["claims"]]
    carriers = [*claims, *answer["intents"], *answer["deviations"]]
    crm = [d["crm_evidence"] for d in answer["deviations"] if d["crm_evidence"]]
    return [e for one in carriers for e in one["evidence"]] + crm


def test_the_list_says_what_a_crm_list_says(client: TestClient) -> None:
    deals = client.get("/v1/deals").json()
    harbor = next(deal for deal in deals if deal["id"] == DEAL)
    assert (harbor["account"], harbor["stage"], harbor["amount"], harbor["currency"]) == (
        "Harbor Lane Markets",
        "proposal",
        "540000.00",
        "USD",
    )


def test_a_deal_has_its_record_and_touchpoints_newest_first(client: TestClient) -> None:
    deal = client.get(f"/v1/deals/{DEAL}").json()
    days = [t["said_on"] for t in deal["touchpoints"]]
    assert deal["record"]["opportunity"]["id"] == DEAL
    assert days == sorted(days, reverse=True)
    assert {t["channel"] for t in deal["touchpoints"]} == {"email", "meeting"}
    assert any(t["participants"] for t in deal["touchpoints"] if t["channel"] == "meeting")
    assert all(t["sender"] for t in deal["touchpoints"] if t["channel"] == "email")


def test_the_coach_gives_one_to_five_suggestions_with_evidence(answer: dict[str, Any]) -> None:
    assert 1 <= len(answer["suggestions"]) <= 5
    assert not answer["abstained"]
    for suggestion in answer["suggestions"]:
        assert suggestion["move"]["zh"]
        assert suggestion["move"]["en"]
        assert 0 < suggestion["confidence"]["p"] < 1
        assert all(claim["evidence"] for claim in suggestion["claims"])


def test_the_same_question_gets_the_same_suggestions(
    client: TestClient, answer: dict[str, Any]
) -> None:
    again = client.get(f"/v1/deals/{DEAL}/coach").json()
    assert [s["id"] for s in again["suggestions"]] == [s["id"] for s in answer["suggestions"]]


def test_an_answer_says_how_long_it_took_and_is_kept_nowhere(client: TestClient) -> None:
    response = client.get(f"/v1/deals/{DEAL}/coach")
    assert response.headers["Server-Timing"].startswith("app;dur=")
    assert response.headers["Cache-Control"] == "no-store"


def test_without_a_language_model_polishing_is_said_to_be_missing(client: TestClient) -> None:
    polished = client.get(f"/v1/deals/{DEAL}/coach", params={"polish": True}).json()
    assert polished["suggestions"]
    assert polished["degraded"] == ["language_model: not configured"]


def test_without_evidence_the_coach_says_what_is_missing(client: TestClient) -> None:
    quiet = client.get(f"/v1/deals/{ABSTAINS}/coach").json()
    assert quiet["abstained"]
    assert quiet["suggestions"] == []
    assert all(text["zh"] and text["en"] for text in quiet["missing"])
    assert quiet["missing"]


def test_deviations_alone_equal_those_of_the_answer(
    client: TestClient, answer: dict[str, Any]
) -> None:
    report = client.get(f"/v1/deals/{DEAL}/deviations").json()
    assert report["deal_id"] == DEAL
    for part in ("consistent", "undecided"):
        assert report[part] == answer[part]
    shared = set(answer["deviations"][0])
    found = [{key: one[key] for key in shared} for one in report["deviations"]]
    assert found == answer["deviations"]


def test_every_quote_stands_at_its_span_of_the_source(
    client: TestClient, answer: dict[str, Any]
) -> None:
    found = [e for e in evidence_of(answer) if e["channel"] != "term"]
    assert found
    for evidence in found:
        source = client.get(f"/v1/sources/{evidence['source_id']}").json()
        start, end = evidence["span"]
        assert source["text"][start:end] == evidence["quote"]
        assert source["sha256"] == evidence["source_sha256"]
        assert source["path"] == evidence["file"]


def test_an_excerpt_has_the_words_their_context_and_who_said_them_when(
    client: TestClient, answer: dict[str, Any]
) -> None:
    spoken = next(e for e in evidence_of(answer) if e["channel"] == "meeting")
    start, end = spoken["span"]
    excerpt = client.get(
        f"/v1/sources/{spoken['source_id']}/evidence", params={"start": start, "end": end}
    ).json()
    source = client.get(f"/v1/sources/{spoken['source_id']}").json()
    assert excerpt["quote"] == spoken["quote"]
    assert excerpt["before"] + excerpt["quote"] + excerpt["after"] in source["text"]
    assert excerpt["speaker"] == spoken["speaker"]
    assert excerpt["start_ms"] == spoken["start_ms"]
    assert excerpt["said_on"] == spoken["said_on"]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (0, 10**9), (-1, 4)])
def test_a_span_outside_the_source_is_refused(
    client: TestClient, answer: dict[str, Any], start: int, end: int
) -> None:
    source_id = evidence_of(answer)[0]["source_id"]
    response = client.get(f"/v1/sources/{source_id}/evidence", params={"start": start, "end": end})
    assert response.status_code == 422


def test_a_meeting_has_utterances_and_a_mail_has_regions(client: TestClient) -> None:
    touchpoints = client.get(f"/v1/deals/{DEAL}").json()["touchpoints"]
    by_channel = {t["channel"]: t["source_id"] for t in touchpoints}
    meeting = client.get(f"/v1/sources/{by_channel['meeting']}").json()
    mail = client.get(f"/v1/sources/{by_channel['email']}").json()
    assert {u["role"] for u in meeting["utterances"]} >= {"customer", "rep"}
    assert all(u["start_ms"] is not None for u in meeting["utterances"])
    assert meeting["participants"]
    assert "body" in {r["kind"] for r in mail["regions"]}
    assert mail["utterances"] == []
    assert mail["sender"]


def test_a_term_chip_can_be_looked_up(client: TestClient) -> None:
    answer = client.get("/v1/deals/opp-renhe-pacs/coach").json()
    term = next(e for e in evidence_of(answer) if e["channel"] == "term")
    found = client.get(f"/v1/terms/{term['concept_id']}").json()
    labels = [*found["pref_label"].values(), *found["alt_labels"]["zh"], *found["alt_labels"]["en"]]
    assert term["quote"] in labels
    assert found["file"] == term["file"]


def test_search_finds_the_customers_words_of_one_account(client: TestClient) -> None:
    by_deal = client.get("/v1/search", params={"q": "too expensive", "deal_id": DEAL, "k": 3})
    account_id = client.get(f"/v1/deals/{DEAL}").json()["account_id"]
    by_account = client.get(
        "/v1/search", params={"q": "too expensive", "account_id": account_id, "k": 3}
    )
    assert any("expensive" in hit["text"] for hit in by_deal.json()["hits"])
    assert by_account.json() == by_deal.json()


def test_a_search_says_what_it_added_and_takes_filters(client: TestClient) -> None:
    asked = {"q": "too expensive", "deal_id": DEAL}
    hits = client.get("/v1/search", params={**asked, "role": "customer"}).json()
    assert {hit["role"] for hit in hits["hits"]} == {"customer"}
    assert isinstance(hits["added"], dict)
    old = client.get("/v1/search", params={**asked, "until": "2001-01-01T00:00:00Z"}).json()
    assert old["hits"] == []
    assert client.get("/v1/search", params={**asked, "channel": "pigeon"}).status_code == 422


def test_a_search_takes_one_account_only(client: TestClient) -> None:
    response = client.get("/v1/search", params={"q": "x", "deal_id": DEAL, "account_id": "a"})
    assert response.status_code == 422


def test_utterances_are_labelled_in_order_and_reps_carry_nothing(client: TestClient) -> None:
    utterances = [
        {"id": "u1", "text": "你们比另一家贵了不少", "speaker": "customer"},
        {"id": "u2", "text": "你们比另一家贵了不少", "speaker": "rep"},
    ]
    labelled = client.post("/v1/intents", json=utterances).json()
    assert [one["id"] for one in labelled] == ["u1", "u2"]
    assert "money.price_objection" in {label["id"] for label in labelled[0]["labels"]}
    assert labelled[1]["labels"] == []


def test_the_taxonomy_has_26_intents_in_both_languages(client: TestClient) -> None:
    intents = client.get("/v1/taxonomy").json()["intents"]
    assert len(intents) == 26
    assert all(one["meaning"]["zh"] and one["meaning"]["en"] for one in intents)


@pytest.mark.parametrize(
    "path", ["/v1/deals/none", "/v1/deals/none/coach", "/v1/sources/none", "/v1/terms/none:none"]
)
def test_what_does_not_exist_is_a_problem_with_a_remedy(client: TestClient, path: str) -> None:
    problem = client.get(path).json()
    assert problem["status"] == 404
    assert problem["type"] == "urn:junshi:error:not_found"
    assert problem["remedy"]
