"""What a sentence says of a field, where the intent model tells what it is about.

Rules know the words that people mostly use; the model knows the meaning of words that no rule has
met. Here the model says what an utterance is about, and the value in it is read by general means:
the day, the person, the sum, the name. Such a fact is weaker than plain words: what a rule reads
on the same day outranks it (deviations._decide). Thresholds were chosen on the sets d1, d2 and on
the older ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.fact_amount import plain, sum_of_price
from agents.intent.fact_closing import DECIDES, day_to_close
from agents.intent.fact_competitors import names_beside, speaks_of_rivals
from agents.intent.fact_funds import is_other_purse
from agents.intent.fact_people import masked_persons
from agents.intent.fact_said import span
from agents.intent.fact_sentence import BLANK, Statement
from agents.intent.fact_thread import Found, Line, Thread
from agents.intent.fact_window import STRONG_TRIAL

# Weaker than any rule's words.
STRENGTH = 0.5
# Weaker still: it counts where nothing else was said of the field at all.
ECHO = 0.3
BUDGET_P = 0.7
AUTHORITY_P = 0.5
TIMELINE_P = 0.5
TRIAL_P = 0.3
MENTION_P = 0.6
MONEY_P = 0.5
# Who only advises, or uses what is bought, does not decide.
_NOT_DECIDING = re.compile(
    r"[只就](?:管|能|是|负责|提|会)|不(?:管|能|再|敢|归|由|是我)|没(?:那个|这个)?(?:权|资格)|算不了"
    r"|\b(?:only|just|not|never|recommend\w*|advis\w*|suggest\w*)\b|n't\b"
)
_DECIDING = re.compile(
    r"签|定(?!期|制|位|金|时)|拍|批(?!发)|说了算|一句话|点(?:了)?头|做主|主意|落笔|归.{0,2}[说管定]"
    r"|盖章|手印|选(?!题|修)"
    r"|\b(?:sign\w*|decid\w*|decision\w*|choos\w*|choice|pick|picks|yes|call|pen|mind|name (?:on"
    r"|to)"
    r"|nod|approv\w*|buying|order)\b"
)
_SELF_DECIDING = re.compile(
    r"我[^,。;]{0,4}(?:签|定(?!期|制)|拍|做主|说了算|点(?:了)?头|拿主意|批(?!条))|归我"
    r"|\b(?:i|it's me|i'm|mine|my)\b[^,.;]{0,24}\b(?:sign\w*|decid\w*|decision|choos\w*|pick"
    r"|call|pen|yes)\b"
)
_MONEY_INTENTS = ("money.price_objection", "money.discount_request", "money.value_question")


def read(thread: Thread) -> Iterator[Found]:
    known = thread.deal.opportunity.decision_maker
    before = ""
    for line in thread.lines:
        around, before = f"{before} {line.sentence.said}", line.sentence.low
        if not line.is_customer or not _states(line):
            continue
        yield from _echo(line, known)
        yield from _rivals(line, around)
        if not line.sentence.intents:
            continue
        yield from _budget(line)
        yield from _decider(line)
        yield from _close(line, around)
        yield from _amount(line)


def _found(field: str, value: str, line: Line, shown: str = "") -> Found:
    return Found(field, Statement(value, shown, STRENGTH), line)


def _states(line: Line) -> bool:
    """Whether anything of the sentence is stated: not asked, supposed or told of others."""
    return any(BLANK not in clause.text for clause in line.sentence.clauses)


def _p(line: Line, intent: str) -> float:
    return line.sentence.intents.get(intent, 0.0)


def _budget(line: Line) -> Iterator[Found]:
    ready, doubt = _p(line, "money.budget_ready"), _p(line, "money.budget_doubt")
    if max(ready, doubt) < BUDGET_P or is_other_purse(line.sentence.low):
        return
    yield _found("budget_status", "approved" if ready > doubt else "doubtful", line)


def _decider(line: Line) -> Iterator[Found]:
    """The one person of whom a sentence on authority speaks."""
    if _p(line, "decision.authority") < AUTHORITY_P:
        return
    sentence = line.sentence
    known = {contact.id for contact in sentence.deal.contacts}
    who = {one for one in masked_persons(sentence).persons if one in known}
    is_self = who == {sentence.speaker_id}
    decides = (_SELF_DECIDING if is_self else _DECIDING).search(sentence.said)
    if len(who) == 1 and decides and not _NOT_DECIDING.search(sentence.said):
        yield _found("decision_maker", who.pop(), line)


def _echo(line: Line, known: str | None) -> Iterator[Found]:
    """Whom the record has, beside a word of deciding: enough to agree, where none says more."""
    sentence = line.sentence
    if known is None or not _DECIDING.search(sentence.said):
        return
    if _NOT_DECIDING.search(sentence.said) or known not in masked_persons(sentence).persons:
        return
    yield Found("decision_maker", Statement(known, strength=ECHO), line)


def _close(line: Line, around: str) -> Iterator[Found]:
    timeline = _p(line, "decision.timeline")
    if timeline < TIMELINE_P or _p(line, "decision.trial") >= TRIAL_P:
        return
    if not DECIDES.search(around) or STRONG_TRIAL.search(line.sentence.said):
        return
    day = day_to_close(line.sentence)
    if day is not None:
        yield _found("expected_close", span(day.first, day.last), line, day.text)


def _rivals(line: Line, around: str) -> Iterator[Found]:
    is_told = _p(line, "competition.mention") >= MENTION_P or speaks_of_rivals(
        line.sentence, around
    )
    for name in names_beside(line.sentence, is_told=is_told):
        yield _found("competitors", name, line, name)


def _amount(line: Line) -> Iterator[Found]:
    if max(_p(line, intent) for intent in _MONEY_INTENTS) < MONEY_P:
        return
    said = sum_of_price(line.sentence)
    if said is not None:
        yield _found("amount", plain(said.value), line, said.text)
