import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Channel, Evidence
from knowledge_graph.crm.deal_folder import (
    CRM_FIELDS,
    CrmField,
    crm_evidence,
    crm_fields,
    find_deal_folders,
    read_deal_folder,
)
from knowledge_graph.crm.places import MISSING, at, locate
from knowledge_graph.crm.record import parse_record

SAMPLES = Path(__file__).parents[2] / "evals" / "samples"
AS_OF = datetime(2026, 11, 5, tzinfo=UTC)


def cite(text: str, pointer: str) -> Evidence | None:
    return crm_evidence(
        text,
        pointer=pointer,
        source_id="src",
        sha256="hash",
        file="deal.json",
        field="x",
        as_of=AS_OF,
    )


def quote(text: str, pointer: str) -> str | None:
    evidence = cite(text, pointer)
    if evidence is None:
        return None
    assert text[evidence.start : evidence.end] == evidence.quote
    return evidence.quote


def fields(record: dict[str, Any]) -> dict[str, CrmField]:
    text = json.dumps(record, ensure_ascii=False, indent=1)
    deal = parse_record(record, fallback_id="f").deal
    found = crm_fields(deal, text, source_id="src", sha256="hash", file="deal.json", as_of=AS_OF)
    for field in found.values():
        assert text[field.evidence.start : field.evidence.end] == field.evidence.quote
    return found


def test_a_text_is_cited_inside_its_quotation_marks() -> None:
    text = '{"opportunity": {"stage": "demo", "amount": 5e3}}'
    evidence = cite(text, "/opportunity/stage")
    assert evidence == Evidence(
        source_id="src",  # type: ignore[arg-type]
        source_sha256="hash",
        file="deal.json",
        channel=Channel.CRM,
        start=27,
        end=31,
        quote="demo",
        occurred_at=AS_OF,
        crm_field="x",
    )
    assert quote(text, "/opportunity/amount") == "5e3"


def test_escapes_are_quoted_as_they_stand() -> None:
    assert quote(r'{"a": "\u4e2d \"x\""}', "/a") == r"\u4e2d \"x\""


def test_a_null_can_be_cited_as_a_gap_but_what_is_missing_or_empty_cannot() -> None:
    text = '{"opportunity": {"next_step": null, "name": "", "csat": "  ", "competitors": []}}'
    assert quote(text, "/opportunity/next_step") == "null"
    assert quote(text, "/opportunity/stage") is None
    assert quote(text, "/account/name") is None
    assert quote(text, "/opportunity/name") is None
    assert quote(text, "/opportunity/csat") is None
    assert quote(text, "/opportunity/competitors") is None


def test_keys_that_look_like_pointers_are_never_mistaken_for_the_field() -> None:
    text = '{"opportunity": {"stage": "demo"}, "opportunity/stage": "won"}'
    assert quote(text, "/opportunity/stage") is None
    twice = '{"opportunity": {"stage": "demo"}, "opportunity": {}}'
    assert quote(twice, "/opportunity/stage") is None


RECORD: dict[str, Any] = {
    "account": {"name": "Harbour Tools", "industry": "制造业"},
    "contacts": [
        {"id": "c-0", "name": "Ada Moe"},
        {"id": "c-1", "name": "Ada Moe"},
    ],
    "rep": {"name": "Sam Ray"},
    "opportunity": {
        "id": "o",
        "stage": "Demo",
        "amount": "480,000.00",
        "currency": "CNY",
        "expected_close": "2026/12/5",
        "decision_maker": "c-1",
        "competitors": ["Quantiva"],
        "trial_window": {"start": "2026-11-02", "end": "2026-11-16"},
        "next_step": None,
    },
    "products": ["A", "B"],
}


