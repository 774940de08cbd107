"""Figures as talk shortens them: "sixty on delivery" behind a percent, "the 3rd", 一点二个亿.

Speech leaves out what the sentence before has said: the unit, the magnitude, the month, the year. A
claim writes them out. These readings are tried only after the exact ones (retrieval.figures) and
only give back what is left out: digits never change, and a unit or magnitude is lent only by
another figure of the same words. A bare day of the month or weekday may lie on either side of the
day of speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from core.domain import Evidence
from core.text.numerals import parse_chinese
from core.text.quantities import Quantity
from core.text.units import COUNTED
from retrieval.statements import Statement, quantities_of, statement

_HAN_RUN = re.compile(
    r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?(?:个?(?=[万亿]))?[万亿]?"
)
_HAN_DECIMAL = re.compile(
    r"(?P<whole>[零〇一二两三四五六七八九十百千]+)点(?P<tail>[零〇一二三四五六七八九]+)"
)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_HAN_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: number
    for number, word in zip(
        range(20, 100, 10),
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_UNDER_HUNDRED = rf"(?:(?:{_TEN})(?:[ -](?:{_ONE}))?|(?:{_ONE}))"
_WORDS = re.compile(rf"(?<![a-z]){_UNDER_HUNDRED}(?![a-z])")
# "four-eighty", "seven twenty", "a hundred, hundred and fifty", "dollar ten", "one million eight".
_PAIRED = re.compile(rf"(?<![a-z])(?P<a>{_ONE})[ -](?P<b>(?:{_TEN})(?:[ -](?:{_ONE}))?)(?![a-z])")
_HUNDREDS = re.compile(
    rf"(?<![a-z])(?:(?P<a>{_ONE}|a)\s)?hundred(?: and)?(?:[ -](?P<b>{_UNDER_HUNDRED}))?(?![a-z])"
)
_DOLLAR_TEN = re.compile(rf"(?<![a-z])(?:dollar|buck)[ -](?P<b>{_UNDER_HUNDRED})(?![a-z])")
_MILLION_EIGHT = re.compile(
    rf"(?<![a-z])(?P<a>{_ONE}|\d+) (?P<m>million|thousand) (?P<b>{_ONE})(?! ?hundred)(?![a-z])"
)
_MAGNITUDES = (
    (Decimal(1000), re.compile(r"\d\s?k\b|(?<![a-z])k\b|\bthousand|\bgrand\b")),
    (Decimal(10**6), re.compile(r"\bmillion|\d\s?m\b|\bmil\b")),
    (Decimal(10**9), re.compile(r"\bbillion|\d\s?bn\b")),
    (Decimal(10**4), re.compile(r"万")),
    (Decimal(10**8), re.compile(r"亿")),
    (Decimal(1000), re.compile(r"千")),
)
# A number this large has its own magnitude: nobody says 480,000 for 4.8 billion.
_LEAST_SCALED = 1000
_CURRENCY_SAID = {
    "USD": r"\bus\b|\bbucks?\b|\bdollars?\b|美",
    "CAD": r"\bcanadian\b|\bdollars?\b|加元|加币",
    "AUD": r"\baustralian\b|\baussie\b|\bdollars?\b",
    "HKD": r"\bhong kong\b|港",
    "EUR": r"\beuros?\b|欧",
    "GBP": r"\bquid\b|\bpounds?\b|\bsterling\b|英镑|磅",
    "JPY": r"\byen\b|日元|日币",
    "CNY": r"\byuan\b|\brmb\b|\bkuai\b|元|块|人民币",
}
_CURRENCIES = {code: re.compile(words) for code, words in _CURRENCY_SAID.items()}
_WEEKDAYS_EN = re.compile(
    r"(?<![a-z])(?:(?P<exact>this|next|last)\s+)?(?P<day>mon|tues|wednes|thurs|fri|satur"
    r"|sun)days?\b"
)
_WEEKDAYS_ZH = re.compile(
    r"(?P<exact>[上下这本])?(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
)
_DAY_OF_WEEK = {
    day: number
    for number, days in enumerate(
        ("mon 一", "tues 二", "wednes 三", "thurs 四", "fri 五", "satur 六", "sun 日 天")
    )
    for day in days.split()
}
_ONE_LATER = re.compile(r"\bweek from\b|\bone after\b|\bweek after\b|\bweek on\b|再下")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_EN = re.compile(
    rf"(?<![a-z\d])(?<!(?:{_MONTHS})[ .])(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b"
    rf"(?! (?:of )?(?:{_MONTHS}))"
)
_DAY_ZH = re.compile(
    r"(?<![\d月零〇一二三四五六七八九十])(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[号日]"
)
# 三千八一个月 is 3,800 a month.
_ONE_MONTH = re.compile(r"[百千万][二三四五六七八九]一个?[月天年]")
_YEAR_SAID = re.compile(r"(?:19|20)\d\d")
_NEAR = timedelta(days=62)
_WEEK = timedelta(days=7)
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})[.:](?P<m>[0-5]\d)(?!\d)|(?P<han>\d{1,2}"
    r"|[一二两三四五六七八九十]{1,3})(?:点|时)(?P<half>半)?"
)


def may_mean(figure: Quantity, statements: Sequence[Statement]) -> bool:
    """Whether what talk leaves out can make some figure of the statements this one."""
    if figure.kind in ("date", "date_range"):
        return any(_means_day(figure, one) for one in statements)
    if figure.kind == "time":
        return any(str(figure.value) in _clock_times(one.evidence) for one in statements)
    if not isinstance(figure.value, Decimal):
        return False
    return any(_means_number(figure, one) for one in statements)


def names_currency(code: str, statements: Sequence[Statement]) -> bool:
    """Whether the words name the currency beside, and not at, the sum ("2,100 US")."""
    pattern = _CURRENCIES.get(code)
    return pattern is not None and any(pattern.search(one.low) for one in statements)


def names_any_currency(statements: Sequence[Statement]) -> bool:
    """Whether the words name some currency."""
    return any(p.search(one.low) for p in _CURRENCIES.values() for one in statements) or any(
        q.kind == "money" and q.unit for one in statements for q in one.quantities
    )


def _means_number(figure: Quantity, one: Statement) -> bool:
    value = figure.value
    assert isinstance(value, Decimal)
    if figure.kind == "number":
        is_bare = figure.unit is None
        return value in _numbers(one.evidence, with_units=is_bare) or _in_year(value, one)
    if figure.kind == "money":
        return value in _numbers(one.evidence, with_units=False)
    if not any(known.kind == figure.kind for known in one.quantities):
        return False
    shown = {_first_number(figure.text)}
    return bool(shown & _unitless(one.evidence))


def _in_year(value: Decimal, one: Statement) -> bool:
    """Whether a year ("2027") is that of a day of the evidence (明年)."""
    if not 1990 <= value <= 2100:
        return False
    days = [q.value for q in one.quantities if q.kind in ("date", "date_range")]
    years = {d.year for v in days for d in (v if isinstance(v, tuple) else (v,))}  # type: ignore[union-attr]
    return int(value) in years


@lru_cache(maxsize=4096)
def _unitless(evidence: Evidence) -> frozenset[Decimal]:
    """Numbers that stand without a unit of their own."""
    one = statement(evidence)
    return frozenset(
        q.value for q in one.quantities if q.kind == "number" and isinstance(q.value, Decimal)
    )


@lru_cache(maxsize=4096)
def _numbers(evidence: Evidence, *, with_units: bool) -> frozenset[Decimal]:
    """The numbers of the words, as said and with each magnitude that the words have.

    Without units: what is read for certain as a share, a span or a count of things is left out.
    """
    one = statement(evidence)
    said = set(_spoken(one.low if with_units else _without_units(one)))
    said |= {
        q.value
        for q in one.quantities
        if q.kind in ("number", "money")
        and isinstance(q.value, Decimal)
        and (with_units or q.unit not in COUNTED)
    }
    factors = {factor for factor, pattern in _MAGNITUDES if pattern.search(one.low)}
    bare = {value for value in said if value < _LEAST_SCALED}
    return frozenset(said | {value * factor for value in bare for factor in factors})


def _without_units(one: Statement) -> str:
    low = one.low
    for known in quantities_of(low, reference=one.day):
        is_count = known.kind == "number" and known.unit not in COUNTED
        if not (is_count or known.kind in ("money", "time") or _ONE_MONTH.search(known.text)):
            low = low[: known.start] + " " * (known.end - known.start) + low[known.end :]
    return low


def _spoken(low: str) -> Iterator[Decimal]:
    for match in _DIGITS.finditer(low):
        yield Decimal(match.group().replace(",", "").rstrip("."))
    for match in _HAN_DECIMAL.finditer(low):
        whole = parse_chinese(match["whole"])
        if whole is not None:
            tail = "".join(str(_HAN_DIGIT[c]) for c in match["tail"])
            yield Decimal(f"{whole}.{tail}")
    for match in _HAN_RUN.finditer(low):
        yield from _han_values(match.group())
    yield from _spoken_english(low)


def _han_values(run: str) -> Iterator[Decimal]:
    """The run's value; 三千八一 (a month) also as 三千八, and 一百二 as 120."""
    for end in range(len(run), max(0, len(run) - 2), -1):
        value = parse_chinese(run[:end])
        if value is not None:
            yield Decimal(str(value))


