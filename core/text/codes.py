"""What looks like numbers and is none: addresses, telephone numbers, model codes, times of day.

Codes and times are handed on as mentions of their own; addresses and telephone numbers only keep
their digits away from the readers that follow.
"""

import re
from typing import Final

from core.text.mentions import Mention, Slate
from core.text.numerals import parse_chinese

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s\x00<>\"'，。；！、）】》」』“”\u4e00-\u9fff]+"
    r"|(?<![\w.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|ai|edu|gov|co)"
    r"(?:/[^\s\x00\u4e00-\u9fff]*)?(?![a-z])",
    re.ASCII,
)

# The lookbehind keeps a long run of letters from being tried from each of them.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)

_PHONE = re.compile(
    r"(?<![\d.,¥$€£])(?:"
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5}"
    r"|0\d{2,3}[- ]?\d{3,4}[- ]?\d{4}(?:[- ]\d{1,5})?"
    r"|[48]00[- ]?\d{3}[- ]?\d{4}"
    r"|\(\d{3}\) ?\d{3}[-. ]\d{4}"
    r"|\d{3}[-. ]\d{3,4}[-. ]\d{3,4}"
    r")(?!\d|[.,]\d|\s?[元块万亿美欧港%])|(?<![\d*])\d{0,20}\*{2,}\d+"
)

_PHONE_HINT = re.compile(r"\d[\d ()+.-]{5,}\d|\*\*")

# A list number at the start of a line counts nothing.
_LIST_NUMBER = re.compile(r"^[ \t]*[(]?\d{1,2}(?:[)、]|\.(?=[ \t]|[^\d\s]))", re.MULTILINE)

_CURRENCIES = "rmb|cny|usd|eur|gbp|hkd|jpy|sgd|krw|inr|aud|cad|chf|twd|us|hk"
_STANDARDS = (
    "iso/iec|iso|iec|gb/t|gb|soc|pci|ieee|rfc|en|ul|din|ansi|nist|cmmi|iatf|jis|astm|tisax|hl7"
)
_LABELS = (
    "version|ver|level|phase|stage|tier|type|step|section|chapter|page|figure|table|appendix|room"
    "|windows|gen|series|model|python|ticket|class|grade|option|priority|sprint|build|release|no\\."
)
# Letters that a digit may follow without making a code: money, quarters, fiscal years, months.
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
_NOT_CODE = (
    rf"(?!(?:{_CURRENCIES})[\d\s]|q[1-4](?![\d.])|h[12](?:[\s'-]*(?:20)?\d\d)|fy\s?\d|t\d\d:"
    rf"|(?:{_MONTHS})[-\d])"
)

_WORDS = "one two three four five six seven eight nine ten".split()
_N10 = f"(?:{'|'.join(_WORDS)})"

_CODE: Final = re.compile(
    rf"""
    (?=[a-z\d\#等二三四])(?<![a-z0-9])
    (?=[a-z/]{{0,8}}\.?[\s/\#-]{{0,2}}(?:\d|(?<=\s){_N10})|[等二三四])(?:
    (?<![a-z0-9])(?:{_STANDARDS})[\s/-]?\d[\w.-]*(?::\d{{4}})?(?:级)?      # ISO 9001, SOC 2
    | [a-z]/\d+[a-z]+|(?:soc|iso|pci|cmmi)\s{_N10}(?![a-z-])                 # S/4HANA, SOC two
    | [0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}
    | 等保\s*(?:[一二三四五]级|[1-5]级|\d\.\d)|[二三四2-4]级等保
    | (?<![a-z0-9])(?:{_LABELS})(?:\s?\#?\d[\w.-]*|\s{_N10}(?![a-z-])) # version 2.3, phase 2
    | \#\d[\w-]*
    | (?<![a-z0-9.]){_NOT_CODE}[a-z]{{1,8}}\d[\w./-]*                      # v2.3, S7-1500, H100
    | (?<![a-z0-9.])(?:\d[\dx×*/]?\s?[x×*/]\s?(?:24|7)|24\s?[x×*/]\s?7|7\s?[x×*/]\s?24)(?![\d/])
    | (?<![a-z0-9.])[2-6]g(?![a-z0-9])
    | (?<![a-z0-9.])(?:[1-9](?:\.5)?d|4s)(?![a-z0-9])
    | (?<![\d.])(?!(?:19|20)\d\d\.)\d+(?:\.\d+){{2,}}(?![\d])             # 2.3.1, 192.168.0.1
    | (?<![\d.,¥$€£])\d{{11,}}(?![\d.,]|\s?[元块万亿美欧港%])            # an order number
    )
    """,
    re.VERBOSE | re.ASCII,
)
_CODE_TRIM = ".-/_"

