"""Spans of days, and how a date without a year finds one.

A mention of a date is a function from a year to a span of days; the year is known ("2026-11-03"),
comes from today ("next March") or is the nearest one. "Forward first" because sales talk is about
what will happen: the next occurrence is taken when it begins within nine months, else the nearest.
"""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.text.mentions import Mention, Slate

Span = tuple[date, date]
Build = Callable[[int], Span]

# Nine months, in days.
_FORWARD_DAYS = 274

_JOINED = re.compile(r"\s*(?:直?到|至|[-–—~]+|to|through|thru|until|till)\s*(?:the\s+)?")
_BETWEEN = re.compile(r"between\s+\Z")
_AND = re.compile(r"\s+and\s+")
_AFTER_HAN = re.compile(r"\s?(?:(?:之|以)后|后(?![天续台面来])|起(?![来草])|开始)")
_BEFORE_HAN = re.compile(r"\s?(?:(?:之|以)前|前(?![端台期后景提])|之?内)")
_DIRECTION = re.compile(
    r"(?<![a-z])(?:(?P<after>no earlier than|on or after|after|since|starting|beginning|as of)"
    r"|no later than|on or before|by|before|until|till)\s+(?:the\s+)?\Z"
)
# The longest direction with its article: "no earlier than the ".
_DIRECTION_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Dated:
    """A date at [start, end): `build` gives its span for a year; None when today is not known."""

    start: int
    end: int
    build: Build | None
    # None: the year nearest to the reference. An already resolved date ignores its year.
    year: int | None = None
    is_day: bool = False
    approximate: bool = False
    # "by year end" carries its direction in its own words.
    unit: str | None = None


def day(month: int, day_of_month: int) -> Build:
    """The single day of each year."""
    return lambda year: (date(year, month, day_of_month),) * 2


def month_days(month: int, first: int, last: int | None = None) -> Build:
    """Days first to last of a month; `last` None is the month's end, `first` 0 its last day."""

    def build(year: int) -> Span:
        end = last or calendar.monthrange(year, month)[1]
        return date(year, month, first or end), date(year, month, end)

    return build


def months(first: int, last: int) -> Build:
    """Whole months; a last month before the first lies in the next year."""

    def build(year: int) -> Span:
        end_year = year + (last < first)
        return date(year, first, 1), month_days(last, 1)(end_year)[1]

    return build


def quarter(number: int) -> Build:
    """Quarter 1 to 4 of the calendar year."""
    return months(3 * number - 2, 3 * number)


def last_day(build: Build) -> Build:
    """Only the last day of what `build` spans."""
    return lambda year: (build(year)[1],) * 2


def first_part(build: Build, n_days: int) -> Build:
    """Only the first days of what `build` spans."""

    def cut(year: int) -> Span:
        start, end = build(year)
        return start, min(end, start + timedelta(days=n_days - 1))

    return cut


def fixed(span: Callable[[], Span]) -> Build:
    """A span that does not depend on the year (it was reckoned from today)."""
    return lambda _year: span()


def later(build: Build) -> Build:
    """The same days a week later."""

    def shifted(year: int) -> Span:
        start, end = build(year)
        return start + timedelta(weeks=1), end + timedelta(weeks=1)

    return shifted


def week(reference: date, shift: int) -> Span:
    """Monday to Sunday of the ISO week `shift` weeks away."""
    monday = reference - timedelta(days=reference.weekday()) + timedelta(weeks=shift)
    return monday, monday + timedelta(days=6)


def weekday(reference: date, number: int, shift: int | None) -> Span:
    """A day of the week (0 = Monday) in a week `shift` away; None: the next one, today included."""
    if shift is None:
        return (reference + timedelta(days=(number - reference.weekday()) % 7),) * 2
    return (week(reference, shift)[0] + timedelta(days=number),) * 2


def month_shifted(reference: date, shift: int) -> tuple[int, int]:
    """(year, month) of the month `shift` months away from the reference's."""
    index = reference.year * 12 + reference.month - 1 + shift
    return index // 12, index % 12 + 1


def day_of_month(reference: date, number: int) -> Span:
    """The next day with this number, today included; months that lack it are passed over."""
    for shift in range(3):
        year, month = month_shifted(reference, shift)
        if number <= calendar.monthrange(year, month)[1]:
            found = date(year, month, number)
            if found >= reference:
                return found, found
    raise ValueError(f"no day {number} near {reference}")


def settle(found: Iterable[Dated], slate: Slate) -> list[Mention]:
    """The mentions of the dates: windows joined, years found, directions (before, after) read.

    A date that cannot be resolved (relative without a reference, 31 November) has value None.
    """
    dates = sorted(found, key=lambda d: d.start)
    mentions: list[Mention] = []
    position = 0
    while position < len(dates):
        one = dates[position]
        joined = None
        if position + 1 < len(dates):
            joined = _join(one, dates[position + 1], slate)
        mentions.append(joined or _with_direction(one, slate))
        position += 2 if joined else 1
    return mentions


def _join(one: Dated, two: Dated, slate: Slate) -> Mention | None:
    between = slate.low[one.end : two.start]
    start = one.start
    if not _JOINED.fullmatch(between):
        before = _BETWEEN.search(slate.low, 0, one.start)
        if not (before and _AND.fullmatch(between)):
            return None
        start = before.start()
    if one.year is None and two.year:
        one = replace(one, year=two.year)
    elif two.year is None and one.year:
        two = replace(two, year=one.year)
    first, last = _resolve(one, slate.reference), _resolve(two, slate.reference)
    if first is None or last is None:
        return Mention(start, two.end, "date_range", None)
    if last[1] < first[0] and two.build:
        # "Friday to Monday" runs into the next week, "20 December to 5 January" into the next year.
        two_build = later(two.build) if two.year == 0 else two.build
        last = _span(two_build, last[1].year + 1)
    if last is None or last[1] < first[0]:
        return None
    return Mention(
        start, two.end, "date_range", (first[0], last[1]), None, one.approximate or two.approximate
    )


def _with_direction(dated: Dated, slate: Slate) -> Mention:
    start, end, unit = dated.start, dated.end, dated.unit
    if after := _AFTER_HAN.match(slate.low, end):
        end, unit = after.end(), "after"
    elif before := _BEFORE_HAN.match(slate.low, end):
        end, unit = before.end(), "before"
    elif direction := _DIRECTION.search(slate.low, max(0, start - _DIRECTION_CHARACTERS), start):
        start, unit = direction.start(), "after" if direction["after"] else "before"
    span = _resolve(dated, slate.reference)
    if span is None:
        return Mention(start, end, "date", None)
    if dated.is_day and span[0] == span[1]:
        return Mention(start, end, "date", span[0], unit, dated.approximate)
    return Mention(start, end, "date_range", span, unit, dated.approximate)


def _resolve(dated: Dated, reference: date | None) -> Span | None:
    if dated.build is None:
        return None
    if dated.year is not None:
        return _span(dated.build, dated.year)
    return None if reference is None else _nearest(dated.build, reference)


def _nearest(build: Build, reference: date) -> Span | None:
    around = [_span(build, reference.year + shift) for shift in (-1, 0, 1)]
    spans = [span for span in around if span is not None]
    for span in spans:
        if span[1] >= reference and (span[0] - reference).days <= _FORWARD_DAYS:
            return span
    return min(spans, key=lambda span: abs((span[0] - reference).days), default=None)


def _span(build: Build, year: int) -> Span | None:
    """What `build` gives; None where the calendar has no such day."""
    try:
        start, end = build(year)
    except (ValueError, OverflowError):
        return None
    return start, end
