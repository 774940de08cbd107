"""The words English dates are made of, and the one pattern made of them.

The empty group that closes each alternative (DM, MD, ...) names it: `match.lastgroup` chooses the
reader in `core.text.dates_english`.
"""

import re

MON = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?![a-z])|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?![a-z])(?:\.(?=\s*\d))?)"
)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WD = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
WEEKDAYS = "mon tue wed thu fri sat sun".split()
_ORD = "(?:st|nd|rd|th)?"
_TO = r"\s*(?:[-–—~]|to|through|thru|until|till)\s*(?:the\s+)?"
_EDGE = r"(?:(?:the\s+)?(?:very\s+)?(?:end|close|beginning|start|middle)\s+of|early|mid|late)"
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4}
ORDINALS |= {"4th": 4}
SHIFT = {"next": 1, "coming": 1, "this": 0, "current": 0, "the": 0, "last": -1}
PERIOD_END = {"eoy": "year", "eoq": "quarter", "eom": "month", "eow": "week"}


def _year(tag: str) -> str:
    return (
        rf"(?:,?\s*(?:of\s+)?(?P<y{tag}>(?:19|20)\d\d)(?!\d|[.,]\d)|\s*'(?P<s{tag}>\d\d)(?!\d)"
        rf"|,?\s+(?:of\s+)?(?P<r{tag}>next|this|last)\s+year)?"
    )


_TEENTHS = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth"
_ORDINAL_DAYS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth".split()
        + f"{_TEENTHS} eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_ORDINAL_DAYS |= {f"twenty{w}": 20 + n for w, n in _ORDINAL_DAYS.items() if n < 10}
_ORDINAL_DAYS |= {"thirtieth": 30, "thirtyfirst": 31}
# Spoken days: "November twenty-fourth", "the third of March".
_ORDINAL_DAY = (
    "(?:(?:twenty[ -]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    f"|{_TEENTHS.replace(' ', '|')}|eighteenth|nineteenth|twentieth|thirtieth|thirty[ -]?first)"
)


def ordinal_day(words: str) -> int:
    return _ORDINAL_DAYS[words.replace("-", "").replace(" ", "")]


