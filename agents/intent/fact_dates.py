"""When the purchase is decided, and when the trial runs.

Each date in a sentence belongs to the nearest word that says what happens then: signing, the trial,
going live, a meeting. A date nearest to another event is none of ours.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agents.intent.fact_sentence import BLANK, Sentence, Statement
from core.text.quantities import Quantity

OPEN = ".."
# What a comma between a date and its event costs, in characters of distance.
_CLAUSE_COST = 14
# Farther than this no word explains a date.
_FARTHEST = 80
# What a trial does on its first day, and what a purchase does long after.
_ARRIVES = frozenset({"进场", "入场", "启用"})
_REASON_COST = 30

_CLOSING = re.compile(
    r"签(?:约|合同|署|订|字|下来|完|掉|了|单)?(?!证|到|收|过保密)|合同(?!到期|期|草案|模板|版)|定标|决标|中标|(?:做|作|出)?决定(?![,，])"
    r"|拍板|下(?:单|订单|采购单|po)|采购订单|成交"
    r"|敲定|选定|(?<![确约预固商锁制规指一])定(?=下来|供应商|哪家|标|了|完|掉|方案|$|[,。;])|有(?:个)?(?:结果|结论|定论)|走完(?:流程|审批"
    r"|采购)|采购(?:完成|落地)"
    r"|\b(?:sign(?:ing|ed|ature|atures|s)?(?! (?:up|in (?:to|with)|off on the (?:test|pilot"
    r"|security)))|contract(?:ed|ing)?(?! (?:ends|expires|ended|runs))|clos(?:e|ing)(?: the deal"
    r"| this| it)?"
    r"|purchase orders?|po|place (?:the|an|our) order|order(?! (?:management|entry|data"
    r"|picking))|decid(?:e|es|ed|ing)|decisions?|choos(?:e|ing)|pick(?:ing)? (?:a|the"
    r"|our) (?:vendor|supplier|partner|winner)"
    r"|select(?:ing|ion)?|award(?:ed|ing)?|commit|buy|purchase|ink|finali[sz]e (?:the|this|it"
    r"|our)|make (?:the|our|a) (?:call|choice)|wrap (?:this|it) up|get (?:this|it) done"
    r"|deal done|paperwork)\b"
)
_TRIAL = re.compile(
    r"试用|试点|试运行|试跑|poc|概念验证|试测|试(?=[,。]|一?下)|测试(?:窗口|期|周期)|验证测试|\b(?:pilot|trial"
    r"|proof[- ]of[- ]concept|poc|evaluation period|sandbox|test period|trial run|test run)s?\b"
)
_OTHER = re.compile(
    r"上线|进场|入场|装(?!订)|开工|启用|实施|公告|开标|交付|发货|到货|安装|验收|部署|切换|割接|投产|装机|进厂|会(?!签|提|有|在|是|议室)|开会|例会|会议"
    r"|评审|演示|培训|考察|参观|拜访|放假|回来|出差|休假|到期|截止(?!签)|停服|审计|大促|开学|开业|搬迁"
    r"|报告|交(?:标书|方案|报价)|递交|审批|审核|进入|反馈|答复|发(?!现|展|生)|见面?|聊|碰(?:头|一下)|约|付款|尾款|发票|复盘|汇报|上会|批(?!准签)"
    r"|预算|冻结|盘点|升级|年检"
    r"|\b(?:go(?:es|ing)?[- ]live|live(?! data| system| env)|launch\w*|roll(?:ing)?[- ]?out"
    r"|install\w*|deliver\w*|ship\w*|kick[- ]?off|meet\w*|calls?|visit\w*|workshop|walkthrough"
    r"|training|holidays?|vacation|leave|review\w*|board|committee|demo\w*|send|sent|report\w*"
    r"|present\w*|budget\w*|fiscal|freeze|frozen|expir\w*|renew\w*|ends? of life|support\w*"
    r"|invoice\w*|pay\w*|audit\w*|start(?:s|ed|ing)? using|production|cut-?over|migrat\w*"
    r"|open(?:s|ing)?|out of office|travel\w*|deadline for|submit\w*|approv\w*|reply|answer|hear"
    r"|talk|speak|see you|catch up|(?:is|be|am|are|i'm|he's|she's|'ll be) (?:back|away|off|out)"
    r"|returns?)\b"
)
_POSTPONED = re.compile(
    r"推迟|延[后期迟到]|推到|顺延|挪到|改到|改成|拖到|\b(?:push(?:ed|ing)?|postpon\w+|delay\w*|defer\w*|slip(?:s"
    r"|ped|ping)?|mov(?:e|ed|ing)|reschedul\w+|shift\w*|bump\w*)\b"
)
_NEGATED = re.compile(
    r"不(?:会|能|可能|打算|想|签|定|下|做|来得及|太可能|可能)|没法|来不及|[签定下][不]了|无法|没办法|才|最早|至少要?到|怎么也得|起码"
    r"|\b(?:not|never|no|cannot|unable|unlikely|earliest|at the earliest)\b|n't\b"
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|n't|no|nothing|nobody|cannot|never|won't|can't|don't)\b|n't|不|没|无法|才|最早|再"
)
_IN_TIME = re.compile(
    r"\b(?:in|within|another|takes?|need)\s+(?:about |around |the next |roughly |another )?$"
    r"|(?:还要|还得|再(?:过|等|有)?|需要?|大概|过)\s*$"
)
# "Three days after the trial" counts from another day than today.
_FROM_ELSEWHEN = re.compile(r"(?:之后|以后|后|完|完成|起|结束)[,的]?\s*$")
_FROM_ELSEWHEN_AFTER = re.compile(r"\s*(?:after|before|from the|following|of)\b")
_LATER = re.compile(r"^\s*(?:之?内|以内|之?后|以后|左右)|^\s*(?:from now|time\b)")
_CUE = re.compile(f"(?:{_CLOSING.pattern})|(?:{_TRIAL.pattern})")
_DIRECTION_AFTER = re.compile(
    r"\b(?:after|from|no earlier than|not before|past|post|beyond)\s+(?:the\s+)?$"
)
_DIRECTION_BEFORE = re.compile(r"\b(?:before|by|until|till|ahead of)\s+(?:the\s+)?$")
_SPRING_FESTIVALS = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23),
}  # fmt: skip
_HOLIDAY = re.compile(
    r"(?P<spring>春节|过年|农历年|年(?=[前后](?![一二三四五六七八九十\d])))|(?P<newyear>元旦)|(?P<may>五一|劳动节)"
    r"|(?P<national>国庆节?|十一(?=[前后假长]))"
    r"|\b(?:(?P<cny>chinese new year|lunar new year|spring festival|cny)|(?P<xmas>christmas|xmas"
    r"|the holidays)|(?P<ny>new year's?|the new year)|(?P<thanks>thanksgiving)"
    r"|(?P<easter>easter))\b"
)
_EXTENDED = re.compile(
    r"延长|延[后期迟]|推迟|顺延|\b(?:extend\w*|postpon\w+|delay\w*|push\w*|slip\w*|longer)\b"
)
_LENGTHENED = re.compile(r"延长|多[试跑]|\b(?:extend\w*|longer)\b")
_STARTS = re.compile(
    r"开始|启动|起(?=[,。]|$)|开跑|进场|\b(?:start\w*|begin\w*|kick\w*|from|commenc\w+|launch\w*)\b"
)
_ENDS = re.compile(
    r"结束|截止|到|为止|完成|收尾|跑[满完]|延长|\b(?:end\w*|until|till|through|finish\w*|extend\w*|conclud\w*"
    r"|wrap\w*|complete\w*|run(?:s|ning)? to|by)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A date as said at [start, end) of the sentence: first and last day, None where open."""

    start: int
    end: int
    first: date | None
    last: date | None
    text: str
    is_open_end: bool = False


