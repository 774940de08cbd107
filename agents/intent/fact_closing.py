"""When they decide, where the day and the deciding stand in different sentences of one breath.

A day counts for the decision if its own sentence or the one beside it speaks of deciding and no
other event stands nearer. The record's own date needs less: talk of deciding around it is enough.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agents.intent.fact_dates import ELLIPTIC_DATE, OTHER_EVENT
from agents.intent.fact_periods import periods
from agents.intent.fact_said import said_days, span
from agents.intent.fact_sentence import BLANK, Sentence, Statement
from agents.intent.fact_thread import Found, Line, Thread

TOLERANCE = timedelta(days=14)
# A date that far ahead is another plan.
_AT_ONCE = timedelta(days=2)
_FARTHEST = timedelta(days=400)

DECIDES = re.compile(
    r"签|定(?=$|[,。;!?了下死掉的家]|日子)|敲定|拍板|落章|盖章|决定|定标|下单|订货|痛快话"
    r"|(?:给|回)[^,。]{0,6}(?:准话|答复|话|信|准信)"
    r"|(?:有|给|出)(?:个)?(?:结果|结论|说法|准信|答复|定论|话)|行不行|落袋|拿下|搞定|定夺"
    r"|二选一|三选一|选(?:定|型|家|谁|哪)|过会|采购(?:完"
    r"|落)|成交|合同(?!期|到)|订(?:下来|了)|下(?:订|定)"
    r"|\b(?:sign\w*|decid\w*|decision\w*|settled?|order(?:ing)?|yes or no|yes-or-no|pick\w*"
    r"|choos\w*|chose|award\w*|commit\w*|contract\w*|ink\w*|pen to paper|close (?:this|it|the"
    r"|by|before|out)|closing|wrap (?:this|it) up|finali[sz]\w*|select\w*|verdict|answer"
    r"|make (?:the|a|our) (?:call|choice|pick)|the call|pull the trigger|done deal|(?:have|get"
    r"|got) (?:it|this|that) (?:all )?(?:done|signed|wrapped)|make up \w+ mind"
    r"|makes up \w+ mind|out(?:come)|give you (?:a|an|our)|let you know|get (?:it"
    r"|this) (?:done|over|across)|po\b|purchase order|off (?:my|the) (?:desk|plate)|lock (?:it"
    r"|this) (?:in|down)|execut\w+|buy\w*|go/no-go|give you a yes|say yes|nod)\b"
)
_NOT_CLOSING = re.compile(
    r"试用|试点|试跑|样机|跑到|进场|拆|上线|安装|装机|到货|交付|交货|验收|开业|开学|到期|续约"
    r"|续费|培训|放假|休假|出差|演示|考察|盘点|飞检|审计|开工|切换"
    r"|搬|保密协议|年会|付款|尾款|发票|财年"
    r"|\b(?:pilot|trial|test\w*|sandbox|go[- ]live|live|rollout|roll out|install\w*|deliver\w*"
    r"|ship\w*|open(?:s|ing)|train\w*|vacation|expires?|expir\w*|runs out|renew\w*|demo|visit"
    r"|audit|migrat\w*|cutover|kick ?off|onboard\w*|invoice|arriv\w*|nda|shutdown|close it"
    r"|we close)\b"
)
_AT_MEETING = re.compile(
    r"会上?(?:一开就)?(?:拍|定|签)|开会定|当天(?:就能|就)?(?:定|签)|定标|\b(?:sign|decide|pick"
    r"|choose|order"
    r"|vote)\w*\b[^.;]{0,40}\b(?:board|meeting|session|committee)\b"
)
# Beyond doubt the purchase's own deciding.
_PLAIN = re.compile(
    r"签(?!到|收|证|过)|敲定|拍板|落章|盖章|定标|下单|痛快话|(?:再|才|会|能|要)定(?=$|[,。])"
    r"|定下来|开会定|订下来"
    r"|\b(?:we(?:'d|'ll| will| can| won't)? (?:\w+ )?(?:sign|decide|order|pick|choose|buy"
    r"|commit)|i(?:'d|'ll| will| won't)? (?:\w+ )?(?:sign|decide|order|pick|choose|buy|commit)"
    r"|decision|sign(?:ing|ature)|place the order|yes or no|settled|verdict)\b"
)
_PAST = re.compile(
    r"(?:就|已经?|刚|早|都)[^,。]{0,4}(?:签|批|定|选|买)(?:了|过|完)|(?:签|批|定|选)(?:了"
    r"|过)(?!再)(?=[^,。]{0,6}(?:$"
    r"|[,。]))|上(?:周|个?月|次)|去年|自"
    r"|\b(?:told|said|was|were|had|since|ago|last|wrapped|ended|went|came|got|released"
    r"|approved|signed|bought|did|met|happened|started)\b"
)
_PUT_OFF = re.compile(
    r"往后|推|延|挪|拖|等|才|最[快早]|怎么也|不早于|\b(?:not (?:before|until|till)|won't|can't"
    r"|until|push\w*"
    r"|slip\w*|mov\w*|delay\w*|earliest|instead|now)\b"
)
_DENIED = re.compile(
    r"(?:别|不要|不能|不想|别想|没法|赶不上|来不及|不可能|不)(?:再)?(?:拖|推|等|到|在"
    r"|指望)?[^,。]{0,3}$|\b(?:not|isn't"
    r"|won't (?:be|happen)|can't|instead of|rather than|no way)\b[^,.;]{0,14}$"
)
# Before then there is no sense in signing: from then on.
_NO_SENSE = re.compile(
    r"\b(?:no (?:sense|point|use|reason|way)|not|n't|never|nobody|nothing"
    r"|neither)\b[^.;]{0,60}\b(?:before|until|till)\b[^.;]{0,12}$|(?:不|没)[^。;]{0,20}$"
)
_DENIED_AFTER = re.compile(
    r"^[^,。]{0,3}(?:别想|赶不上|来不及|没戏|不(?:行|可能|现实|成)|悬|签不|定不|肯定不)"
    r"|^[^,.;]{0,12}\b(?:is (?:out|off"
    r"|gone|dead|too (?:soon|early|tight))|isn't (?:going|happening)|won't|is not|no longer"
    r"|off the table|can't)\b"
)
_DIRECT_BEFORE = re.compile(r"(?:\b(?:before|by|ahead of|until|till)\b[^,.;]{0,32}|赶在)$")
_AFTER = re.compile(
    r"^(?:节|假期)?(?:以|之|过)?后|^过完|^(?:节)?(?:一)?过(?:了|完|后)?|^(?:回来|开工)"
)
_AFTER_EN = re.compile(r"\b(?:after|past|following|once)\b[^,.;]{0,16}$")
_RANGE = re.compile(r"到|至|\b(?:to|through)\b")
_BARE_DAY = re.compile(r"the [a-z0-9-]+|[一二三四五六七八九十\d]{1,3}[号日]")
_ASKS_WHEN = re.compile(
    r"签|定|拍板|什么时候|合同|\b(?:sign\w*|decid\w*|decision|close|contract|when|timing"
    r"|timeline|order"
    r"|signature)\b"
)


@dataclass(frozen=True, slots=True)
class Day:
    """Days said at [start, end) of a sentence; None where open."""

    first: date | None
    last: date | None
    start: int
    end: int
    text: str


def read(thread: Thread) -> Iterator[Found]:
    known = thread.deal.opportunity.expected_close
    for at, turn in enumerate(thread.turns):
        if not turn[0].is_customer:
            continue
        for line in turn:
            yield from _done_today(line, known)
        told = [bool(DECIDES.search(line.sentence.said)) for line in turn]
        asked = at > 0 and any(
            _ASKS_WHEN.search(line.sentence.low)
            for lines in thread.before(at, n_turns=1)
            for line in lines
        )
        for number, line in enumerate(turn):
            if not (
                any(told[max(0, number - 1) : number + 2])
                or (asked and (number == 0 or not _is_other(line.sentence.said)))
            ):
                continue
            best = _best(line, known, told[number])
            # A trial's own days close nothing.
            if best is not None and (told[number] or not _RANGE.search(best.shown)):
                yield Found("expected_close", best, line)


def _done_today(line: Line, known: date | None) -> Iterator[Found]:
    """What is signed, or lost, on the day of the record was decided when it was to be."""
    today = line.sentence.said_on
    if known and today and abs(known - today) <= TOLERANCE and _ENDED.search(line.sentence.said):
        yield Found("expected_close", Statement(today.isoformat()), line)


_ENDED = re.compile(
    r"合同[^,。]{0,8}(?:盖完章|签完|签好|落地)|盖完章|公示|到这儿了|\b(?:executed (?:agreement"
    r"|contract|copy)"
    r"|done deal|ink's dry|signed with|papers went back|countersigned|end of the road"
    r"|official)\b"
)


def _best(line: Line, known: date | None, is_told: bool) -> Statement | None:
    """The last day of a sentence that may be the decision's; one near the record goes first."""
    sentence = line.sentence
    if sentence.said_on is None:
        return None
    days = [day for day in _days(sentence) if _may_close(day, sentence)]
    if not days:
        return None
    is_loose = not is_told and (
        not ELLIPTIC_DATE.match(sentence.low)
        or OTHER_EVENT.search(sentence.said)
        or _NOT_CLOSING.search(sentence.said)
    )
    near = [day for day in days if known and not is_loose and _is_near(day, known)]
    chosen = (near or days)[-1]
    if not near and not _is_plain(chosen, sentence, is_told):
        return None
    return Statement(span(chosen.first, chosen.last), chosen.text)