WORDED = re.compile(
    r"(?<![a-z0-9])(?=\d|mon|tue|wed|thu|fri|sat|sun|the\s|jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov"
    r"|dec|end\s|close|begin|start|mid|early|late|next|this\s|last|coming|current|first|second"
    r"|third"
    r"|fourth|fifth|sixth|seventh|eighth|ninth|t[ehw]|elev|fourt|fift|sixt|sevent|eight|ninet"
    r"|h[12]|fy|year|month|quarter|week|eo|day\s|to[dmn]|yes|every)(?:"
    rf"(?:{_WD},?\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?P<o1>{_ORD})(?:{_TO}(?P<e1>\d{{1,2}}){_ORD})?"
    rf"[\s-]*(?P<of1>of\s+)?(?P<mon1>{MON}){_year('1')}(?P<DM>)"
    rf"|(?:{_WD},?\s+)?(?P<mon2>{MON})[\s-]*(?:the\s+)?(?P<d2>\d{{1,2}})(?P<o2>{_ORD})"
    rf"(?!\d|[.:]\d|,\d{{3}}(?!\d)|%|\s?[ap]m)(?:{_TO}(?P<e2>\d{{1,2}}){_ORD}(?![\d:]|[.,]\d))?"
    rf"{_year('2')}(?P<MD>)"
    rf"|(?:{_WD},?\s+)?(?P<mon0>{MON})\s+(?:the\s+)?(?P<w0>{_ORDINAL_DAY})(?![a-z]){_year('0')}(?P<MW>)"
    rf"|(?:the\s+)?(?P<w9>{_ORDINAL_DAY})\s+(?:of\s+)?(?P<mon9>{MON}){_year('9')}(?P<WM>)"
    rf"|(?:(?P<edge3>{_EDGE})[\s-]*)?(?:(?P<rel3>next|this|last|coming)\s+)?(?P<mon3>{MON})"
    rf"(?:\s+(?=')|[-/](?=20\d\d))?{_year('3')}(?P<M>)"
    rf"|(?:(?P<edge4>{_EDGE})\s+)?(?:the\s+)?(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)\s+"
    rf"quarter{_year('4')}(?P<Q>)"
    rf"|(?:the\s+)?(?P<h>first|second|1st|2nd)\s+half(?:\s+of\s+the\s+year{_year('5')}"
    rf"|(?=,?\s+(?:of\s+)?(?:20\d\d|next|this|last)){_year('6')})(?P<H>)"
    rf"|h(?P<hn>[12])[\s,-]*(?=(?:of\s+)?20\d\d|'\d\d|next|this|last|fy){_year('7')}(?P<HN>)"
    rf"|(?P<hy>20\d\d)\s?-?h(?P<hn2>[12])(?![a-z0-9])(?P<YH>)"
    rf"|(?P<fye>{_EDGE}\s+)?fy\s?'?(?P<fy>20\d\d|\d\d)(?:[\s-]*q(?P<fq>[1-4]))?(?![a-z0-9])(?P<FY>)"
    rf"|(?P<edge8>{_EDGE})[\s-]+(?:(?P<rel8>the|this|next|last|coming)\s+)?"
    rf"(?P<per8>year|month|quarter|week)(?![a-z])(?P<PART>)"
    rf"|(?P<rel9>next|this|last|current|coming)\s+(?P<per9>year|month|quarter"
    rf"|week)(?![a-z-])(?P<PERIOD>)"
    rf"|(?P<ye>year|month|quarter|week(?=[-\s]))[-\s]?end(?![a-z])(?P<END>)"
    rf"|(?P<eo>eoy|eoq|eom|eow)(?![a-z])(?P<EO>)"
    rf"|(?P<edgey>{_EDGE})[\s-]+(?P<yy>20\d\d)(?![\d.,]\d|\d)(?P<YPART>)"
    rf"|(?:(?<=in )|(?<=by )|(?<=since )|(?<=until )|(?<=during )"
    rf"|(?<=before )|(?<=after ))(?P<yo>20[0-4]\d)(?!\d|[.,:]\d|%|\s?[a-z]*s(?![a-z]))(?P<Y>)"
    r"|twenty\s+twenty(?:[\s-](?P<yw>one|two|three|four|five|six|seven|eight|nine))?(?![a-z-])"
    r"(?P<YW>)"
    rf"|(?P<dw>(?:the\s+)?day\s+after\s+tomorrow|(?:the\s+)?day\s+before\s+yesterday"
    rf"|tomorrow|today|tonight|yesterday)(?![a-z])(?P<DAY>)"
    rf"|(?:(?P<every>every)\s+)?(?:(?P<rel0>next|this|last"
    rf"|coming)\s+)?(?P<wd>{_WD})(?P<wds>s?)(?![a-z])"
    rf"(?:\s+(?:of\s+)?(?P<wk>next|this|last)\s+week)?(?P<WEEKDAY>)"
    rf"|the\s+(?:(?P<dom>\d{{1,2}})(?:st|nd|rd|th)|(?P<domw>{_ORDINAL_DAY}))(?![a-z])"
    rf"(?!\s+(?!we|and|at|in|or|for|to|if|is)[a-z])(?P<DOM>)"
    rf")"
)
HINT = re.compile(
    r"(?=[a-z\d])(?:(?<![a-z])(?:"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|mon|tue|wed|thu|fri|sat|sun|today|eleventh|twelfth|[a-z]{3,6}teenth|twentieth|to[mn]|yest"
    r"|day|year|month|quarter|week|next|this"
    r"|last|first|second|third|fourth|end|early|mid|late|in 20|by 20|fy|h[12]|eo|twenty\s+t|since"
    r"|until|during|before|after"
    r"|on the|by the|from the)"
    r"|[\d]-?(?:h[12]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d(?:st|nd|rd|th))"
)
TO_MONTH = re.compile(f"{_TO}{MON}")