_TIME_STEMS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec janu febr marc apri june july augu"
    " octo nove dece mond tues wedn thur frid satu"
    " sund week mont quar year tomo toda tonigh chri xmas east than holi day days fort spri luna"
    " cny first seco thir four fift sixt"
    " seve eigh nint tent elev twel twen summ autu fall wint end eoy eoq fy fisc".split()
)
_DIGIT = re.compile(r"\d")
_TIME_HAN = re.compile(r"[\d年月周日天号]|季度|星期|礼拜|春节|元旦|国庆|节前|节后")


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    if not sentence.hints(_TIME_STEMS, _TIME_HAN) and not _DIGIT.search(sentence.low):
        return
    context = bool(_CUE.search(sentence.said))
    carried = _carried(sentence) if not context else None
    if not context and carried is None:
        return
    dates = [*_dates(sentence), *_holidays(sentence)]
    trial: list[Said] = []
    for said in dates:
        if _SINCE.search(sentence.said[max(0, said.start - 8) : said.end]) and _is_future(
            said, sentence
        ):
            continue
        kind = _event(said, sentence, carried)
        if kind == "close":
            value = _closing(said, sentence)
            if value:
                yield "expected_close", Statement(value, said.text)
        elif kind == "trial":
            trial.append(said)
    window = _window(trial, sentence) if trial else _moved_window(sentence)
    if window:
        yield "trial_window", Statement(window, " ".join(s.text for s in trial))