# Hyphenated part numbers are told from "under-30" by their capitals.
_PART_NUMBER = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)"
    r"[A-Z0-9]{1,16}(?:-[A-Z0-9]{1,16})+(?![A-Za-z0-9])"
)
_RANGE_NOT_PART = re.compile(
    r"\d+[KMBGW]?-\d+[KMBGW]{0,2}|(?:Q|H|FY)\d+-?(?:(?:Q|H|FY)?\d+)?|20\d\d-(?:Q|H)\d"
    r"|(?:RMB|CNY|USD|EUR|GBP|HKD|JPY)\d+K?-\d+K?|\d{1,2}-(?:[A-Z]{3})-\d{2,4}|[A-Z]{3}-\d{1,2}"
    r"|\d+-(?:DAY|WEEK|MONTH|YEAR|HOUR|MINUTE)S?"
)
_MONTH_LIKE = re.compile(rf"(?:\d{{1,2}}-)?(?:{_MONTHS.upper().replace('?', '')})-")

_WORD_NUMBER = re.compile(rf"(?<=\s){_N10.upper()}\Z")
_SPACE_OR_HYPHEN = re.compile(r"[\s\-–]+")
_VERSION = re.compile(r"^(?:VERSION|VER\.?)(\d)")
_PROTECTION_LEVEL = re.compile(r"^(?:等保([一二三四五])级?|([一二三四五2-4])级等保)$")

_CN = "[一二两三四五六七八九十]"
_LATIN_TIME = re.compile(
    r"(?=\d)(?<![\d:.])(?:"
    r"(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::[0-5]\d(?:\.\d+)?(?:z|[+-]\d\d:?\d\d(?!:))?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?(?!\d)"
    r"|(?<![,$¥€£])(?P<h2>1[0-2]|0?[1-9])\s?(?P<half2>[ap]\.m\.|[ap]m\b)"
    r"|(?P<h3>1[0-2]|[1-9])\s?o'clock)"
)
_LATIN_TIME_HINT = re.compile(r"\d(?::\d\d|\s?(?:[ap]\.?m|o'))")
_HAN_TIME = re.compile(
    r"(?=[凌清早上中下傍晚\d一二两三四五六七八九十])"
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|(?<=[今明昨当])晚|(?<=[今明])早)?\s*"
    rf"(?<![\d.百千万第])(?P<hz>2[0-4]|[01]?\d|{_CN}{{1,3}})\s*(?:点钟|点|时)"
    rf"(?P<mz>半|一刻|三刻|整|\d\d分?|\d分|{_CN}?十{_CN}?分?|{_CN}分)?"
)
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚", "中午"})
_PM = ("下午", "傍晚", "晚上")
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}


def read_addresses(slate: Slate) -> list[Mention]:
    """URLs, e-mail addresses and list numbers: mentions without value."""
    low = slate.low
    found: list[Mention] = []
    if "@" in low:
        found += [Mention(*match.span(), "code", None) for match in _MAIL.finditer(low)]
    if "." in low or "://" in low:
        slate = slate.without(found)
        found += [Mention(*match.span(), "code", None) for match in _LINK.finditer(slate.low)]
    if "\n" in low or low[:4].strip(" \t(")[:1].isdigit():
        found += [Mention(*match.span(), "code", None) for match in _LIST_NUMBER.finditer(low)]
    return found


