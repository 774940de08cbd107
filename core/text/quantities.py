"""What a claim verifier compares: numbers, money, percentages, dates, durations, codes and times.

The readers take turns on one slate, from the most to the least certain: addresses, dates in
digits, codes and times, dates in words, amounts. What one has taken the next cannot misread.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.text.amounts import read_amounts
from core.text.codes import read_addresses, read_codes, read_telephones, read_times, same_code
from core.text.dates import read_numeric_dates
from core.text.dates_chinese import read_chinese_dates
from core.text.dates_english import read_english_dates
from core.text.language import language_of
from core.text.mentions import Kind, Mention, Slate, Value
from core.text.normalise import Normalised, normalise, without_trailing_invisible
from core.text.units import COUNTED

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

# A text without any of these holds no quantity, and most sentences of a meeting do not.
_HINT = re.compile(
    r"[\d零〇一二两三四五六七八九十百千万亿半几月年周季旬壹贰叁肆拾佰仟]"
    r"|[今明后昨前]天|今[日晚早]|明[日晚早]|星期|礼拜|对折|年底"
    r"|(?<![a-z])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|twelfth|half|dozen|couple|hundred|thousand|million|billion|within|a |an |day|week"
    r"|month|quarter|year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat"
    r"|sun|today|tomorrow|tonight|yesterday|eo[ymqw])"
)
_DIGIT = re.compile(r"\d")

_SECONDS_A_DAY = 86400
_DISCOUNTS = frozenset({"zhe", "off"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity said at [start, end) of the original text.

    `value`: a Decimal (number, money in whole currency units, percent 0-100, duration in `unit`), a
    date, a (first, last) pair of dates, or text (code in capitals, time as 'HH:MM').
    `unit`: ISO 4217 code of money; 'second', 'day', 'workday' or 'month' of a duration; 'before'
    or 'after' of a date; 'zhe' (八折 pays 80 %), 'off' or 'point' of a percentage; a counted
    thing; None.
    """

    kind: Kind
    value: Value
    unit: str | None
    start: int
    end: int
    text: str
    approximate: bool


def find_quantities(text: str, *, reference: date | None) -> list[Quantity]:
    """The quantities of a text in order, disjoint.

    `reference` is the day the text was said; without it dates that depend on today are left out.
    """
    normalised = normalise(text)
    low = _lower(normalised.text)
    if not _HINT.search(low):
        return []
    slate = Slate(normalised.text, low, reference, language_of(normalised.text) == "zh")
    mentions: list[Mention] = []
    has_digit = _DIGIT.search(low) is not None
    for read in _READERS if has_digit else _READERS_OF_WORDS:
        read_now = read(slate)
        slate = slate.without(read_now)
        mentions += read_now
    mentions.sort(key=lambda mention: mention.start)
    return _in_original(text, normalised, mentions)


def _in_original(text: str, normalised: Normalised, mentions: list[Mention]) -> list[Quantity]:
    """The mentions with a value on the original text, disjoint there too; ① and ² count nothing."""
    quantities: list[Quantity] = []
    position = 0
    for mention in mentions:
        kind, value = mention.kind, mention.value
        if value is None:
            continue
        start, end = _trimmed(text, normalised, mention.start, mention.end)
        said = text[start:end]
        is_ornament = kind == "number" and all(unicodedata.category(c) == "No" for c in said)
        if start < position or is_ornament:
            continue
        unit, approximate = mention.unit, mention.approximate
        quantities.append(Quantity(kind, _canonical(value), unit, start, end, said, approximate))
        position = end
    return quantities


_READERS = (
    read_addresses,
    read_numeric_dates,
    read_telephones,
    read_codes,
    read_times,
    read_chinese_dates,
    read_english_dates,
    read_amounts,
)
# 等保三级 and 下午三点 are the codes and times without a digit.
_READERS_OF_WORDS = (read_codes, read_times, read_chinese_dates, read_english_dates, read_amounts)


def _lower(text: str) -> str:
    """The text in lower case at equal length (İ would become two characters)."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_LOWER)


def _trimmed(text: str, normalised: Normalised, start: int, end: int) -> tuple[int, int]:
    """The original span of a mention without white space or invisible characters at its ends."""
    said = normalised.text[start:end]
    start += len(said) - len(said.lstrip())
    end -= len(said) - len(said.rstrip())
    first, last = normalised.to_original(start, end)
    return first, without_trailing_invisible(text, first, last)


def _canonical(value: Value) -> Value:
    """Decimals without trailing zeros or exponent: 1.20 million is 1200000."""
    if not isinstance(value, Decimal):
        return value
    bare = value.normalize()
    exponent = bare.as_tuple().exponent
    return Decimal(int(bare)) if isinstance(exponent, int) and exponent > 0 else bare


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities say the same, whatever their notation; `approximate` is not compared.

    A plain number may stand for money of equal value. A unit that one side leaves out does not tell
    them apart, except that "after March" is not "March".
    """
    if a.kind != b.kind:
        return _same_across(a, b) or _same_across(b, a)
    if a.kind == "duration":
        return _days(a) == _days(b)
    if a.kind == "percent":
        return _same_percent(a, b)
    if a.kind == "code":
        return same_code(str(a.value), str(b.value))
    if a.kind in ("date", "date_range"):
        return a.value == b.value and _same_direction(a.unit, b.unit)
    return a.value == b.value and _same_unit(a, b)


def _same_across(a: Quantity, b: Quantity) -> bool:
    if a.kind == "number" and b.kind == "money":
        return a.unit is None and a.value == b.value
    if a.kind == "date" and b.kind == "date_range":
        return (a.value, a.value) == b.value and _same_direction(a.unit, b.unit)
    return False


def _same_direction(a: str | None, b: str | None) -> bool:
    """'by 3 November' states the date 3 November, 'after 3 November' excludes it."""
    return (a == "after") == (b == "after")


def _same_unit(a: Quantity, b: Quantity) -> bool:
    if a.unit is None or b.unit is None or a.unit == b.unit:
        return True
    if a.kind == "money":
        return False
    return not (a.unit in COUNTED and b.unit in COUNTED)


def _same_percent(a: Quantity, b: Quantity) -> bool:
    """八折 (pay 80 %) and "20 % off" are one discount."""
    if {a.unit, b.unit} == _DISCOUNTS:
        return _decimal(a) + _decimal(b) == 100
    if a.value != b.value:
        return False
    return a.unit is None or b.unit is None or a.unit == b.unit


def _days(quantity: Quantity) -> tuple[str | None, Decimal]:
    """(unit, value) with days as 24 hours."""
    value = _decimal(quantity)
    if quantity.unit == "day":
        return "second", value * _SECONDS_A_DAY
    return quantity.unit, value


def _decimal(quantity: Quantity) -> Decimal:
    assert isinstance(quantity.value, Decimal)
    return quantity.value
