"""The end of what somebody wrote: name block, "sent from my phone", legal notice.

Read from the last line upwards. A block counts as a signature only where every one of its lines
reads like a name, a title, a place or a number, and something announces it: the "-- " of RFC 3676,
a closing formula, the sender's own name, or contact details under a personal name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

EndKind = Literal["signature", "footer"]

_MAX_BLOCK_LINES = 12
_MAX_AFTER_DASHES = 30
_MAX_NAME_LINE = 90
_MOTTO = 40  # characters; shorter sentences under "-- " are slogans
_MIN_LEGAL_MARKS = 2
_N_ANCHORS = 2
_MAX_ENDINGS = 8  # notices and device lines, one below the other


class Line(NamedTuple):
    """Code points [start, end) with the newline; `bare` is the line without its white space."""

    start: int
    end: int
    bare: str


_DASHES = re.compile(r"(?:--|—|– –|__)")
# Only things that send mail: "sent from Rotterdam" and "来自我的客户" are sentences.
_MACHINES = (
    r"(?:iphone|ipad|phone|mobile|mail|outlook|android|samsung|galaxy|huawei|xiaomi|blackberry"
    r"|yahoo|gmail|proton\w{0,6}|handheld|smartphone|tablet|mac|pixel|nokia|windows|t-mobile)"
)
_ZH_MACHINES = "手机|华为|小米|苹果|荣耀|网易|網易|新浪|搜狐|iphone|ipad|android|qq|foxmail|outlook"
_DEVICE = re.compile(
    rf"(?:sent (?:from|via|using) [\w .'’®-]{{0,30}}?\b{_MACHINES}\b[\w .'’®-]{{0,30}}"
    r"|get outlook for (?:ios|android|mac)"
    rf"|(?:来自|发自|发送自|從|从)\s?(?:我的)?\s?(?:[\w ]{{0,10}}?)(?:{_ZH_MACHINES})"
    r"[\w \u4e00-\u9fff-]{0,20}"
    r"|[\u4e00-\u9fff]{0,4}(?:网易邮箱大师|qq邮箱|foxmail)[\u4e00-\u9fff]{0,8})"
    r"\s*(?:[<(][^<>()]{0,120}[>)])?[.。]?",
    re.I,
)

_CLOSING_EN = re.compile(
    r"(?:(?:with )?(?:(?:my |our )?(?:best|kind|kindest|warm|warmest|many|sincere)[, ]{0,2})?"
    r"(?:and )?(?:regards|wishes|thanks|rgds|greetings)(?: and (?:best |kind )?regards)?"
    r"|best|cheers|sincerely(?: yours)?|yours (?:truly|sincerely|faithfully)|respectfully"
    r"|cordially|all the best|thank you|thanks(?: again| so much| a lot| in advance)?"
    r"|thx|br|tia|take care|mit freundlichen grüßen|cordialement|с уважением)\s*[,.!，、~～]{0,3}",
    re.I,
)
_CLOSING_ZH = re.compile(
    r"(?:此致\s?(?:敬礼)?|敬礼|敬上|谨启|(?:商|时)祺|台安|祝好|祝安|致礼|谢谢|多谢|感谢"
    r"|祝您?[\u4e00-\u9fff，,、]{1,10}|[顺即][颂祝]\s?[\u4e00-\u9fff]{0,6})\s*[！!。.，,~～]{0,3}"
)

# One pattern a kind of legal phrase. A notice has two kinds or more and one of the first two,
# which speak of the mail itself: customers write of confidential drawings too.
_LEGAL_MARKS = tuple(
    re.compile("|".join(phrases), re.I)
    for phrases in (
        (
            "intended (?:recipient|only for|solely for)|addressee|individual or entity",
            "指定(?:的)?收件人|仅[供限].{0,12}收件人|收件人(?:以外|本人)|非.{0,6}收件人|误收",
            "收到(?:本|此|该)邮件.{0,10}错误|错误收到",
        ),
        (
            r"this (?:e-?mail|message)\b[^.]{0,60}(?:may contain|is intended|and any)",
            "(?:views|opinions) (?:expressed|presented)|本(?:邮件|电子邮件)",
        ),
        (
            "in error|delete (?:it|this|the)|destroy (?:it|this|all|any)|notify (?:the sender|us)",
            "立即(?:删除|通知)|删除(?:本|此|该)",
        ),
        ("confidential|privileged", "保密|机密|秘密信息"),
        (
            "unauthori[sz]ed|(?:strictly )?prohibited|disclos(?:e|ure)|dissemination",
            "未经(?:授权|许可|同意)|禁止|不得(?:向|以|复制|披露|使用)",
        ),
        (
            "virus(?:es)?|does not (?:constitute|accept)|registered (?:office|in england)",
            "不构成|病毒",
        ),
    )
)
_FOOTER_LINE = re.compile(
    r"(?:unsubscribe\b.{0,120}|to (?:unsubscribe|subscribe|stop receiving)\b.{0,160}"
    r"|[\w.-]{1,40} mailing list\s*|please consider the environment before printing.{0,80}"
    r"|you (?:are receiving|received) this (?:e-?mail|message) because.{0,200}"
    r"|如(?:需|要|不想|果不).{0,24}退订.{0,40}|(?:点击)?退订.{0,40}"
    r"|(?:此|本)(?:邮件|信)[为是由].{0,10}系统(?:自动)?(?:发出|发送|邮件).{0,30}"
    r"|https?://\S{1,200}/listinfo/\S{1,200}|_{20,}|免责声明.{0,4}|保密(?:提示|声明|说明).{0,4}"
    r"|disclaimer:?|confidentiality (?:notice|note):?)",
    re.I,
)
_REAL_MATTER = re.compile(r"[?？]|[$€£¥￥]\s?\d|\d\s?(?:[%％万元]|美元|欧元)")
_LABEL = re.compile(r"([\w \u4e00-\u9fff./-]{1,24}?)\s?[:：](?!//)")
_CONTACT_LABEL = re.compile(
    r"(?:[tmpefwdoac]|tel(?:ephone)?|phone|ph|mobile|mob|cell|direct(?: (?:dial|line))?|office|fax"
    r"|e-?mail|mail|web(?:site)?|url|address|addr|skype|wechat|linkedin|twitter|main|hotline"
    r"|.{0,6}(?:电话|手机|传真|邮箱|邮件|地址|微信|网址|座机|邮编|总机|直线|热线))",
    re.I,
)

_ITEM = re.compile(
    r"[-•·*]\s|\(?\d{1,2}[.)、）]\s?\D|[一二三四五六七八九十]{1,2}、"
    r"|p\.?\s?s\.?[\s:：,]|又及|附[:：件]|另[，,:：外]",
    re.I,
)
_SENTENCE_END = re.compile(r"[。！？!?；;：:，…]$")
_ABBREVIATED = re.compile(r"\b(?:inc|ltd|co|corp|st|ave|rd|jr|ph\.?d|u\.s)\.$", re.I)
_EN_VERB = re.compile(
    r"\b(?:i|we|you|your|our|my|me|(?-i:us|it)|he|she|they|please|pls|will|would|can|could|should"
    r"|must|need|want|is|are|was|were|have|has|had|do|does|did|don't|not|if|let|call me|see|send"
    r"|this|that|these|there|because|but|when|what|how|attached|today|tomorrow|asap|next week"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.I,
)
_ZH_WORD = re.compile(
    r"[我你您他她吗呢呀请了不把给没想这那哪就才很但]"
    r"|能否|可以|需要|希望|应该|因为|如果|目前|已经|麻烦|收到|[下本这上]周|周[一二三四五六日末]"
    r"|今天|明天|昨天|月底|年底|价格|预算|报价|签字|付款|演示"
)
_ORGANISATION = re.compile(
    r"(?:公司|集团|中心|部|院|厂|所|处|科|局|室|大学|学院|医院|委员会|事业部)$"
)
_CONTACT = re.compile(
    r"@[\w-]{1,63}\.|https?://|www\.|\+?\d[\d\s().-]{6,}\d|\b(?:tel|mobile|phone|fax|cell|direct)\b|电话|手机|传真|邮箱|地址|微信"
    r"|有限公司|\b(?:inc|ltd|llc|gmbh|corp)\b",
    re.I,
)
_PERSON = re.compile(
    r"[A-ZÀ-Þ][\w'’.-]{0,20}(?: [A-ZÀ-Þ][\w'’.-]{0,20}){1,3}"
    r"|[\u4e00-\u9fff]{2,4}(?:\s?[（(]?[A-Z][a-z]{1,15}[)）]?)?"
)
_ONE_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]{0,15}\.?")
# One-word answers that would pass for names below "Thanks,".
_ANSWERS = frozenset(
    "yes no ok okay approved agreed confirmed accepted rejected declined done noted received fine"
    " great perfect sure correct pending maybe deal never attached paid signed sold"
    " 同意 批准 不同意 收到 已签 好的 确认 通过 拒绝 已付款 没问题 不行 已批准 待定".split()
)


def end_matter(lines: Sequence[Line], *, sender: str) -> list[tuple[int, int, EndKind]]:
    """(first, last + 1, kind) of what ends `lines`, in their indices; never the first line alone.

    `lines` is one run of a person's own text that begins and ends with a filled line.
    """
    found: list[tuple[int, int, EndKind]] = []
    end = _filled_end(lines, len(lines))
    for _ in range(_MAX_ENDINGS):
        cut = _last_footer(lines, end) or _last_device(lines, end)
        if cut is None:
            break
        found.append(cut)
        end = _filled_end(lines, cut[0])
    dashes = _after_dashes(lines, end)
    above = end if dashes is None else _filled_end(lines, dashes)
    name = _name_block(lines, above, sender)
    start = dashes if name is None else name
    if start is not None:
        found.append((start, end, "signature"))
        before = _filled_end(lines, start)
        if device := _last_device(lines, before):
            found.append(device)
    return found[::-1]


def _filled_end(lines: Sequence[Line], end: int) -> int:
    while end and not lines[end - 1].bare:
        end -= 1
    return end


def _last_device(lines: Sequence[Line], end: int) -> tuple[int, int, EndKind] | None:
    if not end:
        return None
    bare = lines[end - 1].bare
    if len(bare) <= 140 and _DEVICE.fullmatch(bare):
        return end - 1, end, "signature"
    return None


def _last_footer(lines: Sequence[Line], end: int) -> tuple[int, int, EndKind] | None:
    """The last paragraph, or its end, where it is a legal notice or a list robot's line."""
    if not end:
        return None
    start = end
    while start and lines[start - 1].bare and end - start < 60:
        start -= 1
    for first in range(start, end):
        if _FOOTER_LINE.fullmatch(lines[first].bare) and _is_legal_or_robot(lines, first, end):
            return first, end, "footer"
        if _has_mark(lines[first].bare) and _is_legal(lines, first, end):
            return first, end, "footer"
    return None


