"""The trial's days where they are spread over a talk: "start the ninth … stop on the twentieth".

A day of the month without its month is the one nearest the window on record, for both sides speak
of that window; two days in one breath, about a trial, are its two ends.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from agents.intent.fact_said import OPEN, days_of, span
from agents.intent.fact_sentence import BLANK, Sentence, Statement
from agents.intent.fact_thread import Found, Line, Thread
from core.domain import Opportunity

_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ORDINALS = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thir"
        "teenth"
        " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_ORDINALS |= {f"twenty-{w}": 20 + n for w, n in list(_ORDINALS.items())[:9]}
_ORDINALS |= {"thirtieth": 30, "thirty-first": 31}
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_WORDS = "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace("-", "[- ]")
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_WORDS})"
_DAY_EN = re.compile(
    rf"\b(?P<m1>{_MONTH})\.? (?:the )?(?P<d1>\d{{1,2}}(?:st|nd|rd|th)?|{_WORDS})\b(?!,? ?(?:%"
    rf"|k\b|percent|0))"
    rf"|\b(?:the )?(?P<d2>{_DAY}|\d{{1,2}})(?: day)? (?:of )?(?P<m2>{_MONTH})\b"
    rf"|\bthe (?P<d3>{_DAY})\b(?! (?:floor|time|one|week|quarter|phase|draft|round|half|party"
    rf"|month|test|pass|option|thing|version|of\b(?! (?:the|next|this) month)))"
    rf"|(?<=[-–]) ?(?P<d4>\d{{1,2}})\b(?!\d|%|:)|(?<=\bto )(?P<d5>\d{{1,2}}|{_DAY})\b(?! ?(?:%"
    rf"|k\b|\d|people|users|stores|weeks|days|seats))|(?<=through )(?:the )?(?P<d6>\d{{1,2}}"
    rf"|{_DAY})\b"
    rf"|\b(?P<d7>{_DAY})(?= (?:to|through|until|till)\b)"
)
_HAN_DAY = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
_DAY_ZH = re.compile(
    rf"(?:(?P<m1>{_HAN_DAY})月|(?P<next>下个?月)|(?P<this>这个?月"
    rf"|本月))?(?:份)?(?P<d1>{_HAN_DAY})(?:(?:号|日)|(?=[到至,。;起]"
    rf"|$)(?<=月[一二三四五六七八九十])|(?=[到至,。;起]"
    rf"|$)(?<=月[一二三四五六七八九十][一二三四五六七八九十])|(?=[到至,。;起]"
    rf"|$)(?<=月[一二三四五六七八九十][一二三四五六七八九十][一二三四五六七八九十]))(?!楼|线"
    rf"|机|厂|店|库|仓|门|文|炉|车间)"
    rf"|(?<!\d)(?P<m2>\d{{1,2}})[./](?P<d2>\d{{1,2}})(?!\d|[./%])"
    rf"|(?<=[到至~-])(?P<d3>\d{{1,2}})(?=[,。;号日]|$)"
)
_WEEKDAY_EN = re.compile(
    r"\b(?P<rel>this |next |on |begin |start |starting |by |that |until )?(?P<wd>monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday)\b(?! the)"
)
_WEEKDAY_ZH = re.compile(
    r"(?P<rel>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])(?![次场])"
    r"|(?P<day>明天|后天|今天)"
)
_TRIAL = re.compile(
    r"试|跑|测|poc|样机|灰度|进场|开机|装上|拆|\b(?:pilots?|trial\w*|poc|sandbox|test\w*|evaluation"
    r"|proof of concept|try|rental|loaner|demo unit|live|beacons?|sensors?|cameras?|logins?"
    r"|units?|carts?|lanes?|store|bays?|rovers?|machines?)\b"
)
STRONG_TRIAL = re.compile(
    r"试用|试点|试跑|试运行|试|测试|poc|样机|\b(?:pilots?|trial\w*|poc|sandbox|test window"
    r"|evaluation"
    r"|proof of concept)\b"
)
_OTHER = re.compile(
    r"签|合同|上线|交货|到货|付款|开会|会议|评审|发票|培训|放假|休假|\b(?:sign\w*|contract"
    r"|decid\w*|decision|go[- ]live"
    r"|deliver\w*|invoice|meeting|board|vacation|holiday|audit|present\w*|call|out of office"
    r"|quote)\b"
)
_START = re.compile(
    r"开始|起(?!来)|启动|来装|搬|就上|上(?=$|[,。])|开跑|开机|进场|装(?=$|[,。上好机])|入场"
    r"|开(?=$|[,。])|切|先跑"
    r"|\b(?:start\w*|begin\w*|kick\w*|open\w*|from|arriv\w*|com(?:e|es|ing) in|go(?:es)? (?:in"
    r"|live|up)|went (?:in|up|live)|install\w*|put|gets?|since|in on|set up|live since"
    r"|commenc\w*)\b"
)
_END = re.compile(
    r"收|拆|结束|截止|为止|(?:到|至)$|完|撤|停|\b(?:end\w*|stop\w*|wrap\w*|until|till|through|thru"
    r"|finish\w*|back|clos\w*|(?<!kick )(?<!kicks )(?<!kicked )off|pull\w*|out|go(?:es)? home"
    r"|done|take .{0,8}(?:off|down)|over|conclude\w*|complet\w*|to)\b"
)
# Who asks for days states them.
_REQUEST = re.compile(
    r"能不能|可不可以|能否|行不行|对吧|是吧|可以吗|\b(?:can|could|shall) (?:you|we|i)\b"
    r"|\bhow about\b|right\?$"
)
# What else fills days.
_ERRAND = re.compile(
    r"检查|改造|盘点|审计|年会|休|放假|出差|展会|展览|广交会|停电|检修|大修|搬|培训|验厂|迎检"
    r"|飞检|考试|开学"
    r"|\b(?:maintenance|conference|inspection|inventory|trip|away|shutdown|audit|trade show"
    r"|expo|holidays?|vacation|travel\w*|closed|freeze|exams?)\b"
)
_BEFORE = re.compile(
    r"原来|原定|原计划|本来|说好|改自|不是|不行|\b(?:instead of|not|no longer|no|was|were"
    r"|originally"
    r"|rather than|used to)\b[^,.]{0,16}$"
)
_JOIN = re.compile(
    r"\s*(?:到|至|[-~–—]|,?\s*(?:to|through|thru|until|till|and|and (?:ends?"
    r"|stops?) on)\s*(?:the )?)\s*"
)
_NUM_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")}
_LONGEST_DAYS = 120
_NEAR_RECORD_DAYS = 75
# Two weeks from a Monday end on a Friday.
_WEEKEND_DAYS = 4
_LENGTH = re.compile(
    r"(?:give it|for|run(?: it)?|takes?|lasts?|跑|用|试|测)\s*(?:about |a |the )?(?P<n>one|two"
    r"|three|four|five|six|[一二两三四五六\d]+)[ 个]?(?P<unit>weeks?|周|礼拜|星期)"
)
_COUNT = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "a": 1,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
}


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    start: int
    end: int
    text: str
    line: Line
    is_sure: bool


def read(thread: Thread) -> Iterator[Found]:
    known = thread.deal.opportunity
    is_on_record = known.trial_start is not None or known.trial_end is not None
    for at, turn in enumerate(thread.turns):
        if not turn[0].is_customer:
            continue
        days = [one for line in turn for one in _days(line, known)]
        if not days:
            continue
        words = " ".join(line.sentence.low for line in turn)
        near = " ".join(one.sentence.low for lines in thread.before(at, n_turns=2) for one in lines)
        about = bool(_TRIAL.search(words)) or bool(STRONG_TRIAL.search(near))
        found = _window(days, known)
        if found is None:
            continue
        value, bearer = found
        agrees = _agrees(value, known)
        own = bearer.line.sentence.low
        if not agrees and _ERRAND.search(own) and not STRONG_TRIAL.search(own):
            continue
        is_pair = OPEN not in value and is_on_record and not _OTHER.search(own)
        if not (agrees or is_pair or (about and is_on_record) or STRONG_TRIAL.search(words)):
            continue
        if agrees or is_pair or _TRIAL.search(words) or not _OTHER.search(words):
            yield Found("trial_window", Statement(found[0], found[1].text), found[1].line)


def _agrees(value: str, known: Opportunity) -> bool:
    """Whether every end that was said is the record's."""
    first, last = days_of(value)
    return (first is None or first == known.trial_start) and (
        last is None or last == known.trial_end
    )


