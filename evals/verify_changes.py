"""One thing changed in a true sentence: what makes a claim false, kind by kind.

Each change is a function (sentence, language) → changed sentence, or None where the sentence has
nothing of the kind. They know nothing of the verifier: words are swapped as anyone would swap them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from evals.verify_material import draw

_DIGITS = re.compile(r"(?<![\dA-Za-z.,:/-])\d[\d,]*(?:\.\d+)?(?![\d:/-]|\.\d)")
_HAN_NUMBER = re.compile(
    r"(?<!第)[二两三四五六七八九十百千]+(?=[个万亿年天名位家条元块点种项次人])"
)
_NUMBER_WORD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty)\b", re.I
)
_WORD_SHIFT = {
    "two": "six", "three": "seven", "four": "nine", "five": "eight", "six": "three",
    "seven": "four", "eight": "five", "nine": "two", "ten": "twelve", "twenty": "seventy",
    "thirty": "ninety", "fifty": "forty",
}  # fmt: skip
_HAN_SHIFT = str.maketrans("二两三四五六七八九", "五六七九八三四二六")


def change_number(text: str, language: str) -> str | None:
    """Another value in the place of the first or last number."""
    found = [m for m in _DIGITS.finditer(text) if not _is_list_number(m, text)]
    if found:
        match = found[draw("n", text) % len(found)]
        return text[: match.start()] + _other(match.group()) + text[match.end() :]
    if language == "zh" and (han := _HAN_NUMBER.search(text)):
        other = han.group().translate(_HAN_SHIFT)
        if other == han.group():
            other = {"十": "三十", "百": "五百"}.get(other, "九" + other)
        return text[: han.start()] + other + text[han.end() :]
    if language == "en" and (word := _NUMBER_WORD.search(text)):
        return text[: word.start()] + _WORD_SHIFT[word.group().lower()] + text[word.end() :]
    return None


def _is_list_number(match: re.Match[str], text: str) -> bool:
    return match.start() == 0 and text[match.end() : match.end() + 1] in (".", "、", ")")


def _other(number: str) -> str:
    digits = list(number)
    places = [i for i, c in enumerate(digits) if c.isdigit()]
    at = places[draw("digit", number) % len(places)]
    step = 1 + draw("step", number) % 8
    digits[at] = str((int(digits[at]) + step) % 10)
    if digits[places[0]] == "0" and len(places) > 1 and at == places[0]:
        digits[at] = "7" if number[at] != "7" else "4"
    return "".join(digits)


_UNITS_ZH = (
    ("万元", "亿元"), ("亿", "万"), ("万", "亿"), ("美元", "欧元"), ("元", "美元"), ("%", "‰"),
    ("个月", "年"), ("年", "个月"), ("天", "周"), ("小时", "天"), ("分钟", "小时"), ("公里", "米"),
    ("米", "公里"), ("周", "个月"), ("千克", "吨"), ("名", "家"), ("位", "家"), ("平方", "立方"),
)  # fmt: skip
_UNITS_EN = (
    ("million", "billion"), ("billion", "million"), ("percent", "dollars"), ("$", "€"), ("%", "k"),
    ("dollars", "euros"), ("thousand", "million"), ("days", "weeks"), ("weeks", "months"),
    ("months", "years"), ("years", "months"), ("hours", "days"), ("minutes", "hours"),
    ("miles", "kilometers"), ("MW", "kW"), ("day", "month"), ("year", "week"), ("lbs", "kg"),
)  # fmt: skip


def change_unit(text: str, language: str) -> str | None:
    """Another unit, currency or magnitude beside a number."""
    for unit, other in _UNITS_ZH if language == "zh" else _UNITS_EN:
        if unit == "$":
            if match := re.search(r"\$(?=\s?\d)", text):
                return text[: match.start()] + other + text[match.end() :]
            continue
        before = (
            r"(\d|[一二两三四五六七八九十百千几])\s?" if language == "zh" else r"(\d|\b\w+)[\s-]?"
        )
        behind = "" if language == "zh" else r"(?!\w)"
        if language == "en":
            before = rf"((?:\d|\b(?:{'|'.join(_WORD_SHIFT)}))[\s-]?)"
        match = re.search(f"{before}{re.escape(unit)}{behind}", text)
        is_year = match and unit == "年" and re.search(r"[12]\d{3}\s?年", match.string)
        if match and not is_year:
            return text[: match.end() - len(unit)] + other + text[match.end() :]
    return None


_CODE = re.compile(r"\b(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Z][A-Za-z]*-?\d+[A-Za-z]?\b")
_NAME_EN = re.compile(
    r"(?<=[a-z,] )(?!I\b|I'|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)[A-Z][a-z]{2,}"
    r"(?: [A-Z][a-z]+)*"
)
_NAME_ZH = re.compile(
    r"(?<![\u4e00-\u9fff])[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]+)*|[\u4e00-\u9fff]总(?=[,，。说先的])"
)
_STAND_INS_EN = ("Whitfield", "Blackboard", "Novatek", "Harrington", "Denver", "Castellan")
_STAND_INS_ZH = {
    "nr": ("陈国梁", "魏明远", "沈月"), "ns": ("沈阳", "贵阳", "杭州"),
    "nt": ("金蝶", "东软集团", "浪潮"), "nz": ("金蝶", "用友", "浪潮"),
}  # fmt: skip


def change_name(text: str, language: str) -> str | None:
    """Another person, company, place, product or model number."""
    if match := _CODE.search(text):
        return text[: match.start()] + change_code(match.group()) + text[match.end() :]
    if language == "en":
        if match := _NAME_EN.search(text):
            other = _STAND_INS_EN[draw("name", text) % len(_STAND_INS_EN)]
            return text[: match.start()] + other + text[match.end() :]
        return None
    for word, tag in _tagged(text):
        if word in ("谢谢", "天冬"):
            continue
        if tag in _STAND_INS_ZH and len(word) >= 2:
            others = _STAND_INS_ZH[tag]
            return text.replace(word, others[draw("name", text) % len(others)])
    if match := _NAME_ZH.search(text):
        other = "曹总" if match.group().endswith("总") else "Novatek"
        return text[: match.start()] + other + text[match.end() :]
    return None


@cache
def _tagger() -> Callable[[str], list[tuple[str, str]]]:
    import logging

    import jieba
    import jieba.posseg as tagged

    jieba.setLogLevel(logging.WARNING)
    return lambda text: [(one.word, one.flag) for one in tagged.cut(text)]


def _tagged(text: str) -> list[tuple[str, str]]:
    return _tagger()(text)


def change_code(code: str) -> str:
    return re.sub(r"\d", lambda m: str((int(m.group()) + 3) % 10 or 5), code, count=1)


_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DATE_SWAPS_ZH: tuple[tuple[str, str], ...] = (
    ("今天", "明天"), ("明天", "后天"), ("昨天", "前天"), ("今年", "明年"), ("去年", "前年"),
    ("上周", "下周"), ("下周", "本周"), ("上个月", "下个月"), ("年底", "年初"), ("周末", "周三"),
)  # fmt: skip
_DATE_SWAPS_EN: tuple[tuple[str, str], ...] = (
    ("today", "yesterday"), ("tomorrow", "next month"), ("yesterday", "last week"),
    ("next week", "next month"), ("this week", "next week"), ("last week", "last month"),
    ("last year", "this year"), ("this year", "next year"), ("next year", "this year"),
)  # fmt: skip


def change_date(text: str, language: str) -> str | None:
    """Another day, month, year or weekday."""
    if language == "zh":
        if match := re.search(r"((?:19|20)\d\d)(?=\s?年)", text):
            return f"{text[: match.start()]}{int(match.group()) + 3}{text[match.end() :]}"
        if match := re.search(r"(?<!\d)(1[0-2]|[1-9])(?=\s?月)", text):
            return f"{text[: match.start()]}{int(match.group()) % 12 + 1}{text[match.end() :]}"
        if match := re.search(r"(?<=周)[一二三四五](?![\u4e00-\u9fff]?[年月周])", text):
            other = "二三四五一"["一二三四五".index(match.group())]
            return text[: match.start()] + other + text[match.end() :]
        swaps = _DATE_SWAPS_ZH
    else:
        for names in (_MONTHS, _WEEKDAYS):
            if match := re.search(rf"\b({'|'.join(names)})\b(?! be\b)", text):
                other = names[(names.index(match.group()) + 4) % len(names)]
                return text[: match.start()] + other + text[match.end() :]
        if match := re.search(r"\b(?:19|20)\d\d\b(?![,.]\d)", text):
            return f"{text[: match.start()]}{int(match.group()) - 2}{text[match.end() :]}"
        swaps = _DATE_SWAPS_EN
    for word, other in swaps:
        if match := re.search(rf"\b{word}\b" if language == "en" else word, text):
            return text[: match.start()] + other + text[match.end() :]
    return None


_DENIALS_ZH = (
    ("没有", "有"), ("无法", "可以"), ("不能", "能"), ("不会", "会"), ("不要", "要"),
    ("不是", "是"),
    ("尚未", "已经"), ("还没", "已经"), ("未能", "能够"), ("不可以", "可以"), ("不需要", "需要"),
    ("不允许", "允许"), ("从不", "经常"), ("不支持", "支持"),
)  # fmt: skip
_AFFIRMATIONS_ZH = (
    ("可以", "不可以"), ("可以", "无法"), ("需要", "不需要"), ("能够", "未能"), ("已经", "尚未"),
    ("会", "不会"), ("希望", "不希望"), ("有", "没有"), ("是", "不是"), ("能", "不能"),
    ("支持", "不支持"), ("要", "不要"),
)  # fmt: skip
_DENIALS_EN = (
    (r"\b(do|does|did) not ", ""), (r"\b(do|does|did)n't ", ""), (r"\bcan(?:not|'t| not)\b", "can"),
    (r"\bwon't\b", "will"), (r"\b(is|are|was|were|has|have|had|should|would|could)n't\b", r"\1"),
    (r"\b(is|are|was|were|has|have|had|will|would|should|could|must|may|am) not\b", r"\1"),
    (r"\bnever\b", "always"), (r"\bwithout\b", "with"), (r"\brefused to\b", "agreed to"),
    (r"\bunable to\b", "able to"), (r"\bno longer\b", "still"),
)  # fmt: skip
_AFFIRMATIONS_EN = (
    (r"\bcan\b", ("cannot", "can't")), (r"\bwill\b", ("will not", "won't")),
    (r"\b(is|are|was|were)\b", (r"\1 not", r"\1n't")),
    (r"\b(should|would|could)\b", (r"\1 not", r"\1n't")),
    (r"\b(have|has|had)\b(?= \w+(?:ed|en|ne|de)\b)", (r"\1 not", r"\1 never")),
    (r"\b(I|we|they|you)\b (?=need|want|like|think|know|have|agree|expect|believe)",
     (r"\1 do not ", r"\1 don't ", r"\1 never ")),
    (r"\bwith\b", ("without",)), (r"\bagreed to\b", ("refused to",)),
)  # fmt: skip


def remove_negation(text: str, language: str) -> str | None:
    if re.search(r"\?|？|吗|not only|不但|不仅", text):
        return None
    if language == "zh":
        for denial, affirmed in _DENIALS_ZH:
            if text.count(denial) == 1 and not re.search(
                f"{denial}[不没]|[有是能会要]{denial}", text
            ):
                return text.replace(denial, affirmed)
        return None
    for pattern, affirmed in _DENIALS_EN:
        if len(re.findall(pattern, text, re.I)) == 1:
            return re.sub(pattern, affirmed, text, flags=re.I)
    return None


def add_negation(text: str, language: str) -> str | None:
    if re.search(r"\?|？|吗|[不没未无]|\bnot\b|n't\b|\bnever\b|\bno\b", text):
        return None
    if language == "zh":
        fitting = [
            (w, d)
            for w, d in _AFFIRMATIONS_ZH
            if text.count(w) == 1
            and not re.search(
                f"[所只还但可总国都就老凡如若还社机协拥具富含稀主重]{w}|{w}(?:关|效|点|些|议|人|时|的是|员|求|紧|力|源)",
                text,
            )
        ]
        if not fitting:
            return None
        word, denial = fitting[draw("deny", text) % len(fitting)]
        return text.replace(word, denial)
    for pattern, denials in _AFFIRMATIONS_EN:
        if len(re.findall(pattern, text)) == 1:
            return re.sub(pattern, denials[draw("deny", text) % len(denials)], text)
    return None


_HEDGES_ZH = (
    ("可能会", "一定会"), ("可能", "肯定"), ("也许", "一定"), ("大概", "确定"),
    ("应该会", "一定会"),
    ("或许", "肯定"), ("有可能", "必然"), ("考虑", "决定"), ("希望能", "已经"), ("打算", "已经"),
)  # fmt: skip
_HEDGES_EN = (
    (r"\bmight\b", "will"), (r"\bmay\b(?! \d)", "will"), (r"\bcould\b", "will"),
    (r"\bprobably\b", "definitely"), (r"\b(?:perhaps|maybe)\b", "certainly"),
    (r"\bpossibly\b", "certainly"), (r"\bis likely to\b", "will"),
    (r"\bhope to\b", "will"), (r"\bconsidering\b", "committed to"),
)  # fmt: skip


def drop_hedge(text: str, language: str) -> str | None:
    if re.search(r"\?|？|吗|\bif\b|如果|\bIf\b", text):
        return None
    if language == "zh":
        for hedge, certain in _HEDGES_ZH:
            if text.count(hedge) == 1 and f"不{hedge}" not in text and f"{hedge}性" not in text:
                return text.replace(hedge, certain)
        return None
    for pattern, certain in _HEDGES_EN:
        if len(re.findall(pattern, text, re.I)) == 1:
            return re.sub(pattern, certain, text, flags=re.I)
    return None


Change = Callable[[str, str], str | None]
CHANGES: dict[str, Change] = {
    "number": change_number,
    "unit": change_unit,
    "name": change_name,
    "date": change_date,
    "negation_added": add_negation,
    "negation_removed": remove_negation,
    "hedge": drop_hedge,
}
