"""Numerals in digits, Chinese characters and English words, as exact decimals.

Three notations of one number have to compare equal: 48万, 四十八万, "four hundred eighty
thousand". Colloquial Chinese drops the last unit (两千三 = 2300, 三百五 = 350), so a digit after
百, 千, 万 or 亿 without 零 counts a tenth of that unit.
"""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "廿": 2}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10**4, "亿": 10**8}
# The capital numerals of contracts and cheques.
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")

_ENGLISH_SMALL = {
    word: i
    for i, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_ENGLISH_TENS = {
    word: 10 * i
    for i, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_ENGLISH_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "couple": Decimal(2)}
_LATIN_SCALES = {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mm": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "hundred": 100,
    "dozen": 12,
    **_ENGLISH_SCALES,
}


class Numeral(NamedTuple):
    """A number written in [start, end); `raw` is its value before 万, k or million."""

    start: int
    end: int
    value: Decimal
    raw: Decimal
    # digits | han (Chinese characters) | words (English)
    form: Literal["digits", "han", "words"]
    # A lone 一 or 百 or "one" is a number only with a unit behind it.
    needs_unit: bool = False
    approximate: bool = False


def parse_chinese(numeral: str) -> Decimal | None:
    """The value of a Chinese numeral (一亿二千万, 三点五, 两千三, 二〇二六); None if it is none.

    Two bare digits (三五) are an estimate, not a number: None.
    """
    numeral = numeral.translate(_CAPITALS)
    whole, point, fraction = numeral.partition("点")
    if point:
        return _with_fraction(whole, fraction)
    if not numeral or any(c not in _DIGITS and c not in "十百千万亿" for c in numeral):
        return None
    if all(c in _DIGITS for c in numeral):
        return _digit_string(numeral)
    return Decimal(_sum_of_units(numeral))


def _with_fraction(whole: str, fraction: str) -> Decimal | None:
    scale = fraction.lstrip("零〇一二两三四五六七八九")
    digits = fraction[: len(fraction) - len(scale)]
    base = parse_chinese(whole)
    if base is None or not digits or any(c not in "百千万亿" for c in scale):
        return None
    value = base + Decimal("0." + "".join(str(_DIGITS[c]) for c in digits))
    return value * _sum_of_units(scale) if scale else value


def _digit_string(numeral: str) -> Decimal | None:
    if len(numeral) == 2 and not set(numeral) & {"零", "〇"}:
        return None
    return Decimal("".join(str(_DIGITS[c]) for c in numeral))


def _sum_of_units(numeral: str) -> int:
    total = section = digit = 0
    unit = 1
    is_colloquial = False
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
            is_colloquial = digit > 0 and unit >= 100
            unit = 1 if digit == 0 else unit
        elif character in _SMALL_UNITS:
            unit = _SMALL_UNITS[character]
            section += (digit or (1 if section == 0 or unit == 10 else 0)) * unit
            digit, is_colloquial = 0, False
        else:
            unit = _LARGE_UNITS[character]
            total, section = _close_section(total, section + digit, unit)
            digit, is_colloquial = 0, False
    return total + section + (digit * unit // 10 if is_colloquial else digit)


def _close_section(total: int, section: int, unit: int) -> tuple[int, int]:
    if unit == 10**8:
        # 一万亿: what stands before 亿 is counted in 亿 as a whole.
        return ((total + section) or 1) * unit, 0
    return total + (section or 1) * unit, 0


def parse_english(words: str) -> Decimal | None:
    """The value of English number words in lower case ('half a million'); None if it is none."""
    total, section = Decimal(0), Decimal(0)
    tokens = [t for t in re.split(r"[\s,-]+", words.replace("couple of", "couple")) if t]
    for index, token in enumerate(tokens):
        if token == "point":
            return _english_point(total + section, tokens[index + 1 :])
        if token in _ENGLISH_SCALES:
            total += (section or 1) * _ENGLISH_SCALES[token]
            section = Decimal(0)
            continue
        added = _add_word(section, token)
        if added is None:
            return None
        section = added
    return total + section


def _add_word(section: Decimal, token: str) -> Decimal | None:
    if token in ("a", "an", "and", "of"):
        return section
    if token in _PARTS:
        return section + _PARTS[token]
    if token in ("hundred", "dozen"):
        return (section or Decimal(1)) * (100 if token == "hundred" else 12)
    value = _ENGLISH_SMALL.get(token, _ENGLISH_TENS.get(token))
    return None if value is None else section + value


def _english_point(whole: Decimal, tokens: list[str]) -> Decimal | None:
    digits = ""
    scale = 1
    for token in tokens:
        if token in _ENGLISH_SCALES:
            scale *= _ENGLISH_SCALES[token]
        elif token in _ENGLISH_SMALL and scale == 1:
            digits += str(_ENGLISH_SMALL[token])
        else:
            return None
    return (whole + Decimal(f"0.{digits or 0}")) * scale


_HAN_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
# Before these, 一 and its sisters are part of a word or an ordinal: 第三, 统一, 唯一, 几十.
_NO_NUMERAL_AFTER = f"第统唯单同之逐专划归初几数周壹贰叁肆伍陆柒捌玖拾佰仟{_HAN_NUMERAL}"
_HAN_HINT = frozenset(f"壹贰叁肆伍陆柒捌玖拾半{_HAN_NUMERAL}")

_DIGIT_NUMERAL = re.compile(
    r"(?=[\d负−-])(?<![a-z0-9_.])(?P<sign>(?<![^\s(:,;，（：\x00])[-−](?=\d)|负)?"
    r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<more>[多余来](?=[万亿千百]))?(?P<han>万亿|千亿|百亿|十亿|千万|百万|十万|亿|万(?!向)|千(?![克瓦米兆卡])|百(?![分度]))"
    r"(?P<rest>(?:\d+(?:\.\d+)?(?:千万|百万|十万|亿|万|千(?![克瓦米])|百(?!分)))+|[1-9](?=[元块,.;!?，。\s]|\Z))?"
    r"|(?P<w>w)(?![a-z0-9])"
    r"|(?P<latin>(?:k|mn|mm|m|bn|b)(?![a-z0-9+#'])|\s?(?:million|billion|trillion|thousand|hundred|dozen|mn|bn)\b)"
    r")?"
)
_REST = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]+)")

