"""The trial's first and last day from the dates that a sentence gives for it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from agents.intent.fact_said import POSTPONED, Said, clause_of, later, span
from agents.intent.fact_sentence import Sentence

TRIAL = re.compile(
    r"试用|试点|试运行|试跑|poc|概念验证|试测|试(?=[,。]|一?下)|测试(?:窗口|期|周期)|验证测试"
    r"|\b(?:pilot|trial"
    r"|proof[- ]of[- ]concept|poc|evaluation period|sandbox|test period|trial run|test run)s?\b"
)
_EXTENDED = re.compile(
    r"延长|延[后期迟]|推迟|顺延|\b(?:extend\w*|postpon\w+|delay\w*|push\w*|slip\w*|longer)\b"
)
_LENGTHENED = re.compile(r"延长|多[试跑]|\b(?:extend\w*|longer)\b")
_STARTS = re.compile(
    r"开始|启动|起(?=[,。]|$)|开跑|进场|\b(?:start\w*|begin\w*|kick\w*|from|commenc\w+|launch\w*)\b"
)
_ENDS = re.compile(
    r"结束|截止|到|为止|完成|收尾|跑[满完]|延长|\b(?:end\w*|until|till|through|finish\w*"
    r"|extend\w*|conclud\w*"
    r"|wrap\w*|complete\w*|run(?:s|ning)? to|by)\b"
)
_STARTS_AFTER = re.compile(r"\s*(?:正式|再|才|就|重新)?(?:开始|启动|开跑|进场|起)")
_ENDS_AFTER = re.compile(r"\s*(?:之?前)?(?:正式|才|就)?(?:结束|截止|为止|完成|收尾|撤)")
_STARTS_BEFORE = re.compile(
    r"开始|启动|推迟到|延[后期]到|改[到期为在]|挪到|提前到|\b(?:start\w*|begin\w*|kick\w*|from"
    r"|commenc\w+|launch\w*"
    r"|mov\w+ (?:\w+ )?to|push\w* (?:\w+ )*to|postpon\w+ (?:\w+ )?(?:to|until))\b"
)
_ENDS_BEFORE = re.compile(
    r"结束|截止|延长|延续到|跑[满完]?到|用到|持续到|\b(?:end\w*|until|till|through|finish\w*"
    r"|extend\w*|conclud\w*"
    r"|wrap\w*|complet\w*|runs? (?:up )?to|last day)\b"
)
_POSTPONED_FROM = re.compile(r"从[^,。]{2,16}(?:推|改|挪|延)|\bfrom [^,.]{3,24} to\b")


def window(dates: list[Said], sentence: Sentence) -> str | None:
    """The span of the trial; a side that the dates do not give is open."""
    whole = [d for d in dates if d.first and d.last and d.first != d.last]
    if whole:
        return span(whole[-1].first, whole[-1].last)
    roles = [(_role(said, sentence), said) for said in dates]
    starts = [s.first or s.last for role, s in roles if role == "start"]
    ends = [s.last or s.first for role, s in roles if role == "end"]
    if starts and ends:
        return span(_not_after(starts[-1], ends[-1]), ends[-1])
    first_said, second = dates[0], dates[-1].last or dates[-1].first
    is_pair = len(dates) == 2 and not starts and not ends
    is_pair = is_pair and not _POSTPONED_FROM.search(sentence.said)
    if is_pair and first_said.first and second and first_said.first < second:
        return span(first_said.first, second)
    if starts or ends:
        return span(starts[-1] if starts else None, ends[-1] if ends else None)
    said = dates[-1]
    day = said.first or said.last
    if day is None:
        return None
    clause = clause_of(said.start, sentence)
    around = clause + said.text.lower()
    if _LENGTHENED.search(sentence.said):
        return span(None, day)
    if _ENDS.search(around) and not _STARTS.search(around) and not _moves_start(clause):
        return span(None, day)
    return span(day, None)


def _not_after(start: date | None, end: date | None) -> date | None:
    """ "It began on the 9th", said on the 11th, was read as next month's 9th."""
    if start and end and start > end:
        month = start.replace(day=1) - timedelta(days=1)
        return month.replace(day=min(start.day, month.day))
    return start


def _role(said: Said, sentence: Sentence) -> str | None:
    """Whether the trial starts or ends on the date, by the words right beside it."""
    text = sentence.said
    start = max((text.rfind(mark, 0, said.start) for mark in ",;、"), default=-1) + 1
    ahead = text[max(start, said.start - 26) : said.start] + said.text.lower()
    behind = re.split(r"[,;、]|\band\b", text[said.end : said.end + 16])[0]
    if re.search(r"\band\b", ahead):
        ahead = re.split(r"\band\b", ahead)[-1]
    if _STARTS_AFTER.match(behind):
        return "start"
    if _ENDS_AFTER.match(behind):
        return "end"
    hits = [(m.start(), "start") for m in _STARTS_BEFORE.finditer(ahead)]
    hits += [(m.start(), "end") for m in _ENDS_BEFORE.finditer(ahead)]
    return max(hits)[1] if hits else None


def _moves_start(clause: str) -> bool:
    return bool(POSTPONED.search(clause)) and not _LENGTHENED.search(clause)


def moved_window(sentence: Sentence) -> str | None:
    """ "The pilot slips by two weeks": counted from the record's window."""
    known = sentence.deal.opportunity
    if not _EXTENDED.search(sentence.said) or not TRIAL.search(sentence.said):
        return None
    durations = [q for q in sentence.quantities if q.kind == "duration"]
    if len(durations) != 1:
        return None
    end = later(known.trial_end, durations[0])
    if end is None:
        return None
    if _LENGTHENED.search(sentence.said):
        return span(None, end)
    start = later(known.trial_start, durations[0])
    return span(start, end)