def read_telephones(slate: Slate) -> list[Mention]:
    """Telephone and meeting numbers: mentions without value."""
    if not _PHONE_HINT.search(slate.low):
        return []
    return [Mention(*match.span(), "code", None) for match in _PHONE.finditer(slate.low)]


def read_codes(slate: Slate) -> list[Mention]:
    """Model numbers, versions, standards: kind 'code', the value is the text in capitals."""
    found: list[Mention] = []
    if "-" in slate.text:
        found += [
            _code(slate, *match.span())
            for match in _PART_NUMBER.finditer(slate.text)
            if not (_RANGE_NOT_PART.fullmatch(match.group()) or _MONTH_LIKE.match(match.group()))
        ]
    slate = slate.without(found)
    for match in _CODE.finditer(slate.low):
        start, end = match.span()
        end = start + len(match.group().rstrip(_CODE_TRIM))
        found.append(_code(slate, start, end))
    return found


def _code(slate: Slate, start: int, end: int) -> Mention:
    return Mention(start, end, "code", slate.text[start:end].upper())


def same_code(a: str, b: str) -> bool:
    """Whether two codes name one thing: ISO 9001 = ISO9001, V2 = VERSION TWO, 三级等保 too."""
    return _bare_code(a) == _bare_code(b)


def _bare_code(code: str) -> str:
    bare = _SPACE_OR_HYPHEN.sub("", _WORD_NUMBER.sub(_word_digit, code))
    bare = _VERSION.sub(r"V\1", bare)
    match = _PROTECTION_LEVEL.match(bare)
    if match is None:
        return bare
    level = match.group(1) or match.group(2)
    return f"等保{parse_chinese(level) if not level.isdigit() else level}级"


def _word_digit(match: re.Match[str]) -> str:
    return str(_WORDS.index(match.group().lower()) + 1)


def read_times(slate: Slate) -> list[Mention]:
    """Times of day: kind 'time', value 'HH:MM' in 24 hours; 三点 needs 下午, 半 or 分 beside it."""
    low = slate.low
    found: list[Mention] = []
    if _LATIN_TIME_HINT.search(low):
        found += [
            Mention(*match.span(), "time", _latin_time(match, low))
            for match in _LATIN_TIME.finditer(low)
        ]
    if "点" in low or "时" in low:
        found += [
            Mention(*match.span(), "time", value)
            for match in _HAN_TIME.finditer(low)
            if (value := _han_time(match))
        ]
    return found


def _latin_time(match: re.Match[str], low: str) -> str:
    hour = int(match["h"] or match["h2"] or match["h3"])
    half = match["half"] or match["half2"]
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    elif hour < 12 and low[max(0, match.start() - 4) : match.start()].rstrip().endswith(_PM):
        hour += 12
    return f"{hour % 24:02d}:{int(match['m'] or 0):02d}"


def _han_time(match: re.Match[str]) -> str | None:
    part, minute = match["part"], match["mz"]
    is_clock = "点钟" in match.group()
    if not part and not minute and not is_clock:
        return None
    hour = _small(match["hz"])
    minutes = _QUARTERS.get(minute) if minute in _QUARTERS else _small((minute or "0").rstrip("分"))
    if hour is None or minutes is None or hour > 24 or minutes > 59:
        return None
    if part in _AFTERNOON and hour < (11 if part == "中午" else 12):
        hour += 12
    return f"{hour % 24:02d}:{minutes:02d}"


def _small(numeral: str) -> int | None:
    if numeral.isdigit():
        return int(numeral)
    value = parse_chinese(numeral)
    return None if value is None else int(value)
