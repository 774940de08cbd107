"""What a moment's own words show: a day or a period, a sum, a promise, an agreed trial.

Small patterns over `features.surface`, for a title and a nudge in the ranking only. The values
themselves are read elsewhere, with far more care, for comparing them with the record.
"""

from __future__ import annotations

import re

_NUMBER_ZH = r"[\d零一二两三四五六七八九十百千半]+"
_NUMBER_EN = (
    r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)"
)
_DAY = re.compile(
    rf"{_NUMBER_ZH}月(?:份|底|初|中旬|上旬|下旬|{_NUMBER_ZH}[号日]?)?|{_NUMBER_ZH}[号日](?!线|楼|机|店)"
    rf"|[下这本]*个?(?:周|星期|礼拜)[一二三四五六日天末]|[年月季]度?[底末初]|下个?月|下季度|明年"
    rf"|{_NUMBER_ZH} ?(?:天|周|个月|个星期|个季度)|明天|后天|\d{{1,2}}[/-]\d{{1,2}}(?!\d)"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b|\bmay (?=\d|the |[a-z]+(?:th|st|nd|rd)\b)"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:next|this) (?:week|month|quarter|year)\b"
    rf"|\b{_NUMBER_EN}[- ](?:day|week|month|quarter)s?\b|\b(?:q[1-4]|year[- ]end|tomorrow)\b"
)
_SUM = re.compile(
    rf"[¥$€£] ?\d|{_NUMBER_ZH}[\d.]*(?:万|亿|千块|元|块钱|个点)|\d ?%|百分之"
    r"|[一二两三四五六七八九]折"
    rf"|\b{_NUMBER_EN} ?(?:%|per ?cent|k\b|thousand|million|grand|dollars|euros|pounds)"
)
_PROMISE = re.compile(
    r"我(?:来|们)?(?:会|就|马上|保证|一定|负责|签)|我(?:今|明|后)天|承诺|一定(?:给|把|会)|说定|就这么定"
    r"|\b(?:i|we)(?:'ll| will) (?:sign|send|buy|order|take|decide|approve|confirm|bring|pay)\b"
    r"|\b(?:i|we) (?:commit|promise|can confirm)\b|\b(?:i'm|we're) (?:signing|picking|going with)\b"
    r"|\byou(?:'ll| will) have\b"
)
_AGREED = re.compile(
    r"就按|就定|定[在于了下]|[定约]好|确[定认]|说好|敲定|同意|没问题|可以[,。!]|[,。]可以|行[,。!]|安排[在了到]"
    r"|开始|启动|结束|为止|跑[到满]|改[到成]|延长?到|从.{1,14}[到至]"
    r"|\b(?:agree\w*|confirm\w*|deal|settled|booked|scheduled|set for|locked|works for|fine|okay"
    r"|yes|sure|let's (?:start|go|do|run|say)|go with|start(?:s|ing)?|begin(?:s|ning)?"
    r"|kick(?:s|ing)? ?off|runs?|running|ends?|finish(?:es)?|through|until)\b"
)
# A wish, a question, a condition or a refusal fixes nothing.
_UNSETTLED = re.compile(
    r"[?]|吗|呢|能不能|可不可以|能否|是否|希望|想要?|要求|申请|如果|要是|万一|最好|考虑|建议|不够|不行|不同意"
    r"|太[短长]|还没|没定|不确定|来不及"
    r"|\b(?:can|could|would|want|wants|like|hope|wish|need|needs|request|ask\w*|if|whether|unless"
    r"|maybe|might|perhaps|consider\w*|propose\w*|suggest\w*|not|no|never"
    r"|too (?:short|long))\b|n't\b"
)
_DEMO = re.compile(r"演示|看看?产品|\b(?:demos?|demonstrat\w+|walk ?through)\b")
_TRIAL = re.compile(r"试|poc|概念验证|\b(?:trials?|pilots?|poc|proof of concept|sandbox|test\w*)\b")


def is_demo(surface: str) -> bool:
    """Whether something is to be shown, not tried out."""
    return _DEMO.search(surface) is not None and _TRIAL.search(surface) is None


def says_when(surface: str) -> bool:
    """Whether a day or a period is named."""
    return _DAY.search(surface) is not None


def says_how_much(surface: str) -> bool:
    """Whether a sum or a share is named."""
    return _SUM.search(surface) is not None


def promises(surface: str) -> bool:
    return _PROMISE.search(surface) is not None


def settles_when(surface: str) -> bool:
    """Whether a day or period is agreed on, not merely wished for, asked or doubted."""
    return bool(says_when(surface) and _AGREED.search(surface) and not _UNSETTLED.search(surface))