def _has_mark(text: str) -> bool:
    return any(mark.search(text) for mark in _LEGAL_MARKS)


def _is_legal(lines: Sequence[Line], first: int, end: int) -> bool:
    text = " ".join(line.bare for line in lines[first:end])[:6000]
    if not any(mark.search(text) for mark in _LEGAL_MARKS[:_N_ANCHORS]):
        return False
    n_marks = sum(1 for mark in _LEGAL_MARKS if mark.search(text))
    return n_marks >= _MIN_LEGAL_MARKS and not _REAL_MATTER.search(text)


def _is_legal_or_robot(lines: Sequence[Line], first: int, end: int) -> bool:
    if all(_FOOTER_LINE.fullmatch(line.bare) for line in lines[first:end]):
        return True
    return _is_legal(lines, first, end)


def _after_dashes(lines: Sequence[Line], end: int) -> int | None:
    """The line "-- " that begins a signature of at most 30 lines without real sentences."""
    for i in range(end - 1, max(-1, end - 1 - _MAX_AFTER_DASHES), -1):
        line = lines[i]
        if _DASHES.fullmatch(line.bare):
            is_standard = line.bare == "--" and line.end - line.start > len("--\n")
            shortest = _MOTTO if is_standard else 0
            after = [line.bare for line in lines[i + 1 : end] if line.bare]
            n_real = sum(
                1
                for bare in after
                if _REAL_MATTER.search(bare) or (len(bare) > shortest and _is_sentence(bare))
            )
            return i if n_real <= len(after) // 4 else None
    return None


