"""Sums as people say them, read beside the sum on record: "three-ten", 四十八个, half a mil.

Among themselves buyer and seller leave out what both know: "one sixty-five" is 165,000 where the
order is for 240,000. A spoken number is therefore read at the scale that lies near the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from agents.intent.fact_sentence import Sentence, fold
from core.text.quantities import find_quantities

# Beyond these shares of the sum on record a number is another thing's.
LEAST_SHARE, MOST_TIMES = Decimal("0.35"), Decimal("2.8")
# Within this share two sums are one.
SAME = Decimal("0.01")

_UNITS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    w: 10 * (n + 2)
    for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_UNIT = "|".join(sorted((w for w in _UNITS if w != "zero"), key=len, reverse=True))
_TEN = "|".join(_TENS)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_SCALE = r"(?:[- ]?(?P<scale>k|grand|thousand|mil|million|m)\b)?"
# "three-ten", "one sixty-five", "twelve fifty", "five-oh-five"
_SHORT = re.compile(
    rf"\b(?P<head>{_UNIT})[- ](?:(?P<ten>{_TEN})(?:[- ](?P<one>{_ONES}))?"
    r"|(?P<teen>ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
    rf"|(?:oh|o)[- ](?P<low>{_ONES})|(?P<hundred>hundred)(?: and)?(?:[- ](?P<ten2>{_TEN}))?"
    rf"(?:[- ](?P<one2>{_UNIT}))?)(?![a-z]){_SCALE}"
)
# "fifty-one five" is 51,500; "eighty-seven five" 87,500.
_AND_HALF = re.compile(
    rf"\b(?P<head>(?:{_TEN})(?:[- ](?:{_ONES}))?|\w+teen|ten|eleven"
    rf"|twelve)(?: (?P<tail>{_ONES})(?![- ]?(?:{_TEN}|hundred|teen))"
    rf"|(?P<half> and a half))(?![a-z])(?:[- ]?(?P<scale>k|grand|thousand))?"
)
_FRACTION = re.compile(
    r"\b(?P<part>half a|a half|a quarter of a|a quarter|quarter of a|three[- ]quarters? of a)"
    r"[ -](?P<scale>mil|million|m)\b"
)
_DIGITS = re.compile(
    r"(?<![\d.,:/-])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    r"\s?(?P<scale>k|grand|thousand|mil|million|m)\b"
)
_POINT = re.compile(
    rf"\b(?P<head>{_ONES}) point (?P<tail>{_UNIT})(?:[- ](?P<more>{_ONES}))?{_SCALE}"
)
# 十万零八 is 108,000 to a trader; 四十八个 are 48 万.
_LING = re.compile(
    r"(?P<head>[一二两三四五六七八九十百]+)万零(?P<tail>[一二两三四五六七八九])(?![百十千])"
)
_GE = re.compile(
    r"(?<![\d一二两三四五六七八九十百零])(?P<n>\d{2,4}|[一二两三四五六七八九十百]{2,6})个(?=$"
    r"|[,。;!?、的就了整左吧])"
)
_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_FACTOR = {
    "k": 1000, "grand": 1000, "thousand": 1000,
    "m": 1000000, "mil": 1000000, "million": 1000000,
}  # fmt: skip
_WORTH = re.compile(
    r"\d|[一二三四五六七八九十百千万]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundred|half|quarter)\b"
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum said at [start, end): whole currency units. `is_scaled`: the scale was left unsaid."""

    value: Decimal
    start: int
    end: int
    text: str
    is_scaled: bool
    is_money: bool


def sums(sentence: Sentence) -> list[Sum]:
    """What a sentence may have said as sums near the record's, in order; none without a record."""
    known = sentence.deal.opportunity.amount
    if not known or not _WORTH.search(sentence.low):
        return []
    found: list[Sum] = []
    for start, end, value, is_money in _numbers(sentence):
        if any(start < one.end and end > one.start for one in found):
            continue
        scaled = _near(value, known, is_han=sentence.is_han)
        if scaled is not None:
            found.append(
                Sum(scaled, start, end, sentence.text[start:end], scaled != value, is_money)
            )
    return sorted(found, key=lambda one: one.start)


