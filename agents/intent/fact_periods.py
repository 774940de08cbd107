"""Days that the quantity reader leaves whole or misses: "the first Friday in December", 平安夜前.

They take precedence over what the quantity reader made of their parts.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|next month|this month|the month)"
)
_NTH = r"(?P<nth>first|1st|second|2nd|third|3rd|fourth|4th|last|final)"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_PATTERNS = (
    re.compile(rf"\b{_NTH} (?P<weekday>{'|'.join(_DAYS)}) (?:in|of) {_MONTH}\b"),
    re.compile(rf"\b{_NTH} (?:full )?week (?:of|in) {_MONTH}\b"),
    re.compile(
        rf"\b(?P<half>first|former|early|front|second|latter|back|last) (?:half|part) of {_MONTH}\b"
    ),
    re.compile(
        rf"\bweek of (?:the )?(?P<weekof>\d{{1,2}}(?:st|nd|rd|th)?"
        rf"|[a-z]+(?:-[a-z]+)?) (?:of )?{_MONTH}\b"
    ),
    re.compile(
        rf"\bweek of {_MONTH} (?P<weekof>\d{{1,2}}(?:st|nd|rd|th)?|[a-z]+th|first|second|third)\b"
    ),
    re.compile(
        rf"\b(?P<edge>early|late|beginning of|start of|turn of|tail end of|back end of"
        rf"|end of) (?:in )?{_MONTH}\b"
    ),
)
_HOLIDAYS = re.compile(
    r"(?P<xmas>平安夜|圣诞(?:节|夜)?|\b(?:christmas(?: break| eve| holidays?)?|xmas|the holidays"
    r"|the holiday break|holiday shutdown)\b)|(?P<newyear>元旦|新年|\b(?:new year(?:'s)?(?: eve"
    r"| day)?|the new year)\b)"
    r"|(?P<spring>春节|过年|年三十|除夕|小年|农历年|\b(?:chinese new year|lunar new year"
    r"|spring festival)\b)"
    r"|(?P<solstice>冬至)|(?P<snow>大雪(?=[前后那节]))|(?P<halloween>\bhalloween\b)"
    r"|(?P<laborday>五一"
    r"|劳动节)|(?P<national>国庆)|(?P<thanks>\bthanksgiving\b)"
)
_ORDINAL = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thir"
        "teenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-s"
        "econd twenty-third"
        " twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth".split(),
        1,
    )
}
_NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_FIXED = {
    "xmas": (12, 25), "newyear": (1, 1), "solstice": (12, 22), "snow": (12, 7),
    "halloween": (10, 31), "laborday": (5, 1), "national": (10, 1),
}  # fmt: skip
_SPRING = {2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}


def periods(low: str, today: date) -> Iterator[tuple[int, int, date, date]]:
    """(start, end, first day, last day) of each such period."""
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(low):
            if any(match.start() < b and match.end() > a for a, b in taken):
                continue
            days = _days(match, today)
            if days is not None:
                taken.append(match.span())
                yield match.start(), match.end(), *days
    for match in _HOLIDAYS.finditer(low):
        day = _holiday(match.lastgroup or "", today)
        if day is not None:
            yield match.start(), match.end(), day, day


def _days(match: re.Match[str], today: date) -> tuple[date, date] | None:
    groups = {k: v for k, v in match.groupdict().items() if v}
    year, month = _month(groups["month"], today)
    last = calendar.monthrange(year, month)[1]
    if "weekday" in groups:
        return _nth_weekday(groups, year, month, last)
    if "weekof" in groups:
        word = groups["weekof"]
        number = int(re.match(r"\d+", word)[0]) if word[0].isdigit() else _ORDINAL.get(word)  # type: ignore[index]
        if not number or number > last:
            return None
        day = date(year, month, number)
        return day, day + timedelta(days=6)
    if "half" in groups:
        is_first = groups["half"] in ("first", "former", "early", "front")
        return date(year, month, 1 if is_first else 15), date(year, month, 15 if is_first else last)
    if "edge" in groups:
        is_early = groups["edge"] in ("early", "beginning of", "start of", "turn of")
        return date(year, month, 1 if is_early else 21), date(year, month, 10 if is_early else last)
    if groups["nth"] in ("last", "final"):
        return date(year, month, last - 7), date(year, month, last)
    first = 7 * (_NTHS[groups["nth"]] - 1) + 1
    return date(year, month, first), date(year, month, min(first + 8, last))


def _nth_weekday(
    groups: dict[str, str], year: int, month: int, last: int
) -> tuple[date, date] | None:
    number = _DAYS.index(groups["weekday"])
    days = [
        date(year, month, n) for n in range(1, last + 1) if date(year, month, n).weekday() == number
    ]
    at = -1 if groups["nth"] in ("last", "final") else _NTHS[groups["nth"]] - 1
    return (days[at], days[at]) if at < len(days) else None


def _month(word: str, today: date) -> tuple[int, int]:
    if word in ("this month", "the month"):
        return today.year, today.month
    if word == "next month":
        return today.year + today.month // 12, today.month % 12 + 1
    month = _MONTHS.index(word[:3]) + 1
    return today.year + (month < today.month), month


def _holiday(name: str, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        if name == "spring":
            if year not in _SPRING:
                continue
            day = date(year, *_SPRING[year])
        elif name == "thanks":
            first = date(year, 11, 1)
            day = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
        else:
            day = date(year, *_FIXED[name])
        if day >= today:
            return day
    return None