def _window(days: list[_Day], known: Opportunity) -> tuple[str, _Day] | None:
    """The last pair of days that may be a trial, or one end of it as its words say."""
    for one, other in reversed(list(pairwise(days))):
        if _is_pair(one, other):
            return span(one.day, other.day), other
    for one in reversed(days):
        role = _role(one)
        if role is not None and not _is_other(one) and _fits(one, role, known):
            return (span(None, one.day) if role == "end" else _started(one, known)), one
    return None


def _is_pair(one: _Day, other: _Day) -> bool:
    """Whether two days are the ends of one stretch."""
    if not 0 < (other.day - one.day).days <= _LONGEST_DAYS:
        return False
    low = one.line.sentence.low
    is_one_line = one.line is other.line
    if is_one_line and _JOIN.fullmatch(low[one.end : other.start]):
        return True
    if _is_other(one):
        return False
    first, last = _role(one), _role(other)
    if first is None and last is None:
        return is_one_line and STRONG_TRIAL.search(low) is not None
    return (first != "end" and last == "end") or (first == "start" and last is None)


def _fits(one: _Day, role: str, known: Opportunity) -> bool:
    """Whether a lone day is near that end of the window on record, and spoken of as a trial's."""
    known_day = known.trial_start if role == "start" else known.trial_end
    if known_day is None or abs((one.day - known_day).days) > _NEAR_RECORD_DAYS:
        return False
    about = _TRIAL if role == "start" else STRONG_TRIAL
    return one.day == known_day or about.search(one.line.sentence.low) is not None


