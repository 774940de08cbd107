"""HTML mail as its reader sees it."""

from __future__ import annotations

import pytest

from retrieval.emails import parse_email
from retrieval.html_text import HtmlText, html_to_text


def never() -> bool:
    return False


def read(html: str) -> HtmlText:
    return html_to_text(html, is_late=never)


HIDDEN = {
    "display": '<div style="display:none">SECRET</div>',
    "display_important": '<p style="DISPLAY: none !important">SECRET</p>',
    "visibility": '<span style="visibility:hidden">SECRET</span>',
    "font_size": '<div style="font-size:0px"><b>SECRET</b></div>',
    "one_pixel": '<div style="font-size:1px;line-height:1px">SECRET</div>',
    "font_shorthand": '<div style="font:0/0 a">SECRET</div>',
    "height": '<div style="max-height:0;overflow:hidden">SECRET</div>',
    "bare_height": '<div style="height:0">SECRET</div>',
    "opacity": '<div style="opacity:0">SECRET</div>',
    "white_on_white": '<font color="#FFFFFF">SECRET</font>',
    "almost_white": '<span style="color:#fefefe">SECRET</span>',
    "same_as_background": (
        '<table bgcolor="#036"><tr><td><p style="color:rgb(0,51,102)">SECRET</p></table>'
    ),
    "transparent": '<span style="color:transparent">SECRET</span>',
    "attribute": "<div hidden>SECRET</div>",
    "off_screen": '<div style="position:absolute;left:-9999px">SECRET</div>',
    "outlook_only": '<div style="mso-hide:all">SECRET</div>',
    "class": "<style>.pre{display:none}</style><div class=pre>SECRET</div>",
    "class_in_screen_media": (
        "<style>@media screen { .p{color:#fff} }</style><div class=p>SECRET</div>"
    ),
    "script": "<script>SECRET</script>",
    "style": "<style>SECRET</style>",
    "title": "<title>SECRET</title>",
    "comment": "<!-- SECRET --><!--[if mso]>SECRET<![endif]-->",
    "template": "<template>SECRET</template>",
}


@pytest.mark.parametrize("html", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_text_never_reaches_the_text(html: str) -> None:
    assert read(f"<body><p>shown</p>{html}<p>also shown</p></body>").text.split() == [
        "shown",
        "also",
        "shown",
    ]


@pytest.mark.parametrize(
    "html",
    [
        '<table bgcolor="navy"><tr><td style="color:white">REAL</td></tr></table>',
        '<div style="background:url(x.png)"><p style="color:#fff">REAL</p></div>',
        '<style>.h{background:#036}</style><div class=h><b style="color:#fff">REAL</b></div>',
        '<div style="font-size:0"><span style="font-size:14px">REAL</span></div>',
        '<div style="visibility:hidden"><p style="visibility:visible">REAL</p></div>',
        "<style>@media (max-width:600px){.m{display:none}}</style><p class=m>REAL</p>",
        '<td style="height:0">REAL</td>',
        '<p style="color:#888888">REAL</p>',
        '<div style="color:#fff"><a href="x">REAL</a></div>',
        "<noscript>REAL</noscript>",
    ],
)
def test_visible_text_is_kept(html: str) -> None:
    assert "REAL" in read(f"<body>{html}</body>").text


def test_blocks_break_lines_and_entities_are_decoded() -> None:
    html = (
        "<p>Price &amp; terms:</p><div>a<br>b</div><ul><li>one</li><li>two</li></ul>"
        '<table><tr><td>x</td><td>9&nbsp;&euro;</td></tr></table><a href="http://h/">our site</a>'
    )
    assert read(html).text == "Price & terms:\n\na\nb\n\none\ntwo\n\nx 9 €\n\nour site"


def test_outlook_paragraphs_are_lines_and_filler_paragraphs_are_blank() -> None:
    html = "<p class=MsoNormal>A</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>B<br>C</p>"
    assert read(html).text == "A\n\nB\nC"


@pytest.mark.parametrize(
    "history",
    [
        '<div class="gmail_quote"><div>On Monday Al wrote:</div><blockquote>old</blockquote></div>',
        '<blockquote type="cite">old</blockquote>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> Al</div><div><p>old</p></div>',
        '<div id="isReplyContent">old</div>',
        (
            '<div style="border-top:solid #E1E1E1 1pt"><p><b>From:</b> Al<br><b>Sent:</b> Mon<br>'
            "<b>To:</b> Jane<br><b>Subject:</b> y</p></div><p>old</p>"
        ),
        ("<div>发件人: 老王</div><div>发送时间: 今天</div><div>主题: 报价</div><div>old</div>"),
    ],
)
def test_quoted_mark_up_becomes_a_quoted_region(history: str) -> None:
    raw = f"Content-Type: text/html; charset=utf-8\n\n<div>New words</div>{history}".encode()
    parsed = parse_email(raw)
    kinds = {r.kind: parsed.text[r.start : r.end] for r in parsed.regions}
    assert kinds["body"].strip() == "New words"
    assert kinds["quoted"].strip().endswith("old")


def test_answer_below_a_blockquote_is_body() -> None:
    raw = b"Content-Type: text/html\n\n<blockquote>old</blockquote><p>new</p>"
    parsed = parse_email(raw)
    assert [(r.kind, parsed.text[r.start : r.end].strip()) for r in parsed.regions] == [
        ("quoted", "old"),
        ("body", "new"),
    ]


def test_gmail_signature_is_a_signature() -> None:
    raw = b'Content-Type: text/html\n\n<p>new</p><div class="gmail_signature">Bob<br>CTO</div>'
    assert [r.kind for r in parse_email(raw).regions] == ["body", "signature"]


def test_deep_nesting_is_cut_and_said_so() -> None:
    read_ = read("<p>first</p>" + "<div>" * 5000 + "deep")
    assert read_.text == "first"
    assert read_.notes == ("html cut",)


def test_time_running_out_gives_what_was_read() -> None:
    found = html_to_text("<p>x</p>" * 2000, is_late=lambda: True)
    assert "deadline" in found.notes or "html cut" in found.notes
