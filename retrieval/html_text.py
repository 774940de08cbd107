"""The text that a reader of an HTML mail sees, with the spans that its mark-up calls quoted.

Written on selectolax (lexbor) because it parses as browsers do. Two inputs make any HTML5 parser
super-linear: deep nesting (each block start walks up the open elements) and open formatting
elements (they are rebuilt in every block). Both are estimated beforehand and the HTML is cut where
they pass a bound that no mailer's output comes near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from retrieval.html_styles import Look, declarations, is_removed, look_of, sheet_styles

MAX_HTML = 2_000_000
_MAX_DEPTH = 400
_MAX_REBUILT = 200_000
_MAX_ATTRIBUTES = 20_000  # characters inside one tag
_CHECK_EVERY = 512

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})([^<>]*)")
_VOID = frozenset("br img hr meta link input area base col embed source track wbr param".split())
_CLOSED_BY_NEXT = frozenset("p li td th tr dt dd option html head body tbody thead".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())

_SKIPPED = frozenset(
    "head script style title template noframes iframe object svg math select audio video".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr ul".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol table pre".split())
_MARGINLESS = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0(?![.\d]*[1-9])")
_WHITE = re.compile(r"[ \t\n\r\f\xa0]+")

_QUOTED_CLASSES = frozenset(
    "gmail_quote moz-cite-prefix yahoo_quoted protonmail_quote zmail_extra isReplyContent"
    " history-quote-wrapper lark-mail-quote OutlookMessageHeader tutanota_quote".split()
)
_QUOTED_IDS = frozenset(
    "isReplyContent isForwardContent divNeteaseMailReply OLK_SRC_BODY_SECTION"
    " mail-editor-reference-message-container reply-intro qm_replysign_quote".split()
)
# Outlook puts this in front of the old mail, which follows as its siblings.
_OLD_MAIL_FOLLOWS = frozenset(("divRplyFwdMsg", "x_divRplyFwdMsg"))
_SIGNATURE_CLASSES = frozenset(
    "gmail_signature moz-signature protonmail_signature_block AppleMailSignature".split()
)
_SIGNATURE_IDS = frozenset(
    "Signature signature AppleMailSignature ms-outlook-mobile-signature".split()
)

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class HtmlText:
    """`text` with "\\n" newlines; spans are code points of it, ordered by their ends."""

    text: str
    quoted: Spans = ()
    signatures: Spans = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Page:
    """Text under construction: white space is held back until the next word decides on it."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    n_newlines: int = 0
    has_space: bool = False

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def write(self, text: str, *, is_preformatted: bool) -> None:
        if is_preformatted:
            lines = text.split("\n")
            for i, line in enumerate(lines):
                if i:
                    self.break_line()
                if line.strip():
                    self._open()
                    self.add(line.replace("\xa0", " ").replace("\r", ""))
            return
        has_filler = "\xa0" in text
        text = _WHITE.sub(" ", text)
        words = text.strip(" ")
        if not words:
            if has_filler and self.n_newlines:  # <p>&nbsp;</p> is how Outlook leaves a line blank
                self.n_newlines = 2
            self.has_space = self.has_space or bool(text)
            return
        self.has_space = self.has_space or text[0] == " "
        self._open()
        self.add(words)
        self.has_space = text[-1] == " "

    def _open(self) -> None:
        if self.length and self.n_newlines:
            self.add("\n" * self.n_newlines)
        elif self.length and self.has_space:
            self.add(" ")
        self.n_newlines, self.has_space = 0, False

    def end_block(self, n: int) -> None:
        self.n_newlines = max(self.n_newlines, n)

    def break_line(self) -> None:
        self.n_newlines = min(2, self.n_newlines + 1)


@dataclass(slots=True)
class _Walk:
    page: _Page = field(default_factory=_Page)
    quoted: list[tuple[int, int]] = field(default_factory=list)
    signatures: list[tuple[int, int]] = field(default_factory=list)
    old_mail_at: int | None = None