def _spoken_english(low: str) -> Iterator[Decimal]:
    for match in _WORDS.finditer(low):
        yield _under_hundred(match.group())
    for match in _PAIRED.finditer(low):
        a, b = _ONES[match["a"]], _under_hundred(match["b"])
        yield a * 100 + b
        yield a + b / 100
    for match in _HUNDREDS.finditer(low):
        b = _under_hundred(match["b"]) if match["b"] else Decimal(0)
        yield _ONES.get(match["a"] or "one", 1) * 100 + b
    for match in _DOLLAR_TEN.finditer(low):
        yield 1 + _under_hundred(match["b"]) / 100
    for match in _MILLION_EIGHT.finditer(low):
        factor = 10**6 if match["m"] == "million" else 1000
        whole = _ONES.get(match["a"])
        whole = int(match["a"]) if whole is None else whole
        yield (Decimal(whole) + Decimal(_ONES[match["b"]]) / 10) * factor


def _under_hundred(words: str) -> Decimal:
    parts = re.split(r"[ -]", words)
    return Decimal(sum(_TENS.get(part, _ONES.get(part, 0)) for part in parts))


def _first_number(text: str) -> Decimal | None:
    return next(iter(_spoken(text.lower())), None)


def _means_day(figure: Quantity, one: Statement) -> bool:
    if not isinstance(figure.value, tuple):
        return _is_near_day(figure.value, one) or _is_same_but_year(figure, one)  # type: ignore[arg-type]
    return _is_same_but_year(figure, one) or all(
        _is_near_day(day, one) or any(q.value == day for q in one.quantities)
        for day in figure.value
    )


