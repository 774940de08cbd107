"""Dates in English words, halves of years and fiscal years.

A fiscal year is taken for the calendar year: which it is, no text says. "End of" is the last day
(approximate), as in Chinese; "end of the week" is its Friday.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from core.text.calendars import (
    Build,
    Dated,
    day,
    day_of_month,
    first_part,
    fixed,
    last_day,
    month_days,
    month_shifted,
    months,
    quarter,
    settle,
    week,
    weekday,
)
from core.text.date_words import (
    HINT,
    MONTHS,
    ORDINALS,
    PERIOD_END,
    SHIFT,
    TO_MONTH,
    WEEKDAYS,
    WORDED,
    ordinal_day,
)
from core.text.mentions import Mention, Slate
from core.text.numerals import parse_english

# Words that are names of months only after one of these, or with a day or a year.
_MONTH_CONTEXT = re.compile(
    r"(?<![a-z])(?:in|by|until|till|since|this|next|last|of|from|to|through|before|after|for|during"
    r"|around|late|early|mid|between|and|or)[\s-]+\Z"
)


_DAY_BEFORE = re.compile(r"(?<![a-z])(?:on|by|until|before|after)\s+\Z")


def read_english_dates(slate: Slate) -> list[Mention]:
    """Dates in English words; values are None without a needed reference."""
    if not HINT.search(slate.low):
        return []
    found: list[Dated] = []
    taken: list[Mention] = []
    for match in WORDED.finditer(slate.low):
        kind = match.lastgroup or ""
        if kind == "WEEKDAY" and (match["every"] or match["wds"]):
            taken.append(Mention(*match.span(), "date", None))
        elif dated := _READERS[kind](match, slate):
            found.append(dated)
    return settle(found, slate) + taken


def _month_number(name: str) -> int:
    return MONTHS.index(name[:3]) + 1


def _said_year(match: re.Match[str], tag: str, today: date | None) -> tuple[bool, int | None]:
    """(whether it can be resolved, the year said or None when none was)."""
    if match[f"y{tag}"]:
        return True, int(match[f"y{tag}"])
    if match[f"s{tag}"]:
        return True, 2000 + int(match[f"s{tag}"])
    if match[f"r{tag}"]:
        return (True, today.year + SHIFT[match[f"r{tag}"]]) if today else (False, None)
    return True, None


def _day_and_month(match: re.Match[str], slate: Slate) -> Dated | None:
    tag = "1" if match.lastgroup == "DM" else "2"
    name = match[f"mon{tag}"]
    known, year = _said_year(match, tag, slate.reference)
    is_certain = bool(match[f"o{tag}"] or (tag == "1" and match["of1"]) or year)
    # "the 2 may differ" is no date.
    at = match.start(f"mon{tag}")
    if name in ("may", "mar", "march") and slate.text[at].islower() and not is_certain:
        return None
    month, first = _month_number(name), int(match[f"d{tag}"])
    if match[f"e{tag}"]:
        build = month_days(month, first or 99, int(match[f"e{tag}"]) or 99)
        return Dated(*match.span(), build if known else None, year)
    return Dated(*match.span(), day(month, first) if known else None, year, True)


def _spoken_day(match: re.Match[str], slate: Slate) -> Dated:
    tag = "0" if match.lastgroup == "MW" else "9"
    known, year = _said_year(match, tag, slate.reference)
    built = day(_month_number(match[f"mon{tag}"]), ordinal_day(match[f"w{tag}"]))
    return Dated(*match.span(), built if known else None, year, True)


def _month(match: re.Match[str], slate: Slate) -> Dated | None:
    known, year = _said_year(match, "3", slate.reference)
    name, at = match["mon3"].rstrip("."), match.start("mon3")
    context = match["edge3"] or match["rel3"] or year
    if not context:
        context = _MONTH_CONTEXT.search(slate.low, max(0, at - 12), at)
        is_plain = len(name) > 3 and name != "march"
        is_plain = is_plain or TO_MONTH.match(slate.low, match.end()) is not None
        if not context and not (is_plain and slate.text[at].isupper()):
            return None
    if slate.text[at].islower() and name in ("may", "mar", "march", "dec", "sun") and not context:
        return None
    number = _month_number(name)
    build, is_day = months(number, number), False
    if match["edge3"]:
        build, is_day = _edge_of_month(match["edge3"], number)
    end = match.end() if year else match.start("mon3") + len(name)
    if match["rel3"] == "last" and slate.reference and year is None:
        today = slate.reference
        year = today.year - (number >= today.month)
    return Dated(match.start(), end, build if known else None, year, is_day, bool(match["edge3"]))


def _edge_of_month(edge: str, month: int) -> tuple[Build, bool]:
    if "end" in edge or "close" in edge:
        return month_days(month, 0), True
    if "mid" in edge:
        return month_days(month, 11, 20), False
    return (month_days(month, 21) if "late" in edge else month_days(month, 1, 10)), False


def _edge(match: re.Match[str], edge: str, build: Build | None, year: int | None) -> Dated:
    """The last day, the middle or the first month of a longer span."""
    if build is None or not edge:
        return Dated(*match.span(), build, year)
    if "end" in edge or "close" in edge:
        return Dated(*match.span(), last_day(build), year, True, True)
    cut = _first(build)
    if "mid" in edge:
        cut = _middle(build)
    elif "late" in edge:
        cut = _final(build)
    return Dated(*match.span(), cut, year, False, True)


def _middle(build: Build) -> Build:
    """The middle: 11-20 of a month, June and July of a year, Wednesday of a week."""

    def cut(year: int) -> tuple[date, date]:
        start, end = build(year)
        n_days = (end - start).days + 1
        if n_days > 300:
            return date(start.year, 6, 1), date(start.year, 7, 31)
        if n_days <= 7:
            return (start + timedelta(days=2),) * 2
        return start + timedelta(days=n_days // 3), start + timedelta(days=2 * n_days // 3 - 1)

    return cut


def _first(build: Build) -> Build:
    """Monday and Tuesday of a week, 1-10 of a month, the first month of what is longer."""

    def cut(year: int) -> tuple[date, date]:
        start, end = build(year)
        n_days = (end - start).days + 1
        return first_part(build, 2 if n_days <= 7 else 10 if n_days <= 31 else 31)(year)

    return cut


def _final(build: Build) -> Build:
    """The last third; of a week, its Thursday and Friday."""

    def cut(year: int) -> tuple[date, date]:
        start, end = build(year)
        n_days = (end - start).days + 1
        if n_days <= 7:
            return start + timedelta(days=3), start + timedelta(days=4)
        return start + timedelta(days=2 * n_days // 3), end

    return cut


def _quarter(match: re.Match[str], slate: Slate) -> Dated:
    known, year = _said_year(match, "4", slate.reference)
    build = quarter(ORDINALS[match["q"]]) if known else None
    return _edge(match, match["edge4"] or "", build, year)


def _half(match: re.Match[str], slate: Slate) -> Dated:
    if match.lastgroup == "YH":
        number, year, known = int(match["hn2"]), int(match["hy"]), True
    else:
        tag = "7" if match.lastgroup == "HN" else "5"
        known, year_or_none = _said_year(match, tag, slate.reference)
        if tag == "5" and year_or_none is None:
            known, year_or_none = _said_year(match, "6", slate.reference)
        number = int(match["hn"]) if tag == "7" else ORDINALS[match["h"]]
        return Dated(*match.span(), _half_year(number) if known else None, year_or_none)
    return Dated(*match.span(), _half_year(number), year)


def _half_year(number: int) -> Build:
    return months(1, 6) if number == 1 else months(7, 12)


def _fiscal_year(match: re.Match[str], _slate: Slate) -> Dated:
    year = int(match["fy"])
    build = quarter(int(match["fq"])) if match["fq"] else months(1, 12)
    return _edge(match, match["fye"] or "", build, year + 2000 if year < 100 else year)


def _period(match: re.Match[str], slate: Slate) -> Dated:
    """next quarter, this week, end of the month, year end."""
    kind = match.lastgroup
    edge, shift = "", 0
    if kind == "PART":
        edge, period = match["edge8"], match["per8"]
        shift = SHIFT[match["rel8"] or "the"]
    elif kind == "PERIOD":
        period, shift = match["per9"], SHIFT[match["rel9"]]
    else:
        edge = "end"
        period = match["ye"] if kind == "END" else PERIOD_END[match["eo"]]
    if slate.reference is None:
        return Dated(*match.span(), None)
    return _edge(match, edge, _period_span(slate.reference, period, shift, edge), 0)


def _period_span(today: date, period: str, shift: int, edge: str) -> Build:
    if period == "week":
        # A week ends on Friday where it is a deadline.
        cut = timedelta(days=2 if "end" in edge else 0)
        return fixed(lambda: (week(today, shift)[0], week(today, shift)[1] - cut))
    if period == "month":
        year, month = month_shifted(today, shift)
        return fixed(lambda: months(month, month)(year))
    if period == "quarter":
        year, month = month_shifted(today, 3 * shift)
        return fixed(lambda: quarter((month + 2) // 3)(year))
    return fixed(lambda: months(1, 12)(today.year + shift))


def _year_only(match: re.Match[str], _slate: Slate) -> Dated:
    if match.lastgroup == "YW":
        # "twenty twenty-seven", as years are spoken.
        return Dated(
            *match.span(), months(1, 12), 2020 + int(parse_english(match["yw"] or "") or 0)
        )
    if match.lastgroup == "YPART":
        return _edge(match, match["edgey"], months(1, 12), int(match["yy"]))
    return Dated(*match.span(), months(1, 12), int(match["yo"]))


def _day_word(match: re.Match[str], slate: Slate) -> Dated:
    if slate.reference is None:
        return Dated(*match.span(), None)
    today, word = slate.reference, match["dw"]
    shift = 1 if word == "tomorrow" else -1 if word == "yesterday" else 0
    if "day " in word:
        shift = 2 if "after" in word else -2
    return Dated(*match.span(), fixed(lambda: (today + timedelta(days=shift),) * 2), 0, is_day=True)


def _weekday(match: re.Match[str], slate: Slate) -> Dated | None:
    said = match["rel0"] or match["wk"]
    name = match["wd"]
    # "sat" and "sun" are words; only the whole name of a day may stand alone.
    if not said and not (name.endswith("day") and slate.text[match.start("wd")].isupper()):
        return None
    if slate.reference is None:
        return Dated(*match.span(), None)
    today = slate.reference
    shift = SHIFT[match["wk"] or match["rel0"]] if said and said != "coming" else None
    number = WEEKDAYS.index(name[:3])
    return Dated(*match.span(), fixed(lambda: weekday(today, number, shift)), 0, True)


def _bare_day(match: re.Match[str], slate: Slate) -> Dated | None:
    number = int(match["dom"]) if match["dom"] else ordinal_day(match["domw"])
    before = _DAY_BEFORE.search(slate.low, max(0, match.start() - 8), match.start())
    # "the first" and "the second" count other things unless something happens on or by them.
    if match["domw"] and number <= 10 and not before:
        return None
    if not 1 <= number <= 31:
        return None
    if slate.reference is None:
        return Dated(*match.span(), None)
    today = slate.reference
    return Dated(*match.span(), fixed(lambda: day_of_month(today, number)), 0, True)


_READERS: dict[str, Callable[[re.Match[str], Slate], Dated | None]] = {
    "DM": _day_and_month,
    "MD": _day_and_month,
    "MW": _spoken_day,
    "WM": _spoken_day,
    "M": _month,
    "Q": _quarter,
    "H": _half,
    "HN": _half,
    "YH": _half,
    "FY": _fiscal_year,
    "PART": _period,
    "PERIOD": _period,
    "END": _period,
    "EO": _period,
    "YPART": _year_only,
    "Y": _year_only,
    "YW": _year_only,
    "DAY": _day_word,
    "WEEKDAY": _weekday,
    "DOM": _bare_day,
}
