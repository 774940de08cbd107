"""Which lines of a mail's text are its writer's own words.

Rules are those of the mail programs themselves (their attribution lines, separators and header
blocks, in Chinese and English and the commonest others), read line by line. In doubt a line stays
body: an intent missed in a signature costs nothing, a customer's sentence lost costs a deal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from retrieval.email_signatures import Line, end_matter

RegionKind = Literal["body", "quoted", "signature", "footer"]
Spans = Sequence[tuple[int, int]]

_MAX_LINE = 400  # an attribution or header line is shorter; longer ones are not looked at
_MAX_ATTRIBUTION_LINES = 3
_MAX_CLUSTER_LINES = 120
_MAX_CLUSTERS = 300
_MIN_KEYS = 3
_MAX_NAME = 60
_MAX_CONTINUATION = 8

_BLANK = " \t\n\r\x0b\x0c\xa0\u200b\u3000\ufeff"

_ANGLE = re.compile(r"[ \t]{0,3}(?:[>＞]|&gt;)")
_MBOX_FROM = re.compile(r">From [^:]*$")

_WROTE = "wrote|writes|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev"
_OPENERS = "on|at|am|le|el|il|op|den|dne|em"
_EN_WROTE = re.compile(
    rf"[-*_\s]{{0,8}}(?:(?:{_OPENERS})\b.{{3,250}}"
    r"|.{0,120}<[^<>\s]{3,80}@.{3,120}>.{0,60}"
    rf"|.{{2,60}} on .{{6,60}})\b(?:{_WROTE})\b.{{0,60}}?[:：]?[-\s]*",
    re.I,
)
_ZH_WROTE = re.compile(r".{4,250}(?:写道|寫道|来信写道)\s*[:：]?[-\s]*")
_WROTE_END = re.compile(rf"(?:{_WROTE}|写道|寫道)\s*[:：]?[-\s]*$", re.I)
_ATTRIBUTION_START = re.compile(
    rf"[-*_\s]{{0,8}}(?:(?:{_OPENERS})\s|[在于於]|\d{{4}}\s?[年/-])", re.I
)
_MAX_BARE_ATTRIBUTION = 80  # "Jane Doe wrote:", believed only directly above quoted lines
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.")
_TIME = re.compile(r"\d{1,2}[:：.]\d{2}")
_DAY = re.compile(
    r"\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+\d{1,2},?\s+\d{4}"
    r"|\d{1,2}\.?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s+\d{4}",
    re.I,
)

_RULE = re.compile(r"[_\-=*—─]{10,200}")
# GroupWise: ">>> Jane Doe 11/08/00 10:31AM >>>", the old mail below it bare.
_GROUPWISE = re.compile(r">>> .{2,80}\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.{0,20}>>>")
_SENT_BY = re.compile(r"sent by:.{0,80}", re.I)
_SEPARATOR = re.compile(
    r"[-_=*—─]{2,80}\s*(?:original(?:\s+(?:message|appointment|e-?mail))?|forwarded message"
    r"|forwarded by .{0,160}|repl(?:ied|y) message|original|message d'origine"
    r"|ursprüngliche nachricht|mensaje original|原始邮件|原始郵件|原邮件|邮件原件|原始信件|原文"
    r"|转发的?邮件(?:信息)?|轉寄郵件|转发邮件信息|回复的?原?邮件)\s*[-_=*—─]{0,80}.{0,40}",
    re.I,
)
_ANNOUNCEMENT = re.compile(
    r"(?:begin forwarded message|forwarded message|开始转发的邮件|以下[是为]转发的?邮件"
    r"|下面是被转发的邮件|被转发的邮件)\s*[:：]\s*",
    re.I,
)

_KEYS = {
    "from": "from 发件人 寄件者 寄件人 发送人 发信人 von de",
    "date": "sent date 发送时间 发送日期 日期 时间 寄件日期 傳送時間 gesendet envoyé",
    "to": "to 收件人 收件者 收信人 an à",
    "cc": "cc 抄送 副本 bcc 密送",
    "subject": "subject 主题 主旨 标题 betreff objet",
}
_KEY_OF = {word: key for key, words in _KEYS.items() for word in words.split()}
_HEADER = re.compile(
    rf"[\s*>＊|]{{0,6}}({'|'.join(_KEY_OF)})\s{{0,4}}\*{{0,2}}\s?[:：]\*{{0,2}}", re.I
)
_NOTES_DATE = re.compile(
    r".{0,80}\b\d{1,2}/\d{1,2}/\d{2,4},?\s(?:at\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?\s*", re.I
)


@dataclass(slots=True)
class _Sheet:
    """The lines of a text and what each was found to be; None is still open."""

    lines: list[Line]
    kinds: list[RegionKind | None] = field(default_factory=list)
    n_clusters: int = 0

    def next_filled(self, i: int) -> int | None:
        """The index of the first line from `i` on that is not blank."""
        while i < len(self.lines):
            if self.lines[i].bare:
                return i
            i += 1
        return None

    def mark(self, start: int, end: int, kind: RegionKind) -> None:
        for i in range(start, end):
            if self.kinds[i] is None:
                self.kinds[i] = kind


def divide(
    text: str, *, sender: str = "", quoted: Spans = (), signatures: Spans = ()
) -> list[tuple[RegionKind, int, int]]:
    """(kind, start, end) in code points: ordered, without overlap, together all of `text`.

    `sender` is the writer's display name; `quoted` and `signatures` are spans that HTML mark-up
    names. A region ends with the newline of its last line.
    """
    sheet = _Sheet(_lines(text))
    sheet.kinds = [None] * len(sheet.lines)
    _mark_spans(sheet, quoted, "quoted")
    _mark_angles(sheet)
    _mark_history(sheet)
    before = list(sheet.kinds)
    _mark_spans(sheet, signatures, "signature")
    if not _open_runs(sheet):  # somebody wrote the whole mail inside the signature's element
        sheet.kinds = before
    _mark_ends(sheet, sender)
    return _merged(sheet)


def _lines(text: str) -> list[Line]:
    found: list[Line] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        found.append(Line(start, end, text[start:end].strip(_BLANK)))
        start = end
    return found


def _mark_spans(sheet: _Sheet, spans: Spans, kind: RegionKind) -> None:
    """Marks the lines that begin inside one of `spans`, which may nest."""
    ordered = sorted(spans)
    at, reach = 0, 0
    for i, line in enumerate(sheet.lines):
        while at < len(ordered) and ordered[at][0] <= line.start:
            reach = max(reach, ordered[at][1])
            at += 1
        if line.bare and line.start < reach and sheet.kinds[i] is None:
            sheet.kinds[i] = kind


def _mark_angles(sheet: _Sheet) -> None:
    for i, line in enumerate(sheet.lines):
        if sheet.kinds[i] is None and _is_angled(line.bare):
            sheet.kinds[i] = "quoted"


def _is_angled(bare: str) -> bool:
    if not _ANGLE.match(bare):
        return False
    return not (_MBOX_FROM.match(bare) or _GROUPWISE.fullmatch(bare[:200]))


def _mark_history(sheet: _Sheet) -> None:
    """Marks what introduces an old mail; all that follows too, where nothing else bounds it."""
    i = 0
    while i < len(sheet.lines):
        line = sheet.lines[i]
        if sheet.kinds[i] is not None or not line.bare or len(line.bare) > _MAX_LINE:
            i += 1
            continue
        found = _attribution(sheet, i) or _separator(sheet, i) or _cluster(sheet, i)
        if found is None:
            i += 1
            continue
        start, end = found
        follower = sheet.next_filled(end)
        if follower is not None and sheet.kinds[follower] is None:
            sheet.mark(start, len(sheet.lines), "quoted")
            return
        sheet.mark(start, end, "quoted")
        i = end


def _attribution(sheet: _Sheet, i: int) -> tuple[int, int] | None:
    """The lines of "On … wrote:" or "在 … 写道："; weak ones only where quoted lines follow."""
    joined = ""
    for end in range(i + 1, min(i + 1 + _MAX_ATTRIBUTION_LINES, len(sheet.lines) + 1)):
        line = sheet.lines[end - 1]
        if not line.bare or sheet.kinds[end - 1] is not None:
            return None
        joined = f"{joined} {line.bare}".strip()
        if len(joined) > _MAX_LINE:
            return None
        if _WROTE_END.search(line.bare):
            return _judged(sheet, i, end, joined)
        if end == i + 1 and not (_ATTRIBUTION_START.match(joined) or _ADDRESS.search(joined)):
            return None
    return None


def _judged(sheet: _Sheet, start: int, end: int, joined: str) -> tuple[int, int] | None:
    follower = sheet.next_filled(end)
    is_followed = follower is not None and sheet.kinds[follower] == "quoted"
    if is_followed and len(joined) <= _MAX_BARE_ATTRIBUTION:
        return start, end
    if not (_EN_WROTE.fullmatch(joined) or _ZH_WROTE.fullmatch(joined)):
        return None
    has_address = _ADDRESS.search(joined) is not None
    has_day = _DAY.search(joined) is not None
    is_strong = has_address or (has_day and _TIME.search(joined) is not None)
    starts_like_one = _ATTRIBUTION_START.match(joined) is not None
    if is_strong and (starts_like_one or has_address or has_day):
        return start, end
    if is_followed and (starts_like_one or has_day):
        return start, end
    return None


def _separator(sheet: _Sheet, i: int) -> tuple[int, int] | None:
    bare = sheet.lines[i].bare
    if any(p.fullmatch(bare) for p in (_SEPARATOR, _ANNOUNCEMENT, _GROUPWISE)):
        after = sheet.next_filled(i + 1)
        cluster = _cluster(sheet, after) if after is not None else None
        return i, cluster[1] if cluster else i + 1
    if _RULE.fullmatch(bare):
        after = sheet.next_filled(i + 1)
        cluster = _cluster(sheet, after) if after is not None else None
        return (i, cluster[1]) if cluster else None
    return None


def _cluster(sheet: _Sheet, i: int) -> tuple[int, int] | None:
    """A block of From/Sent/To/Subject lines, with the name and date that Notes puts above it.

    It must begin with the sender or stand below such a name: letters and memos that begin with
    "To:" are somebody's own text.
    """
    first = _HEADER.match(sheet.lines[i].bare)
    if first is None or sheet.n_clusters >= _MAX_CLUSTERS:
        return None
    start = _with_name(sheet, i)
    if start == i and _KEY_OF[first[1].lower()] != "from":
        return None
    sheet.n_clusters += 1
    keys, end = _header_keys(sheet, i)
    # A journey has a From, a To and a Date as well: mails also have a subject or an address.
    has_mail_mark = "subject" in keys or any("@" in line.bare for line in sheet.lines[i:end])
    return (start, end) if len(keys) >= _MIN_KEYS and has_mail_mark else None


def _header_keys(sheet: _Sheet, i: int) -> tuple[set[str], int]:
    """The kinds of header lines from line `i` on, and the end of the block that they make."""
    keys: set[str] = set()
    end, n_loose = i, 0
    for j in range(i, min(i + _MAX_CLUSTER_LINES, len(sheet.lines))):
        bare = sheet.lines[j].bare
        match = _HEADER.match(bare)
        if match:
            key = _KEY_OF[match[1].lower()]
            keys.add(key)
            end, n_loose = j + 1, 0
            if key == "subject" and len(keys) >= _MIN_KEYS:
                break
        elif bare and not any(mark in bare for mark in "@,;；"):
            n_loose += 1
        if n_loose > _MAX_CONTINUATION or (n_loose and "subject" in keys):
            break
    return keys, end


def _with_name(sheet: _Sheet, i: int) -> int:
    """The index of the sender and date lines directly above a Notes header block, else `i`."""
    above = _filled_above(sheet, i)
    if above is not None and _SENT_BY.fullmatch(sheet.lines[above].bare):
        above = _filled_above(sheet, above)
    if above is None or not _NOTES_DATE.fullmatch(sheet.lines[above].bare):
        return i
    if not sheet.lines[above].bare[:1].isdigit():
        return above
    for _ in range(2):  # the name, and "Sent by:" between it and the date
        if above == 0:
            break
        before = sheet.lines[above - 1].bare
        if not 0 < len(before) <= _MAX_NAME or before[-1] in ".?!。？！:：":
            break
        above -= 1
        if not _SENT_BY.fullmatch(before):
            break
    return above


def _filled_above(sheet: _Sheet, i: int) -> int | None:
    for above in range(i - 1, max(-1, i - 5), -1):
        if sheet.lines[above].bare:
            return above
    return None


def _mark_ends(sheet: _Sheet, sender: str) -> None:
    """Looks for signatures and footers at the end of what was written, top or bottom."""
    runs = _open_runs(sheet)
    for n, (start, end) in enumerate(runs):
        is_last = n == len(runs) - 1
        follower = sheet.next_filled(end)
        opens_history = follower is not None and not _ANGLE.match(sheet.lines[follower].bare)
        if not (is_last or opens_history):
            continue
        for first, last, kind in end_matter(sheet.lines[start:end], sender=sender):
            sheet.mark(start + first, start + last, kind)


def _open_runs(sheet: _Sheet) -> list[tuple[int, int]]:
    """[start, end) of lines that are still open, blank ones at the edges left out."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    last = 0
    for i, line in enumerate(sheet.lines):
        if not line.bare:
            continue
        if sheet.kinds[i] is None:
            start = i if start is None else start
            last = i + 1
        elif start is not None:
            runs.append((start, last))
            start = None
    if start is not None:
        runs.append((start, last))
    return runs


def _merged(sheet: _Sheet) -> list[tuple[RegionKind, int, int]]:
    """Regions from line kinds; a blank line belongs to what stands before it."""
    regions: list[tuple[RegionKind, int, int]] = []
    before: RegionKind | None = None
    pending = 0
    for line, kind in zip(sheet.lines, sheet.kinds, strict=True):
        own = (kind or "body") if line.bare else before
        if own is None:
            continue
        if regions and regions[-1][0] == own:
            regions[-1] = (own, regions[-1][1], line.end)
        else:
            start = regions[-1][2] if regions else pending
            regions.append((own, start, line.end))
        before = own
    if not regions and sheet.lines:
        regions.append(("body", 0, sheet.lines[-1].end))
    return regions