def _is_near_day(day: date, one: Statement) -> bool:
    """Whether a bare weekday or day of the month, before or behind the day of speech, is `day`."""
    if one.day is None:
        return False
    if abs(day - one.day) <= _NEAR and day.day in _days_of_month(one.evidence):
        return True
    latest = 2 * _WEEK if _ONE_LATER.search(one.low) else _WEEK
    return -_WEEK <= day - one.day <= latest and day.weekday() in _weekdays(one.evidence)


def _is_same_but_year(figure: Quantity, one: Statement) -> bool:
    """Whether only the year differs, and neither side says one."""
    if _YEAR_SAID.search(figure.text):
        return False
    wanted = _without_year(figure)
    return any(
        _without_year(q) == wanted
        for q in one.quantities
        if q.kind in ("date", "date_range") and not _YEAR_SAID.search(q.text)
    )


def _without_year(figure: Quantity) -> tuple[tuple[int, int], ...]:
    days = figure.value if isinstance(figure.value, tuple) else (figure.value,)
    return tuple((d.month, d.day) for d in days if isinstance(d, date))


@lru_cache(maxsize=4096)
def _days_of_month(evidence: Evidence) -> frozenset[int]:
    low = statement(evidence).low
    found = {int(m["day"]) for m in _DAY_EN.finditer(low)}
    for match in _DAY_ZH.finditer(low):
        word = match["day"]
        value = int(word) if word.isdigit() else parse_chinese(word)
        found |= {int(value)} if value is not None else set()
    return frozenset(found)


@lru_cache(maxsize=4096)
def _weekdays(evidence: Evidence) -> frozenset[int]:
    low = statement(evidence).low
    found = [*_WEEKDAYS_EN.finditer(low), *_WEEKDAYS_ZH.finditer(low)]
    later = _ONE_LATER.search(low)
    return frozenset(_DAY_OF_WEEK[m["day"]] for m in found if later or not m["exact"])


@lru_cache(maxsize=4096)
def _clock_times(evidence: Evidence) -> frozenset[str]:
    """Times by any clock word, morning and afternoon alike: 半夜两点, 7.40."""
    found = set()
    for match in _CLOCK.finditer(statement(evidence).low):
        if match["h"]:
            hour, minute = int(match["h"]), int(match["m"])
        else:
            value = int(match["han"]) if match["han"].isdigit() else parse_chinese(match["han"])
            hour, minute = int(value or 0), 30 if match["half"] else 0
        found |= {f"{h:02d}:{minute:02d}" for h in (hour, hour + 12) if h < 24}
    return frozenset(found)
