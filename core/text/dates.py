"""Dates in digits: 2026-11-03, 2026/11/3, 12/20, 20261103.

Slashed dates are month first, as in American and Chinese writing, unless the first number cannot be
a month. Dotted dates with the year last are day first, as in Europe.
"""

import re

from core.text.calendars import Dated, day, months, settle
from core.text.mentions import Mention, Slate

_NUMERIC = re.compile(
    r"(?=\d)(?<![\d.])(?:(?<!\d,)|(?=(?:19|20)\d\d([-/.])\d{1,2}\1\d))(?<!\d/)(?:(?<!-)|(?<=\d-))(?:"
    r"(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=sep)(?P<d>3[01]|[12]\d|0?[1-9])"
    r"(?!\d|\.\d)(?P<YMD>)"
    r"|(?P<y2>(?:19|20)\d\d)[-/](?P<m2>1[0-2]|0[1-9])(?![\d/.-])(?P<YM>)"
    r"|(?<![¥$€£])(?P<y3>20[0-4]\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])"
    r"(?![\d.,]|\s?[元块万亿美欧港台套件个次%])(?P<COMPACT>)"
    r"|(?P<a>\d{1,2})(?P<sep2>[/.-])(?P<b>\d{1,2})(?P=sep2)(?P<y4>(?:19|20)\d\d)(?![\d.])(?P<LAST>)"
    r"|(?P<a2>\d{1,2})/(?P<b2>\d{1,2})(?:/(?P<y5>\d\d))?(?![\d/.%])(?P<SHORT>)"
    r")"
)
_NUMERIC_HINT = re.compile(r"\d(?:[-/.]\d|\d{7})")
_PREPOSITION = re.compile(
    r"(?:(?<![a-z])(?:on|by|before|until|since|from|after|due)\s+|[在到于至])\Z"
)
# Fractions and 24/7, 50/50 are written like dates.
_FRACTION = re.compile(r"1/[2-9]|2/3|3/4|1/10|24/7")


def read_numeric_dates(slate: Slate) -> list[Mention]:
    """Dates written in digits alone."""
    if not _NUMERIC_HINT.search(slate.low):
        return []
    found = [d for match in _NUMERIC.finditer(slate.low) if (d := _numeric(match, slate))]
    return settle(found, slate)


def _numeric(match: re.Match[str], slate: Slate) -> Dated | None:
    kind, span = match.lastgroup, match.span()
    if kind == "YMD":
        return Dated(*span, day(int(match["m"]), int(match["d"])), int(match["y"]), True)
    if kind == "YM":
        return Dated(*span, months(int(match["m2"]), int(match["m2"])), int(match["y2"]))
    if kind == "COMPACT":
        return Dated(*span, day(int(match["m3"]), int(match["d3"])), int(match["y3"]), True)
    if kind == "LAST":
        month, number = _month_and_day(match["a"], match["b"], day_first=match["sep2"] == ".")
        return Dated(*span, day(month, number), int(match["y4"]), True) if month else None
    return _short(match, slate)


def _month_and_day(a: str, b: str, *, day_first: bool) -> tuple[int, int]:
    """(month, day) in the likely order, the other where only that is possible, else (0, 0)."""
    first, second = (int(b), int(a)) if day_first else (int(a), int(b))
    for month, number in ((first, second), (second, first)):
        if 1 <= month <= 12 and 1 <= number <= 31:
            return month, number
    return 0, 0


def _short(match: re.Match[str], slate: Slate) -> Dated | None:
    month, number = _month_and_day(match["a2"], match["b2"], day_first=False)
    if not month:
        return None
    if match["y5"]:
        return Dated(*match.span(), day(month, number), 2000 + int(match["y5"]), True)
    start = match.start()
    is_dated = _PREPOSITION.search(slate.low, max(0, start - 8), start) is not None
    if match.group() == "24/7" or (_FRACTION.fullmatch(match.group()) and not is_dated):
        return None
    return Dated(*match.span(), day(month, number), None, True)
