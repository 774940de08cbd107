"""Whether the customer's words overtake the next step on record, agree with it, or ask for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

from agents.intent.fact_sentence import BLANK, Sentence
from core.text.quantities import find_quantities

Turn = Literal["overtaken", "agrees", "asked"]

_OBJECTS = {
    "contract": r"合同|协议|\b(?:contract|agreement|msa|paperwork|order form)\b",
    "quote": r"报价|价格|\b(?:quote|quotation|pricing|price)\b",
    "proposal": r"方案|建议书|标书|投标|\b(?:proposal|tender|bid)\b",
    "demo": r"演示|\bdemo",
    "trial": r"试用|试点|试运行|poc|\b(?:pilot|trial|proof of concept)\b",
    "visit": r"参观|考察|拜访|上门|\bvisit",
    "workshop": r"研讨|工作坊|\bworkshop",
    "walkthrough": r"逐条|逐行|\bwalk-?through",
    "meeting": r"会议|开会|会面|面谈|见面|\b(?:meeting|meet|call|session)\b",
    "report": r"报告|\breport",
    "legal": r"法务|律师|\b(?:legal|lawyers?|solicitors?|counsel|redlines?)\b",
    "security": r"安审|安全(?:评审|审查|问卷)|\b(?:security (?:review|team|questionnaire"
    r"|assessment)|infosec|questionnaire)\b",
    "reference": r"案例|背书|\breferences?\b",
    "sample": r"样品|样件|打样|\bsamples?\b",
    "approval": r"董事会|上会|总经理办公会|立项|\b(?:board|committee|approval)\b",
    "training": r"培训|\btraining\b",
}
_OBJECT = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _OBJECTS.items()}
_WAITING = re.compile(
    r"等|待|\b(?:wait\w*|await\w*|pending|until|chase|follow up)\b", re.IGNORECASE
)
_SENDING = re.compile(
    r"发|提交|提供|给出|出具|寄|\b(?:send|submit|provide|deliver|share|prepare|issue)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:审|看|做|走|办|开|跑|改|填|谈)(?:完|好)|(?:已经?|都|刚)[^,。]{0,6}(?:完成|通过|过了"
    r"|结束|确认|批)|通过了|过了"
    r"|没(?:有)?(?:意见|问题)|完成了|结束了|批了"
    r"|\b(?:done|finished|complete|completed|cleared|approved|accepts?|accepted|signed off"
    r"|passed|reviewed|went through|is through|are through|over|no (?:more "
    r"|further )?(?:comments|objections|issues|changes))\b"
)
_RECEIVED = re.compile(r"收到|拿到|看过|\b(?:received|got|have) (?:your|the|it)\b|\barrived\b")
_CANCELLED = re.compile(
    r"不用(?:再)?|不需要(?:再)?|没必要|取消|算了|免了|不必|\b(?:no (?:longer )?need(?:ed)?"
    r"|not needed|don't need"
    r"|doesn't need|do not need|cancel\w*|skip|call(?:ed)? off|hold off|scrap\w*|forget"
    r"|instead of)\b"
)
_ARRANGED = re.compile(
    r"改[到成期在]|推迟|延[后期]|挪|提前|换到|定在|约在|安排在|\b(?:mov\w+|push\w*|postpon\w*"
    r"|reschedul\w*|shift\w*"
    r"|bring forward|let's (?:do|meet|have|make)|make it|can only do|works for|instead|book\w*)\b"
)
_SEND_CONTRACT = re.compile(
    r"(?:发|寄|传)[^,。]{0,8}(?:合同|协议)|(?:合同|协议)[^,。]{0,8}(?:发|寄|传)(?:我|给|过来|一)"
    r"|\bsend (?:\w+ ){0,5}?(?:contract|agreement|signature|paperwork|order form)"
)
_NEGATED = re.compile(
    r"(?:没有?|还没|未|不|等|待)[^,。]{0,5}$|(?:\b(?:not|never|until|once|before|when|after|hasn't"
    r"|haven't|isn't|as soon as)\b|n't)(?: \w+){0,5} ?$"
)
_ASKS = re.compile(
    r"请|麻烦|烦请|发(?:我|给|一[下份版])|给我们?|需要你们?|帮(?:我|忙)|(?:能不能|可以"
    r"|能否)[^,。]{0,6}(?:安排|发|给|来|提供)|安排"
    r"|\b(?:please|kindly|could you|can you|would you|i need you to|we need you to|send (?:me|us"
    r"|over)|get me|let's (?:do|have|schedule|set|book|arrange|meet|talk|plan)|set up|arrange"
    r"|book)\b"
)


def read_step(sentence: Sentence) -> Iterator[Turn]:
    """At most one turn."""
    step = sentence.deal.opportunity.next_step
    if not step:
        if _ASKS.search(sentence.low) and any(p.search(sentence.low) for p in _OBJECT.values()):
            yield "asked"
        return
    planned = _planned(step)
    shared = {name for name in planned if _OBJECT[name].search(sentence.said)}
    if shared:
        turn = _turn(step, planned, shared, sentence)
        if turn:
            yield turn


@lru_cache(maxsize=1024)
def _planned(step: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _OBJECT.items() if pattern.search(step))


def _turn(step: str, planned: frozenset[str], shared: set[str], sentence: Sentence) -> Turn | None:
    for clause in sentence.clauses:
        here = {name for name in shared if _OBJECT[name].search(clause.text)}
        if not here or BLANK in clause.text:
            continue
        if _first(_CANCELLED, clause.text):
            return "overtaken"
        waits = bool(_WAITING.search(step)) and bool(
            here & {"legal", "security", "approval", "trial", "report"}
        )
        if waits and _first(_DONE, clause.text):
            return "overtaken"
        sends = bool(_SENDING.search(step)) and len(planned) == 1
        if sends and _first(_RECEIVED, clause.text):
            return "overtaken"
    dated = _dates_differ(step, shared, sentence)
    if dated is not None:
        return dated
    if not _ASKS.search(sentence.low):
        return None
    # Who asks for the thing no longer waits for it.
    return (
        "overtaken" if _WAITING.search(step) and _SEND_CONTRACT.search(sentence.low) else "agrees"
    )


def _first(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _NEGATED.search(text[: match.start()]) for match in pattern.finditer(text))


def _dates_differ(step: str, shared: set[str], sentence: Sentence) -> Turn | None:
    """A meeting of the step put on another day."""
    if not shared & {"demo", "visit", "workshop", "walkthrough", "meeting", "training"}:
        return None
    updated = sentence.deal.opportunity.updated_at
    known = {
        q.value
        for q in find_quantities(step, reference=updated.date() if updated else None)
        if q.kind == "date"
    }
    dates = [q for q in sentence.quantities if q.kind == "date" and q.unit is None]
    arranged = [
        c
        for c in sentence.clauses
        if _ARRANGED.search(c.text) or any(_OBJECT[name].search(c.text) for name in shared)
    ]
    said = [q.value for q in dates if any(c.start <= q.start < c.end for c in arranged)]
    if not known or not said:
        return None
    if any(day in known for day in said):
        return "agrees"
    today = sentence.said_on
    later = [day for day in said if isinstance(day, date) and today and day >= today]
    return "overtaken" if later and _ARRANGED.search(sentence.said) else None