def html_to_text(html: str, *, is_late: Callable[[], bool]) -> HtmlText:
    """Visible text of `html`; what was read when `is_late()` turned true, with a note."""
    from selectolax.lexbor import LexborHTMLParser

    kept = _bounded(html[:MAX_HTML], is_late)
    notes = ["html cut"] if len(kept) < len(html) else []
    if not kept.strip():
        return HtmlText("", notes=tuple(notes))
    tree = LexborHTMLParser(kept)
    body = tree.body or tree.root
    if body is None:
        return HtmlText("", notes=tuple(notes))
    walk = _Walk()
    if not _read(body, walk, sheet_styles(tree, is_late), is_late):
        notes.append("deadline")
    text = "".join(walk.page.pieces)
    if walk.old_mail_at is not None:
        walk.quoted.append((walk.old_mail_at, len(text)))
    return HtmlText(text, tuple(walk.quoted), tuple(walk.signatures), tuple(notes))


def _read(
    body: Any, walk: _Walk, sheet: Mapping[int, Mapping[str, str]], is_late: Callable[[], bool]
) -> bool:
    """Walks the tree without recursion; False when time ran out."""
    stack: list[tuple[Any, Look, Callable[[], None] | None]] = [(body, Look(), None)]
    n_nodes = 0
    while stack:
        node, look, leave = stack.pop()
        if leave is not None:
            leave()
            continue
        n_nodes += 1
        if n_nodes % _CHECK_EVERY == 0 and is_late():
            return False
        tag = node.tag
        if tag == "-text":
            if look.shows_text():
                walk.page.write(node.text_content or "", is_preformatted=look.is_preformatted)
            continue
        if tag == "br":
            walk.page.break_line()
        if tag is None or tag[0] in "-_!" or tag in _SKIPPED:
            continue
        attributes = node.attributes
        style: Mapping[str, str] = declarations(attributes.get("style") or "")
        if found := sheet.get(node.mem_id):
            style = {**found, **style}
        if is_removed(tag, attributes, style):
            continue
        stack.append((node, look, _enter(tag, attributes, walk)))
        inner = look_of(tag, attributes, style, look)
        children = [(child, inner, None) for child in node.iter(include_text=True)]
        stack.extend(reversed(children))
    return True


def _enter(tag: str, attributes: Mapping[str, Any], walk: _Walk) -> Callable[[], None]:
    """Opens an element on the page and gives back what is to be done at its end."""
    page = walk.page
    n_lines = _n_lines(tag, attributes)
    if n_lines:
        page.end_block(n_lines)
    elif tag in ("td", "th"):
        page.has_space = True
    start = page.length
    classes = frozenset((attributes.get("class") or "").split())
    id_ = attributes.get("id") or ""
    is_quoted = tag == "blockquote" or classes & _QUOTED_CLASSES or id_ in _QUOTED_IDS
    is_signature = classes & _SIGNATURE_CLASSES or id_ in _SIGNATURE_IDS
    if id_ in _OLD_MAIL_FOLLOWS and walk.old_mail_at is None:
        walk.old_mail_at = start

    def leave() -> None:
        if n_lines:
            page.end_block(n_lines)
        elif tag in ("td", "th"):
            page.has_space = True
        if page.length > start:
            if is_quoted:
                walk.quoted.append((start, page.length))
            elif is_signature:
                walk.signatures.append((start, page.length))

    return leave


def _n_lines(tag: str, attributes: Mapping[str, Any]) -> int:
    if tag not in _BLOCKS:
        return 0
    if tag not in _SPACED:
        return 1
    is_tight = "Mso" in (attributes.get("class") or "") or _MARGINLESS.search(
        (attributes.get("style") or "")[:2000]
    )
    return 1 if is_tight else 2


def _bounded(html: str, is_late: Callable[[], bool]) -> str:
    """The longest start of `html` that parses in linear time."""
    open_tags: dict[str, int] = {}
    depth = n_formatting = n_rebuilt = 0
    for n, match in enumerate(_TAG.finditer(html)):
        name = match[2].lower()
        if name in _VOID:
            continue
        if match[1]:
            if open_tags.get(name):
                open_tags[name] -= 1
                depth -= 1
                n_formatting -= name in _FORMATTING
            continue
        n_rebuilt += n_formatting
        if name not in _CLOSED_BY_NEXT:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
            n_formatting += name in _FORMATTING
        is_over = depth > _MAX_DEPTH or n_rebuilt > _MAX_REBUILT
        is_over = is_over or (len(match[3]) > _MAX_ATTRIBUTES and "data:" not in match[3])
        if is_over or (n % _CHECK_EVERY == 0 and is_late()):
            return html[: match.start()]
    return html
