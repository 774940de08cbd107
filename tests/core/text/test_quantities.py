"""Numbers, money, percentages, durations, codes and times in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.numerals import parse_chinese, parse_english
from core.text.quantities import Quantity, find_quantities

_TODAY = date(2026, 11, 4)


def _found(text: str) -> list[tuple[str, str, str | None]]:
    return [(q.kind, str(q.value), q.unit) for q in find_quantities(text, reference=_TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("预算48万", "480000"),
        ("预算４８万", "480000"),
        ("预算4\u200b8万", "480000"),
        ("48 万", "480000"),
        ("48w预算", "480000"),
        ("四十八万", "480000"),
        ("四百八十点五万", "4805000"),
        ("1.2亿", "120000000"),
        ("1亿2000万", "120000000"),
        ("3万5千", "35000"),
        ("两千三", "2300"),
        ("三百五", "350"),
        ("一万二", "12000"),
        ("一百零五", "105"),
        ("二十三", "23"),
        ("一万亿", "1000000000000"),
        ("三百万", "3000000"),
        ("半个亿", "50000000"),
        ("十万一套", "100000"),
        ("三万一年", "30000"),
        ("1,234,567.80", "1234567.8"),
        ("480k", "480000"),
        ("1.2 million", "1200000"),
        ("2.5bn", "2500000000"),
        ("forty-eight thousand", "48000"),
        ("four hundred eighty thousand", "480000"),
        ("four hundred and eighty thousand", "480000"),
        ("one point two million", "1200000"),
        ("one and a half million", "1500000"),
        ("half a million", "500000"),
        ("a quarter million", "250000"),
        ("twelve", "12"),
        ("a dozen", "12"),
        ("two hundred", "200"),
    ],
)
def test_a_number_is_read_in_any_notation(text: str, value: str) -> None:
    assert _found(text) == [("number", value, None)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("¥480,000", "480000", "CNY"),
        ("￥48万", "480000", "CNY"),
        ("RMB 480k", "480000", "CNY"),
        ("CNY 1,234,567.80", "1234567.8", "CNY"),
        ("48万元", "480000", "CNY"),
        ("48万元人民币", "480000", "CNY"),
        ("人民币30万元", "300000", "CNY"),
        ("三百块", "300", "CNY"),
        ("50块钱", "50", "CNY"),
        ("20260901元", "20260901", "CNY"),
        ("4000000000元", "4000000000", "CNY"),
        ("两块五", "2.5", "CNY"),
        ("壹拾万元整", "100000", "CNY"),
        ("480k yuan", "480000", "CNY"),
        ("$1.2m", "1200000", "USD"),
        ("US$3.5 million", "3500000", "USD"),
        ("12 USD", "12", "USD"),
        ("100美元", "100", "USD"),
        ("一百万美金", "1000000", "USD"),
        ("half a million dollars", "500000", "USD"),
        ("€20", "20", "EUR"),
        ("30 EUR", "30", "EUR"),
        ("20€", "20", "EUR"),
        ("四十欧元", "40", "EUR"),
        ("£5k", "5000", "GBP"),
        ("10 GBP", "10", "GBP"),
        ("HK$300", "300", "HKD"),
        ("三百港币", "300", "HKD"),
        ("500 yen", "500", "JPY"),
        ("500日元", "500", "JPY"),
    ],
)
def test_money_has_an_iso_currency_and_a_bare_yen_sign_is_yuan(
    text: str, value: str, unit: str
) -> None:
    assert _found(text) == [("money", value, unit)]
    assert find_quantities(text, reference=None)[0].text in text


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("15%", "15", None),
        ("１５％", "15", None),
        ("15 pct", "15", None),
        ("15 per cent", "15", None),
        ("fifteen percent", "15", None),
        ("百分之十五", "15", None),
        ("百分之三点五", "3.5", None),
        ("百分之百", "100", None),
        ("千分之三", "0.3", None),
        ("3‰", "0.3", None),
        ("一成五", "15", None),
        ("三成", "30", None),
        ("打八折", "80", "zhe"),
        ("八五折", "85", "zhe"),
        ("9.5折", "95", "zhe"),
        ("75折", "75", "zhe"),
        ("对折", "50", "zhe"),
        ("20% off", "20", "off"),
        ("5个百分点", "5", "point"),
        ("50 basis points", "0.5", "point"),
        ("让5个点", "5", None),
        ("half of the budget", "50", None),
        ("四分之三", "75", None),
        ("3/4 of them", "75", None),
    ],
)
def test_percentages_fractions_and_discounts_are_in_hundredths(
    text: str, value: str, unit: str | None
) -> None:
    assert _found(text) == [("percent", value, unit)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("半年", "6", "month"),
        ("两年半", "30", "month"),
        ("三个月", "3", "month"),
        ("三个半月", "3.5", "month"),
        ("两个季度", "6", "month"),
        ("two and a half years", "30", "month"),
        ("half a year", "6", "month"),
        ("a year and a half", "18", "month"),
        ("3-year contract", "36", "month"),
        ("两周", "14", "day"),
        ("a two-week pilot", "14", "day"),
        ("30-day trial", "30", "day"),
        ("within a week", "7", "day"),
        ("3日内", "3", "day"),
        ("5个工作日", "5", "workday"),
        ("five business days", "5", "workday"),
        ("24h", "86400", "second"),
        ("一个半小时", "5400", "second"),
        ("十分钟", "600", "second"),
    ],
)
def test_a_duration_is_in_months_days_workdays_or_seconds(text: str, value: str, unit: str) -> None:
    assert _found(text) == [("duration", value, unit)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("30到50万元", ["300000 CNY", "500000 CNY"]),
        ("$10-15k", ["10000 USD", "15000 USD"]),
        ("500到1万", ["500 None", "10000 None"]),
        ("10-15%", ["10 None", "15 None"]),
        ("百分之十到十五", ["10 None", "15 None"]),
        ("3-5个工作日", ["3 workday", "5 workday"]),
        ("2 to 3 weeks", ["14 day", "21 day"]),
        ("三五天", ["3 day", "5 day"]),
        ("三四十万", ["300000 None", "400000 None"]),
    ],
)
def test_a_range_shares_its_scale_and_unit(text: str, values: list[str]) -> None:
    assert [f"{value} {unit}" for _, value, unit in _found(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "给我看一下，我们一起统一口径，第一时间反馈",
        "万一不行，千万别急，十分感谢，唯一一个问题",
        "三星和四川一样，一直一般，之一，统一台账，一次性，一部分",
        "第三次，第二十家，百度，百货，万能，千克",
        "几十万，十几万，一方面，一些，一点，一切",
        "双十一活动，十一黄金周，2号楼3号线",
        "one of them, no one, two-factor, one-on-one, the first, someone, often",
        "May I march on? The second point is on Sat night.",
        "电话13812345678或 +86 138-1234-5678, 400-800-1234, 021-56781234",
        "call (415) 555-1234 or +1 415-555-1234",
        "see https://a.com/2024/12?x=5 and tom5@x9.cn or shop24.com/7",
        "the 24th floor, a weekend, 0519-5550-0111",
        "每周三例会，每个月底，every Friday, Mondays",
        "卡号6222****1234",
    ],
)
def test_words_that_hold_numerals_are_no_quantities(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("PLC-1200", "PLC-1200"),
        ("西门子S7-1500控制器", "S7-1500"),
        ("6ES7215-1AG40-0XB0", "6ES7215-1AG40-0XB0"),
        ("ISO 9001", "ISO 9001"),
        ("iso9001", "ISO9001"),
        ("ISO/IEC 27001:2022", "ISO/IEC 27001:2022"),
        ("GB/T 22239-2019", "GB/T 22239-2019"),
        ("SOC 2", "SOC 2"),
        ("等保三级", "等保三级"),
        ("等保2.0", "等保2.0"),
        ("v2.3", "V2.3"),
        ("version 2.3.1", "VERSION 2.3.1"),
        ("5G", "5G"),
        ("COVID-19", "COVID-19"),
        ("B2B", "B2B"),
        ("24/7", "24/7"),
        ("7x24", "7X24"),
        ("192.168.0.1", "192.168.0.1"),
        ("No. 5", "NO. 5"),
        ("phase 2", "PHASE 2"),
        ("SAP S/4HANA", "S/4HANA"),
        ("SOC two", "SOC TWO"),
        ("c9185734-35de-5fda-bdcb-4be22c527c74", "C9185734-35DE-5FDA-BDCB-4BE22C527C74"),
    ],
)
def test_model_numbers_and_standards_are_codes(text: str, value: str) -> None:
    assert _found(text) == [("code", value, None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14:30", "14:30"),
        ("9：05", "09:05"),
        ("下午三点", "15:00"),
        ("下午3点半", "15:30"),
        ("3pm", "15:00"),
        ("下午 3:00", "15:00"),
        ("09:30:00+08:00", "09:30"),
        ("3:30 p.m.", "15:30"),
        ("12am", "00:00"),
        ("三点一刻", "03:15"),
        ("14点30分", "14:30"),
        ("5 o'clock", "05:00"),
    ],
)
def test_times_of_day_are_no_numbers(text: str, value: str) -> None:
    assert _found(text) == [("time", value, None)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("12台设备", "set"), ("12 units", "set"), ("120个用户", None), ("120 users", "person")],
)
def test_a_count_keeps_what_is_counted(text: str, unit: str | None) -> None:
    assert [u for _, _, u in _found(text)] == [unit]


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("约48万", True),
        ("48万左右", True),
        ("四十多万", True),
        ("10多个", True),
        ("超过500家", True),
        ("about 500", True),
        ("more than $3 million", True),
        ("up to 30 days", True),
        ("三月底", True),
        ("48万", False),
        ("$3 million", False),
    ],
)
def test_estimates_and_bounds_are_approximate(text: str, approximate: bool) -> None:
    (quantity,) = find_quantities(text, reference=_TODAY)
    assert quantity.approximate is approximate


def test_spans_point_into_the_original_text() -> None:
    text = "客户说：预算\u200b４８\u200b万元\u200b，Ｎｏｖ ３ 前付 １５％。"
    found = find_quantities(text, reference=_TODAY)
    assert [(q.kind, q.text) for q in found] == [
        ("money", "４８\u200b万元"),
        ("date", "Ｎｏｖ ３ 前"),
        ("percent", "１５％"),
    ]
    assert all(text[q.start : q.end] == q.text for q in found)


def test_a_whole_sentence_is_read_in_order() -> None:
    text = "预算48万，试用11月2日到16日，12条产线，比竞品低15%，PLC-1200下周三下午三点前报价"
    assert [(q.kind, str(q.value)) for q in find_quantities(text, reference=_TODAY)] == [
        ("number", "480000"),
        ("date_range", str((date(2026, 11, 2), date(2026, 11, 16)))),
        ("number", "12"),
        ("percent", "15"),
        ("code", "PLC-1200"),
        ("date", "2026-11-11"),
        ("time", "15:00"),
    ]


_ALPHABET = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "0123456789０９零一二两三五十百千万亿半几多点分之成折元块¥$%年月日"
            "号周季度上下到至底初末,./-: aemkhqwQF第每个壹拾"
        ),
    ),
    max_size=60,
)
_WORDS = st.lists(
    st.sampled_from(
        "half a million two hundred and point dozen March May Nov 3rd 31 0 2026 Q3 FY27 end of next"
        " week Friday the to until 2-16 30/2 99/99 年 2月30日 0月 十三月 明年 第五季度 三五"
        " 百万 点五 百分之 一成 % k $ US$ v1 9:99 25点 31号 0号 the 0th of May on the 31st".split(
            " "
        )
    ),
    max_size=14,
).map(" ".join)


@given(
    st.one_of(_ALPHABET, _WORDS, _WORDS.map(lambda text: text.replace(" ", ""))),
    st.one_of(st.none(), st.dates()),
)
def test_no_text_and_no_day_raise_and_spans_are_disjoint(text: str, day: date | None) -> None:
    position = 0
    for quantity in find_quantities(text, reference=day):
        assert position <= quantity.start < quantity.end <= len(text)
        assert quantity.text == text[quantity.start : quantity.end]
        assert quantity.text == quantity.text.strip()
        position = quantity.end


@given(st.integers(10, 10**9))
def test_every_chinese_numeral_is_read_back(number: int) -> None:
    assert parse_chinese(_chinese(number)) == number


def _chinese(number: int) -> str:
    """The standard reading of a number below 10^12, as schools teach it."""
    text, gap = "", False
    for scale, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section, number = divmod(number, scale)
        if section:
            text += ("零" if text and (gap or section < 1000) else "") + _section(section) + unit
        gap = bool(text) and not section
    return text


def _section(number: int) -> str:
    text, gap = "", False
    for scale, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if text and gap else "") + "零一二三四五六七八九"[digit] + unit
        gap = not digit
    return text


@pytest.mark.parametrize("text", ["", "三五", "abc", "点五", "三点", "三点五六七十"])
def test_what_is_no_chinese_numeral_is_none(text: str) -> None:
    assert parse_chinese(text) is None


def test_digit_strings_and_words_are_numbers() -> None:
    assert parse_chinese("二〇二六") == 2026
    assert parse_english("two hundred and five") == 205
    assert parse_english("one two banana") is None


def test_a_quantity_is_a_value() -> None:
    (one,) = find_quantities("48万", reference=None)
    assert one == Quantity("number", Decimal(480000), None, 0, 3, "48万", False)