_SINCE = re.compile(r"\bsince\b|自从?")


def _is_future(said: Said, sentence: Sentence) -> bool:
    """ "Since Monday" was read as the coming one."""
    return bool(said.first and sentence.said_on and said.first > sentence.said_on)


def span(first: date | None, last: date | None) -> str:
    """'2026-11-02/2026-11-16', '2027-03-01/..' or '../2026-12-31' (ISO 8601-2)."""
    return f"{first.isoformat() if first else OPEN}/{last.isoformat() if last else OPEN}"


def days_of(value: str) -> tuple[date | None, date | None]:
    """The first and last day of a span; a single day is both."""
    first, _, last = value.partition("/")
    days = [None if part == OPEN else date.fromisoformat(part) for part in (first, last or first)]
    return days[0], days[1]


def _carried(sentence: Sentence) -> str | None:
    """The event spoken of just before, for a short sentence that only gives the date."""
    if len(sentence.text) > 90 or _OTHER.search(sentence.said):
        return None
    if not any(_ELLIPTIC.match(c.text) and _TIMED.search(c.text) for c in sentence.clauses):
        return None
    for text in (sentence.asked, sentence.before):
        low = text.lower()
        if not low:
            continue
        hits = [(m.start(), kind) for kind, p in _KINDS for m in p.finditer(low)]
        if hits:
            kind = max(hits)[1]
            return kind if kind != "other" else None
    return None


# "From the fourth to the twenty-second." has no subject of its own.
_ELLIPTIC = re.compile(
    r"\s*(?:so|and|ok(?:ay)?|yes|no|well|then|that'?s|right|sure|actually|honestly|probably"
    r"|hopefully|ideally|[,.\s])*\s*(?:from|on|by|in|not|until|till|after|before|between"
    r"|let'?s|please|new|the new|it|that|(?:they|we|i)(?:'ll| can| could| will| would| have to"
    r"| need to| must| want to| plan to| aim to)* (?:only )?(?:start|begin|run|finish|do it|sign"
    r"|decide|make|close)|make|say|how about|around|about|early|mid|late|end|sometime|some time"
    r"|first|second|third|q[1-4]|\d|the \w*(?:st|nd|rd|th)\b|the (?:first|second|end|week)"
    r"|next|this|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|two|three"
    r"|four|six|dates?|start)"
    r"|[嗯哦好行对是啊呃,\s]*(?:从|改|就|那就|那|大概|可能|应该|最[快晚早迟]|预计|要|得|下|明|今|本|[一二三四五六七八九十\d]|年|月|春节|元旦|争取|不"
    r"|怎么|大约|估计|差不多|时间|日期|新|先|推|定在|安排|你们|我们|它)"
)
_TIMED = re.compile(
    r"\d|[月号周年]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|month|quarter|year"
    r"|christmas|easter|first|second|third|fourth|\w+th\b|mon|tue|wed|thu|fri)"
)
_KINDS = (("close", _CLOSING), ("trial", _TRIAL), ("other", _OTHER))