def _name_block(lines: Sequence[Line], end: int, sender: str) -> int | None:
    """The first line of a closing formula or name block that runs to `end`."""
    names = _names(sender)
    best: int | None = None
    n_filled = 0
    for i in range(end - 1, -1, -1):
        bare = lines[i].bare
        if not bare:
            continue
        n_filled += 1
        if n_filled > _MAX_BLOCK_LINES:
            break
        is_closing = _is_closing(bare)
        if is_closing and (best is not None or _opens_with_name(lines, i, end, names)):
            best = i
        elif not _is_name_like(bare):
            break
        elif _is_own_name(bare, names):
            best = i
    if best is None:
        best = _contact_block(lines, end)
    return _guarded(lines, best)


def _opens_with_name(lines: Sequence[Line], i: int, end: int, names: frozenset[str]) -> bool:
    """Whether the first filled line between `i` and `end` could be the name of who wrote."""
    bare = next((line.bare for line in lines[i + 1 : end] if line.bare), "")
    if not bare or bare.lower().rstrip(".!") in _ANSWERS:
        return False
    if _is_own_name(bare, names) or _PERSON.fullmatch(bare):
        return True
    return not names and _ONE_NAME.fullmatch(bare) is not None


def _guarded(lines: Sequence[Line], start: int | None) -> int | None:
    """None where the block is all that was written, or an answer that a colon announces."""
    if start is None:
        return None
    before = _filled_end(lines, start)
    if not before or lines[before - 1].bare[-1] in ":：":
        return None
    return start


