"""Bodies, attachments and everything that may not raise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.emails import ParsedEmail, Region, parse_email


def assert_covered(parsed: ParsedEmail) -> None:
    at = 0
    for region in parsed.regions:
        assert region.start == at < region.end
        at = region.end
    assert at == len(parsed.text)
    assert "\x00" not in parsed.text
    assert "\r" not in parsed.text
    parsed.text.encode()


def multipart(kind: str, *parts: str) -> bytes:
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n\n{inner}--b--\n".encode()


PLAIN = "Content-Type: text/plain\n\n"
HTML = "Content-Type: text/html\n\n"


def test_plain_alternative_is_preferred() -> None:
    parsed = parse_email(multipart("alternative", f"{PLAIN}plain", f"{HTML}<p>rich</p>"))
    assert parsed.text == "plain"


@pytest.mark.parametrize("stub", ["", " \n", "Please view this email in a browser with HTML."])
def test_html_is_read_where_the_plain_alternative_says_nothing(stub: str) -> None:
    parsed = parse_email(multipart("alternative", PLAIN + stub, f"{HTML}<p>rich</p>"))
    assert parsed.text == "rich"
    assert "html body" in parsed.notes


def test_inline_text_parts_are_joined_by_a_blank_line() -> None:
    assert parse_email(multipart("mixed", f"{PLAIN}one", f"{PLAIN}two")).text == "one\n\ntwo"


def test_html_body_beside_a_plain_list_footer_is_kept() -> None:
    text = parse_email(multipart("mixed", f"{HTML}<p>words</p>", f"{PLAIN}list footer")).text
    assert text == "words\n\nlist footer"


def test_html_that_repeats_the_plain_part_is_left_out() -> None:
    assert parse_email(multipart("mixed", f"{PLAIN}same words", f"{HTML}<p>same words")).text == (
        "same words"
    )


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('Content-Disposition: attachment; filename="offer.pdf"', "offer.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf", "报价.pdf"),
        ("Content-Disposition: attachment; filename*=gb2312''%B1%A8%BC%DB.pdf", "报价.pdf"),
        ("Content-Disposition: attachment;\n filename*0*=utf-8''%E6%8A;\n filename*1*=%A5", "报"),
        ('Content-Disposition: attachment; filename="=?gb2312?b?sai82w==?=.pdf"', "报价.pdf"),
        ("Content-Type: application/pdf; name=报价.pdf", "报价.pdf"),
        ('Content-Disposition: attachment; filename="../../etc/x.txt"', "x.txt"),
        ("Content-Disposition: attachment; filename*", "(text/plain)"),
        ("Content-Type: image/png", "(image/png)"),
    ],
)
def test_attachments_are_named_and_not_opened(header: str, name: str) -> None:
    parsed = parse_email(multipart("mixed", f"{PLAIN}body", f"{header}\n\nSECRET"))
    assert parsed.attachments == (name,)
    assert parsed.text == "body"


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("gb2312", "喆，报价".encode("gb18030"), "喆，报价"),
        ("GBK", "报价".encode("gbk"), "报价"),
        ("big5", "報價".encode("big5"), "報價"),
        ("shift_jis", "見積".encode("shift_jis"), "見積"),
        ("iso-8859-1", b"\x93quote\x94", "“quote”"),
        ("us-ascii", "报价单".encode(), "报价单"),
        ("no-such-charset", "报价".encode(), "报价"),
        ("no-such-charset", "报价单已经收到".encode("gb18030"), "报价单已经收到"),
        ("unknown-8bit", "café crème".encode("latin-1"), "café crème"),
        ("utf-8", "报价单已经收到".encode("gb18030"), "报价单已经收到"),
        ("utf-8", "报价单已经收到了，谢谢。".encode()[:-1], "报价单已经收到了，谢谢\ufffd"),
        ("rot13", b"plain", "plain"),
        ("punycode", b"plain-", "plain-"),
        ('"utf-8"', "报价".encode(), "报价"),
        ("utf-7", b"+2AA-x", "\ufffdx"),
    ],
)
def test_body_is_decoded(charset: str, raw: bytes, text: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\n\n".encode()
    parsed = parse_email(head + raw)
    assert parsed.text == text
    assert_covered(parsed)


def test_charset_from_html_meta_is_used_where_the_header_is_silent() -> None:
    raw = '<meta charset="gb2312"><p>报价</p>'.encode("gb18030")
    assert parse_email(HTML.encode() + raw).text == "报价"


@pytest.mark.parametrize(
    ("coding", "raw", "text"),
    [
        ("base64", b"aGVsbG8", "hello"),
        ("base64; x", b"aGVs!bG8=", "hello"),
        ("Quoted-Printable", b"a=C3=A9=\nb", "aéb"),
        ("quoted-printable", b"100% =ZZ", "100% =ZZ"),
        ("x-uuencode", b"begin 644 f\n%:&5L;&\\\n`\nend\n", "hello"),
        ("x-uuencode", b"no frame", "no frame"),
        ("8bit", "é".encode(), "é"),
        ("nonsense", b"hello", "hello"),
    ],
)
def test_transfer_coding_is_undone(coding: str, raw: bytes, text: str) -> None:
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {coding}\n\n"
    assert parse_email(head.encode() + raw).text == text


def test_newlines_are_unified_and_nuls_removed() -> None:
    assert parse_email(b"Subject: x\r\n\r\na\r\nb\x00c\rd").text == "a\nbc\nd"


# Each of these makes the standard library's `policy.default` raise, loop or lose the mail.
CRASHERS = {
    "empty": b"",
    "parameter_without_value": b"Content-Type: text/plain; name*\n\nhi",
    "comment_as_group": b"To: (c):\n\nhi",
    "unknown_charset": b"Content-Type: text/plain; charset=x-nope\n\n\xff\xfe",
    "charset_star": b"Content-Type: text/plain; charset*=x'y'%zz\n\nhi",
    "charset_with_nul": b'Content-Type: text/plain; charset="a\x00b"\n\nhi',
    "malformed_message_id": b"Message-ID: <abc\nReferences: <<>>\n\nhi",
    "bracket_message_id": b"Message-ID: []\n\nhi",
    "deep_comments": b"To: " + b"(" * 20_000 + b"\n\nhi",
    "open_quotes": b'From: "' + b'\\"' * 20_000 + b"\n\nhi",
    "no_boundary": b"Content-Type: multipart/mixed\n\nhi",
    "boundary_never_seen": b"Content-Type: multipart/mixed; boundary=b\n\nhi",
    "multipart_base64": b"Content-Type: multipart/mixed; boundary=b\n"
    b"Content-Transfer-Encoding: base64\n\n--b\n\nhi\n--b--",
    "bad_base64": b"Content-Transfer-Encoding: base64\n\n!!!!A",
    "only_headers": b"From: a@b",
    "only_newlines": b"\n" * 100,
    "surrogates": b"Subject: \xff\xfe\x80\n\n\x80",
    "bom_and_blank_lines": b"\xef\xbb\xbf\r\n\r\nSubject: x\r\n\r\nhi",
    "unix_from": b"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nhi",
    "deep_parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000)
    ),
    "deep_mails": b"Content-Type: message/rfc822\n\n" * 3000 + b"hi",
    "many_parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000,
    "many_headers": b"X: y\n" * 300_000,
    "long_header": b'Content-Type: text/plain; x="' + b'";"' * 200_000 + b"\n\nhi",
    "long_line": b"Subject: x\n\n" + b"a" * 2_000_000,
    "many_uu_frames": b"Content-Transfer-Encoding: uuencode\n\n" + b"begin 644 x\n" * 100_000,
    "binary": bytes(range(256)) * 2000,
}


@pytest.mark.parametrize("raw", CRASHERS.values(), ids=CRASHERS.keys())
def test_no_mail_raises(raw: bytes) -> None:
    parsed = parse_email(raw)
    assert_covered(parsed)
    assert isinstance(parsed.notes, tuple)


def test_words_survive_what_breaks_other_parsers() -> None:
    for name in ("parameter_without_value", "comment_as_group", "no_boundary", "deep_comments"):
        assert parse_email(CRASHERS[name]).text.strip() == "hi", name


def test_stray_line_among_headers_is_folded() -> None:
    parsed = parse_email(b"Subject: a\nstray words\nFrom: j@b.example\n\nhi")
    assert parsed.sender is not None
    assert parsed.text == "hi"
    assert "stray header lines folded" in parsed.notes


def test_passed_deadline_is_noted_and_still_gives_an_answer() -> None:
    parsed = parse_email(b"Subject: x\n\n" + b"words\n" * 50_000, deadline_s=0.0)
    assert "deadline" in parsed.notes
    assert parsed.subject == "x"
    assert_covered(parsed)


def test_text_beyond_the_limit_is_cut_and_noted() -> None:
    parsed = parse_email(b"Subject: x\n\n" + b"word " * 200_000)
    assert "text cut" in parsed.notes
    assert_covered(parsed)


def test_parsing_the_same_bytes_twice_gives_equal_values() -> None:
    raw = multipart("alternative", f"{PLAIN}plain", f"{HTML}<p>rich</p>")
    assert parse_email(raw) == parse_email(raw)


def test_blank_body_is_empty_and_has_no_regions() -> None:
    parsed = parse_email(b"Subject: x\n\n\n \n")
    assert (parsed.text, parsed.regions) == ("", ())


def test_regions_delimit_the_text_by_code_points() -> None:
    parsed = parse_email("Content-Type: text/plain; charset=utf-8\n\n好的😀\n> 旧\n".encode())
    assert parsed.regions == (Region("body", 0, 4), Region("quoted", 4, 8))


HEADS = st.sampled_from(
    [
        b"",
        b"Subject: =?utf-8?b?",
        b"To: ",
        b"Date: ",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
        b"Content-Type: text/html\n\n",
        b"Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: base64\n\n",
        b"Content-Type: text/plain; charset=",
        b"Content-Transfer-Encoding: quoted-printable\n\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(HEADS, st.binary(max_size=200)), max_size=5))
def test_arbitrary_bytes_never_raise_and_regions_cover_the_text(
    pieces: list[tuple[bytes, bytes]],
) -> None:
    assert_covered(parse_email(b"".join(head + rest for head, rest in pieces)))
