"""A touchpoint is where a demo, trial or proposal happens, not where it is spoken of."""

from __future__ import annotations

import pytest

from agents.deviation_check.state import TouchpointKind
from agents.deviation_check.touchpoints import touchpoint_kinds
from core.domain import Channel, Passage, Role, Source, SourceId, TenantId

DEMO, TRIAL, PROPOSAL = TouchpointKind.DEMO, TouchpointKind.TRIAL, TouchpointKind.PROPOSAL


def kinds(
    channel: Channel,
    title: str = "",
    words: str = "",
    *,
    role: Role = Role.REP,
    carries_intent: bool = True,
    **meta: object,
) -> tuple[TouchpointKind, ...]:
    source = Source(
        SourceId("s"), TenantId("t"), channel, "emails/1.eml", "0" * 64, words, title, meta=meta
    )
    passage = Passage(words, 0, len(words), channel, role=role, carries_intent=carries_intent)
    return touchpoint_kinds(source, [passage])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("MES 产品演示", DEMO),
        ("Lumenta demo for Northwind Freight", DEMO),
        ("盖板检测 POC 启动会", TRIAL),
        ("试用复盘", TRIAL),
        ("ICU trial review and terms", TRIAL),
        ("Pilot kickoff", TRIAL),
        ("星源 MES 报价沟通", PROPOSAL),
        ("Harbor Lane / Brightlane: proposal v2 review", PROPOSAL),
    ],
)
def test_a_meeting_is_what_its_title_says(title: str, kind: TouchpointKind) -> None:
    assert kinds(Channel.MEETING, title) == (kind,)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("我现在给大家演示一下排产界面。", DEMO),
        ("Let me show you the dashboard on live data.", DEMO),
        ("试用已经结束了,数据都在这里。", TRIAL),
        ("So the pilot is finished and these are the numbers.", TRIAL),
        ("我们今天把报价过一遍,先过一遍报价明细。", PROPOSAL),
        ("I'll walk you through our proposal line by line.", PROPOSAL),
    ],
)
def test_a_meeting_is_what_happens_in_it(words: str, kind: TouchpointKind) -> None:
    assert kinds(Channel.MEETING, "周会", words) == (kind,)


@pytest.mark.parametrize(
    ("title", "words", "kind"),
    [
        ("Brightlane proposal for Harbor Lane – version 1", "", PROPOSAL),
        ("你好", "附件是我们的正式报价,请查收。", PROPOSAL),
        ("Hello", "Please find attached our quotation for 46 beds.", PROPOSAL),
        ("Recap of the demo and next steps", "", DEMO),
        ("您好", "感谢各位昨天参加我们的演示。", DEMO),
        ("Thanks", "Thank you for joining the demo yesterday.", DEMO),
        ("账号", "试用账号已经开通。", TRIAL),
        ("Access", "Your trial environment is ready.", TRIAL),
    ],
)
def test_a_mail_that_carries_or_follows_one_is_one(
    title: str, words: str, kind: TouchpointKind
) -> None:
    assert kinds(Channel.EMAIL, title, words) == (kind,)


def test_an_attached_quote_from_the_rep_is_a_proposal() -> None:
    files = ["报价单-2026.pdf"]
    assert kinds(Channel.EMAIL, "资料", "请看。", attachments=files) == (PROPOSAL,)
    assert kinds(Channel.EMAIL, "资料", "请看。", attachments=["缺陷清单.txt"]) == ()
    theirs = kinds(Channel.EMAIL, "资料", "请看。", role=Role.CUSTOMER, attachments=files)
    assert theirs == ()


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Security questions before the demo", ""),
        ("盖板检测 POC 安排", ""),
        ("POC 时间调整", ""),
        ("Request for quotation", "Could you send us a quote?"),
        ("请教投标流程", ""),
        ("Dates", "We look forward to the demo next month."),
        ("时间", "下个月给大家演示一下新版本。"),
        ("Plans", "If the trial is finished by then, we sign."),
        ("问题", "试用已经开通了吗?"),
        ("竞品", "他们上周演示了,报价很低。"),
        ("Re: Recap of the demo and next steps", "Thanks, we will think about it."),
        ("采购", "方案还没定。"),
    ],
)
def test_a_mail_that_merely_speaks_of_one_is_none(title: str, words: str) -> None:
    assert kinds(Channel.EMAIL, title, words, role=Role.CUSTOMER) == ()


def test_a_meeting_that_plans_one_is_none() -> None:
    assert kinds(Channel.MEETING, "演示安排沟通") == ()
    assert kinds(Channel.MEETING, "Demo prep") == ()


def test_automatic_and_quoted_words_are_none() -> None:
    assert kinds(Channel.EMAIL, "Recap of the demo", automatic=True) == ()
    quoted = "Thank you for joining the demo yesterday."
    assert kinds(Channel.EMAIL, "Hello", quoted, carries_intent=False) == ()
    assert kinds(Channel.CRM, "Demo", "") == ()
