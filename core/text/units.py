"""The words behind a numeral that say what it counts: currencies, durations, shares, measures.

Tables and the two patterns made of them, no behaviour; `core.text.amounts` reads with them.
"""

import re
from decimal import Decimal

_CURRENCY_WORDS = {
    "CNY": "¥ rmb cny yuan renminbi 元 块 块钱 人民币 元人民币 圆",
    "USD": "$ us$ usd dollar dollars bucks 美元 美金 美刀",
    "EUR": "€ eur euro euros 欧元",
    "GBP": "£ gbp pound pounds sterling 英镑",
    "HKD": "hk$ hkd 港币 港元",
    "JPY": "jpy yen 日元 日圆 円",
    "SGD": "s$ sgd 新币 新元 新加坡元",
    "TWD": "nt$ twd 台币 新台币",
    "KRW": "₩ krw won 韩元",
    "INR": "₹ inr rupees 卢比",
    "AUD": "a$ au$ aud 澳元 澳币",
    "CAD": "c$ ca$ cad 加元 加币",
    "CHF": "chf 瑞郎 瑞士法郎",
}
CURRENCIES = {word: code for code, words in _CURRENCY_WORDS.items() for word in words.split()}
CURRENCIES |= {"us dollars": "USD", "us dollar": "USD", "hong kong dollars": "HKD"}


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_PREFIXES = [w for w in CURRENCIES if re.search(r"[$¥€£₩₹]|^[a-z]{3}$|币|美元|欧元", w)]
MONEY_BEFORE = re.compile(rf"(?<![a-z])(?P<money>{_either(_PREFIXES)})\s*:?\s*\Z")
# What a currency before a number may end with: a cheap look before the pattern is tried.
MONEY_ENDS = tuple({word[-1] for word in _PREFIXES})
MONEY_CHARACTERS = 8

# 块 counts screens and batteries too; 元旦 and 元素 are other words.
_MONEY_WORDS = [w for w in CURRENCIES if w not in ("元", "块")]
_MONEY_AFTER = (
    rf"(?P<money>(?:{_either([w for w in _MONEY_WORDS if not re.match('[a-z$¥€£]', w)])})"
    rf"|(?:{_either([w for w in _MONEY_WORDS if re.match('[a-z$¥€£]', w)])})(?![a-z]|\s?\d)"
    r"|元(?![旦素件器年数宇])|块(?![屏板电硬地砖牌内工业蛋儿区显芯面模]))"
)

DURATION_WORDS: dict[str, tuple[str, Decimal]] = {}
for _unit, _factor, _words in (
    ("second", "0.001", "ms millisecond milliseconds 毫秒"),
    ("second", "1", "秒 秒钟 second seconds sec secs"),
    ("second", "60", "分钟 minute minutes min mins"),
    ("second", "3600", "小时 钟头 钟 hour hours hr hrs h"),
    ("workday", "1", "工作日 交易日 business_day business_days working_day working_days workdays"),
    ("day", "1", "天 日 自然日 day days"),
    ("day", "7", "周 星期 礼拜 week weeks wk wks"),
    ("day", "14", "fortnight fortnights"),
    ("month", "1", "月 month months mo mos"),
    ("month", "3", "季度 quarter quarters"),
    ("month", "12", "年 年头 year years yr yrs"),
):
    DURATION_WORDS |= {w.replace("_", " "): (_unit, Decimal(_factor)) for w in _words.split()}

_LATIN_DURATIONS = [w for w in DURATION_WORDS if w.isascii() and w != "h"]
_DURATION_AFTER = (
    r"(?P<duration>个?(?P<halves>半)?(?P<unit>工作日|交易日|自然日|天|日(?=之?内|以内|间)|周(?![一二三四五六日年边期])|星期(?![一二三四五六日])"
    r"|礼拜(?![一二三四五六日])|(?<=[个半])月|季度|年(?![级份代轻])|小时|钟头|(?<=个)钟(?![头表])|分钟|毫秒|秒钟?)(?P<more>半(?!载))?"
    rf"|[\s-]*(?P<latin>{_either(_LATIN_DURATIONS)})(?![a-z]|-\d)|(?P<hour>h)(?![a-z]))"
)

# Units that differ in meaning; every other measure word is kept but does not tell things apart.
COUNTED = {
    "person": "人 名 位 用户 员工 people persons users user employees staff",
    "seat": "席位 座席 坐席 seats seat licences licenses license licence",
    "set": "台 套 units unit sets set machines machine devices device",
    "firm": "家 companies firms",
    "fold": "倍 x × times",
    "gb": "gb g",
    "tb": "tb",
    "mb": "mb",
    "mbps": "mbps",
    "kg": "kg 公斤 千克",
    "ton": "吨 tons tonnes",
    "km": "km 公里 千米",
    "m": "米 metres meters",
    "m2": "平方米 平米 m2 sqm",
    "kw": "kw 千瓦",
    "kwh": "kwh 度电",
    "page": "页 pages page",
    "time": "次",
}
COUNT_WORDS = {word: unit for unit, words in COUNTED.items() for word in words.split()}
_MEASURES = (
    "个 条 件 项 份 款 种 批 组 间 层 辆 张 部 支 只 根 座 栋 吨 斤 亩 升 毫升 兆 核 节点"
    " 账号 客户 门店 工厂 产线 期 轮 级 折 步 场 门 道 笔 单 箱 盒 瓶 公里 厘米 毫米 路 点"
).split()
_HAN_UNITS = [w for w in [*COUNT_WORDS, *_MEASURES] if not w.isascii()]
_LATIN_UNITS = [w for w in COUNT_WORDS if w.isascii()]
_UNIT_AFTER = (
    rf"(?P<count>(?:{_either(_HAN_UNITS)})(?!月)|[\s-]*(?:{_either(_LATIN_UNITS)})(?![a-z0-9]))"
)

_PERCENT_AFTER = (
    r"\s?(?P<percent>%|percent(?![a-z])|per\s?cent(?![a-z])|pct(?![a-z])|‰|个?百分点"
    r"|percentage points?|pp(?![a-z])|个点(?!位)|bps(?![a-z])|basis points?|个?基点)"
)
_TENTHS_AFTER = (
    r"(?P<cheng>成(?P<fifth>[一二三四五六七八九半])?(?![功本交员立果为长熟都品型群不就分绩是会要得效]))"
    r"|(?P<zhe>折(?![叠旧算扣腾磨射合损中]))"
)
AFTER = re.compile(
    rf"(?P<many>[多余来](?=\s?[%元块个台家人套天年月周名位条项次件小工美欧]))?"
    rf"(?:{_PERCENT_AFTER}|{_TENTHS_AFTER}"
    rf"|\s?{_MONEY_AFTER}(?P<jiao>[一二三四五六七八九半](?![\d个只台套件支箱盒位条张年月天次吨斤公平百千万一二三四五六七八九]))?"
    rf"|\s?{_DURATION_AFTER}|\s?{_UNIT_AFTER})"
)
