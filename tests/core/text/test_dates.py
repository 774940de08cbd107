"""Dates and windows, absolute and relative to Wednesday, 4 November 2026."""

from datetime import date

import pytest

from core.text.quantities import find_quantities

_TODAY = date(2026, 11, 4)


def _days(text: str, reference: date | None = _TODAY) -> list[str]:
    found = []
    for quantity in find_quantities(text, reference=reference):
        value = quantity.value
        if isinstance(value, tuple):
            found.append(f"{value[0]}..{value[1]}")
        else:
            found.append(str(value))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03",
        "2026-11-03T00:00",
        "2026/11/3",
        "2026.11.3",
        "20261103",
        "11/3/2026",
        "03.11.2026",
        "2026年11月3日",
        "二〇二六年十一月三日",
        "11月3号",
        "11 月 3 日",
        "11月3日（周二）",
        "十一月三日",
        "今年11月3日",
        "11/3",
        "3 November 2026",
        "3-Nov-2026",
        "Nov 3",
        "Nov. 3rd",
        "November 3, 2026",
        "Tuesday, November 3",
        "the 3rd of November",
        "November third",
        "the third of November",
        "Tuesday 3 November.",
        "昨天",
        "yesterday",
        "本周二",
    ],
)
def test_the_third_of_november_is_read_in_any_notation(text: str) -> None:
    assert _days(text)[0] == "2026-11-03"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天", "2026-11-05"),
        ("后天", "2026-11-06"),
        ("大后天", "2026-11-07"),
        ("前天", "2026-11-02"),
        ("下周三", "2026-11-11"),
        ("下下周二", "2026-11-17"),
        ("本周五", "2026-11-06"),
        ("周五", "2026-11-06"),
        ("周二", "2026-11-10"),
        ("上周五", "2026-10-30"),
        ("16号", "2026-11-16"),
        ("17 号就提了", "2026-11-17"),
        ("December eighteenth", "2026-12-18"),
        ("by the twenty-ninth of January", "2027-01-29"),
        ("the 23rd", "2026-11-23"),
        ("三月底", "2027-03-31"),
        ("月底", "2026-11-30"),
        ("年底", "2026-12-31"),
        ("明年年底", "2027-12-31"),
        ("二月底", "2027-02-28"),
        ("12/20", "2026-12-20"),
        ("20/12", "2026-12-20"),
        ("tomorrow", "2026-11-05"),
        ("the day after tomorrow", "2026-11-06"),
        ("next Wednesday", "2026-11-11"),
        ("this Friday", "2026-11-06"),
        ("Friday next week", "2026-11-13"),
        ("on the 16th", "2026-11-16"),
        ("end of March", "2027-03-31"),
        ("by year end", "2026-12-31"),
        ("by the end of the year", "2026-12-31"),
        ("EOY", "2026-12-31"),
        ("end of next month", "2026-12-31"),
        ("end of the week", "2026-11-06"),
        ("end of Q1 2027", "2027-03-31"),
        ("Q1末", "2027-03-31"),
    ],
)
def test_a_relative_day_is_reckoned_from_the_reference(text: str, expected: str) -> None:
    assert _days(text) == [expected]
    assert find_quantities(text, reference=_TODAY)[0].kind == "date"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明年三月", "2027-03-01..2027-03-31"),
        ("三月份", "2027-03-01..2027-03-31"),
        ("2026年3月", "2026-03-01..2026-03-31"),
        ("26年3月", "2026-03-01..2026-03-31"),
        ("2027-03", "2027-03-01..2027-03-31"),
        ("in March", "2027-03-01..2027-03-31"),
        ("by March 2027", "2027-03-01..2027-03-31"),
        ("March of next year", "2027-03-01..2027-03-31"),
        ("last October", "2026-10-01..2026-10-31"),
        ("上个月", "2026-10-01..2026-10-31"),
        ("下个月", "2026-12-01..2026-12-31"),
        ("last month", "2026-10-01..2026-10-31"),
        ("月初", "2026-11-01..2026-11-10"),
        ("十一月中旬", "2026-11-11..2026-11-20"),
        ("3月下旬", "2027-03-21..2027-03-31"),
        ("mid-January", "2027-01-11..2027-01-20"),
        ("late March", "2027-03-21..2027-03-31"),
        ("Q1 2027", "2027-01-01..2027-03-31"),
        ("2027年Q1", "2027-01-01..2027-03-31"),
        ("明年Q1", "2027-01-01..2027-03-31"),
        ("Q1", "2027-01-01..2027-03-31"),
        ("一季度", "2027-01-01..2027-03-31"),
        ("第一季度", "2027-01-01..2027-03-31"),
        ("the first quarter of 2027", "2027-01-01..2027-03-31"),
        ("next quarter", "2027-01-01..2027-03-31"),
        ("下个季度", "2027-01-01..2027-03-31"),
        ("Q3", "2027-07-01..2027-09-30"),
        ("Q3 FY26", "2026-07-01..2026-09-30"),
        ("FY27", "2027-01-01..2027-12-31"),
        ("FY27 Q2", "2027-04-01..2027-06-30"),
        ("H1 2027", "2027-01-01..2027-06-30"),
        ("second half of the year", "2026-07-01..2026-12-31"),
        ("2027年上半年", "2027-01-01..2027-06-30"),
        ("明年", "2027-01-01..2027-12-31"),
        ("2027年", "2027-01-01..2027-12-31"),
        ("in 2027", "2027-01-01..2027-12-31"),
        ("the twenty twenty-seven budget", "2027-01-01..2027-12-31"),
        ("下周", "2026-11-09..2026-11-15"),
        ("next week", "2026-11-09..2026-11-15"),
        ("周末", "2026-11-07..2026-11-08"),
        ("11月2日到16日", "2026-11-02..2026-11-16"),
        ("11月2号-16号", "2026-11-02..2026-11-16"),
        ("十一月二日至十六日", "2026-11-02..2026-11-16"),
        ("11月2日至11月16日", "2026-11-02..2026-11-16"),
        ("Nov 2-16", "2026-11-02..2026-11-16"),
        ("Nov 2 – Nov 16", "2026-11-02..2026-11-16"),
        ("2 to 16 November", "2026-11-02..2026-11-16"),
        ("November 2 - 16, 2026", "2026-11-02..2026-11-16"),
        ("from November 2 until November 16", "2026-11-02..2026-11-16"),
        ("between November 2 and November 16", "2026-11-02..2026-11-16"),
        ("2026-11-02 to 2026-11-16", "2026-11-02..2026-11-16"),
        ("11/2-11/16", "2026-11-02..2026-11-16"),
        ("3月到5月", "2027-03-01..2027-05-31"),
        ("March to May", "2027-03-01..2027-05-31"),
        ("12月20日到1月5日", "2026-12-20..2027-01-05"),
        ("周一到周五", "2026-11-09..2026-11-13"),
        ("2025年11月2日到12月3日", "2025-11-02..2025-12-03"),
    ],
)
def test_months_quarters_and_windows_are_ranges(text: str, expected: str) -> None:
    assert _days(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7月", "2027-07-01..2027-07-31"),
        ("9月", "2026-09-01..2026-09-30"),
        ("8月4日", "2027-08-04"),
        ("8月6日", "2026-08-06"),
        ("11月4日", "2026-11-04"),
        ("11月", "2026-11-01..2026-11-30"),
    ],
)
def test_a_date_without_year_looks_nine_months_forward_then_to_the_nearest(
    text: str, expected: str
) -> None:
    assert _days(text) == [expected]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("明年三月以后", "after"),
        ("after March next year", "after"),
        ("11月3日之前", "before"),
        ("by November 3", "before"),
        ("三月起", "after"),
        ("since March", "after"),
        ("年内", "before"),
        ("11月3日", None),
    ],
)
def test_a_date_says_whether_it_is_a_beginning_or_a_deadline(text: str, unit: str | None) -> None:
    assert find_quantities(text, reference=_TODAY)[0].unit == unit


@pytest.mark.parametrize(
    "text",
    ["明天", "下周三", "月底", "11月3日", "Nov 3", "next quarter", "12/20", "Friday", "16号"],
)
def test_without_a_reference_a_relative_date_is_left_out_and_leaves_no_number(text: str) -> None:
    assert find_quantities(text, reference=None) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-03", "2026-11-03"),
        ("2026年3月", "2026-03-01..2026-03-31"),
        ("Q1 2027", "2027-01-01..2027-03-31"),
        ("Nov 2 to Nov 16, 2026", "2026-11-02..2026-11-16"),
    ],
)
def test_an_absolute_date_needs_no_reference(text: str, expected: str) -> None:
    assert _days(text, None) == [expected]


@pytest.mark.parametrize("text", ["2026-02-30", "2月30日", "November 31", "2026年13月"])
def test_an_impossible_date_is_no_date(text: str) -> None:
    assert all(
        q.kind not in ("date", "date_range") for q in find_quantities(text, reference=_TODAY)
    )


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_do_not_raise(day: date) -> None:
    text = (
        "昨天 明天 去年 明年 上个月 下个月 上周 下周 月底 16号 Q3 next year last week 12/31 1月1日"
    )
    find_quantities(text, reference=day)
