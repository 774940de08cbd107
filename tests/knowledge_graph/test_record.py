import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Stage
from knowledge_graph.crm.record import canonical_industry, parse_record

RECORD: dict[str, Any] = {
    "account": {
        "id": "acc-1",
        "name": "Harbour Tools",
        "industry": "制造业",
        "region": "Kiel",
        "n_employees": 800,
        "duns": "1",
    },
    "contacts": [
        {"id": "c-1", "name": "Ada Moe", "title": "CFO", "email": "ada@harbour.example"},
        {"id": "c-2", "name": "林海", "phone": 13800000000, "wechat": "lin"},
    ],
    "rep": {"id": "rep-7", "name": "Sam Ray", "email": "sam@us.example", "team": "North"},
    "opportunity": {
        "id": "opp-1",
        "name": "Line 3",
        "stage": "Negotiation",
        "amount": "480000.00",
        "currency": "cny",
        "created_at": "2026-09-02T10:12:00+08:00",
        "expected_close": "2026-12-20",
        "closed_at": None,
        "budget_status": "Approved",
        "decision_maker": "c-1",
        "competitors": ["Quantiva", "Quantiva", "Vantrex"],
        "trial_window": {"start": "2026-11-02", "end": "2026-11-16"},
        "next_step": "  Send the contract ",
        "updated_at": "2026-11-05T18:20:00",
        "csat": 4.5,
        "forecast": "commit",
    },
    "products": ["MES"],
    "source_system": "old",
}


def opportunity(**fields: Any) -> Any:
    deal, problems = parse_record(
        {"account": {"name": "A"}, "opportunity": {"id": "o", **fields}}, fallback_id="f"
    )
    return deal.opportunity, problems


def test_a_full_record_is_read_without_problems() -> None:
    deal, problems = parse_record(RECORD, fallback_id="folder")
    assert problems == []
    assert deal.account.industry == "manufacturing"
    assert deal.account.n_employees == 800
    assert [c.id for c in deal.contacts] == ["c-1", "c-2"]
    assert deal.contacts[1].phone == "13800000000"
    assert deal.rep is not None
    assert deal.rep.team == "North"
    record = deal.opportunity
    assert record.stage is Stage.NEGOTIATION
    assert record.amount == Decimal("480000.00")
    assert record.currency == "CNY"
    assert record.created_at == datetime(2026, 9, 2, 2, 12, tzinfo=UTC)
    assert record.updated_at == datetime(2026, 11, 5, 18, 20, tzinfo=UTC)
    assert record.expected_close == date(2026, 12, 20)
    assert record.budget_status == "approved"
    assert record.competitors == ("Quantiva", "Vantrex")
    assert (record.trial_start, record.trial_end) == (date(2026, 11, 2), date(2026, 11, 16))
    assert record.next_step == "Send the contract"
    assert record.csat == 4.5


def test_unknown_keys_are_kept_below_their_parent() -> None:
    deal, _ = parse_record(RECORD, fallback_id="folder")
    assert deal.extra == {
        "source_system": "old",
        "account": {"duns": "1"},
        "contacts": {"c-2": {"wechat": "lin"}},
        "opportunity": {"forecast": "commit"},
    }


def test_an_empty_record_is_a_deal_named_by_its_folder() -> None:
    deal, problems = parse_record({}, fallback_id="harbour")
    assert deal.id == "harbour"
    assert deal.opportunity.stage is None
    assert deal.rep is None
    assert deal.contacts == ()
    assert problems == ["account.name None is missing: the account has no name"]


def test_missing_ids_are_derived_from_names_and_stay_the_same() -> None:
    record = {"account": {"name": "Harbour  Tools"}, "contacts": [{"name": "Ada"}]}
    first, _ = parse_record(record, fallback_id="a")
    second, _ = parse_record(
        {"account": {"name": "harbour tools"}, "contacts": [{"name": "ADA"}]}, fallback_id="b"
    )
    assert first.account.id == second.account.id
    assert first.contacts[0].id == second.contacts[0].id
    assert first.account.id.startswith("acc-")


