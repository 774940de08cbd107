from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from agents.intent.deviations import FIELDS
from core.domain import (
    Account,
    AccountId,
    Channel,
    Contact,
    ContactId,
    Deal,
    DealId,
    DeviationReport,
    Opportunity,
    Passage,
    Role,
    SourceId,
    Stage,
)
from evals.deviation_scores import check_words, read_cases, score

CASES = Path(__file__).parents[2] / "evals/datasets/deviations.jsonl"
DEAL = Deal(
    account=Account(AccountId("a"), "Calder Logistics"),
    opportunity=Opportunity(
        DealId("d"),
        "Calder: depot analytics",
        stage=Stage.NEGOTIATION,
        amount=Decimal(240000),
        currency="EUR",
        expected_close=date(2026, 12, 18),
        budget_status="approved",
        decision_maker=ContactId("c-1"),
        competitors=("Datavine",),
        trial_start=date(2026, 11, 16),
        trial_end=date(2026, 11, 27),
        next_step="Wait for legal to finish the contract review",
    ),
    contacts=(
        Contact(ContactId("c-1"), "Helen Marsh", "Chief Operating Officer"),
        Contact(ContactId("c-2"), "Piotr Nowak", "Head of IT"),
        Contact(ContactId("c-3"), "Susan Clarke", "Chief Financial Officer"),
    ),
)


def _said(text: str, *, day: int = 19, source: str = "m", speaker: int = 1) -> Passage:
    contact = DEAL.contacts[speaker]
    return Passage(
        text=text,
        start=0,
        end=len(text),
        channel=Channel.MEETING,
        role=Role.CUSTOMER,
        speaker=contact.name,
        contact_id=contact.id,
        occurred_at=datetime(2026, 11, day, 9, tzinfo=UTC),
        source_id=SourceId(source),
    )


def _report(*passages: Passage, deal: Deal = DEAL) -> DeviationReport:
    return check_words(deal, passages)


def _fields(report: DeviationReport) -> Sequence[str]:
    return [deviation.field for deviation in report.deviations]


def test_every_field_ends_in_exactly_one_list() -> None:
    report = _report(_said("The budget is frozen. We sign by 18 December."))
    listed = [*_fields(report), *report.consistent, *report.undecided]
    assert sorted(listed) == sorted(FIELDS)


def test_nothing_said_leaves_all_undecided() -> None:
    assert _report(_said("The weather is lovely.")).undecided == FIELDS


def test_later_words_win_over_earlier_ones() -> None:
    report = _report(
        _said("The budget is frozen.", day=10, source="a"),
        _said("The budget has been released.", day=19, source="b"),
    )
    assert "budget_status" in report.consistent


def test_two_people_who_disagree_on_one_day_leave_the_field_undecided() -> None:
    report = _report(
        _said("The budget is approved.", source="a", speaker=2),
        _said("The budget is frozen.", source="b", speaker=1),
    )
    assert "budget_status" in report.undecided


def test_an_approved_budget_that_froze_is_severe_and_an_unknown_one_is_not() -> None:
    words = _said("The budget is frozen.")
    unknown = replace(DEAL, opportunity=replace(DEAL.opportunity, budget_status="unknown"))
    assert [d.severity for d in _report(words).deviations] == ["high"]
    assert [d.severity for d in _report(words, deal=unknown).deviations] == ["low"]


@pytest.mark.parametrize(
    ("text", "deviates"),
    [
        ("We sign by 31 December.", False),
        ("We sign by 5 January.", True),
        ("We cannot sign before March.", True),
    ],
)
def test_a_close_date_may_be_two_weeks_off(text: str, deviates: bool) -> None:
    assert ("expected_close" in _fields(_report(_said(text)))) is deviates


@pytest.mark.parametrize(
    ("text", "deviates"),
    [
        ("The contract total is €250,000.", False),
        ("The contract total is €255,000.", True),
        ("The contract total is $290,000.", False),
    ],
)
def test_an_amount_may_be_five_per_cent_off_in_the_same_currency(text: str, deviates: bool) -> None:
    assert ("amount" in _fields(_report(_said(text)))) is deviates


def test_a_decision_maker_who_left_is_severe_and_a_named_successor_is_proposed() -> None:
    (left,) = _report(_said("Helen left the company last Friday.")).deviations
    assert (left.field, left.severity, left.proposed) == ("decision_maker", "high", None)
    (named,) = _report(_said("Helen has left. Susan Clarke now makes the decision.")).deviations
    assert (named.observed, named.proposed) == ("Susan Clarke", "Susan Clarke")


def test_a_rival_on_record_under_its_short_name_is_no_news() -> None:
    report = _report(_said("Datavine Ltd quoted us 200,000."))
    assert "competitors" in report.consistent


def test_an_open_end_of_the_trial_is_filled_from_what_was_said_before() -> None:
    report = _report(
        _said("The pilot moves to 23 November to 4 December.", day=9, source="a"),
        _said("The pilot ends on 4 December.", day=19, source="b"),
    )
    (deviation,) = report.deviations
    assert deviation.proposed == "2026-11-23/2026-12-04"


def test_evidence_quotes_the_sentence_that_bears_the_deviation() -> None:
    (deviation,) = _report(_said("Bad news. The budget is frozen.")).deviations
    assert [e.quote for e in deviation.evidence] == ["The budget is frozen."]


@pytest.mark.parametrize("half", ["dev", "test"])
def test_the_written_cases_are_found_with_few_false_alarms(half: str) -> None:
    scores = score([case for case in read_cases(CASES) if case.half == half])
    assert scores.recall >= 0.95, scores.missed
    assert scores.false_share <= 0.05, scores.false