_HAN_RUN = re.compile(
    rf"(?<![{_NO_NUMERAL_AFTER}])"
    rf"(?P<run>[{_HAN_NUMERAL}]{{1,40}}(?:点[零〇一二三四五六七八九]{{1,20}}(?!十)[百千万亿]{{0,4}})?|[壹贰叁肆伍陆柒捌玖拾][壹贰叁肆伍陆柒捌玖拾佰仟萬億零百千万亿]{{1,40}}|半(?=个?[百千万亿]))"
    r"(?:(?P<more>[多余来])(?P<scale>[万亿]+))?"
)
_HALF_HAN = re.compile(r"个?([百千万亿]+)")
# 三万一年 is "30,000 a year", not 31,000.
_EACH = re.compile(r"一(?=个?(?:台|套|人|年|月|天|次|件|份|条|家|张|小时|季度))")
_PAIR = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])(?=[十百千万亿]*\Z)")

_N9 = "(?:one|two|three|four|five|six|seven|eight|nine)"
_N99 = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-]{_N9})?|ten|eleven|twelve"
    rf"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|{_N9})"
)
_N999 = rf"(?:(?:{_N99}|an?)\s+hundred(?:\s+(?:and\s+)?{_N99})?|{_N99})"
_SCALE = "(?:thousand|million|billion|trillion)"
_ENGLISH_RUN = re.compile(
    rf"(?=[aefhnoqst])(?<![a-z0-9])(?:"
    rf"(?:an?\s+)?quarter\s+(?:of\s+a\s+)?million|half\s+an?\s+(?:million|billion|dozen|thousand)"
    rf"|(?:{_N99}|an?)\s+dozen|an?\s+couple\s+of"
    rf"|{_N999}\s+point(?:\s+(?:zero|{_N9}))+(?:\s+{_SCALE})?"
    rf"|{_N999}\s+and\s+a\s+half(?:\s+{_SCALE})?"
    rf"|(?:{_N999}|an?)\s+{_SCALE}(?:,?\s+(?:and\s+)?{_N999}(?:\s+{_SCALE})?)*"
    rf"|{_N999})(?![a-z0-9])"
)
_ENGLISH_HINT = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirt|fourt|fift|sixt"
    r"|sevent|eight|ninet|twent|fort|dozen|hundred|thousand|million|billion|trillion|couple)"
)


