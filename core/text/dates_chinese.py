"""Dates in Chinese words, and quarters (Q3), which both languages write alike.

"月底" and "年底" are read as the last day (approximate): that is what a deadline and a CRM close
date mean by them. 上旬/月初 are days 1-10, 中旬/月中 11-20, 下旬 21 to the end, as the calendar
divides.
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
from core.text.mentions import Mention, Slate
from core.text.numerals import parse_chinese

_N = "(?:\\d{1,2}|[一二三四五六七八九十]{1,3})"
_DIGIT_YEAR = "(?:19|20)\\d\\d|[零〇一二三四五六七八九]{4}"
_RELATIVE_YEAR = "今年|明年|来年|去年|后年|前年|本年|当年|同年"
_JOIN = r"\s*(?:到|至|[-–—~]+)\s*"
_MID = "中(?![国央心间型小文信标])"


def _year(tag: str) -> str:
    return (
        rf"(?:(?P<y{tag}>{_DIGIT_YEAR}|\d\d|[零〇一二三四五六七八九]{{2}})\s*年\s*"
        rf"|(?P<r{tag}>{_RELATIVE_YEAR})的?\s*)?"
    )


_MONTH = (
    rf"{_year('m')}(?:(?P<m0>{_N})\s*(?:月份?)?{_JOIN})?"
    rf"(?:(?P<m>{_N})\s*月份?|(?P<xm>上上个?|下下个?|上个?|下个?|这个?|本|当|次)月(?![光球]))"
    rf"(?:\s*(?P<d>{_N})\s*[日号](?:{_JOIN}(?P<d2>{_N})\s*[日号]?(?!\s*[月\d年个一二三四五六七八九十]))?"
    rf"(?:\s*\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?"
    rf"|\s*(?P<part>初|上旬|中旬|下旬|底|末|{_MID}))?(?P<MONTH>)"
)
_MONTH_PART = (
    rf"(?<![个每\d一二三四五六七八九十])月(?P<bp>初|中旬|上旬|下旬|底|末|{_MID})(?P<MONTHPART>)"
    r"|(?P<xun>[上中下]旬)(?P<TENDAYS>)"
)
_QUARTER = (
    rf"(?:(?P<qe>end)\s+of\s+)?{_year('q')}"
    r"(?:(?:(?P<qy>20\d\d)[-\s]?|fy\s?'?(?P<qf>(?:20)?\d\d)[\s-]*)?(?<![a-z])q(?P<q>[1-4])(?![\d.a-z])"
    r"(?:[\s,/'-]*(?:of\s+)?(?:(?P<qy2>20\d\d)(?!\d|\s*年)|(?:fy\s?|(?<='))(?P<qy3>\d\d(?:\d\d)?)(?!\d)"
    r"|(?P<qr>next|this|last)\s+year))?"
    r"|第(?P<qz>[一二三四1-4])个?季度?|(?P<qs>[一二三四1-4])季度"
    r"|(?P<xq>[上下这本当])个?季度|(?P<half>[上下])半年)的?(?P<qp>初|末|底)?(?P<QUARTER>)"
)
_YEAR = (
    rf"(?:(?P<yy>{_DIGIT_YEAR})\s*年|(?P<ry>{_RELATIVE_YEAR}))度?(?P<yp>年?[初底末]|年?{_MID}|之?内)?(?P<YEAR>)"
    rf"|(?<![每全半\d一二两三四五六七八九十百几近])年(?P<by>[初底末]|{_MID}(?!会)|内)(?P<YEAREND>)"
)
_EVERY = (
    r"(?:每个?(?:周|星期|礼拜)[一二三四五六日天末]?|每个?月(?:底|末|初|中|\d{1,2}[日号])?"
    r"|每年(?:年?[底末初])?|每个?季度)(?P<EVERY>)"
)
_WEEK = (
    r"(?:(?P<wk>上上|下下|[上下这本])一?个?|(?<![一二两三四五六七八九十几每\d个]))(?:周|星期|礼拜)"
    r"(?P<wd>[一二三四五六日天](?![\d年月周个次期])|末)(?P<WEEKDAY>)"
    r"|(?P<wp>上上|下下|[上下这本])一?个?(?:周|星期|礼拜)(?![边期])(?P<WEEK>)"
)
_DAY = (
    r"(?P<dw>大后天|大前天|今[天日晚早]|明[天日早晚](?!白)|(?<![以之今])后天|昨[天日晚]|(?<![目之以])前天)(?P<DAY>)"
    rf"|(?<![第年:.])(?P<dom>{_N})\s?(?:号(?![楼线机门厂仓库院店车床位码柜站井炉产令称召])|日(?![内间游常本]))(?P<DAYOFMONTH>)"
)
_CHINESE = re.compile(
    r"(?=[\d今明去后前来本同当上下这次第月年周星礼大昨每中qef零〇一二三四五六七八九十])"
    r"(?<![\d.])"
    rf"(?:{_MONTH}|{_EVERY}|{_QUARTER}|{_YEAR}|{_WEEK}|{_MONTH_PART}|{_DAY})"
)
_HINT = frozenset("年月日号季周期礼旬天今明昨qQ")

_YEAR_SHIFT = {"今年": 0, "本年": 0, "当年": 0, "同年": 0, "明年": 1, "来年": 1, "后年": 2}
_YEAR_SHIFT |= {"去年": -1, "前年": -2}
_SHIFT = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "次": 1, "下下": 2}
_DAY_SHIFT = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_ENGLISH_SHIFT = {"next": 1, "this": 0, "last": -1}
_WEEKDAYS = "一二三四五六日"


def read_chinese_dates(slate: Slate) -> list[Mention]:
    """Dates in Chinese words and quarters; values are None without a needed reference."""
    if _HINT.isdisjoint(slate.low):
        return []
    found: list[Dated] = []
    taken: list[Mention] = []
    for match in _CHINESE.finditer(slate.low):
        kind = match.lastgroup
        reader = _READERS.get(kind or "")
        dated = reader(match, slate.reference) if reader else None
        if dated:
            found.append(dated)
        elif kind == "EVERY":
            taken.append(Mention(*match.span(), "date", None))
    return settle(found, slate) + taken


def _number(numeral: str) -> int:
    """A small numeral; 0, which no calendar accepts, when it is none."""
    if numeral.isdigit():
        return int(numeral)
    return int(parse_chinese(numeral) or 0)


def _named_year(match: re.Match[str], tag: str, reference: date | None) -> tuple[bool, int | None]:
    """(whether it can be resolved, the year said or None when none was)."""
    said, relative = match[f"y{tag}"], match[f"r{tag}"]
    if said:
        year = _year_number(said)
        return year > 0, year
    if relative:
        return _years_away(reference, _YEAR_SHIFT[relative])
    return True, None


def _years_away(reference: date | None, shift: int) -> tuple[bool, int | None]:
    return (False, None) if reference is None else (True, reference.year + shift)


def _year_number(said: str) -> int:
    """Four or two digits in either notation; two digits belong to this century."""
    if said.isdigit():
        number = int(said)
    else:
        digits = "".join(str("零一二三四五六七八九".find(c.replace("〇", "零"))) for c in said)
        number = int(digits)
    return number + 2000 if number < 100 else number


def _month(match: re.Match[str], reference: date | None) -> Dated | None:
    known, year = _named_year(match, "m", reference)
    if match["xm"]:
        if reference is None:
            return Dated(*match.span(), None)
        year, number = month_shifted(reference, _SHIFT[match["xm"].rstrip("个")])
    else:
        number = _number(match["m"])
    if not 1 <= number <= 12:
        return None
    build, is_day, approximate = _within_month(match, number)
    return Dated(*match.span(), build if known else None, year, is_day, approximate)


def _within_month(match: re.Match[str], number: int) -> tuple[Build, bool, bool]:
    """(span of a year, whether it is one day, whether it is approximate)."""
    if match["d"]:
        first = _number(match["d"])
        if match["d2"]:
            return month_days(number, first or 99, _number(match["d2"]) or 99), False, False
        return day(number, first), True, False
    if match["part"]:
        return _part_of_month(match["part"], number)
    first_month = _number(match["m0"]) if match["m0"] else number
    if not 1 <= first_month <= 12:
        first_month = number
    return months(first_month, number), False, False


def _part_of_month(part: str, month: int) -> tuple[Build, bool, bool]:
    if part in ("底", "末"):
        return month_days(month, 0), True, True
    if part in ("初", "上旬"):
        return month_days(month, 1, 10), False, True
    if part == "下旬":
        return month_days(month, 21), False, True
    return month_days(month, 11, 20), False, True


def _bare_month_part(match: re.Match[str], reference: date | None) -> Dated:
    """月底 without a month: this month's, or the next one's when that part is over."""
    if reference is None:
        return Dated(*match.span(), None)
    part = match["bp"] or match["xun"]
    for shift in (0, 1):
        year, month = month_shifted(reference, shift)
        build, is_day, approximate = _part_of_month(part, month)
        if build(year)[1] >= reference:
            break
    return Dated(*match.span(), build, year, is_day, approximate)


def _quarter(match: re.Match[str], reference: date | None) -> Dated:
    known, year = _named_year(match, "q", reference)
    said = match["qy"] or match["qf"] or match["qy2"] or match["qy3"]
    if said:
        year = _year_number(said)
    if match["qr"]:
        known, year = _years_away(reference, _ENGLISH_SHIFT[match["qr"]])
    if match["xq"]:
        if reference is None:
            return Dated(*match.span(), None)
        year, month = month_shifted(reference, 3 * _SHIFT[match["xq"]])
        number = (month + 2) // 3
    else:
        number = _number(match["q"] or match["qz"] or match["qs"] or "0")
    build = quarter(number)
    if match["half"]:
        build = months(1, 6) if match["half"] == "上" else months(7, 12)
    return _ended(match, build if known else None, year, match["qp"] or match["qe"])


def _ended(match: re.Match[str], build: Build | None, year: int | None, part: str | None) -> Dated:
    """The whole span, its last day (底, 末, 内) or its first month (初)."""
    if part and build:
        if part[-1] == "初":
            return Dated(*match.span(), first_part(build, 31), year, False, True)
        if part[-1] == "中":
            return Dated(*match.span(), months(6, 7), year, False, True)
        unit = "before" if part[-1] == "内" else None
        return Dated(*match.span(), last_day(build), year, True, True, unit)
    return Dated(*match.span(), build, year)


def _whole_year(match: re.Match[str], reference: date | None) -> Dated:
    if match["yy"]:
        year: int | None = _year_number(match["yy"])
    elif reference is None:
        return Dated(*match.span(), None)
    else:
        year = reference.year + _YEAR_SHIFT[match["ry"]]
    return _ended(match, months(1, 12), year, match["yp"])


def _bare_year_part(match: re.Match[str], reference: date | None) -> Dated:
    """年底 is this year's; 年初 and 年中 are the nearest ones, forward first."""
    if reference is None:
        return Dated(*match.span(), None)
    year = None if match["by"] in ("初", "中") else reference.year
    return _ended(match, months(1, 12), year, match["by"])


