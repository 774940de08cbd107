from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agents.intent.facts import ObservedFact, observe_facts
from core.domain import (
    Account,
    AccountId,
    Channel,
    Contact,
    ContactId,
    Deal,
    DealId,
    Opportunity,
    Passage,
    Rep,
    RepId,
    Role,
    SourceId,
    Stage,
)

SAID_ON = date(2026, 11, 19)
ZH = Deal(
    account=Account(AccountId("a"), "宏远机械有限公司"),
    opportunity=Opportunity(
        DealId("d"),
        "宏远 MES 二期",
        stage=Stage.NEGOTIATION,
        amount=Decimal(560000),
        currency="CNY",
        decision_maker=ContactId("c-1"),
        competitors=("云图软件",),
        trial_start=date(2026, 11, 9),
        trial_end=date(2026, 11, 20),
    ),
    contacts=(
        Contact(ContactId("c-1"), "周建平", "总经理"),
        Contact(ContactId("c-2"), "刘敏", "信息部经理"),
        Contact(ContactId("c-3"), "陈立峰", "财务总监"),
    ),
    rep=Rep(RepId("r"), "沈浩"),
    products=("启明 MES",),
)
EN = Deal(
    account=Account(AccountId("b"), "Calder Logistics"),
    opportunity=Opportunity(
        DealId("e"),
        "Calder: depot analytics",
        stage=Stage.NEGOTIATION,
        amount=Decimal(240000),
        currency="EUR",
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
    rep=Rep(RepId("r"), "Owen Price"),
    products=("Lanelight Analytics",),
)


def _passage(text: str, deal: Deal, *, role: Role = Role.CUSTOMER, start: int = 0) -> Passage:
    speaker = deal.contacts[1] if role is Role.CUSTOMER else None
    return Passage(
        text=text,
        start=start,
        end=start + len(text),
        channel=Channel.MEETING,
        role=role,
        speaker=speaker.name if speaker else "Owen Price",
        contact_id=speaker.id if speaker else None,
        occurred_at=datetime(2026, 11, 19, 9, tzinfo=UTC),
        source_id=SourceId("m"),
    )


def _facts(text: str, deal: Deal) -> list[ObservedFact]:
    return observe_facts([_passage(text, deal)], deal=deal, signals=())


def _values(text: str, deal: Deal, field: str) -> list[str]:
    return [fact.value for fact in _facts(text, deal) if fact.field == field]


@pytest.mark.parametrize(
    ("text", "deal", "field", "value"),
    [
        ("集团通知，二期的预算冻结了。", ZH, "budget_status", "doubtful"),
        ("项目资金昨天过会了。", ZH, "budget_status", "approved"),
        ("The budget was frozen, but it has been released.", EN, "budget_status", "approved"),
        ("The budget hasn't been signed off yet.", EN, "budget_status", "doubtful"),
        ("现在这块是陈总监拍板。", ZH, "decision_maker", "c-3"),
        ("最后还是周总签字。", ZH, "decision_maker", "c-1"),
        ("The sign-off sits with Ms. Clarke.", EN, "decision_maker", "c-3"),
        ("Our CFO makes the final decision.", EN, "decision_maker", "c-3"),
        ("周总上个月调到集团去了。", ZH, "decision_maker", "left:c-1"),
        ("It's my signature on the contract.", EN, "decision_maker", "c-2"),
        ("最快也要到明年三月以后才能签合同。", ZH, "expected_close", "2027-03-01/.."),
        ("We decide by 18 December.", EN, "expected_close", "../2026-12-18"),
        ("We cannot sign before February.", EN, "expected_close", "2027-02-01/.."),
        ("我们也收到了蓝湾智能的报价。", ZH, "competitors", "蓝湾智能"),
        ("We also got a quote from Brightmere.", EN, "competitors", "Brightmere"),
        ("试用改成11月23日到12月4日。", ZH, "trial_window", "2026-11-23/2026-12-04"),
        ("The pilot will start on 30 November.", EN, "trial_window", "2026-11-30/.."),
        ("合同总价按六十八万走。", ZH, "amount", "680000"),
        ("The contract total comes to €310,000.", EN, "amount", "310000"),
        ("我们决定选择另一家供应商。", ZH, "stage", "lost"),
        ("The pilot has been running since Monday.", EN, "stage", "poc"),
        ("Our lawyers have finished the contract review.", EN, "next_step", "overtaken"),
    ],
)
def test_plain_words_become_a_canonical_value(
    text: str, deal: Deal, field: str, value: str
) -> None:
    assert value in _values(text, deal, field)


@pytest.mark.parametrize(
    ("text", "deal", "field"),
    [
        ("如果预算冻结了，只能明年再说。", ZH, "budget_status"),
        ("预算批了吗？", ZH, "budget_status"),
        ("What happens if the budget is cut?", EN, "budget_status"),
        ("The travel budget is frozen.", EN, "budget_status"),
        ("去年那个项目预算被砍过。", ZH, "budget_status"),
        ("验收单到时候刘敏签字。", ZH, "decision_maker"),
        ("Susan signs off the security review.", EN, "decision_maker"),
        ("Helen left a message for you.", EN, "decision_maker"),
        ("系统3月1号上线。", ZH, "expected_close"),
        ("Go-live is on the first of April.", EN, "expected_close"),
        ("要跟用友U8对接。", ZH, "competitors"),
        ("It has to integrate with Salesforce.", EN, "competitors"),
        ("One of our sister companies went with Quantiva.", EN, "competitors"),
        ("每个车间十八万左右。", ZH, "amount"),
        ("Datavine came in at 198,000 euros.", EN, "amount"),
        ("Could you do 200,000 instead of 240,000?", EN, "amount"),
        ("We won't close before 4 January, the office is shut.", EN, "stage"),
    ],
)
def test_words_that_state_nothing_of_this_deal_give_no_fact(
    text: str, deal: Deal, field: str
) -> None:
    assert _values(text, deal, field) == []


def test_only_the_customers_words_count() -> None:
    said = _passage("The budget is frozen.", EN, role=Role.REP)
    assert observe_facts([said], deal=EN, signals=()) == []


def test_a_short_answer_is_read_with_the_question_before_it() -> None:
    asked = _passage("Who will sign the contract in the end?", EN, role=Role.REP)
    answered = _passage("Susan.", EN, start=len(asked.text) + 1)
    (fact,) = observe_facts([asked, answered], deal=EN, signals=())
    assert (fact.field, fact.value) == ("decision_maker", "c-3")


def test_the_span_is_the_sentence_in_the_sources_text() -> None:
    text = "Good to see you. The budget is frozen. Sorry."
    (fact,) = observe_facts([_passage(text, EN, start=100)], deal=EN, signals=())
    assert text[fact.start - 100 : fact.end - 100] == "The budget is frozen."


def test_the_latest_words_come_first() -> None:
    facts = _facts("The budget is approved. No, sorry, the budget is frozen now.", EN)
    assert [fact.value for fact in facts] == ["doubtful", "approved"]


def _thread(*turns: tuple[Role, str], deal: Deal = EN) -> list[ObservedFact]:
    passages, at = [], 0
    for role, text in turns:
        passages.append(_passage(text, deal, role=role, start=at))
        at += len(text) + 1
    return observe_facts(passages, deal=deal, signals=())


def _told_of(facts: list[ObservedFact], field: str) -> list[str]:
    return [fact.value for fact in facts if fact.field == field]


@pytest.mark.parametrize(
    ("deal", "text", "value"),
    [
        (EN, "Two-forty k, nothing has moved.", "240000"),
        (EN, "One ninety-eight is the figure in our memo, all in.", None),
        (EN, "We are fine with two hundred and forty thousand.", "240000"),
        (ZH, "五十六万这个数我们认。", "560000"),
        (ZH, "五十六个，没变。", "560000"),
    ],
)
def test_a_sum_may_be_said_as_people_say_it(deal: Deal, text: str, value: str | None) -> None:
    found = _told_of(_thread((Role.CUSTOMER, text), deal=deal), "amount")
    assert found[:1] == ([value] if value else [])


def test_a_sum_that_the_rep_quoted_is_taken_up_by_the_customer_s_echo() -> None:
    said = _thread((Role.REP, "Without Leeds it is 198,000."), (Role.CUSTOMER, "One ninety-eight."))
    assert _told_of(said, "amount") == ["198000"]
    refused = _thread(
        (Role.REP, "With Leeds it is 298,000."), (Role.CUSTOMER, "Two ninety-eight is too much.")
    )
    assert _told_of(refused, "amount") == []


def test_another_purchase_s_money_is_not_this_one_s() -> None:
    assert _told_of(_thread((Role.CUSTOMER, "The boiler request was turned down.")), "amount") == []
    told = _thread((Role.CUSTOMER, "The boiler request was turned down."))
    assert _told_of(told, "budget_status") == []


def test_a_day_without_its_month_lies_by_the_window_on_record() -> None:
    said = _thread((Role.CUSTOMER, "For the pilot we kick off on the 23rd and finish on the 4th."))
    assert _told_of(said, "trial_window")[0] == "2026-11-23/2026-12-04"


def test_what_has_happened_shows_the_stage() -> None:
    told = _thread((Role.CUSTOMER, "Our counsel marked up your paper, liability caps mostly."))
    assert _told_of(told, "stage") == ["negotiation"]


def test_nobody_else_in_the_running_is_said_of_rivals() -> None:
    told = _thread((Role.CUSTOMER, "Nobody else has bid here."))
    assert _told_of(told, "competitors") == ["nobody"]