def numerals(low: str, is_han: bool) -> list[Numeral]:
    """The numerals of a text in lower case, in order; `is_han` reads 48w as 48万."""
    found = [n for match in _DIGIT_NUMERAL.finditer(low) if (n := _digit_numeral(match, is_han))]
    if not _HAN_HINT.isdisjoint(low):
        for match in _HAN_RUN.finditer(low):
            found += _han_numerals(low, match)
    if _ENGLISH_HINT.search(low):
        for match in _ENGLISH_RUN.finditer(low):
            value = parse_english(match.group())
            if value is not None:
                found.append(_word_numeral(match, value))
    found.sort()
    return _disjoint(found)


def _disjoint(found: list[Numeral]) -> list[Numeral]:
    """Without the numerals that begin inside an earlier one (万 of 48 万)."""
    kept: list[Numeral] = []
    for numeral in found:
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return kept


def _word_numeral(match: re.Match[str], value: Decimal) -> Numeral:
    return Numeral(
        *match.span(), value, value, "words", match.group() == "one", "couple" in match.group()
    )


def _digit_numeral(match: re.Match[str], is_han: bool) -> Numeral | None:
    raw = Decimal(match["n"].replace(",", ""))
    value, end = raw, match.end()
    if match["han"]:
        scale = _sum_of_units(match["han"])
        value = raw * scale
        rest = match["rest"] or ""
        if len(rest) == 1:
            value += int(rest) * scale // 10
        for number, unit in _REST.findall(rest):
            value += Decimal(number) * _sum_of_units(unit)
    elif match["w"]:
        # 48w is 48万 in Chinese chat, 48 watts elsewhere.
        value, end = (raw * 10**4, end) if is_han else (raw, match.start("w"))
    elif match["latin"]:
        value = raw * _LATIN_SCALES[match["latin"].strip()]
    sign = -1 if match["sign"] else 1
    return Numeral(
        match.start(), end, sign * value, raw, "digits", approximate=match["more"] is not None
    )


def _han_numerals(low: str, match: re.Match[str]) -> list[Numeral]:
    """The numeral of a run; two for an estimate (三五天, 三四十万); none for 十几, 万一."""
    start, end = match.start(), match.end("run")
    run = match["run"]
    if low[end : end + 1] == "几":
        return []
    if run == "半":
        scale = _HALF_HAN.match(low, end)
        assert scale is not None
        value = Decimal("0.5") * _sum_of_units(scale.group(1))
        return [Numeral(start, scale.end(), value, Decimal("0.5"), "han")]
    if len(run) > 2 and run[-1] == "一" and run[-2] in "百千万亿" and _EACH.match(low, end - 1):
        run, end = run[:-1], end - 1
    if len(run) == 2 and low[end : end + 1] == "折" and not set(run) & set("十百千万亿"):
        # 八五折 pays 85 %.
        value = Decimal("".join(str(_DIGITS[c]) for c in run))
        return [Numeral(start, end, value, value, "han", True)]
    pair = _PAIR.search(run)
    if pair:
        return _estimate(run, pair, start, end)
    value_or_none = parse_chinese(run)
    if value_or_none is None:
        return []
    value = value_or_none
    approximate = match["scale"] is not None
    if match["scale"]:
        value, end = value * _sum_of_units(match["scale"]), match.end()
    raw = _before_scale(run, value)
    needs_unit = len(run) == 1 or run[0] in "百千万亿" or not set(run) & set("十百千万亿点")
    return [Numeral(start, end, value, raw, "han", needs_unit, approximate)]


def _before_scale(run: str, value: Decimal) -> Decimal:
    stem = run.rstrip("百千万亿")
    return (parse_chinese(stem) or value) if stem and stem != run else value


def _estimate(run: str, pair: re.Match[str], start: int, end: int) -> list[Numeral]:
    first, second = pair.span(1)[0], pair.span(2)[0]
    low_value = parse_chinese(run[: first + 1] + run[second + 1 :])
    high_value = parse_chinese(run[:first] + run[second:])
    if low_value is None or high_value is None or low_value >= high_value:
        return []
    needs_unit = len(run) == 2
    return [
        Numeral(start, start + second, low_value, low_value, "han", needs_unit, True),
        Numeral(start + second, end, high_value, high_value, "han", needs_unit, True),
    ]
