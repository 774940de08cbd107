"""Parts of a whole and half durations: 百分之十五, 三分之一, 一半, two thirds, half a year."""

import re
from decimal import Decimal

from core.text.mentions import Mention, Slate
from core.text.numerals import parse_chinese
from core.text.units import DURATION_WORDS

_HUNDRED = Decimal(100)

_SHARE = re.compile(
    r"(?=[百千万二三四五六七八九十一对\dathow])(?:"
    r"(?P<base>百|千|万|[二三四五六七八九十]|\d{1,2})分之"
    r"(?P<n>\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
    r"(?:\s*(?:到|至|-|~)\s*(?:百分之)?"
    r"(?P<n2>\d+(?:\.\d+)?|[一二三四五六七八九十]{2,3}|[一二三四五六七八九](?![一-鿿])))?"
    r"|(?P<all>百分百|百分之百)|"
    r"(?P<half>(?<![一-鿿])一半|(?<=[了的到有约超近])一半|(?:one |a )?half of|对折)"
    r"|(?<![\d/.])(?P<over>[1-9]\d?)[/⁄](?P<under>[1-9]\d?)(?![\d/])"
    r"|(?<![a-z])(?P<en>one|two|three|a)[\s-](?:(?P<third>thirds?)"
    r"|(?P<fourth>quarters?)(?=\s+of(?![a-z]))|(?P<fifth>fifths?))(?![a-z]))"
)
_SHARE_HINTS = ("分之", "百分百", "一半", "对折", "/", "⁄", "half of", "third", "quarter", "fifth")
_SHARES = {"one": 1, "a": 1, "two": 2, "three": 3}

_HALF_DURATION = re.compile(
    r"(?<![一二两三四五六七八九十个])(?:大)?半(?P<han>年|个月|天|小时|个小时|个钟头|个季度)(?![级])"
    r"|(?<![a-z])half[\s-](?:an?\s|of\s+an?\s)?(?P<en>year|month|day|hour)(?![a-z])"
    r"|(?<![a-z])an?\s+(?P<and>year|month|week|day|hour)\s+and\s+a\s+half"
    r"|(?<=within )an?\s+(?P<one>year|quarter|month|week|fortnight|day|hour|minute)(?![a-z])"
)


def read_shares(slate: Slate) -> list[Mention]:
    """百分之十五, 三分之一, 一半, two thirds, 1/3: percentages of a whole."""
    low = slate.low
    if not any(hint in low for hint in _SHARE_HINTS):
        return []
    found: list[Mention] = []
    for match in _SHARE.finditer(low):
        found += _share(match)
    return found


def _share(match: re.Match[str]) -> list[Mention]:
    start, end = match.span()
    if match["half"]:
        unit = "zhe" if match["half"] == "对折" else None
        return [Mention(start, end, "percent", Decimal(50), unit)]
    if match["all"]:
        return [Mention(start, end, "percent", _HUNDRED)]
    if match["over"] or match["en"]:
        over = Decimal(match["over"] or _SHARES[match["en"]])
        under = Decimal(match["under"] or (3 if match["third"] else 4 if match["fourth"] else 5))
        return [Mention(start, end, "percent", over * _HUNDRED / under)] if over < under else []
    base, first = _plain(match["base"]), _plain(match["n"])
    if not base or first is None:
        return []
    found = [Mention(start, match.end("n"), "percent", first * _HUNDRED / base)]
    if match["n2"] and (second := _plain(match["n2"])) is not None:
        found.append(Mention(match.start("n2"), end, "percent", second * _HUNDRED / base))
    return found


def _plain(numeral: str) -> Decimal | None:
    return Decimal(numeral) if numeral[0].isdigit() else parse_chinese(numeral)


def read_half_durations(slate: Slate) -> list[Mention]:
    if "半" not in slate.low and "half" not in slate.low and "within a" not in slate.low:
        return []
    found: list[Mention] = []
    for match in _HALF_DURATION.finditer(slate.low):
        word = match["han"] or match["en"] or match["and"] or match["one"]
        unit, factor = DURATION_WORDS[word.lstrip("个")]
        share = Decimal("1.5") if match["and"] else Decimal(1) if match["one"] else Decimal("0.5")
        found.append(Mention(*match.span(), "duration", factor * share, unit))
    return found
