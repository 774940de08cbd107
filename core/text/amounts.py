"""Money, percentages, durations and counts: a numeral with what stands before and behind it.

A range shares its unit and scale (30到50万元 is 300,000 to 500,000 yuan), so numerals are read
first and given meaning afterwards. Durations become days, months or
seconds; a quarter is three months.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from core.text.mentions import Kind, Mention, Slate
from core.text.numerals import Numeral, numerals, parse_chinese
from core.text.shares import read_half_durations, read_shares
from core.text.units import (
    AFTER,
    COUNT_WORDS,
    CURRENCIES,
    DURATION_WORDS,
    MONEY_BEFORE,
    MONEY_CHARACTERS,
    MONEY_ENDS,
)

_OFF = re.compile(r"\s*(?:off|discount)(?![a-z])")

_ROUGHLY_HAN = tuple("约 大概 差不多 接近 近 超过 超 不到 至少 最多 不少于 上 ~ ≈ +".split())
_ROUGHLY_LATIN = re.compile(
    r"(?<![a-z])(?:about|around|roughly|approximately|approx\.?|nearly|almost|over|under"
    r"|more than|less than|at least|at most|up to|some|circa|above|below)\s+\Z"
)
_ROUGHLY_CHARACTERS = 16
_ROUGHLY_AFTER = re.compile(
    r"(?:钱)?(?:左右|上下|多(?![\d一-鿿]{0,2}%)|以上|以下|出头|\+|\s+or so)"
)
_RANGE = re.compile(r"\s*(?:[-–—~]+|到|至|to|or|或者?)\s*")

# 一个, 一种, 一套 are articles; only these make a lone 一 a count.
_ONE_COUNTS = frozenset(("人", "台", "吨", "公斤", "千克", "公里", "平方米", "倍", "米"))
_NEVER = re.compile(
    r"(?=[十双万千一二三四五六七八九\d第-])(?:"
    r"十分(?![钟之])|双十[一二]|十一(?=黄金周|假期|长假|期间|放假|国庆|之[前后]|[前后])"
    r"|(?<![\d一二两三四五六七八九十百千几])万一|千万(?=[别不要记得注])|千人千面|千家万户"
    r"|一(?:次性|部分|人一|家之言|块(?!钱))|[一二三四五六七八九]级等保|五险一金|九九六"
    r"|\d{1,3}\s?号(?!码)|\d{2,}⁄\d+|\d+(?:st|nd|rd|th)(?![a-z])|第[一二三四五六七八九十百千\d]+"
    r"|(?<=[a-z])-(?:one|two)-(?:one|on))"
)


class _Amount(NamedTuple):
    """A numeral with its meaning; kind None while nothing but the number is known."""

    numeral: Numeral
    start: int
    end: int
    value: Decimal
    kind: Kind | None = None
    unit: str | None = None
    factor: Decimal = Decimal(1)
    approximate: bool = False


def read_amounts(slate: Slate) -> list[Mention]:
    """Numbers, money, percentages and durations, in the order of the text."""
    found = [Mention(*match.span(), "number", None) for match in _NEVER.finditer(slate.low)]
    slate = slate.without(found)
    fixed = read_shares(slate) + read_half_durations(slate)
    slate = slate.without(fixed)
    amounts = [_amount(numeral, slate.low) for numeral in numerals(slate.low, slate.is_han)]
    _share_units(amounts, slate.low)
    counted = [m for amount in amounts if (m := _mention(amount, slate.low))]
    return found + fixed + counted


def _amount(numeral: Numeral, low: str) -> _Amount:
    """The numeral with the currency before it or the unit behind it."""
    amount = _Amount(
        numeral, numeral.start, numeral.end, numeral.value, approximate=numeral.approximate
    )
    after = AFTER.match(low, numeral.end)
    if after:
        amount = _with_unit(amount, after)
    if after and not (after["money"] or after["count"]):
        return amount
    before = _currency_before(low, numeral.start)
    if before is None:
        return amount
    end = amount.end if after and after["money"] else numeral.end
    unit = CURRENCIES[before["money"]]
    return amount._replace(start=before.start(), end=end, kind="money", unit=unit)


def _currency_before(low: str, start: int) -> re.Match[str] | None:
    tail = low[max(0, start - MONEY_CHARACTERS) : start].rstrip(" :")
    if not tail.endswith(MONEY_ENDS):
        return None
    return MONEY_BEFORE.search(low, max(0, start - MONEY_CHARACTERS), start)


def _with_unit(amount: _Amount, after: re.Match[str]) -> _Amount:
    amount = amount._replace(end=after.end(), approximate=amount.approximate or bool(after["many"]))
    if after["percent"]:
        return _percent(amount, after["percent"])
    if after["cheng"] or after["zhe"]:
        return _tenths(amount, after)
    if after["money"]:
        value = amount.value
        if after["jiao"]:
            value += Decimal(1) / 2 if after["jiao"] == "半" else _tenth(after["jiao"])
        return amount._replace(value=value, kind="money", unit=CURRENCIES[after["money"]])
    if after["duration"]:
        return _duration(amount, after)
    word = after["count"].strip(" -")
    unit = COUNT_WORDS.get(word, None if word == "个" else word)
    return amount._replace(kind="number", unit=unit)


def _tenth(numeral: str) -> Decimal:
    return (parse_chinese(numeral) or Decimal(0)) / 10


def _percent(amount: _Amount, word: str) -> _Amount:
    factor, unit = Decimal(1), None
    if word == "‰":
        factor = Decimal("0.1")
    elif word.startswith(("bps", "basis")) or "基点" in word:
        factor, unit = Decimal("0.01"), "point"
    elif word.startswith(("percentage", "pp")) or "百分点" in word:
        unit = "point"
    return amount._replace(value=amount.value * factor, kind="percent", unit=unit, factor=factor)


def _tenths(amount: _Amount, after: re.Match[str]) -> _Amount:
    """三成 30, 一成五 15; 八折 80, 八五折 and 85折 85."""
    if after["cheng"]:
        value = amount.value * 10
        if after["fifth"]:
            value += 5 if after["fifth"] == "半" else _tenth(after["fifth"]) * 10
        return amount._replace(value=value, kind="percent", factor=Decimal(10))
    factor = Decimal(10) if amount.value < 10 else Decimal(1)
    return amount._replace(value=amount.value * factor, kind="percent", unit="zhe", factor=factor)


def _duration(amount: _Amount, after: re.Match[str]) -> _Amount:
    word = after["unit"] or after["latin"] or after["hour"]
    unit, factor = DURATION_WORDS[word]
    value = amount.value
    if after["halves"] or after["more"]:
        value += Decimal("0.5")
    return amount._replace(value=value * factor, kind="duration", unit=unit, factor=factor)


def _share_units(amounts: list[_Amount], low: str) -> None:
    """Gives the first of a range the unit and scale of the second, and the second its currency."""
    for index in range(len(amounts) - 2, -1, -1):
        one, two = amounts[index], amounts[index + 1]
        between = low[one.end : two.start]
        if between and not _RANGE.fullmatch(between):
            continue
        if not between and not two.numeral.approximate:
            continue
        if one.kind == "money" and two.kind is None:
            amounts[index + 1] = two = two._replace(kind="money", unit=one.unit)
        if one.kind is None or one.kind == two.kind == "money":
            amounts[index] = _like(one, two)


def _like(one: _Amount, two: _Amount) -> _Amount:
    first, second = one.numeral, two.numeral
    value = one.value
    is_scaled = second.raw not in (0, second.value)
    if is_scaled and first.raw == first.value and 0 < first.raw < second.raw:
        value = value * second.value / second.raw
    if one.kind is None:
        value *= two.factor
    unit = one.unit if one.kind else two.unit
    return one._replace(value=value, kind=one.kind or two.kind, unit=unit, factor=two.factor)


def _mention(amount: _Amount, low: str) -> Mention | None:
    numeral = amount.numeral
    if _is_no_quantity(amount, low):
        return None
    start, end, unit = amount.start, amount.end, amount.unit
    kind = amount.kind or "number"
    if kind == "percent" and unit is None and (off := _OFF.match(low, end)):
        end, unit = off.end(), "off"
    approximate = amount.approximate or numeral.approximate or _is_rough(low, start, end)
    return Mention(start, end, kind, amount.value, unit, approximate)


def _is_rough(low: str, start: int, end: int) -> bool:
    """Whether "about", "over", 约, 左右, 以上 or the like stands beside [start, end)."""
    if _ROUGHLY_AFTER.match(low, end):
        return True
    first = max(0, start - _ROUGHLY_CHARACTERS)
    tail = low[first:start].rstrip()
    if tail.endswith(_ROUGHLY_HAN):
        return True
    return tail[-1:].isascii() and _ROUGHLY_LATIN.search(low, first, start) is not None


def _is_no_quantity(amount: _Amount, low: str) -> bool:
    """Whether the numeral is only part of a word: a lone 一, 百度, "one of them", "two-factor"."""
    numeral = amount.numeral
    if numeral.needs_unit and amount.kind is None:
        return True
    if numeral.form == "digits":
        return False
    is_one = numeral.value == 1 and numeral.needs_unit
    if is_one and amount.kind == "number":
        word = low[numeral.end : amount.end].strip()
        return word not in _ONE_COUNTS
    if numeral.form == "words" and amount.kind is None:
        tail = low[numeral.end : numeral.end + 2]
        return tail[:1] == "-" and tail[1:].isalpha()
    return False