def spoken_numbers(sentence: Sentence) -> list[Decimal]:
    """Each number of a sentence and the one before, as said and in thousands (万 in Chinese)."""
    scale = 10000 if sentence.is_han else 1000
    found: list[Decimal] = []
    for text in (sentence.before, sentence.text):
        values = [
            q.value for q in find_quantities(text, reference=None) if isinstance(q.value, Decimal)
        ]
        values += [Decimal(n) for n in (word_number(w) for w in _COUNTED.findall(fold(text))) if n]
        values += [value for _, _, value, _ in _english_numbers(fold(text))]
        found += values
    return found + [value * scale for value in found if value < scale]


_COUNTED = re.compile(rf"\b(?:{_TEN})(?:[- ](?:{_ONES}))?\b|\b(?:{_UNIT})\b")


def word_number(words: str) -> int:
    """ "Twenty-two" is 22."""
    return sum(_TENS.get(word, 0) + _UNITS.get(word, 0) for word in re.split("[- ]", words))


def same(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= SAME * max(one, other)


def _near(value: Decimal, known: Decimal, *, is_han: bool) -> Decimal | None:
    """The value at the scale that comes near the record, if one does."""
    for scale in (1, 10000 if is_han else 1000, 1000, 1000000):
        if value * scale >= 1000 and known * LEAST_SHARE <= value * scale <= known * MOST_TIMES:
            return value * scale
    return None


def _numbers(sentence: Sentence) -> Iterator[tuple[int, int, Decimal, bool]]:
    low = sentence.low
    yield from _han_numbers(low) if sentence.is_han else _english_numbers(low)
    for match in _DIGITS.finditer(low):
        number = Decimal(match["number"].replace(",", ""))
        yield match.start(), match.end(), number * _FACTOR[match["scale"]], True
    currency = sentence.deal.opportunity.currency
    for q in sentence.numbers:
        is_sum = (q.kind == "money" and q.unit in (None, "", currency)) or (
            q.kind == "number" and not q.unit
        )
        if is_sum and isinstance(q.value, Decimal) and q.value > 0:
            is_money = q.kind == "money" or q.value >= _SURELY_MONEY or "万" in q.text
            yield q.start, q.end, q.value, is_money


# Few things but money are counted so far.
_SURELY_MONEY = 10000


def _english_numbers(low: str) -> Iterator[tuple[int, int, Decimal, bool]]:
    for pattern in (_FRACTION, _POINT, _SHORT):
        for match in pattern.finditer(low):
            yield match.start(), match.end(), _worded(match), bool(match["scale"])
    for match in _AND_HALF.finditer(low):
        value = _halves(match)
        if value is not None:
            yield match.start(), match.end(), value, bool(match["scale"])


def _halves(match: re.Match[str]) -> Decimal | None:
    words = re.split("[- ]", match["head"])
    if any(w not in _TENS and w not in _UNITS for w in words):
        return None
    head = sum(_TENS.get(w, 0) or _UNITS.get(w, 0) for w in words)
    tenths = 5 if match["half"] else _UNITS[match["tail"]]
    return Decimal(f"{head}.{tenths}") * 1000


def _worded(match: re.Match[str]) -> Decimal:
    factor = _FACTOR.get(match["scale"] or "", 1)
    groups = match.groupdict()
    if groups.get("part"):
        share = {"h": "0.5", "a": "0.25", "q": "0.25", "t": "0.75"}[groups["part"][0]]
        if groups["part"] == "a half":
            share = "0.5"
        return Decimal(share) * factor
    head = _UNITS[groups["head"]]
    if "tail" in groups:
        return Decimal(f"{head}.{_UNITS[groups['tail']]}") * factor
    rest = _TENS.get(groups["ten"] or groups["ten2"] or "", 0)
    for name in ("one", "teen", "low", "one2"):
        rest += _UNITS.get(groups[name] or "", 0)
    return Decimal(head * 100 + rest) * factor


def _han_numbers(low: str) -> Iterator[tuple[int, int, Decimal, bool]]:
    for match in _LING.finditer(low):
        value = _han_below_thousand(match["head"]) * 10000 + _HAN[match["tail"]] * 1000
        yield match.start(), match.end(), Decimal(value), True
    for match in _GE.finditer(low):
        number = match["n"]
        value = int(number) if number.isdigit() else _han_below_thousand(number)
        yield match.start(), match.end(), Decimal(value), False


def _han_below_thousand(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in "百十":
            total += (digit or 1) * (100 if char == "百" else 10)
            digit = 0
        else:
            digit = _HAN[char]
    # 四百八 is 480.
    if digit and "百" in text and "十" not in text and "零" not in text:
        digit *= 10
    return total + digit