def _started(one: _Day, known: Opportunity) -> str:
    """The window from its first day; its last by the length that was said, if it is the record's
    give or take a weekend."""
    length = _LENGTH.search(one.line.sentence.low)
    if length is None or one.day != known.trial_start:
        return span(one.day, None)
    last = one.day + timedelta(days=7 * _COUNT.get(length["n"], 2))
    if known.trial_end and abs((last - known.trial_end).days) <= _WEEKEND_DAYS:
        last = known.trial_end
    return span(one.day, last)


def _is_other(one: _Day) -> bool:
    low = one.line.sentence.low
    clause = low[max(0, one.start - 30) : one.end + 16]
    return bool(_OTHER.search(clause)) and not STRONG_TRIAL.search(clause)


def _role(one: _Day) -> str | None:
    low = one.line.sentence.low
    ahead = re.split(r"[,;，]|\band\b", low[max(0, one.start - 26) : one.start])[-1]
    behind = re.split(r"[,;，。.]|\band\b", low[one.end : one.end + 10])[0]
    if one.line.sentence.is_han:
        if _START.search(behind):
            return "start"
        if _END.search(behind) or re.search(r"(?:到|至|跑到|截止到?)$", ahead):
            return "end"
        return "start" if re.search(r"从$|开始|提前|就$", ahead) else None
    hits = [(m.start(), "start") for m in _START.finditer(ahead)]
    hits += [(m.start(), "end") for m in _END.finditer(ahead)]
    return max(hits)[1] if hits else None