def _weekday(match: re.Match[str], reference: date | None) -> Dated:
    if reference is None:
        return Dated(*match.span(), None)
    today = reference
    shift = _SHIFT[match["wk"]] if match["wk"] else None
    if match["wd"] == "末":
        return Dated(*match.span(), fixed(lambda: _weekend(today, shift or 0)), 0)
    number = _WEEKDAYS.index(match["wd"].replace("天", "日"))
    return Dated(*match.span(), fixed(lambda: weekday(today, number, shift)), 0, True)


def _weekend(reference: date, shift: int) -> tuple[date, date]:
    sunday = week(reference, shift)[1]
    return sunday - timedelta(days=1), sunday


def _week(match: re.Match[str], reference: date | None) -> Dated:
    if reference is None:
        return Dated(*match.span(), None)
    today, shift = reference, _SHIFT[match["wp"]]
    return Dated(*match.span(), fixed(lambda: week(today, shift)), 0)


def _day_word(match: re.Match[str], reference: date | None) -> Dated:
    if reference is None:
        return Dated(*match.span(), None)
    today, shift = reference, timedelta(days=_DAY_SHIFT[match["dw"][:-1]])
    return Dated(*match.span(), fixed(lambda: (today + shift, today + shift)), 0, True)


def _bare_day(match: re.Match[str], reference: date | None) -> Dated | None:
    number = _number(match["dom"])
    if not 1 <= number <= 31:
        return None
    if reference is None:
        return Dated(*match.span(), None)
    today = reference
    return Dated(*match.span(), fixed(lambda: day_of_month(today, number)), 0, True)


_READERS: dict[str, Callable[[re.Match[str], date | None], Dated | None]] = {
    "MONTH": _month,
    "MONTHPART": _bare_month_part,
    "TENDAYS": _bare_month_part,
    "QUARTER": _quarter,
    "YEAR": _whole_year,
    "YEAREND": _bare_year_part,
    "WEEKDAY": _weekday,
    "WEEK": _week,
    "DAY": _day_word,
    "DAYOFMONTH": _bare_day,
}