def test_a_stored_record_reads_the_same_when_its_deal_id_is_the_fallback() -> None:
    first, _ = parse_record({"opportunity": {"stage": "demo"}}, fallback_id="folder")
    again, _ = parse_record({"opportunity": {"stage": "demo"}}, fallback_id=first.id)
    assert again == first


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("amount", "abc", "opportunity.amount 'abc' is not a number"),
        ("amount", True, "opportunity.amount True is not a number"),
        ("amount", float("nan"), "opportunity.amount nan is not a number"),
        ("amount", "-5", "opportunity.amount '-5' is out of range for a sum of money"),
        ("amount", "1e99999", "opportunity.amount '1e99999' is out of range for a sum of money"),
        ("currency", "yuan", "opportunity.currency 'yuan' is no ISO 4217 code"),
        ("expected_close", "soon", "opportunity.expected_close 'soon' is no date"),
        ("expected_close", 20261220, "opportunity.expected_close 20261220 is no text"),
        ("updated_at", "2026-13-01", "opportunity.updated_at '2026-13-01' is no time"),
        ("next_step", ["call"], "opportunity.next_step ['call'] is no text"),
        ("competitors", {"a": 1}, "opportunity.competitors {'a': 1} is no list"),
        ("csat", 10**400, "opportunity.csat 1000000000000000000000000000000000000000…"),
        ("decision_maker", "c-9", "opportunity.decision_maker 'c-9' is none of the contacts"),
        ("trial_window", "May", "opportunity.trial_window 'May' is no object"),
        ("budget_status", "maybe", "opportunity.budget_status 'maybe' is none of unknown"),
        ("stage", "closing", "opportunity.stage 'closing' is none of lead, qualified"),
    ],
)
def test_a_wrong_field_is_reported_and_costs_only_itself(
    field: str, value: Any, problem: str
) -> None:
    record, problems = opportunity(**{field: value}, name="Line 3")
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert record.name == "Line 3"
    if field not in ("decision_maker",):
        assert getattr(record, field, None) in (None, ())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-20", date(2026, 12, 20)),
        ("2026/12/5", date(2026, 12, 5)),
        ("2026年12月5日", date(2026, 12, 5)),
        ("2026-12-20T23:30:00-08:00", date(2026, 12, 20)),
    ],
)
def test_dates_are_taken_as_written(written: str, day: date) -> None:
    record, problems = opportunity(expected_close=written)
    assert record.expected_close == day
    assert problems == []


@pytest.mark.parametrize("written", ["480,000.00", 480000, 480000.0, " 480000 "])
def test_sums_are_read_in_their_usual_spellings(written: object) -> None:
    record, problems = opportunity(amount=written)
    assert record.amount == Decimal(480000)
    assert problems == []


def test_competitors_may_be_one_text_or_objects() -> None:
    assert opportunity(competitors="甲软、乙科; Quantiva")[0].competitors == (
        "甲软",
        "乙科",
        "Quantiva",
    )
    assert opportunity(competitors=[{"name": "Vantrex"}])[0].competitors == ("Vantrex",)


def test_a_trial_that_ends_before_it_starts_is_reported() -> None:
    _, problems = opportunity(trial_window={"start": "2026-11-16", "end": "2026-11-02"})
    assert "ends before it starts" in problems[0]


def test_a_decision_maker_written_by_name_is_understood() -> None:
    record = {**RECORD, "opportunity": {"id": "o", "decision_maker": "ada moe"}}
    deal, problems = parse_record(record, fallback_id="f")
    assert deal.opportunity.decision_maker == "c-1"
    assert problems == []


def test_two_contacts_never_share_an_id() -> None:
    contacts = [{"id": "c-1", "name": "Ada"}, {"id": "c-1", "name": "Ben"}, {"title": "CEO"}, "x"]
    deal, problems = parse_record({"account": {"name": "A"}, "contacts": contacts}, fallback_id="f")
    assert [c.name for c in deal.contacts] == ["Ada", "Ben"]
    assert len({c.id for c in deal.contacts}) == 2
    assert [p.split()[0] for p in problems] == ["contacts[1].id", "contacts[2].name", "contacts[3]"]


@pytest.mark.parametrize(
    ("written", "industry"),
    [
        ("制造业", "manufacturing"),
        ("Manufacturing / Automotive", "manufacturing"),
        ("医疗", "medical"),
        ("教育", "education"),
        ("零售", "retail"),
        ("SaaS/软件", "saas"),
        ("软件", "saas"),
        ("Mining", "mining"),
    ],
)
def test_industries_are_named_as_their_term_packs(written: str, industry: str) -> None:
    assert canonical_industry(written) == industry


def test_characters_that_no_database_stores_are_replaced_and_reported() -> None:
    record, problems = opportunity(next_step=json.loads('"a\\u0000b\\ud800"'))
    assert record.next_step == "a\ufffdb\ufffd"
    assert "no text" in problems[0]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2026-12-20", "0001-01-01T00:00:00+14:00", "1e400", "sNaN", "demo", "c-1"]),
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
KEYS = (
    "id name stage amount currency created_at expected_close budget_status decision_maker email"
    " competitors trial_window next_step updated_at csat start end n_employees industry phone"
).split()
OBJECTS = st.dictionaries(st.sampled_from(KEYS), ANY_JSON, max_size=8)
TOP = st.fixed_dictionaries(
    {},
    optional={
        "account": OBJECTS | ANY_JSON,
        "contacts": st.lists(OBJECTS | ANY_JSON, max_size=3) | ANY_JSON,
        "rep": OBJECTS | ANY_JSON,
        "opportunity": st.dictionaries(st.sampled_from(KEYS), OBJECTS | ANY_JSON) | ANY_JSON,
        "products": ANY_JSON,
    },
)


@given(st.dictionaries(st.text(max_size=4), ANY_JSON, max_size=4) | TOP)
@settings(max_examples=400, deadline=None)
def test_no_json_object_makes_parsing_fail(record: dict[str, Any]) -> None:
    deal, problems = parse_record(record, fallback_id="folder")
    assert deal.id
    assert deal.account.id
    assert deal.account.name
    assert all(isinstance(problem, str) for problem in problems)
    assert len({c.id for c in deal.contacts}) == len(deal.contacts)
    for moment in (deal.opportunity.created_at, deal.opportunity.updated_at):
        assert moment is None or moment.tzinfo is UTC
    assert parse_record(record, fallback_id=deal.id).deal.id == deal.id
