"""What a claim adds to make its evidence stronger: certainty, another period, another unit.

"Has committed to", 已确定 and "for certain" say that a thing is settled. Evidence that settles
nothing has no word of that family; then a wish or an estimate was made a promise. A rate has a
period ("a month", 每班): with the figure right and the period another, the claim is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.text.quantities import Quantity
from retrieval.statements import Statement

_CERTAIN_CLAIM = re.compile(
    r"已(?:经)?(?:正式|明确|书面)?(?:确定|敲定|定下|决定|答应|承诺|保证|拍板|核定|批准|安排"
    r"|同意|成交|签约|签字|定了|谈妥)"
    r"|(?<!不)(?:肯定会|一定会|必定|必将|铁定|确保)|(?<![不没敢])保证(?!金|书)"
    r"|\bfor (?:certain|sure)\b|\bdefinite(?:ly)?\b|\bcertain(?:ly)?\b|\bguarantee[sd]?\b"
    r"|\bproof in hand\b"
    r"|\b(?:has|have|had|is|are|was) (?:already |firmly |now |formally )?(?:committed"
    r"|settled|decided"
    r"|agreed|approved|promised|determined|confirmed|fixed|pledged|finali[sz]ed)\b"
    r"|\bcommitted to\b|\bsettled on\b|\bwithout (?:a |any )?doubt\b|\bdefinitively\b"
    r"|\bfirm(?:ly)? "
)
_CERTAIN_SAID = re.compile(
    r"包票|定[了下好]|确定|决定|答应|承诺|保证|拍板|批[了准]|过了会|安排|同意|签[了字]|肯定"
    r"|一定|必须|谈妥|点头|说好|成交|没问题|可以|行[,。!啊吧]|好[,。!的]|OK"
    r"|\bsure\b|\bcertain|\bdefinite|\bguarante|\bcommit|\bsettled|\bdecided|\bagree|\bapprov"
    r"|\bpromis|\bconfirm|\bfixed\b|\bfinal|\bdone\b|\bdeal\b|\bsign(?:ed|ing)?\b"
    r"|\bok(?:ay)?\b|\byes\b|\bwill\b"
    r"|'ll\b|\bset\b|\bgo(?:ing)? with\b|\bbooked\b|\bfirm\b|\bproof\b|\bpledge|\bchose",
    re.IGNORECASE,
)
_PERIODS = {
    "hour": r"每(?:个)?小时|一(?:个)?(?:小时|钟头)|\b(?:per|an|each|every) hour|\bhourly",
    "shift": r"每班|一个班|每个班|\b(?:per|a|each|every) shift",
    "day": r"[每一]天|每日|日均|\b(?:per|a|each|every) day\b|\bdaily",
    "week": r"每(?:个)?(?:周|星期|礼拜)|一(?:个)?(?:周|星期|礼拜)"
    r"|\b(?:per|a|each|every) week\b|\bweekly",
    "month": r"每(?:个)?月|一个月|月用量|月均|按月|\b(?:per|a|each|every) month\b|\bmonthly",
    "quarter": r"每(?:个)?季|一个季度|按季|\b(?:per|a|each|every) quarter\b|\bquarterly",
    "year": r"[每一]年|年用量|年均|按年|\b(?:per|a|each|every) year\b|\byearly|\bannual",
}
_PERIOD = {name: re.compile(words) for name, words in _PERIODS.items()}
_UNIT_BEHIND = re.compile(
    r"\s*(?:[a-z-]+\s+){0,2}?(?P<unit>second|minute|hour|day|week|month|year)s?\b"
)
_UNITS = {
    "second": r"秒|\bseconds?", "minute": r"分钟|\bminutes?", "hour": r"小时|钟头|个钟|\bhours?",
    "day": r"天|日|\bdays?", "week": r"周|星期|礼拜|\bweeks?|\bfortnight", "month": r"月|\bmonths?",
    "year": r"年|\byears?|\bannual",
}  # fmt: skip
_UNIT = {name: re.compile(words) for name, words in _UNITS.items()}


def overclaim_reasons(
    own: str, claimed: Sequence[Quantity], statements: Sequence[Statement]
) -> Iterator[str]:
    """A "hedge" for added certainty, a "number:<period>" for a rate or span of another period.

    `own`: the claim without speakers; the offsets of `claimed` lie in it.
    """
    low = own.lower()
    said = " \n ".join(s.low for s in statements)
    if _CERTAIN_CLAIM.search(low) and not _CERTAIN_SAID.search(said):
        yield "hedge"
    mine = {name for name, pattern in _PERIOD.items() if pattern.search(low)}
    theirs = {name for name, pattern in _PERIOD.items() if pattern.search(said)}
    if theirs:
        yield from (f"number:{name}" for name in sorted(mine) if not _UNIT[name].search(said))
    for figure in claimed:
        behind = _UNIT_BEHIND.match(low, figure.end) if figure.kind == "number" else None
        if behind and not _UNIT[behind["unit"]].search(said) and _has_unit(said):
            yield f"number:{figure.value} {behind['unit']}"


def _has_unit(said: str) -> bool:
    return any(pattern.search(said) for pattern in _UNIT.values())


_UNIT["shift"] = re.compile(r"班|\bshifts?")
_UNIT["quarter"] = re.compile(r"季|\bquarters?|\bq[1-4]")