def day_to_close(sentence: Sentence) -> Day | None:
    """The last day that may be the decision's in a sentence on when it falls."""
    if sentence.said_on is None or _NOT_CLOSING.search(sentence.said):
        return None
    known = sentence.deal.opportunity.expected_close
    days = [
        day
        for day in _days(sentence)
        if _may_close(day, sentence)
        and (not OTHER_EVENT.search(sentence.said) or (known and _is_near(day, known)))
    ]
    # Two days without a word of deciding are a stretch of something else.
    if len(days) > 1 and not DECIDES.search(sentence.said):
        return None
    soon = sentence.said_on + _AT_ONCE
    return days[-1] if days and (days[-1].last or soon) > soon else None


def _is_plain(day: Day, sentence: Sentence, is_told: bool) -> bool:
    """Whether a date other than the record's is the decision's beyond doubt."""
    said = sentence.said
    if _AT_MEETING.search(said):
        return True
    if _NOT_CLOSING.search(said) or _is_other(said):
        return False
    if is_told:
        return _PLAIN.search(said) is not None
    return (
        ELLIPTIC_DATE.match(sentence.low) is not None
        and len(sentence.text) < (24 if sentence.is_han else 60)
        and day.last != sentence.said_on
    )


def _is_other(said: str) -> bool:
    """Whether something else than a meeting, where things are decided, happens in a sentence."""
    return any(not _MEETS.match(match.group()) for match in OTHER_EVENT.finditer(said))


