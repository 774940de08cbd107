"""A mail's bytes to its parts and its body text, in bounded time.

The standard library's incremental parser does the splitting, fed in small pieces so that the
deadline is looked at in between. It runs under `compat32` alone: `policy.default` raises on real
mail (`name*` without a value, malformed Message-IDs), replaces raw 8-bit headers by U+FFFD, and its
grammar-driven header parser is super-linear. Values therefore stay raw here (bytes as surrogate
escapes) and are decoded by email_charsets.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32
from typing import Any, cast

from retrieval.email_charsets import clean, decode_bytes, decode_header, lenient_base64
from retrieval.html_text import HtmlText, Spans, html_to_text

MAX_DEPTH = 50
MAX_PARTS = 500
MAX_HEADER_BLOCK = 256 * 1024
MAX_TEXT = 250_000  # code points: a hundred pages; the region rules read them in half a second

# A level needs one declaration; mails inside mails (digests) repeat them side by side.
_MAX_NESTING_WORDS = 2 * MAX_DEPTH
_PIECE = 8 * 1024
_MAX_HEADER = 64 * 1024
_MAX_CONTENT_HEADER = 4 * 1024
_MAX_ENCODED = 4 * MAX_TEXT
_JOIN = "\n\n"

_NESTS = re.compile(rb"boundary(?:\*[0-9*]{0,4})?[ \t]*=|content-type:\s{0,80}message/")
_HEADER_LINE = re.compile(rb"[^\s:\x00-\x20]{1,80}[ \t]*:")
_KNOWN_HEADER = re.compile(
    rb"(?:received|return-path|from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to"
    rb"|references|mime-version|content-[a-z-]{2,30}|x-[a-z0-9-]{1,60})[ \t]*:",
    re.I,
)
_META_CHARSET = re.compile(
    rb"<meta[^<>]{0,200}charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:+-]{2,40})", re.I
)
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]{0,200}\n", re.M)
_STUB = re.compile(
    r"(?i)(?:html|view (?:this|it) (?:e-?mail|message)? ?(?:in|online)|不支持|浏览器中?查看)"
)
_MAX_STUB = 300

IsLate = Callable[[], bool]


class _RawHeaders(Compat32):
    """compat32 whose values are clipped when stored and come back as the raw string."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        is_content = name[:8].lower() == "content-"
        return name, value[: _MAX_CONTENT_HEADER if is_content else _MAX_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 (the base's signature)
        return value


_POLICY = _RawHeaders()


@dataclass(frozen=True, slots=True)
class Body:
    """The decoded body; spans are code points of `text`, known from mark-up only."""

    text: str = ""
    quoted: Spans = ()
    signatures: Spans = ()
    attachments: tuple[str, ...] = ()


@dataclass(slots=True)
class _Leaf:
    """A part that holds text, as it is found; decoded only where it is chosen."""

    part: Message[Any, Any]
    is_html: bool


@dataclass(slots=True)
class _Found:
    attachments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_parts: int = 0
    has_text: bool = False


def split_message(raw: bytes, *, is_late: IsLate, notes: list[str]) -> Message[Any, Any]:
    """The message tree of `raw`; what had to be cut or repaired is appended to `notes`."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    raw = _repaired(raw, notes)
    raw = _shallow(raw, notes)
    parser: BytesFeedParser[Message[Any, Any]] = BytesFeedParser(policy=_POLICY)
    view = memoryview(raw)
    try:
        for start in range(0, len(raw), _PIECE):
            if start and is_late():
                notes.append("deadline")
                break
            parser.feed(bytes(view[start : start + _PIECE]))
        return parser.close()
    except Exception as error:  # nothing that a stranger sends may stop the mailbox
        notes.append(f"mime structure not readable ({type(error).__name__})")
        return _flat(raw)


def _flat(raw: bytes) -> Message[Any, Any]:
    """Header and body without any structure; cannot fail."""
    message: Message[Any, Any] = Message(policy=_POLICY)
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    for line in head[:MAX_HEADER_BLOCK].split(b"\n")[:500]:
        name, colon, value = line.partition(b":")
        if colon and _HEADER_LINE.match(line) and not name.lower().startswith(b"content-"):
            text = value.strip().decode("ascii", "surrogateescape")
            message[name.strip().decode("ascii", "replace")] = text
    message.set_payload(body[:_MAX_ENCODED].decode("ascii", "surrogateescape"))
    return message


def _repaired(raw: bytes, notes: list[str]) -> bytes:
    """Mends a header block: overlong ones are cut, a stray line before more headers is folded."""
    end = re.search(rb"\r?\n[ \t]*\r?\n|\r\r", raw[: MAX_HEADER_BLOCK + 4])
    if end is None:
        if len(raw) > MAX_HEADER_BLOCK:
            notes.append("header block cut")
            return raw[:MAX_HEADER_BLOCK] + b"\n\n" + raw[MAX_HEADER_BLOCK:]
        return raw
    lines = raw[: end.start()].split(b"\n")
    strays = [
        i
        for i, line in enumerate(lines[:-1])
        if i
        and line[:1] not in (b" ", b"\t", b"")
        and not _HEADER_LINE.match(line)
        and _KNOWN_HEADER.match(lines[i + 1])
    ]
    if not strays:
        return raw
    notes.append("stray header lines folded")
    for i in strays:
        lines[i] = b" " + lines[i]
    return b"\n".join(lines) + raw[end.start() :]


def _shallow(raw: bytes, notes: list[str]) -> bytes:
    """Everything before the declaration that could nest parts deeper than MAX_DEPTH."""
    low = raw.lower()
    if low.count(b"boundary") + low.count(b"message/") <= _MAX_NESTING_WORDS:
        return raw
    for n, match in enumerate(_NESTS.finditer(low)):
        if n == _MAX_NESTING_WORDS:
            notes.append("mime structure cut")
            return raw[: raw.rfind(b"\n", 0, match.start()) + 1]
    return raw


def read_body(message: Message[Any, Any], *, is_late: IsLate, notes: list[str]) -> Body:
    """Text of the inline parts: plain text where there is any, HTML made readable otherwise."""
    found = _Found(notes=notes)
    alternatives = _choose(message, found, depth=0)
    pieces: list[HtmlText] = []
    for leaf in alternatives:
        if pieces and is_late():
            notes.append("deadline")
            break
        piece = _read_leaf(leaf, is_late, notes)
        if piece.text.strip() and not _repeats(piece, leaf, pieces):
            pieces.append(piece)
    joined = _joined(pieces)
    if len(joined.text) > MAX_TEXT:
        notes.append("text cut")
    return Body(
        text=joined.text[:MAX_TEXT],
        quoted=joined.quoted,
        signatures=joined.signatures,
        attachments=tuple(dict.fromkeys(found.attachments)),
    )


def _choose(part: Message[Any, Any], found: _Found, *, depth: int) -> list[_Leaf]:
    """The text parts that a mail program would show, in reading order."""
    found.n_parts += 1
    if found.n_parts > MAX_PARTS or depth > MAX_DEPTH:
        note = "parts left out"
        if note not in found.notes:
            found.notes.append(note)
        return []
    kind = _content_type(part)
    if not part.is_multipart():
        return _leaf(part, kind, found)
    if kind.startswith("message/") and depth:
        found.attachments.append(_file_name(part) or f"({kind})")
        return []
    children = [_choose(child, found, depth=depth + 1) for child in _children(part)]
    if kind == "multipart/alternative":
        return _preferred(children)
    return [leaf for child in children for leaf in child]


def _preferred(children: list[list[_Leaf]]) -> list[_Leaf]:
    """The plain alternative, unless it only says that the mail is written in HTML."""
    plain = [child for child in children if child and not any(leaf.is_html for leaf in child)]
    rich = [child for child in children if child and any(leaf.is_html for leaf in child)]
    for child in plain:
        text = "".join(_decoded(leaf.part)[0] for leaf in child).strip() if rich else "only"
        if text and not (len(text) <= _MAX_STUB and _STUB.search(text)):
            return child
    return next(iter(rich + plain), [])


def _leaf(part: Message[Any, Any], kind: str, found: _Found) -> list[_Leaf]:
    name = _file_name(part)
    disposition = decode_header(str(part.get("content-disposition", ""))).lower()
    is_text = kind in ("text/plain", "text/html") or kind.startswith("multipart/")
    is_attached = disposition.startswith("attachment") or (bool(name) and found.has_text)
    if is_text and not is_attached:
        found.has_text = True
        return [_Leaf(part, kind == "text/html")]
    if name or not kind.startswith(("message/", "text/rfc822")):
        found.attachments.append(name or f"({kind})")
    return []


def _content_type(part: Message[Any, Any]) -> str:
    try:
        return part.get_content_type()
    except Exception:  # a header that the library cannot split reads as plain text
        return "text/plain"


def _read_leaf(leaf: _Leaf, is_late: IsLate, notes: list[str]) -> HtmlText:
    text, note = _decoded(leaf.part)
    if note:
        _note(notes, note)
    if not leaf.is_html:
        return HtmlText(text)
    _note(notes, "html body")
    read = html_to_text(text, is_late=is_late)
    for note in read.notes:
        _note(notes, note)
    return read


def _note(notes: list[str], note: str) -> None:
    if note not in notes:
        notes.append(note)


def _repeats(piece: HtmlText, leaf: _Leaf, before: list[HtmlText]) -> bool:
    """Whether an HTML part says again what a part beside it said."""
    if not leaf.is_html or not before:
        return False
    words = "".join(piece.text.split())
    return any(words in said or said in words for said in ("".join(p.text.split()) for p in before))


def _joined(pieces: list[HtmlText]) -> HtmlText:
    texts: list[str] = []
    quoted: list[tuple[int, int]] = []
    signatures: list[tuple[int, int]] = []
    at = 0
    for piece in pieces:
        texts.append(piece.text)
        quoted += [(at + start, at + end) for start, end in piece.quoted]
        signatures += [(at + start, at + end) for start, end in piece.signatures]
        at += len(piece.text) + len(_JOIN)
    return HtmlText(_JOIN.join(texts), tuple(quoted), tuple(signatures))


def _decoded(part: Message[Any, Any]) -> tuple[str, str | None]:
    """The text of one part and what had to be guessed about it."""
    raw = _payload_bytes(part)
    declared = _charset(part)
    if declared is None and _content_type(part) == "text/html":
        meta = _META_CHARSET.search(raw[:4096])
        declared = meta[1].decode("ascii") if meta else None
    text, note = decode_bytes(raw, declared)
    return clean(text), note


def _charset(part: Message[Any, Any]) -> str | None:
    try:
        charset = part.get_content_charset()
    except Exception:  # `charset*` with broken RFC 2231 coding
        return None
    return str(charset) if charset else None


def _payload_bytes(part: Message[Any, Any]) -> bytes:
    """The part's bytes, decoded from a transfer coding whose name may carry stray words."""
    header = "content-transfer-encoding"
    coding = str(part.get(header, ""))
    # Without the header the library hands out what it read, untouched and without failing.
    del part[header]
    payload = part.get_payload(decode=True)
    part[header] = coding
    encoded = bytes(payload)[:_MAX_ENCODED] if isinstance(payload, bytes) else b""
    match coding.partition(";")[0].strip().lower():
        case "base64":
            return lenient_base64(encoded)
        case "quoted-printable":
            return binascii.a2b_qp(encoded)
        case "uuencode" | "x-uuencode" | "uue" | "x-uue":
            return _from_uu(encoded)
    return encoded


def _from_uu(encoded: bytes) -> bytes:
    """The bytes between "begin" and "end"; the input where there is no such frame."""
    begin = _UU_BEGIN.search(encoded)
    end = encoded.find(b"\nend", begin.end() - 1) if begin else -1
    if begin is None or end < 0:
        return encoded
    lines: list[bytes] = []
    for line in encoded[begin.end() : end].splitlines():
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            return encoded
    return b"".join(lines)


def _file_name(part: Message[Any, Any]) -> str:
    """The attachment's own name on one line without folders; "" where it has none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            value = part.get_param(parameter, None, header)
        except Exception:  # e.g. a `name*` without a value: as good as no name
            value = None
        if value:
            name = _parameter_text(value)
            base = re.split(r"[\\/]", name)[-1].strip()
            if base:
                return base[:200]
    return ""


def _parameter_text(value: Any) -> str:
    if isinstance(value, tuple):
        charset, _, text = value
        raw = str(text).encode("latin-1", "replace")
        return " ".join(clean(decode_bytes(raw, charset)[0]).split())
    return decode_header(str(value).strip('"'))


def _children(part: Message[Any, Any]) -> list[Message[Any, Any]]:
    return cast("list[Message[Any, Any]]", part.get_payload())


def parts_of(message: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """The message and its own parts, at most MAX_PARTS; attached mails stay closed."""
    stack, n = [message], 0
    while stack and n < MAX_PARTS:
        part = stack.pop()
        n += 1
        yield part
        is_open = part is message or _content_type(part).startswith("multipart/")
        if is_open and part.is_multipart():
            stack.extend(reversed(_children(part)))