def _contact_block(lines: Sequence[Line], end: int) -> int | None:
    """A last paragraph that begins with a person's name and has a number, address or firm."""
    start = end
    while start and lines[start - 1].bare and end - start <= _MAX_BLOCK_LINES:
        start -= 1
    block = [line.bare for line in lines[start:end]]
    if not 2 <= len(block) <= _MAX_BLOCK_LINES or not _PERSON.fullmatch(block[0]):
        return None
    is_plain = all(_is_name_like(bare) for bare in block)
    return start if is_plain and any(_CONTACT.search(bare) for bare in block[1:]) else None


def _is_closing(bare: str) -> bool:
    return len(bare) <= 40 and bool(_CLOSING_EN.fullmatch(bare) or _CLOSING_ZH.fullmatch(bare))


def _is_sentence(bare: str) -> bool:
    if _SENTENCE_END.search(bare) or _ITEM.match(bare):
        return True
    if bare.endswith(".") and len(bare.split()) >= 5 and not _ABBREVIATED.search(bare):
        return True
    if _ORGANISATION.search(bare):
        return False
    return bool(_EN_VERB.search(bare) or _ZH_WORD.search(bare))


def _is_name_like(bare: str) -> bool:
    """Whether a line could stand in a signature: a name, title, firm, place, number or device."""
    if len(bare) > _MAX_NAME_LINE or _REAL_MATTER.search(bare):
        return False
    if _DEVICE.fullmatch(bare):
        return True
    label = _LABEL.match(bare)
    if label and not _CONTACT_LABEL.fullmatch(label[1].strip()):
        return False
    return not _is_sentence(bare)


def _names(sender: str) -> frozenset[str]:
    """The sender's display name and its parts, lower case, as a person signs."""
    whole = re.sub(r"[\"'（(].*|[,，]", " ", sender).split()
    parts = {part.lower() for part in whole if len(part) >= 2}
    return frozenset(parts | {" ".join(whole).lower()} - {""})


def _is_own_name(bare: str, names: frozenset[str]) -> bool:
    low = bare.lower().strip(" ,.-–—~～*")
    if not names or not low:
        return False
    if low in names or all(part in names for part in re.split(r"[\s,]+", low)):
        return True
    longest = max(names, key=len)
    head = re.split(r"\s*[|/·,，、]\s*|\s{2,}", low)[0]
    if head in names:
        return True
    is_title_line = len(longest) >= 2 and (low.startswith(longest) or low.endswith(longest))
    return is_title_line and len(low) <= 40
