"""Headers of real mail: mislabelled, malformed, raw; and which mails no person wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrieval.emails import Address, ParsedEmail, parse_email


def with_header(header: str | bytes, body: bytes = b"hi") -> ParsedEmail:
    raw = header.encode() if isinstance(header, str) else header
    return parse_email(raw + b"\n\n" + body)


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Subject: =?utf-8?b?5oql5Lu3?=", "报价"),
        ("Subject: =?gb2312?B?x6fMcg==?=", b"\xc7\xa7\xcc\x72".decode("gb18030")),
        ("Subject: =?eucgb2312_cn?b?sai82w==?=", "报价"),
        ("Subject: =?UTF-8?Q?caf=C3=A9_?=\n =?UTF-8?Q?bar?=", "café bar"),
        ("Subject: =?utf-8?b?5oq?= =?utf-8?b?l5Lu3?=", "报价"),
        ('Subject: "=?utf-8?q?a=20b?="', '"a b"'),
        ("Subject: =?utf-8?q?a b c?=", "a b c"),
        ("Subject: =?no-such?q?abc?=", "abc"),
        ("Subject: =?utf-8?b?====?=", ""),
        ("Subject: =?utf-8?q?=ZZ?=x", "=ZZx"),
        ("Subject: 报价".encode(), "报价"),
        ("Subject: 报价单".encode("gb18030"), "报价单"),
        ("Subject: café ole".encode("latin-1"), "café ole"),
        ("Subject: =?big5?b?s/i7+Q==?=", b"\xb3\xf8\xbb\xf9".decode("big5hkscs")),
        ("X: y", ""),
    ],
)
def test_subject_is_decoded(header: str | bytes, subject: str) -> None:
    assert with_header(header).subject == subject


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("From: Jane Doe <Jane@Buyer.Example>", Address("Jane Doe", "jane@buyer.example")),
        ('From: "Doe, Jane" <j@b.example>', Address("Doe, Jane", "j@b.example")),
        ("From: =?utf-8?b?5p2O5pWP?= <l@x.example>", Address("李敏", "l@x.example")),
        ("From: =?utf-8?q?Doe,_Jane?= <j@b.example>", Address("Doe, Jane", "j@b.example")),
        ("From: 李敏 <l@x.example>".encode("gb18030"), Address("李敏", "l@x.example")),
        ("From: j@b.example", Address("", "j@b.example")),
        ("From: j@b.example (Jane)", Address("Jane", "j@b.example")),
        ("From: Big Bug bb@bug.example", Address("", "bb@bug.example")),
        ("From: Jane Doe", Address("Jane Doe", "")),
        ("From: ", None),
        ("From: undisclosed-recipients:;", None),
        ("Sender: s@b.example", Address("", "s@b.example")),
    ],
)
def test_sender_is_read(header: str | bytes, expected: Address | None) -> None:
    assert with_header(header).sender == expected


def test_recipients_keep_their_order_and_lose_repeats() -> None:
    parsed = with_header("To: a@x.example, B <b@x.example>\nTo: a@x.example\nCc: c@x.example")
    assert [a.email for a in parsed.to] == ["a@x.example", "b@x.example"]
    assert [a.email for a in parsed.cc] == ["c@x.example"]


def test_date_is_kept_in_its_zone_and_in_utc() -> None:
    parsed = with_header("Date: Tue, 20 Oct 2026 01:03:57 +0800")
    assert parsed.sent_at == datetime(2026, 10, 19, 17, 3, 57, tzinfo=UTC)
    assert parsed.sent_at is not None
    assert parsed.sent_at.tzinfo is UTC
    assert parsed.sent_at_local == parsed.sent_at
    assert parsed.sent_at_local is not None
    assert parsed.sent_at_local.utcoffset() == timedelta(hours=8)
    assert parsed.sent_at_local.date().isoformat() == "2026-10-20"


@pytest.mark.parametrize(
    "date",
    [
        "nonsense",
        "Tue, 99 Oct 2026 01:03:57 +0800",
        "Tue, 20 Oct 2026 01:03:57 +9999",
        "Fri, 31 Dec 9999 23:59:00 -2300",
        "(((((",
    ],
)
def test_unreadable_date_is_none_and_noted(date: str) -> None:
    parsed = with_header(f"Date: {date}")
    assert parsed.sent_at is None
    assert parsed.sent_at_local is None
    assert "date not readable" in parsed.notes


def test_missing_date_is_taken_from_received() -> None:
    parsed = with_header("Received: from a by b; Tue, 20 Oct 2026 10:00:00 -0400")
    assert parsed.sent_at == datetime(2026, 10, 20, 14, tzinfo=UTC)
    assert "date taken from Received" in parsed.notes


def test_unknown_zone_counts_as_utc() -> None:
    parsed = with_header("Date: Tue, 20 Oct 2026 10:00:00 -0000")
    assert parsed.sent_at_local == datetime(2026, 10, 20, 10, tzinfo=UTC)


def test_message_ids_lose_their_brackets() -> None:
    parsed = with_header(
        "Message-ID: <a@x>\nIn-Reply-To: <b@x> (Jane)\nReferences: <b@x>\n <c@x> <b@x>"
    )
    assert (parsed.message_id, parsed.in_reply_to) == ("a@x", "b@x")
    assert parsed.references == ("b@x", "c@x")


@pytest.mark.parametrize("header", ["Message-ID: <", "Message-ID: []", "Message-ID:", "A: b"])
def test_malformed_message_id_is_none(header: str) -> None:
    assert with_header(header).message_id is None


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "X-Autoreply: yes",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "Return-Path:  < >",
        "Content-Type: multipart/report; boundary=b",
        "From: MAILER-DAEMON@mx.example",
        "From: Postmaster <postmaster@mx.example>",
        "From: no-reply@shop.example",
        "Subject: 自动回复: 报价",
        "Subject: [自动回复] 报价",
        "Subject: Automatic reply: your offer",
        "Subject: Out of office: your offer",
        "Subject: Out of Office",
        "Subject: Undeliverable: offer",
        "Subject: 系统退信",
        "X-Auto-Response-Suppress: All\nSubject: Jane is out of office until Friday",
    ],
)
def test_machine_mail_is_automatic(header: str) -> None:
    parsed = with_header(header)
    assert parsed.is_automatic
    assert any(note.startswith("automatic: ") for note in parsed.notes)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Return-Path: <jane@b.example>",
        "Precedence: list",
        "X-Auto-Response-Suppress: All\nSubject: Your offer",
        "Subject: Re: Automatic reply: your offer",
        "Subject: Out of office next week, can we move the demo?",
        "Subject: 自动化产线报价",
        "From: noreen@buyer.example",
        "From: bouncer.team@buyer.example",
    ],
)
def test_a_persons_mail_is_not_automatic(header: str) -> None:
    assert not with_header(header).is_automatic


def test_delivery_report_inside_is_automatic() -> None:
    body = b"--b\n\ntext\n--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n--b--\n"
    assert with_header("Content-Type: multipart/mixed; boundary=b", body).is_automatic


def test_forwarded_bounce_does_not_make_the_forwarding_person_a_robot() -> None:
    inner = (
        b"--b\n\nlook at this\n--b\nContent-Type: message/rfc822\n\n"
        b"Content-Type: multipart/report; boundary=c\n\n--c\n\nfailed\n--c--\n--b--\n"
    )
    parsed = with_header("Content-Type: multipart/mixed; boundary=b", inner)
    assert not parsed.is_automatic
    assert parsed.text.strip() == "look at this"
