"""Claims worked by hand: what each check lets pass and what it stops, in both languages."""

# ruff: noqa: E501  # one worked case a line reads best

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import Channel, ConceptId, Evidence, Role, SourceId
from retrieval.verify import verify_claim

NAMES = (
    "王建国",
    "李敏",
    "陈磊",
    "用友",
    "金蝶",
    "MES-3000",
    "Priya Nair",
    "Tom Baker",
    "Acme",
    "Blackboard",
)


def zh(quote: str, **other: object) -> Evidence:
    return _said(quote, "王建国", **other)


def en(quote: str, **other: object) -> Evidence:
    return _said(quote, "Priya Nair", **other)


def rep(quote: str) -> Evidence:
    return replace(zh(quote), role=Role.REP, speaker="陈磊")


def _said(quote: str, speaker: str, **other: object) -> Evidence:
    made = Evidence(
        source_id=SourceId("s"),
        source_sha256="h",
        file="meetings/a.vtt",
        channel=Channel.MEETING,
        start=0,
        end=len(quote),
        quote=quote,
        speaker=speaker,
        role=Role.CUSTOMER,
        occurred_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC),
        said_on=date(2026, 11, 3),
    )
    return replace(made, **other)


def crm(quote: str, field: str = "amount") -> Evidence:
    return Evidence(
        SourceId("c"), "h", "deal.json", Channel.CRM, 0, len(quote), quote, crm_field=field
    )


ASK = zh("能不能再让三个点?这个月就签")
ASK_EN = en("Could you do another 3% off? Then we sign this month.")

SUPPORTED = [
    # the playbook's sentences
    ("王建国在2026-11-03的会议里要求优惠:“能不能再让三个点”", [ASK]),
    ("Priya Nair asked for better terms in the meeting of 2026-11-03: “Could you do another 3% off?”", [ASK_EN]),
    ("客户在2026-11-03的会议里要求优惠：“能不能再让三个点”", [replace(ASK, speaker=None)]),
    ("The customer asked for better terms on 2026-11-03: “能不能再让三个点”", [ASK]),
    ("CRM 里的金额是 480000.00", [crm("480000.00")]),
    ("Amount in the CRM: 480,000", [crm("480000.00")]),
    ("Amount in the CRM: 480000", [crm("4.8e5")]),
    ("CRM 里的金额是 480000.00，王建国在2026-11-03的会议里说：“预算也就五十万”", [zh("预算也就五十万"), crm("480000.00")]),
    ("The expected close in the CRM is 2026-12-20; Priya Nair said in the meeting of 2026-11-03: “Not before March.”", [en("Not before March."), crm("2026-12-20")]),
    ("试用正在进行：2026-11-02/2026-11-16", [crm('{"start": "2026-11-02", "end": "2026-11-16"}')]),
    ("CRM 里登记的竞争对手：用友, 金蝶", [crm('["用友",\n  "金蝶"]')]),
    ("Next step in the CRM: send the \"DPA\" by 5 Nov", [crm('send the \\"DPA\\" by 5 Nov')]),
    ("CRM 的后续安排栏是空的", [crm("null")]),
    ("The next-step field in the CRM is empty", [crm("null")]),
    ("客户最近的发言是在2026-11-03", [zh("没有，可能再说吧")]),
    ("The customer last spoke on 2026-11-03", [en("No, maybe later.")]),
    # quotation marks, width, white space, cuts
    ("王建国说：「能不能再让三个点？」", [ASK]),
    ("王建国说：\"能不能 再让３个点\"", [zh("能不能再让3个点")]),
    ("Priya Nair said: “we sign this month…”", [en("Then we sign\n this month, I think.")]),
    ("王建国说：“他讲“先不急”，我看年底能上”", [zh("他讲“先不急”，我看年底能上")]),
    # figures in any notation
    ("客户的预算是48万元", [zh("预算四十八万，含税")]),
    ("The budget is CNY 480,000", [zh("预算四十八万，含税")]),
    ("The budget is $480,000", [en("The budget is $480k all in.")]),
    ("客户要求让价3%", [zh("再让价百分之三")]),
    ("客户要求九折", [zh("打个九折吧")]),
    ("付款周期是60天", [zh("付款周期六十天")]),
    ("客户希望2026-11-13签约", [zh("下周五签约就行")]),
    ("The customer can sign on 2026-11-20", [en("We can sign on 20 November.")]),
    ("试用在2026-11-02至2026-11-16进行", [crm('{"start": "2026-11-02", "end": "2026-11-16"}')]),
    ("客户要求等保三级", [zh("必须过三级等保")]),
    ("The customer requires ISO27001", [en("We require ISO 27001.")]),
    # names
    ("客户在和用友比价", [zh("用友的价更低，我们在比价")]),
    ("王总要求三天内答复", [zh("三天内给个答复")]),
    ("Priya wants a reference", [en("I want a reference from you.")]),
    ("李敏负责验收", [zh("验收由李敏负责")]),
    # mood
    ("王建国说法务还没通过", [zh("预算没问题，但法务那边还没通过")]),
    ("预算没问题", [zh("预算没问题，但法务那边还没通过")]),
    ("试用可能推迟", [zh("试用可能推迟到月底")]),
    ("客户不仅要报表，还要接口", [zh("我们不仅要报表，还要接口")]),
    ("The budget is approved", [en("No problem, the budget is approved.")]),
    ("Legal has not signed off", [en("Legal hasn't signed off yet.")]),
    ("The trial might slip", [en("The trial might slip a week.")]),
    ("The customer asked whether it connects to SAP", [en("Does it connect to SAP?")]),
    # the other language is checked on figures, names and speaker only
    ("客户要求在2026-12-20前上线", [en("Go-live has to be before December 20.")]),
]  # fmt: skip

