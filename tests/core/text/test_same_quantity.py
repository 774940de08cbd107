"""Which quantities say the same in two notations."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.quantities import Quantity, find_quantities, same_quantity

_TODAY = date(2026, 11, 4)


def _one(text: str) -> Quantity:
    (quantity,) = find_quantities(text, reference=_TODAY)
    return quantity


_EQUAL = """
48万 | 480,000
48万 | four hundred eighty thousand
48万 | 四十八万
48万 | 480k
４８万 | 48 万
48万 | 48万元
480,000 | ¥480,000
48万元 | RMB 480k
48万元人民币 | CNY 480,000
人民币四十八万元 | ￥48万
1.2亿 | 120 million
一亿两千万 | 1.2亿
两千三 | 2,300
三百五 | 350
一万二 | 12000
半个亿 | 50 million
$1.2m | 1.2 million dollars
$1.2m | 一百二十万美元
US$3,500 | 三千五百美金
€20k | 两万欧元
£5k | 5,000 GBP
HK$300 | 三百港币
500 yen | 500日元
三百块 | 300元
两块五 | 2.5元
15% | 百分之十五
15% | fifteen percent
１５％ | 15 pct
15% | 一成五
15% | 15 per cent
30% | 三成
八折 | 80折
八折 | 20% off
八五折 | 85折
对折 | 50% off
三分之一 | one third
一半 | 50%
5个百分点 | 5 percentage points
千分之三 | 0.3%
让5个点 | 5%
半年 | six months
半年 | half a year
两周 | 14 days
两周 | two weeks
三个月 | 3 months
三个月 | one quarter
一年半 | 18 months
两年 | 24 months
24小时 | one day
48h | 两天
90 minutes | 一个半小时
5个工作日 | five business days
11月3日 | 2026-11-03
11月3号 | November 3
十一月三日 | the 3rd of November
2026/11/3 | 3 Nov 2026
明天 | November 5
下周三 | next Wednesday
11月3日前 | by November 3
11月3日前 | 11月3日
三月底 | end of March
三月底 | March 31
年底 | by year end
年底 | 12月31日
明年三月 | March 2027
明年三月 | in March next year
明年三月以后 | after March 2027
三季度 | Q3
明年一季度 | Q1 2027
明年一季度 | 2027年Q1
明年 | FY27
11月2日到16日 | Nov 2-16
11月2日到16日 | 2 to 16 November
2026-11-02至2026-11-16 | November 2 - 16, 2026
11月1日到30日 | 11月
下周 | next week
上个月 | October 2026
12台 | 12 units
120人 | 120 users
三倍 | 3x
12个 | twelve
ISO 9001 | ISO9001
SOC 2 | SOC two
v2 | version two
December eighteenth | 12月18日
等保三级 | 等保3级
等保三级 | 三级等保
s7-1500 | S7-1500
下午三点 | 3pm
14:30 | 14点30分
"""

_UNEQUAL = """
48万 | 4.8万
48万 | 48,000
48万 | 84万
48万元 | $480,000
$300 | HK$300
500日元 | 500元
48万台 | 48万元
15% | 1.5%
15% | 15
15% | 五成
八折 | 80% off
八折 | 20折
5个百分点 | 0.05%
半年 | 五个月
三个月 | 90 days
三个月 | 三月
两周 | 10 days
5个工作日 | 5 days
24小时 | 24天
11月3日 | 11月13日
11月3日 | 2027-11-03
明天 | 后天
11月10日 | 11月2日到16日
11月2日 | 11月2日到16日
11月2日到16日 | 11月2日到15日
明年三月 | 今年三月
明年三月 | 明年三月以后
明年三月以后 | by March 2027
11月3日前 | after November 3
三月底 | 三月初
三季度 | 四季度
Q1 2027 | Q1 2028
三月 | 一季度
12台 | 12人
120 users | 120 seats
三倍 | 三台
ISO 9001 | ISO 27001
等保三级 | 等保二级
v2.3 | 2.3
S7-1500 | S7-1200
下午三点 | 三点半
14:30 | 2:30
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in (line.split(" | ") for line in table.strip().splitlines())]


@pytest.mark.parametrize(("a", "b"), _pairs(_EQUAL))
def test_notations_of_one_quantity_are_the_same(a: str, b: str) -> None:
    assert same_quantity(_one(a), _one(b))
    assert same_quantity(_one(b), _one(a))


@pytest.mark.parametrize(("a", "b"), _pairs(_UNEQUAL))
def test_different_quantities_are_not_the_same(a: str, b: str) -> None:
    assert not same_quantity(_one(a), _one(b))
    assert not same_quantity(_one(b), _one(a))


@given(st.integers(100, 10**10))
def test_digits_with_and_without_separators_and_scales_are_the_same(number: int) -> None:
    plain = _one(f"共{number}元")
    assert same_quantity(plain, _one(f"¥{number:,}"))
    # Four places behind 万 write the number exactly.
    whole, rest = divmod(number, 10**4)
    assert same_quantity(plain, _one(f"{whole}.{rest:04d}万元"))


@given(st.dates(date(2026, 2, 1), date(2027, 8, 1)))
def test_a_day_is_the_same_in_both_languages(day: date) -> None:
    chinese = _one(f"{day.year}年{day.month}月{day.day}日")
    assert chinese.value == day
    assert same_quantity(chinese, _one(day.isoformat()))
    assert same_quantity(chinese, _one(f"{day:%B} {day.day}, {day.year}"))
    assert same_quantity(chinese, _one(f"{day.day} {day:%b} {day.year}"))
