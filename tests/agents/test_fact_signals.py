from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from agents.intent.facts import observe_facts
from core.domain import (
    Account,
    AccountId,
    Channel,
    Contact,
    ContactId,
    Deal,
    DealId,
    Evidence,
    IntentId,
    Opportunity,
    Passage,
    Role,
    Signal,
    SourceId,
)

DEAL = Deal(
    account=Account(AccountId("a"), "Calder Logistics"),
    opportunity=Opportunity(
        DealId("d"),
        "Calder: depot analytics",
        amount=Decimal(72000),
        currency="GBP",
        expected_close=date(2026, 12, 1),
        decision_maker=ContactId("c-1"),
        competitors=("Datavine",),
    ),
    contacts=(
        Contact(ContactId("c-1"), "Helen Marsh", "Chief Operating Officer"),
        Contact(ContactId("c-2"), "Piotr Nowak", "Head of IT"),
    ),
)


def _told(text: str, field: str, **intents: float) -> list[str]:
    """What is observed of `field` where the recogniser is sure of `intents` (a__b for a.b)."""
    passage = Passage(
        text=text,
        start=0,
        end=len(text),
        channel=Channel.MEETING,
        role=Role.CUSTOMER,
        speaker="Piotr Nowak",
        contact_id=ContactId("c-2"),
        occurred_at=datetime(2026, 11, 10, 9, tzinfo=UTC),
        source_id=SourceId("m"),
    )
    evidence = Evidence(SourceId("m"), "", "m", Channel.MEETING, 0, len(text), text)
    signals = [Signal(IntentId(n.replace("__", ".")), p, evidence) for n, p in intents.items()]
    facts = observe_facts([passage], deal=DEAL, signals=signals)
    return [fact.value for fact in facts if fact.field == field]


def test_money_that_no_rule_reads_is_doubtful_where_the_recogniser_says_so() -> None:
    said = "The pennies have gone walkabout again."
    assert _told(said, "budget_status") == []
    assert _told(said, "budget_status", money__budget_doubt=0.9) == ["doubtful"]


def test_a_new_name_beside_vendors_is_a_rival_and_a_place_is_none() -> None:
    said = "We had Lanternfold round on Tuesday, from their place in Oldham."
    assert _told(said, "competitors") == []
    assert _told(said, "competitors", competition__mention=0.9) == ["Lanternfold"]


def test_the_one_person_of_a_sentence_on_authority_decides() -> None:
    assert _told("Helen gives the nod.", "decision_maker", decision__authority=0.9) == ["c-1"]


def test_so_many_at_so_much_is_the_price_of_the_whole() -> None:
    assert _told("Twenty-two at two thousand a go, forty-four.", "amount") == ["44000"]


def test_a_weak_signal_tells_nothing() -> None:
    said = "The pennies have gone walkabout again."
    assert _told(said, "budget_status", money__budget_doubt=0.4) == []


def test_a_day_of_the_week_is_no_rival() -> None:
    said = "Compared with that, two Saturdays ago the network dropped at fourteen stores."
    assert _told(said, "competitors", competition__mention=0.9) == []