REFUSED = [
    ("number", "客户的预算是58万元", [zh("预算四十八万，含税")]),
    ("number", "The budget is $580,000", [en("The budget is $480k all in.")]),
    ("number", "客户的预算是48亿元", [zh("预算四十八万，含税")]),
    ("number", "付款周期是60个月", [zh("付款周期六十天")]),
    ("number", "The customer wants 8% off", [ASK_EN]),
    ("number", "The customer needs 30 machines", [en("We need thirty seats.")]),
    ("number", "Amount in the CRM: 490,000", [crm("480000.00")]),
    ("currency", "客户的预算是48万美元", [zh("预算四十八万，含税")]),
    ("currency", "The budget is €480,000", [en("The budget is $480k all in.")]),
    ("currency", "Amount in the CRM: $480,000", [crm("480000.00")]),
    ("date", "王建国在2026-11-04的会议里要求优惠：“能不能再让三个点”", [ASK]),
    ("date", "客户希望2026-11-14签约", [zh("下周五签约就行")]),
    ("date", "The customer can sign on 2026-11-21", [en("We can sign on 20 November.")]),
    ("date", "The expected close in the CRM is 2026-12-21", [crm("2026-12-20")]),
    ("date", "王建国在2026-11-27的会议里说：“27号见”", [zh("27号见")]),
    ("code", "客户要求等保二级", [zh("必须过三级等保")]),
    ("code", "The customer requires ISO 9001", [en("We require ISO 27001.")]),
    ("quote", "王建国在2026-11-03的会议里要求优惠：“能不能再让五个点”", [ASK]),
    ("quote", "王建国说：“只要48万”", [zh("只要148万")]),
    ("quote", "Priya Nair said: “the price is fine”", [en("The price is not fine.")]),
    ("quote", "Priya Nair said: “we sign … month”", [en("Then we sign this month.")]),
    ("negation", "客户说“能再让三个点”", [ASK]),
    ("negation", "王建国在2026-11-03的会议里没有要求优惠：“能不能再让三个点”", [ASK]),
    ("negation", "Priya Nair never asked for better terms: “Could you do another 3% off?”", [ASK_EN]),
    ("negation", "王建国说法务已经通过", [zh("预算没问题，但法务那边还没通过")]),
    ("negation", "预算有问题", [zh("预算没问题，但法务那边还没通过")]),
    ("negation", "Legal has signed off", [en("Legal hasn't signed off yet.")]),
    ("negation", "The budget is not approved", [en("No problem, the budget is approved.")]),
    ("hedge", "试用推迟到月底", [zh("试用可能推迟到月底")]),
    ("hedge", "The trial slips a week", [en("The trial might slip a week.")]),
    ("hedge", "预算批下来了", [zh("如果预算批下来，马上签")]),
    ("hedge", "The product connects to SAP", [en("Does it connect to SAP?")]),
    ("name", "客户在和金蝶比价", [zh("用友的价更低，我们在比价")]),
    ("name", "The customer is comparing prices with Salesforce", [en("We are comparing prices.")]),
    ("name", "客户在用 Salesforce", [zh("我们在用别家的系统")]),
    ("name", "目前客户方的发言全部来自李敏", [zh("我们再看看")]),
    ("name", "李总负责验收", [zh("验收由王总负责")]),
    ("speaker", "李敏在2026-11-03的会议里要求优惠：“能不能再让三个点”", [ASK]),
    ("speaker", "赵志强在2026-11-03的会议里要求优惠：“能不能再让三个点”", [ASK]),
    ("speaker", "Dana Whitfield asked for better terms: “Could you do another 3% off?”", [ASK_EN]),
    ("speaker", "李敏说：“李敏说再看看”", [zh("李敏说再看看")]),
    ("speaker", "客户说预算已经批了", [rep("预算已经批了")]),
    ("speaker", "客户说：“预算已经批了，放心”", [rep("预算已经批了，放心")]),
    ("speaker", "The customer asked for a pilot", [replace(en("A pilot would help."), role=Role.UNKNOWN)]),
    ("speaker", "客户说预算是48万元", [crm("480000.00")]),
    ("crm", "CRM 里的预算状态是 doubtful，王建国在2026-11-03的会议里说：“已经批了没问题”", [zh("已经批了没问题"), crm("approved", "budget_status")]),
    ("crm", "The CRM says the stage is negotiation: “we are still testing it”", [en("we are still testing it")]),
    ("crm", "CRM 里的金额是空的", [crm("480000.00")]),
    ("coverage", "客户需要双活机房", [zh("食堂的菜不错")]),
    ("coverage", "The customer wants a second data centre", [en("Lunch was lovely, thanks.")]),
    ("evidence", "客户说预算已经批了", []),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence"), SUPPORTED, ids=[c for c, _ in SUPPORTED])
def test_a_true_claim_is_supported(claim: str, evidence: list[Evidence]) -> None:
    verified = verify_claim(claim, evidence, names=NAMES)
    assert verified.reasons == ()
    assert verified.supported
    assert 0 <= verified.coverage <= 1


@pytest.mark.parametrize(("code", "claim", "evidence"), REFUSED, ids=[c for _, c, _ in REFUSED])
def test_a_false_claim_is_refused_for_its_reason(
    code: str, claim: str, evidence: list[Evidence]
) -> None:
    verified = verify_claim(claim, evidence, names=NAMES)
    assert not verified.supported
    assert code in {reason.partition(":")[0] for reason in verified.reasons}


def test_the_tables_hold_enough_cases_of_both_languages() -> None:
    claims = [c for c, _ in SUPPORTED] + [c for _, c, _ in REFUSED]
    n_chinese = sum(any("一" <= c <= "鿿" for c in claim) for claim in claims)
    assert len(claims) >= 60
    assert min(n_chinese, len(claims) - n_chinese) >= 30


def test_reasons_name_what_is_wrong() -> None:
    verified = verify_claim(
        "客户的预算是58万元，在和金蝶比价", [zh("预算四十八万，含税")], names=NAMES
    )
    assert "number:580000" in verified.reasons
    assert "name:金蝶" in verified.reasons
    assert verify_claim("客户希望2026-11-14签约", [zh("下周签约")]).reasons == ("date:2026-11-14",)


def test_advice_is_checked_on_facts_only() -> None:
    advice = "请王建国用付款周期来换，别说“不行”"
    assert verify_claim(advice, [ASK], names=NAMES, facts_only=True).supported
    for wrong in (
        "请李敏用付款周期来换",
        "请王建国先付80%",
        "请王建国对比 Oracle",
        "告诉王建国“最多降20%”",
    ):
        assert not verify_claim(wrong, [ASK], names=NAMES, facts_only=True).supported


def test_a_blank_claim_says_nothing_that_could_be_supported() -> None:
    assert verify_claim(" \n", [ASK]).reasons == ("blank",)


def test_a_quotation_can_be_required() -> None:
    assert verify_claim("王建国要求再让三个点", [ASK], quote_required=True).reasons == ("quote",)
    assert verify_claim("王建国说：“能不能再让三个点”", [ASK], quote_required=True).supported


def test_the_day_of_a_quotation_is_that_of_its_own_words() -> None:
    other = zh("再让三个点才行", said_on=date(2026, 11, 9), source_id=SourceId("s2"))
    claim = "王建国在{}的会议里要求优惠：“能不能再让三个点”"
    assert verify_claim(claim.format("2026-11-03"), [ASK, other], names=NAMES).supported
    assert not verify_claim(claim.format("2026-11-09"), [ASK, other], names=NAMES).supported


def test_a_quotation_belongs_to_the_one_who_said_it() -> None:
    other = replace(zh("再让三个点才行"), speaker="李敏", source_id=SourceId("s2"))
    claim = "{}在2026-11-03的会议里要求优惠：“能不能再让三个点”"
    assert verify_claim(claim.format("王建国"), [ASK, other], names=NAMES).supported
    refused = verify_claim(claim.format("李敏"), [ASK, other], names=NAMES)
    assert refused.reasons == ("speaker:李敏",)


def test_a_term_beside_the_words_changes_nothing() -> None:
    term = Evidence(
        SourceId("term:x"),
        "h",
        "packs/x.yaml",
        Channel.TERM,
        0,
        2,
        "折扣",
        concept_id=ConceptId("x"),
    )
    claim = "王建国在2026-11-03的会议里要求优惠：“能不能再让三个点”"
    assert verify_claim(claim, [ASK, term], names=NAMES).supported


def test_speakers_with_digits_in_their_names_count_nothing() -> None:
    words = replace(en("We need a reference."), speaker="Speaker 2")
    assert verify_claim("Speaker 2 asked for proof: “We need a reference.”", [words]).supported


def test_the_utc_day_does_not_stand_for_the_local_day() -> None:
    claim = "王建国在2026-11-02的会议里要求优惠：“能不能再让三个点”"
    assert verify_claim(claim, [ASK], names=NAMES).reasons == ("date:2026-11-02",)


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_any_text_is_judged_without_an_error(claim: str, quote: str) -> None:
    verified = verify_claim(claim, [zh(quote), crm(quote)], names=NAMES)
    assert verified.supported == (not verified.reasons)


@given(st.text(alphabet="一二三ab 12“”\"「」…,。:'n't", max_size=30), st.data())
def test_what_somebody_said_may_always_be_quoted_whole(quote: str, data: st.DataObject) -> None:
    if not quote.strip():
        return
    verified = verify_claim(f"王建国说：“{quote}”", [zh(quote)], names=NAMES)
    assert not {"quote", "speaker"} & {r.partition(":")[0] for r in verified.reasons}
