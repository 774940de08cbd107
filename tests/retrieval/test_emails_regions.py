"""What counts as the writer's own words, rule by rule, in both languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.email_regions import divide
from retrieval.emails import ParsedEmail, parse_email


def mail(body: str, *, sender: str = "Jane Doe <jane@buyer.example>", subject: str = "x") -> bytes:
    head = f"From: {sender}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return (head + body).encode()


def by_kind(parsed: ParsedEmail, kind: str) -> str:
    return "".join(parsed.text[r.start : r.end] for r in parsed.regions if r.kind == kind).strip()


def body_of(text: str, **options: str) -> str:
    return by_kind(parse_email(mail(text, **options)), "body")


OLD = "Old words of the vendor."

HISTORIES = {
    "attribution_above_angles": f"On Mon, 16 Nov 2026 at 9:31 AM Al <al@v.example> wrote:\n> {OLD}",
    "attribution_over_two_lines": (
        f"On Mon, Nov 16, 2026 at 9:31 AM Albert Longname\n<al@v.example> wrote:\n\n> {OLD}"
    ),
    "attribution_without_angles": f"On 16 Nov 2026, at 09:31, Al <al@v.example> wrote:\n\n{OLD}",
    "name_only_attribution": f"Al Brown wrote:\n> {OLD}",
    "outlook_separator": f"-----Original Message-----\nFrom: Al\nSent: Monday\nTo: Jane\n\n{OLD}",
    "outlook_block": (
        "From: Al <al@v.example>\nSent: Monday, 16 November 2026 09:31\nTo: Jane\n"
        f"Cc: Tom\nSubject: Offer\n\n{OLD}"
    ),
    "underscores_and_block": (
        f"________________________________\nFrom: Al\nSent: Monday\nTo: Jane\nSubject: y\n\n{OLD}"
    ),
    "apple_forward": f"Begin forwarded message:\n\nFrom: Al\nSubject: Offer\nTo: Jane\n\n{OLD}",
    "gmail_forward": f"---------- Forwarded message ---------\nFrom: Al\nDate: Mon\n\n{OLD}",
    "notes_forward": (
        "---------------------- Forwarded by Al/V on 03/06/2001 \n08:54 AM -------------\n\n" + OLD
    ),
    "notes_reply": f"Al Brown@V\n03/05/2001 04:23 PM\nTo: Jane/B\ncc:\nSubject: Offer\n\n{OLD}",
    "groupwise": f">>> Al Brown 11/08/00 10:31AM >>>\n{OLD}",
    "zh_attribution": f"在 2026年11月19日，老王 <w@v.example> 写道：\n> {OLD}",
    "zh_gmail": f"老王 <w@v.example> 于2026年11月19日周四 17:40写道：\n\n{OLD}",
    "zh_163": f'在 2026-11-19 17:40:00，"老王" <w@v.example> 写道：\n{OLD}',
    "zh_qq": (
        "------------------ 原始邮件 ------------------\n发件人: 老王\n发送时间: 今天\n"
        f"收件人: 李\n主题: 报价\n\n{OLD}"
    ),
    "zh_163_forward": f"-------- 转发邮件信息 --------\n发件人：老王\n主题：报价\n\n{OLD}",
    "zh_outlook_block": (
        f"发件人: 老王 <w@v.example>\n发送时间: 2026年11月17日\n收件人: 李\n主题: 报价\n\n{OLD}"
    ),
    "zh_foxmail_block": f"发件人： 老王\n发送时间： 2026-11-17\n收件人： 李\n主题： 报价\n{OLD}",
    "zh_forward_announced": f"开始转发的邮件：\n\n发件人: 老王\n主题: 报价\n日期: 今天\n\n{OLD}",
    "bold_markers": f"*From:* Al\n*Sent:* Monday\n*To:* Jane\n*Subject:* y\n\n{OLD}",
    "angles_only": f"> {OLD}\n> More of them.",
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_history_is_quoted_and_the_answer_above_it_is_body(history: str) -> None:
    parsed = parse_email(mail(f"We need a lower price.\n价格太高了。\n\n{history}\n"))
    assert by_kind(parsed, "body") == "We need a lower price.\n价格太高了。"
    assert OLD in by_kind(parsed, "quoted")


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_mail_that_is_only_quoted_text_stays_quoted(history: str) -> None:
    parsed = parse_email(mail(history))
    assert {r.kind for r in parsed.regions} == {"quoted"}


def test_answers_between_quoted_lines_are_body() -> None:
    text = (
        "On Mon, Nov 16, 2026 at 9:31 AM Al <al@v.example> wrote:\n"
        "> Can you decide by Friday?\n\nNo, the board meets on Monday.\n\n"
        "> Is the budget approved?\nYes, 50k.\n> Regards\n> Al\n"
    )
    assert body_of(text) == "No, the board meets on Monday.\n\nYes, 50k."


@pytest.mark.parametrize(
    "sentence",
    [
        "The customer wrote: we cannot accept this.",
        "On the questionnaire our auditor wrote:\nplease add a second factor.",
        "他在2026年的规划里写道：\n明年要上 MES。",
        "From: now on please send invoices to finance.",
        "Subject: to board approval we sign in May.",
        ">From next year we pay in euros.",
        "To: the vendor\nFrom the purchasing office\nDate: open\nSubject: your offer\nToo dear.",
        "----- 第二部分 -----\n我们还要一个测试环境。",
        "Sent from my perspective the price is too high",
        "Thanks for the offer, it is too expensive.",
        "谢谢，不过价格还要再谈。",
        "Please ship to:\n\nJohn Smith\n14 Wharf Street\n207-555-0148",
        "联系人如下：\n\n王强\n采购部\n电话：0574-5550-0126",
        "This information is confidential: the budget is $500,000.",
        "I am the intended recipient, but the file is missing.",
        "--\nSecond point: we will not sign before the audit is over.\nPlease send the report.",
        "P.S. we also need the PCI report",
        "Best,\nBob\nBudget: 50k\nDecision: May",
        "Bob\nDemo on Tuesday 10am",
        "Thanks\nApproved",
        "谢谢\n同意",
        "From: Portland\nTo: Boston\nDate: 12 May\nThree pallets, no more.",
        "Please put me on your mailing list",
        "All drawings are confidential and must not be disclosed; delete the data afterwards.",
        "图纸和缺陷图片都是客户的保密资料，不得向第三方披露，用完立即删除。",
        "Goods are sent from Rotterdam\nsent from our own depot",
        "来自我的客户的要求",
        "--\nPlease sign.\nWe wait.",
        "Jane Doe, our CFO, will sign in May",
    ],
)
def test_real_sentence_is_never_swallowed(sentence: str) -> None:
    text = f"Dear Al,\n\nfirst paragraph here.\n\n{sentence}\n"
    assert body_of(text, sender="Bob Cole <bob@b.example>").endswith(sentence)


SIGNATURES = {
    "dashes": "-- \nJane Doe\nVP Operations\n+1 207 555 0148",
    "closing_and_name": "Best regards,\nJane",
    "closing_and_block": "Kind regards,\n\nJane Doe\nBuyer | Lane Markets, Ltd.\n207-555-0148",
    "closing_above_dashes": "Regards,\nJane\n\n-- \nJane Doe\nBuyer Inc.",
    "own_name": "Jane",
    "own_name_and_title": "Jane Doe\nChief Financial Officer\nHarbor Lane Markets",
    "name_and_bars": "Jane Doe | Retail East | Buyer",
    "phone": "Sent from my iPhone",
    "outlook_phone": "Get Outlook for iOS<https://aka.ms/x>",
    "name_and_phone": "Jane\n\nSent from my phone",
    "contact_block": "Jonathan Doe\nHead of IT\ntel 207-555-0148",
}
ZH_SIGNATURES = {
    "formula": "此致\n敬礼！\n\n李敏\n信息部",
    "greeting": "顺颂商祺\n李敏\n浙江星源汽车零部件有限公司",
    "wish": "祝好\n\n李敏",
    "own_name": "李敏\n信息部\n浙江星源汽车零部件有限公司\n电话：0574-5550-0126",
    "office_first": "信息中心 李敏\n江州市仁和医院",
    "phone": "发自我的 iPhone",
    "huawei": "来自我的华为手机",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_signature_is_no_body(signature: str) -> None:
    parsed = parse_email(mail(f"Al,\n\nWe need a lower price.\n\n{signature}\n"))
    assert by_kind(parsed, "body") == "Al,\n\nWe need a lower price."
    assert by_kind(parsed, "signature") == signature


@pytest.mark.parametrize("signature", ZH_SIGNATURES.values(), ids=ZH_SIGNATURES.keys())
def test_chinese_signature_is_no_body(signature: str) -> None:
    parsed = parse_email(
        mail(f"陈经理：\n\n价格还要再谈。\n\n{signature}\n", sender="李敏 <limin@x.example>")
    )
    assert by_kind(parsed, "body") == "陈经理：\n\n价格还要再谈。"
    assert by_kind(parsed, "signature") == signature


def test_signature_between_answer_and_history_is_found() -> None:
    text = "Too dear.\n\nJane Doe\nCFO\n\n-----Original Message-----\nFrom: Al\n\nold\n"
    parsed = parse_email(mail(text))
    assert [r.kind for r in parsed.regions] == ["body", "signature", "quoted"]


@pytest.mark.parametrize(
    "notice",
    [
        (
            "This e-mail may contain confidential information. If you are not the "
            "intended recipient, "
            "please delete it."
        ),
        (
            "CONFIDENTIALITY NOTICE:\nThis message is intended only for the addressee.\nIf you "
            "have received it in error, notify the sender."
        ),
        "本邮件及其附件含有保密信息，仅限于发送给上面列出的收件人。禁止任何其他人使用。",
        "To unsubscribe, visit https://x.example/u",
        "如需退订，请点击此处",
        "此邮件由系统自动发出，请勿回复。",
    ],
)
def test_legal_notice_is_a_footer(notice: str) -> None:
    parsed = parse_email(mail(f"We need a lower price.\n\nJane\n\n{notice}\n"))
    assert by_kind(parsed, "body") == "We need a lower price."
    assert by_kind(parsed, "footer") == notice


def test_answer_that_is_only_an_address_stays_body() -> None:
    assert body_of("Jane Doe\n14 Wharf Street\n207-555-0148") != ""


@settings(max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "",
                    "> old",
                    "-- ",
                    "Best,",
                    "Jane",
                    "From: a",
                    "To: b",
                    "Subject: c",
                    "祝好",
                    *list(HISTORIES.values()),
                ]
            ),
            st.text(max_size=30),
        ),
        max_size=25,
    ),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=4),
)
def test_regions_cover_any_text_in_order(lines: list[str], spans: list[tuple[int, int]]) -> None:
    text = "\n".join(lines)
    regions = divide(text, sender="Jane", quoted=spans, signatures=spans[:1])
    assert "".join(text[start:end] for _, start, end in regions) == text
    assert all(start < end for _, start, end in regions)
    assert all(a[0] != b[0] for a, b in pairwise(regions))
