"""Bytes of a mail to text, whatever the sender claimed about them.

Two facts drive this: Chinese mailers label GBK and GB18030 bytes "gb2312", so the whole family is
read as its superset GB18030 (WHATWG Encoding Standard, label table); and Windows mailers label
windows-1252 bytes "iso-8859-1", which the same table maps to windows-1252. Codecs that are no text
encodings, or whose cost is quadratic (punycode, idna), are never looked up.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_LABEL = re.compile(r"[A-Za-z0-9][\w.:+-]{1,39}\Z")
_GB = re.compile(r"(?:x-)?(?:euc)?-?(?:gb|csgb|cp936|ms936|windows-936|euc-?cn|chinese)")
_UTF8 = re.compile(r"(?:x-)?(?:utf-?8|unicode-1-1-utf-8|cp65001)")
_SAME = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-8-i": "iso8859-8",
    "hz-gb-2312": "hz",
}
# No encoding of a mail's body, or one that is quadratic in the length of its input.
_NEVER = frozenset("idna punycode undefined mbcs oem unicode_escape raw_unicode_escape".split())
_UNSURE = frozenset("us-ascii ascii unknown-8bit x-unknown unknown 8bit 7bit binary none".split())

# Below this share of unreadable characters a declared charset is damaged rather than wrong.
_DAMAGED_SHARE = 0.1
# Latin text read as GB18030 gives rare ideographs; Chinese text stays within GB 2312's 6,763.
_COMMON_SHARE = 0.7

_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?\n]{0,2000})\?=")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def codec_name(label: str | None) -> str | None:
    """Python's codec for a declared charset; None where it is missing, unknown or not text."""
    name = (label or "").strip().strip("\"'").lower()
    if not _LABEL.match(name) or name in _UNSURE:
        return None
    if name.startswith("hz"):
        return "hz"
    if _GB.match(name):
        return "gb18030"
    if _UTF8.match(name):
        return "utf-8"
    name = _SAME.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name.replace("-", "_") not in _NEVER else None


def decode_bytes(raw: bytes, declared: str | None) -> tuple[str, str | None]:
    """The text and, where the declaration was not simply followed, a note that says so."""
    name = codec_name(declared)
    if name is None:
        if raw.isascii():
            return raw.decode("ascii"), None
        text, used = _detected(raw)
        return text, f"charset {_shown(declared)} read as {used}"
    try:
        text = raw.decode(name)
    except (UnicodeError, ValueError):
        return _redeemed(raw, name, declared)
    claimed = (declared or "").strip().strip("\"'").lower()
    is_renamed = name == "gb18030" and claimed != "gb18030"
    return text, f"charset {_shown(declared)} read as gb18030" if is_renamed else None


def _redeemed(raw: bytes, name: str, declared: str | None) -> tuple[str, str]:
    """Reads bytes that their declared charset rejects: a few broken ones, or a wrong label."""
    if (text := _mended(raw, name)) is not None:
        return text, f"charset {_shown(declared)}: broken characters"
    text, used = _detected(raw)
    return text, f"charset {_shown(declared)} read as {used}"


def _mended(raw: bytes, name: str) -> str | None:
    """The text with U+FFFD for broken bytes; None where they are too many for the charset."""
    text = raw.decode(name, "replace")
    n_foreign = sum(not c.isascii() for c in text)
    n_broken = text.count("\ufffd")
    is_damaged_only = n_foreign > 1 and n_broken <= max(1, _DAMAGED_SHARE * n_foreign)
    return text if is_damaged_only else None


def _detected(raw: bytes) -> tuple[str, str]:
    """UTF-8, GB18030 where it reads as ordinary Chinese, damaged UTF-8, windows-1252, latin-1."""
    for name in ("utf-8", "gb18030"):
        try:
            text = raw.decode(name)
        except UnicodeError:
            continue
        if name == "utf-8" or _is_plausible_chinese(text):
            return text, name
    if (mended := _mended(raw, "utf-8")) is not None:
        return mended, "utf-8"
    try:
        return raw.decode("cp1252"), "cp1252"
    except UnicodeError:
        return raw.decode("latin-1"), "latin-1"


def _is_plausible_chinese(text: str) -> bool:
    foreign = "".join(c for c in text[:20_000] if not c.isascii())
    common = len(foreign.encode("gb2312", "ignore")) / 2
    return common >= _COMMON_SHARE * len(foreign)


def _shown(declared: str | None) -> str:
    label = (declared or "").strip().lower()
    return label if _LABEL.match(label) else "(none)" if not label else "(malformed)"


def clean(text: str) -> str:
    """The text with "\\n" newlines, without NULs, leading BOM and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")
    return _LONE_SURROGATE.sub("\ufffd", text)


def decode_header(value: str) -> str:
    """One line of text from a raw header value (bytes as surrogate escapes), never raising.

    RFC 2047 words are read anywhere, also inside quotes or glued to other text. Neighbours with one
    charset are joined before decoding: mailers cut multi-byte characters between words.
    """
    pieces: list[str] = []
    end = 0
    for start, stop, charset, raw in _word_runs(value):
        pieces += [_plain(value[end:start]), decode_bytes(raw, charset)[0]]
        end = stop
    pieces.append(_plain(value[end:]))
    return " ".join(clean("".join(pieces)).split())


def _plain(value: str) -> str:
    if value.isascii():
        return value
    return decode_bytes(value.encode("utf-8", "surrogateescape"), None)[0]


@dataclass(slots=True)
class _Run:
    """Neighbouring encoded words of one charset; base64 is decoded once the run of it ends."""

    start: int
    end: int
    charset: str
    raw: bytes = b""
    base64: bytes = b""

    def add(self, end: int, encoding: str, content: str) -> None:
        coded = content.encode("utf-8", "surrogateescape")
        if encoding in "qQ":
            self.raw = self.close() + binascii.a2b_qp(coded.replace(b" ", b"_"), header=True)
        elif b"=" in self.base64:
            self.raw, self.base64 = self.close(), coded
        else:
            self.base64 += coded
        self.end = end

    def close(self) -> bytes:
        """All bytes so far; empties the base64 that was held back."""
        raw, self.base64 = self.raw + lenient_base64(self.base64), b""
        return raw


def _word_runs(value: str) -> Iterator[tuple[int, int, str, bytes]]:
    """(start, end, charset, bytes) for each run of encoded words that share a charset."""
    run: _Run | None = None
    for match in _WORD.finditer(value):
        charset, start = match[1].lower(), match.start()
        is_neighbour = run is not None and not value[run.end : start].strip()
        if run is None or not is_neighbour or run.charset != charset:
            if run is not None:
                yield run.start, run.end, run.charset, run.close()
                start = run.end if is_neighbour else start  # RFC 2047: no space between words
            run = _Run(start, match.end(), charset)
        run.add(match.end(), match[2], match[3])
    if run is not None:
        yield run.start, run.end, run.charset, run.close()


def lenient_base64(raw: bytes) -> bytes:
    """What can be decoded of `raw`: foreign bytes are skipped, missing padding is supplied."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