def test_values_are_shown_typed_and_cited_as_written() -> None:
    shown = {name: (f.value, f.evidence.quote) for name, f in fields(RECORD).items()}
    trial = '{\n   "start": "2026-11-02",\n   "end": "2026-11-16"\n  }'
    assert shown == {
        "account": ("Harbour Tools", "Harbour Tools"),
        "industry": ("制造业", "制造业"),
        "rep": ("Sam Ray", "Sam Ray"),
        "stage": ("demo", "Demo"),
        "amount": ("480000.00", "480,000.00"),
        "currency": ("CNY", "CNY"),
        "expected_close": ("2026-12-05", "2026/12/5"),
        "decision_maker": ("Ada Moe", "Ada Moe"),
        "competitors": ("Quantiva", "Quantiva"),
        "trial_window": ("2026-11-02/2026-11-16", trial),
        "products": ("A, B", '[\n  "A",\n  "B"\n ]'),
    }
    assert fields(RECORD)["stage"].label.zh == "阶段"


def test_the_decision_maker_is_cited_by_the_name_of_the_right_contact() -> None:
    text = json.dumps(RECORD, ensure_ascii=False, indent=1)
    start = fields(RECORD)["decision_maker"].evidence.start
    assert text.rfind('"id": "c-1"', 0, start) > text.rfind('"id": "c-0"', 0, start) > 0


def test_a_decision_maker_who_is_no_contact_is_cited_by_what_the_record_says() -> None:
    record = {"account": {"name": "A"}, "opportunity": {"decision_maker": "Ben"}}
    field = fields(record)["decision_maker"]
    assert (field.value, field.evidence.quote) == ("Ben", "Ben")


def test_half_a_trial_window_is_shown_and_cited_by_its_half() -> None:
    record = {"opportunity": {"trial_window": {"start": None, "end": "2026-11-16"}}}
    field = fields(record)["trial_window"]
    assert (field.value, field.evidence.quote) == ("2026-11-16", "2026-11-16")


def test_one_competitor_among_blanks_is_cited_alone() -> None:
    record = {"opportunity": {"competitors": ["", {"name": " Vantrex "}]}}
    field = fields(record)["competitors"]
    assert (field.value, field.evidence.quote) == ("Vantrex", " Vantrex ")


def test_a_wrong_value_is_no_field() -> None:
    assert fields({"opportunity": {"stage": "closing", "amount": "much"}}) == {}


@pytest.mark.parametrize("folder", find_deal_folders(SAMPLES), ids=lambda path: path.name)
def test_each_field_of_the_samples_is_cited_where_it_is_filled(folder: Path) -> None:
    found = read_deal_folder(folder)
    shown = crm_fields(
        found.record,
        found.record_text,
        source_id="s",
        sha256=found.record_sha256,
        file="deal.json",
        as_of=None,
    )
    for name, place in CRM_FIELDS.items():
        content = at(found.record_object, place.pointer)
        assert (name in shown) == (content not in (None, MISSING, [], ""))
    for field in shown.values():
        start, end = field.evidence.start, field.evidence.end
        assert found.record_text[start:end] == field.evidence.quote


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
JSON = st.recursive(
    LEAVES | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "name", "end"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(JSON, st.sampled_from([None, 1]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_value_is_found_where_it_stands(value: Any, indent: int | None, ascii: bool) -> None:
    record = {"account": value}
    text = json.dumps(record, indent=indent, ensure_ascii=ascii)

    def walk(content: Any, pointer: str) -> None:
        place = locate(text, pointer)
        if content in ("", [], {}) or (isinstance(content, str) and not content.strip()):
            assert place is None
            return
        assert place is not None
        start, end = place
        if isinstance(content, str):
            assert json.loads(text[start - 1 : end + 1]) == content
        else:
            assert json.loads(text[start:end]) == content
        if isinstance(content, dict):
            for key, inner in content.items():
                walk(inner, f"{pointer}/{key}")
        elif isinstance(content, list):
            for number, inner in enumerate(content):
                walk(inner, f"{pointer}/{number}")

    walk(value, "/account")