_MEETS = re.compile(r"会|上会|开会|board|committee|meet")


def _is_near(day: Day, known: date) -> bool:
    first, last = day.first or day.last, day.last or day.first
    return bool(first and last and first - TOLERANCE <= known <= last + TOLERANCE)


def _days(sentence: Sentence) -> list[Day]:
    today = sentence.said_on
    assert today is not None
    days: list[Day] = []
    for start, end, first, last in periods(sentence.low, today):
        if BLANK in sentence.said[start:end]:
            continue
        ahead, behind = sentence.low[:start], sentence.low[end:]
        text = sentence.text[start:end]
        if _AFTER.match(behind) or _AFTER_EN.search(ahead):
            days.append(Day(last, last + timedelta(days=21), start, end, text))
        elif _NO_SENSE.search(ahead) and _DIRECT_BEFORE.search(ahead):
            days.append(Day(first, last + timedelta(days=7), start, end, text))
        elif _DIRECT_BEFORE.search(ahead) or re.match(r"(?:那天|节)?(?:以|之)?前", behind):
            days.append(Day(None, first, start, end, text))
        else:
            days.append(Day(first, last, start, end, text))
    for said in said_days(sentence):
        if not any(said.start < one.end and said.end > one.start for one in days):
            days.append(Day(said.first, said.last, said.start, said.end, said.text))
    return _in_one_month(sorted(days, key=lambda one: one.start))


def _in_one_month(days: list[Day]) -> list[Day]:
    """ "End of January, say the twenty-ninth": a day without a month takes the one just named."""
    for at in range(1, len(days)):
        month, day = days[at - 1].last or days[at - 1].first, days[at].last
        if month and day and _BARE_DAY.fullmatch(days[at].text.lower()) and days[at].first == day:
            length = calendar.monthrange(month.year, month.month)[1]
            moved = date(month.year, month.month, min(day.day, length))
            days[at] = replace(days[at], first=moved, last=moved)
    return days


def _may_close(day: Day, sentence: Sentence) -> bool:
    today = sentence.said_on
    assert today is not None
    last = day.last or day.first
    if last is None or last <= today or last - today > _FARTHEST:
        return False
    if day.first and day.last and (day.last - day.first).days > 100:
        return False
    low = sentence.said
    start = max((low.rfind(m, 0, day.start) for m in ",;。"), default=-1) + 1
    ends = [at for m in ",;。" if (at := low.find(m, day.end)) >= 0]
    end = min(ends, default=len(low))
    clause = low[start:end]
    if _PAST.search(clause) and not _PUT_OFF.search(clause):
        return False
    if _DENIED.search(low[start : day.start]) or _DENIED_AFTER.match(low[day.end : end]):
        return False
    is_told = DECIDES.search(clause) or _AT_MEETING.search(low)
    return not (_NOT_CLOSING.search(clause) and not is_told)
