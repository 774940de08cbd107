"""A suggestion's provenance over HTTP: readable, PROV-JSON, and W3C Web Annotations."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from retrieval.annotations import media_fragment

# The Web Annotation Data Model's rules for what we write (sections 3.1, 3.2, 4.1, 4.2, 4.3, 5).
SELECTORS = {
    "oneOf": [
        {
            "properties": {
                "type": {"const": "TextPositionSelector"},
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 1},
            },
            "required": ["type", "start", "end"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "TextQuoteSelector"},
                "exact": {"type": "string", "minLength": 1},
                "prefix": {"type": "string"},
                "suffix": {"type": "string"},
            },
            "required": ["type", "exact"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "FragmentSelector"},
                "conformsTo": {"const": "http://www.w3.org/TR/media-frags/"},
                "value": {"pattern": r"^t=npt:\d+(\.\d+)?(,\d+(\.\d+)?)?$"},
            },
            "required": ["type", "conformsTo", "value"],
            "additionalProperties": False,
        },
    ]
}
TARGET = {
    "type": "object",
    "properties": {
        "type": {"const": "SpecificResource"},
        "source": {"type": "object", "required": ["id", "type"]},
        "selector": {"type": "array", "minItems": 2, "items": SELECTORS},
        "state": {
            "properties": {"type": {"const": "TimeState"}, "sourceDate": {"type": "string"}},
            "required": ["type", "sourceDate"],
        },
    },
    "required": ["type", "source", "selector"],
}
ANNOTATION = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^urn:"},
        "type": {"const": "Annotation"},
        "motivation": {"enum": ["describing", "tagging"]},
        "body": {
            "type": "array",
            "minItems": 1,
            "items": {"properties": {"type": {"enum": ["TextualBody", "SpecificResource"]}}},
        },
        "target": TARGET,
    },
    "required": ["id", "type", "target", "body"],
}
COLLECTION = {
    "type": "object",
    "properties": {
        "@context": {"contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
        "type": {"const": "AnnotationCollection"},
        "total": {"type": "integer"},
        "first": {
            "properties": {
                "type": {"const": "AnnotationPage"},
                "items": {"type": "array", "items": ANNOTATION, "minItems": 1},
            },
            "required": ["id", "type", "items", "partOf"],
        },
    },
    "required": ["@context", "id", "type", "total", "first"],
}


@pytest.fixture(scope="module")
def suggestions(client: TestClient) -> list[dict[str, Any]]:
    return [
        suggestion
        for deal in ("opp-hlm-1", "opp-renhe-pacs")
        for suggestion in client.get(f"/v1/deals/{deal}/coach").json()["suggestions"]
    ]


def exported(client: TestClient, suggestion: dict[str, Any], format: str) -> Any:
    answer = client.get(f"/v1/suggestions/{suggestion['id']}/provenance?format={format}")
    assert answer.status_code == 200
    return answer.json()


def test_each_claims_words_stand_in_their_context_and_hold_today(
    client: TestClient, suggestions: list[dict[str, Any]]
) -> None:
    for suggestion in suggestions:
        found = client.get(f"/v1/suggestions/{suggestion['id']}/evidence").json()
        assert [c["id"] for c in found["claims"]] == [c["id"] for c in suggestion["claims"]]
        assert all(claim["holds"] for claim in found["claims"])
        for claim in found["claims"]:
            for one in claim["evidence"]:
                assert one["holds"] == "unchanged"
                assert one["now"]["span"] == one["span"]


def test_annotations_follow_the_w3c_model(
    client: TestClient, suggestions: list[dict[str, Any]]
) -> None:
    channels = set()
    for suggestion in suggestions:
        shape = exported(client, suggestion, "annotations")
        Draft202012Validator(COLLECTION).validate(shape)
        assert shape["total"] == sum(len(c["evidence"]) for c in suggestion["claims"])
        for item in shape["first"]["items"]:
            target = item["target"]
            channels.add(target["source"]["junshi:channel"])
            kinds = [selector["type"] for selector in target["selector"]]
            is_timed = "FragmentSelector" in kinds
            assert not is_timed or target["source"]["junshi:channel"] == "meeting"
    assert {"email", "meeting"} <= channels


def test_the_selectors_of_one_annotation_agree(
    client: TestClient, suggestions: list[dict[str, Any]]
) -> None:
    shape = exported(client, suggestions[0], "annotations")
    for item in shape["first"]["items"]:
        position, quote = item["target"]["selector"][:2]
        source = item["target"]["source"]["id"]
        if not source.startswith("urn:junshi:source:"):
            continue
        text = client.get(f"/v1/sources/{source.removeprefix('urn:junshi:source:')}").json()["text"]
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])


def test_prov_leads_from_the_suggestion_to_the_files(
    client: TestClient, suggestions: list[dict[str, Any]]
) -> None:
    suggestion = suggestions[0]
    shape = exported(client, suggestion, "prov")
    derived = [
        (r["prov:generatedEntity"], r["prov:usedEntity"]) for r in shape["wasDerivedFrom"].values()
    ]
    reached, frontier = set(), {f"junshi:suggestion.{suggestion['id']}"}
    while frontier:
        reached |= frontier
        frontier = {to for of, to in derived if of in frontier} - reached
    assert reached == set(shape["entity"])
    cited = {e["source_sha256"] for c in suggestion["claims"] for e in c["evidence"]}
    sources = [e for e in shape["entity"].values() if "junshi:sha256" in e]
    assert {e["junshi:sha256"] for e in sources} == cited
    named = {end for kind in ("entity", "agent", "activity") for end in shape[kind]}
    for relation in ("wasDerivedFrom", "used", "wasAttributedTo", "wasAssociatedWith"):
        for record in shape[relation].values():
            ends = [v for k, v in record.items() if k not in ("prov:type", "prov:time")]
            assert set(ends) <= named


def test_another_tenant_and_an_unknown_format_are_refused(
    client: TestClient, stranger: TestClient, suggestions: list[dict[str, Any]]
) -> None:
    path = f"/v1/suggestions/{suggestions[0]['id']}"
    for asked in (f"{path}/evidence", f"{path}/provenance"):
        assert stranger.get(asked).status_code == 404
    assert client.get(f"{path}/provenance?format=pdf").status_code == 422


@pytest.mark.parametrize(
    ("start", "end", "value"),
    [(184000, 189500, "t=npt:184,189.5"), (0, None, "t=npt:0"), (5005, 5005, "t=npt:5.005")],
)
def test_a_media_fragment_counts_seconds(start: int, end: int | None, value: str) -> None:
    assert media_fragment(start, end) == value