def _days(line: Line, known: Opportunity) -> Iterator[_Day]:
    sentence = line.sentence
    if sentence.said_on is None:
        return
    found: list[_Day] = []
    previous: date | None = None
    pattern = _DAY_ZH if sentence.is_han else _DAY_EN
    for match in pattern.finditer(sentence.low):
        if BLANK in sentence.said[match.start() : match.end()] and not _REQUEST.search(
            sentence.low
        ):
            continue
        day = _resolved(match, sentence, known, previous)
        if day is None or _BEFORE.search(sentence.low[max(0, match.start() - 18) : match.start()]):
            continue
        previous = day
        text = sentence.text[match.start() : match.end()]
        found.append(_Day(day, match.start(), match.end(), text, line, is_sure=True))
    weekday = _WEEKDAY_ZH if sentence.is_han else _WEEKDAY_EN
    for match in weekday.finditer(sentence.low):
        beside = sentence.low[match.end() : match.end() + 12]
        if (
            re.match(r"[,,]?\s*(?:也就是|就是|the )", beside)
            or BLANK in sentence.said[match.start() : match.end()]
        ):
            continue
        if any(
            abs(match.start() - one.end) < 14 or abs(one.start - match.end()) < 10 for one in found
        ):
            continue
        day = _weekday(match, sentence.said_on, known)
        if day is not None:
            text = sentence.text[match.start() : match.end()]
            found.append(_Day(day, match.start(), match.end(), text, line, is_sure=False))
    yield from sorted(found, key=lambda one: one.start)


def _weekday(match: re.Match[str], today: date, known: Opportunity) -> date | None:
    """A weekday counts only where it falls on the window on record."""
    groups = match.groupdict()
    if groups.get("day"):
        offset = {"今天": 0, "明天": 1, "后天": 2}[groups["day"]]
        candidates = [today + timedelta(days=offset)]
    else:
        wd = groups["wd"]
        number = (
            "一二三四五六日".find(wd.replace("天", "日"))
            if len(wd) == 1
            else ("monday tuesday wednesday thursday friday saturday sunday".split().index(wd))
        )
        first = today + timedelta(days=(number - today.weekday()) % 7)
        candidates = [first + timedelta(days=7 * n) for n in range(5)]
    for day in candidates:
        if day in (known.trial_start, known.trial_end):
            return day
    return None


def _resolved(
    match: re.Match[str], sentence: Sentence, known: Opportunity, previous: date | None
) -> date | None:
    groups = {k: v for k, v in match.groupdict().items() if v}
    today = sentence.said_on
    assert today is not None
    number = next((_number(v) for k, v in groups.items() if k.startswith("d")), None)
    if not number or not 1 <= number <= 31:
        return None
    named = next((v for k, v in groups.items() if k in ("m1", "m2")), None)
    if named:
        at = _MONTHS.get(named[:3]) or _number(named)
        return _nearest_year(at, number, today)
    if "next" in groups:
        return _date(today.year + today.month // 12, today.month % 12 + 1, number)
    if "this" in groups:
        return _date(today.year, today.month, number)
    options = [
        _date(today.year + (today.month + n) // 12, (today.month + n) % 12 + 1, number)
        for n in range(-2, 4)
    ]
    days = [day for day in options if day is not None]
    if previous:
        after = [day for day in days if day > previous]
        days = after[:1] or days
    anchors = [day for day in (known.trial_start, known.trial_end) if day] or [today]
    # The month the window lies in, unless that day is long past.
    return min(
        days, key=lambda day: min(abs((day - anchor).days) for anchor in anchors), default=None
    )


def _nearest_year(month: int | None, number: int, today: date) -> date | None:
    if not month or not 1 <= month <= 12:
        return None
    options = [_date(year, month, number) for year in (today.year - 1, today.year, today.year + 1)]
    return min((d for d in options if d), key=lambda d: abs((d - today).days - 60), default=None)


def _number(text: str) -> int | None:
    if text[0].isdigit():
        return int(re.match(r"\d+", text)[0])  # type: ignore[index]
    if text.replace(" ", "-") in _ORDINALS:
        return _ORDINALS[text.replace(" ", "-")]
    if set(text) <= set("一二三四五六七八九十"):
        if "十" not in text:
            return _NUM_HAN[text] if len(text) == 1 else None
        tens, _, ones = text.partition("十")
        return (_NUM_HAN.get(tens, 1) if tens else 1) * 10 + (_NUM_HAN.get(ones, 0) if ones else 0)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= calendar.monthrange(year, month)[1] else None
