"""The days that a sentence names, with the direction it gives them: by, not before, from … to.

Holidays stand for days here because buyers count with them: "before Christmas", 过完年. Lunar New
Year is a table (Hong Kong Observatory calendar), Easter is reckoned.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agents.intent.fact_sentence import Sentence
from core.text.quantities import Quantity

OPEN = ".."
POSTPONED = re.compile(
    r"推迟|延[后期迟到]|推到|顺延|挪到|改到|改成|拖到|\b(?:push(?:ed|ing)?|postpon\w+|delay\w*"
    r"|defer\w*|slip(?:s"
    r"|ped|ping)?|mov(?:e|ed|ing)|reschedul\w+|shift\w*|bump\w*)\b"
)
NEGATED = re.compile(
    r"不(?:会|能|可能|打算|想|签|定|下|做|来得及|太可能|可能)|没法|来不及|[签定下][不]了|无法"
    r"|没办法|才|最早|至少要?到|怎么也得|起码"
    r"|\b(?:not|never|no|cannot|unable|unlikely|earliest|at the earliest)\b|n't\b"
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|n't|no|nothing|nobody|cannot|never|won't|can't|don't)\b|n't|不|没|无法|才|最早|再"
)
_IN_TIME = re.compile(
    r"\b(?:in|within|takes?|need)\s+(?:about |around |the next |roughly |another )?$"
    r"|(?:还要|还得|再(?:过|等|有)?|需要?|大概|过)\s*$"
)
# "Three days after the trial" counts from another day than today.
_FROM_ELSEWHEN = re.compile(r"(?:之后|以后|后|完|完成|起|结束)[,的]?\s*$")
_FROM_ELSEWHEN_AFTER = re.compile(r"\s*(?:after|before|from the|following|of)\b")
_LATER = re.compile(r"^\s*(?:之?内|以内|之?后|以后|左右)|^\s*(?:from now|time\b)")
_DIRECTION_AFTER = re.compile(
    r"\b(?:after|from|no earlier than|not before|past|post|beyond)\s+(?:the\s+)?$"
)
_DIRECTION_BEFORE = re.compile(r"\b(?:before|by|until|till|ahead of)\s+(?:the\s+)?$")
_SPRING_FESTIVALS = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23),
}  # fmt: skip
_HOLIDAY = re.compile(
    r"(?P<spring>春节|过年|农历年|年(?=[前后](?![一二三四五六七八九十\d])))|(?P<newyear>元旦)"
    r"|(?P<may>五一|劳动节)"
    r"|(?P<national>国庆节?|十一(?=[前后假长]))"
    r"|\b(?:(?P<cny>chinese new year|lunar new year|spring festival|cny)|(?P<xmas>christmas|xmas"
    r"|the holidays)|(?P<ny>new year's?|the new year)|(?P<thanks>thanksgiving)"
    r"|(?P<easter>easter))\b"
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


def span(first: date | None, last: date | None) -> str:
    """'2026-11-02/2026-11-16', '2027-03-01/..' or '../2026-12-31' (ISO 8601-2)."""
    return f"{first.isoformat() if first else OPEN}/{last.isoformat() if last else OPEN}"


def days_of(value: str) -> tuple[date | None, date | None]:
    """The first and last day of a span; a single day is both."""
    first, _, last = value.partition("/")
    days = [None if part == OPEN else date.fromisoformat(part) for part in (first, last or first)]
    return days[0], days[1]


def said_days(sentence: Sentence) -> Iterator[Said]:
    """The days in the stated parts, holidays last."""
    for quantity in sentence.quantities:
        if quantity.kind in ("date", "date_range"):
            yield _said(quantity, sentence)
        elif quantity.kind == "duration" and sentence.said_on:
            counted = _after_duration(quantity, sentence)
            if counted:
                yield counted
    yield from _holidays(sentence)


def _said(quantity: Quantity, sentence: Sentence) -> Said:
    value = quantity.value
    first, last = value if isinstance(value, tuple) else (value, value)
    assert isinstance(first, date)
    assert isinstance(last, date)
    low = quantity.text.lower()
    ahead = sentence.said[max(0, quantity.start - 18) : quantity.start]
    unit = quantity.unit
    if re.search(r"no earlier|not before", ahead + low) or re.search(r"(?:以|之)?后$", low):
        unit = "after"
    is_until = re.match(r"until|till", low) or re.search(r"(?:until|till|to)\s*$", ahead)
    clause = clause_of(quantity.start, sentence)
    negated = bool(NEGATED.search(clause))
    if unit == "before" and negated and _NOT_BEFORE.search(sentence.said[: quantity.start][-40:]):
        # "cannot sign before March", "not until March": March at the earliest.
        return Said(quantity.start, quantity.end, first, None, quantity.text, is_open_end=True)
    if unit == "before" and negated and re.search(r"前", low):
        return Said(quantity.start, quantity.end, last, None, quantity.text, is_open_end=True)
    if unit == "before" and is_until and POSTPONED.search(clause):
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
        negated = NEGATED.search(clause_of(match.start(), sentence))
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


def clause_of(at: int, sentence: Sentence) -> str:
    return next((c.text for c in sentence.clauses if c.start <= at < c.end), sentence.said)