def _event(said: Said, sentence: Sentence, carried: str | None) -> str | None:
    text = sentence.said
    nearest, kind_found = _FARTHEST, carried
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            if match.start() < said.end and match.end() > said.start:
                continue
            between = (
                text[match.end() : said.start]
                if match.end() <= said.start
                else text[said.end : match.start()]
            )
            if BLANK in between or re.search(r"[。;!?]", between):
                continue
            cost = len(between) if not _is_han(text) else 2 * len(between)
            cost += _CLAUSE_COST * len(re.findall(r",|、|\band then\b|\bthen\b|然后", between))
            # "Sign by 12 December" but 12 月 20 日签: the verb's side owns a date.
            ahead = match.end() <= said.start
            if sentence.is_han:
                cost += 4 if ahead else 0
            else:
                cost += 0 if ahead else 3
            # A clause that follows gives the reason, not the event.
            cost += 0 if ahead else _REASON_COST * len(re.findall(r",|\band\b", between))
            cost += 2 if kind == "other" else 0
            if cost < nearest:
                is_start = kind == "other" and match.group() in _ARRIVES and _TRIAL.search(text)
                nearest, kind_found = cost, "trial" if is_start else kind
    return kind_found


def _is_han(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def _dates(sentence: Sentence) -> Iterator[Said]:
    for quantity in sentence.quantities:
        if quantity.kind in ("date", "date_range"):
            yield _said(quantity, sentence)
        elif quantity.kind == "duration" and sentence.said_on:
            later = _after_duration(quantity, sentence)
            if later:
                yield later


def _said(quantity: Quantity, sentence: Sentence) -> Said:
    value = quantity.value
    first, last = value if isinstance(value, tuple) else (value, value)
    assert isinstance(first, date) and isinstance(last, date)
    low = quantity.text.lower()
    ahead = sentence.said[max(0, quantity.start - 18) : quantity.start]
    unit = quantity.unit
    if re.search(r"no earlier|not before", ahead + low) or re.search(r"(?:以|之)?后$", low):
        unit = "after"
    is_until = re.match(r"until|till", low) or re.search(r"(?:until|till|to)\s*$", ahead)
    clause = _clause_of(quantity.start, sentence)
    negated = bool(_NEGATED.search(clause))
    if unit == "before" and negated and _NOT_BEFORE.search(sentence.said[: quantity.start][-40:]):
        # "cannot sign before March", "not until March": March at the earliest.
        return Said(quantity.start, quantity.end, first, None, quantity.text, is_open_end=True)
    if unit == "before" and negated and re.search(r"前", low):
        return Said(quantity.start, quantity.end, last, None, quantity.text, is_open_end=True)
    if unit == "before" and is_until and _POSTPONED.search(clause):
        return Said(quantity.start, quantity.end, first, last, quantity.text)
    if unit == "after":
        return Said(quantity.start, quantity.end, first, None, quantity.text, is_open_end=True)
    if unit == "before":
        start = first if _excludes(low) else last
        return Said(quantity.start, quantity.end, None, start, quantity.text)
    return Said(quantity.start, quantity.end, first, last, quantity.text)


def _excludes(low: str) -> bool:
    return low.startswith("before")


def _after_duration(quantity: Quantity, sentence: Sentence) -> Said | None:
    """In two weeks, 两周内: the day so long after it was said."""
    ahead = sentence.said[: quantity.start]
    behind = sentence.said[quantity.end :]
    if not (_IN_TIME.search(ahead) or _LATER.search(behind)) or not isinstance(
        quantity.value, Decimal
    ):
        return None
    if _FROM_ELSEWHEN.search(ahead) or _FROM_ELSEWHEN_AFTER.match(behind):
        return None
    last = later(sentence.said_on, quantity)
    if last is None:
        return None
    return Said(quantity.start, quantity.end, last, last, quantity.text)


def later(day: date | None, quantity: Quantity) -> date | None:
    """`day` plus a duration in days, workdays or months."""
    if day is None or not isinstance(quantity.value, Decimal) or quantity.value > 1000:
        return None
    number = int(quantity.value)
    if quantity.unit == "month":
        index = day.month - 1 + number
        year, month = day.year + index // 12, index % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    if quantity.unit in ("day", "workday"):
        return day + timedelta(days=number * (7 / 5 if quantity.unit == "workday" else 1))
    return None


def _holidays(sentence: Sentence) -> Iterator[Said]:
    if sentence.said_on is None:
        return
    for match in _HOLIDAY.finditer(sentence.said):
        if any(q.start < match.end() and q.end > match.start() for q in sentence.quantities):
            continue
        name = match.lastgroup or ""
        day = _next_holiday(name, sentence.said_on)
        ahead, behind = sentence.said[: match.start()], sentence.said[match.end() :]
        is_after = bool(_DIRECTION_AFTER.search(ahead)) or bool(
            re.match(r"(?:以|之|假期|回来)?后", behind)
        )
        is_before = bool(_DIRECTION_BEFORE.search(ahead)) or bool(re.match(r"(?:以|之)?前", behind))
        negated = _NEGATED.search(_clause_of(match.start(), sentence))
        start, end, text = match.start(), match.end(), sentence.text[match.start() : match.end()]
        if is_after or (is_before and negated):
            yield Said(start, end, day, None, text, is_open_end=True)
        elif is_before:
            yield Said(start, end, None, day, text)


def _next_holiday(name: str, today: date) -> date:
    for year in (today.year, today.year + 1, today.year + 2):
        day = _holiday(name, year)
        if day >= today:
            return day
    return today


def _holiday(name: str, year: int) -> date:
    if name in ("spring", "cny"):
        return date(year, *_SPRING_FESTIVALS.get(year, (2, 5)))
    if name == "thanks":
        first = date(year, 11, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    if name == "easter":
        return _easter(year)
    fixed = {"newyear": (1, 1), "ny": (1, 1), "may": (5, 1), "national": (10, 1), "xmas": (12, 25)}
    return date(year, *fixed[name])


def _easter(year: int) -> date:
    """Gregorian Easter Sunday (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _clause_of(at: int, sentence: Sentence) -> str:
    return next((c.text for c in sentence.clauses if c.start <= at < c.end), sentence.said)


def _closing(said: Said, sentence: Sentence) -> str | None:
    today = sentence.said_on
    end = said.last or said.first
    if today and end and end < today and not said.is_open_end:
        return None  # What was signed long ago closes nothing.
    if (
        today
        and said.first
        and said.last
        and (said.last - said.first).days > 300
        and said.first <= today
    ):
        return None  # "This year" dates nothing.
    if said.first and said.first == said.last:
        clause = _clause_of(said.start, sentence)
        if _plainly_denied(clause):
            return span(said.last, None)
        return said.first.isoformat()
    if said.first and said.last and _plainly_denied(_clause_of(said.start, sentence)):
        return span(said.last, None)
    return span(said.first, said.last)


def _plainly_denied(clause: str) -> bool:
    """ "We will not sign in December": later than that."""
    return bool(
        re.search(r"不(?:会|能|可能|打算)[^,。]{0,10}[签定下]|[签定下]不[了成完]|来不及", clause)
        or re.search(
            (
                r"(?:\b(?:not|never|cannot)|n't)\b (?:\w+ ){0,3}(?:sign|decide|close|order"
                r"|commit|buy|purchase)"
            ),
            clause,
        )
    )


def _window(dates: list[Said], sentence: Sentence) -> str | None:
    whole = [d for d in dates if d.first and d.last and d.first != d.last]
    if whole:
        return span(whole[-1].first, whole[-1].last)
    roles = [(_role(said, sentence), said) for said in dates]
    starts = [s.first or s.last for role, s in roles if role == "start"]
    ends = [s.last or s.first for role, s in roles if role == "end"]
    if starts and ends:
        return span(_not_after(starts[-1], ends[-1]), ends[-1])
    first_said, second = dates[0], dates[-1].last or dates[-1].first
    if len(dates) == 2 and first_said.first and second and not starts and not ends:
        if first_said.first < second and not _POSTPONED_FROM.search(sentence.said):
            return span(first_said.first, second)
    if starts or ends:
        return span(starts[-1] if starts else None, ends[-1] if ends else None)
    said = dates[-1]
    day = said.first or said.last
    if day is None:
        return None
    clause = _clause_of(said.start, sentence)
    around = clause + said.text.lower()
    if _ENDS.search(around) and not _STARTS.search(around) and not _moves_start(clause):
        return span(None, day)
    return span(day, None)


def _not_after(start: date | None, end: date | None) -> date | None:
    """ "It began on the 9th", said on the 11th, was read as next month's 9th."""
    if start and end and start > end:
        month = start.replace(day=1) - timedelta(days=1)
        return month.replace(day=min(start.day, month.day))
    return start


def _role(said: Said, sentence: Sentence) -> str | None:
    """Whether the trial starts or ends on the date, by the words right beside it."""
    text = sentence.said
    start = max((text.rfind(mark, 0, said.start) for mark in ",;、"), default=-1) + 1
    ahead = text[max(start, said.start - 26) : said.start] + said.text.lower()
    behind = re.split(r"[,;、]|\band\b", text[said.end : said.end + 16])[0]
    if re.search(r"\band\b", ahead):
        ahead = re.split(r"\band\b", ahead)[-1]
    if _STARTS_AFTER.match(behind):
        return "start"
    if _ENDS_AFTER.match(behind):
        return "end"
    hits = [(m.start(), "start") for m in _STARTS_BEFORE.finditer(ahead)]
    hits += [(m.start(), "end") for m in _ENDS_BEFORE.finditer(ahead)]
    return max(hits)[1] if hits else None


_STARTS_AFTER = re.compile(r"\s*(?:正式|再|才|就|重新)?(?:开始|启动|开跑|进场|起)")
_ENDS_AFTER = re.compile(r"\s*(?:之?前)?(?:正式|才|就)?(?:结束|截止|为止|完成|收尾|撤)")
_STARTS_BEFORE = re.compile(
    r"开始|启动|推迟到|延[后期]到|改[到期为在]|挪到|提前到|\b(?:start\w*|begin\w*|kick\w*|from|commenc\w+|launch\w*"
    r"|mov\w+ (?:\w+ )?to|push\w* (?:\w+ )*to|postpon\w+ (?:\w+ )?(?:to|until))\b"
)
_ENDS_BEFORE = re.compile(
    r"结束|截止|延长|延续到|跑[满完]?到|用到|持续到|\b(?:end\w*|until|till|through|finish\w*|extend\w*|conclud\w*"
    r"|wrap\w*|complet\w*|runs? (?:up )?to|last day)\b"
)
_POSTPONED_FROM = re.compile(r"从[^,。]{2,16}(?:推|改|挪|延)|\bfrom [^,.]{3,24} to\b")


def _moves_start(clause: str) -> bool:
    return bool(_POSTPONED.search(clause)) and not _LENGTHENED.search(clause)


def _moved_window(sentence: Sentence) -> str | None:
    """ "The pilot slips by two weeks": counted from the record's window."""
    known = sentence.deal.opportunity
    if not _EXTENDED.search(sentence.said) or not _TRIAL.search(sentence.said):
        return None
    durations = [q for q in sentence.quantities if q.kind == "duration"]
    if len(durations) != 1:
        return None
    end = later(known.trial_end, durations[0])
    if end is None:
        return None
    if _LENGTHENED.search(sentence.said):
        return span(None, end)
    start = later(known.trial_start, durations[0])
    return span(start, end)
