"""Facts about the deal in the customer's own sentences, in the shape of the CRM's fields.

A deviation says that a record is wrong, so each one must be able to show the words that made it so:
rules read the value from a sentence, and where no rule knows the wording the intent model says what
the sentence is about (fact_signals). A sentence that asks, supposes or denies states nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from agents.intent import (
    fact_amount,
    fact_closing,
    fact_competitors,
    fact_dates,
    fact_funds,
    fact_money,
    fact_people,
    fact_progress,
    fact_signals,
    fact_stage,
    fact_window,
    fact_wish,
)
from agents.intent.fact_names import People
from agents.intent.fact_sentence import Sentence, Statement, is_question
from agents.intent.fact_thread import Line, Thread
from core.domain import Account, Contact, Deal, Opportunity, Passage, Rep, Role, Signal
from core.text.sentences import sentences

# Each reader looks at one sentence and yields (field, statement).
READERS = (
    fact_money.read,
    fact_dates.read,
    fact_people.read,
    fact_competitors.read,
    fact_stage.read,
)
# Each reader looks at the whole thread and yields what only more than one sentence tells.
THREAD_READERS = (
    fact_amount.read,
    fact_progress.read,
    fact_wish.read,
    fact_window.read,
    fact_closing.read,
    fact_funds.read,
    fact_signals.read,
)
# Signals below this are the recogniser's guesses.
SIGNAL_FROM = 0.5
_OUTRANKED = frozenset({"budget_status", "expected_close"})
Record = tuple[Account, Opportunity, tuple[Contact, ...], Rep | None, tuple[str, ...]]
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ObservedFact:
    """`value` is canonical for its field, `shown` the customer's words for it.

    [start, end) is the sentence that bears the fact, in the passage's source text. `strength` in
    (0, 1]: below 1 the words bear the fact less than plainly.
    """

    field: str
    value: str
    shown: str
    start: int
    end: int
    passage: Passage
    strength: float = 1.0


def observe_facts(
    passages: Sequence[Passage], *, deal: Deal, signals: Sequence[Signal]
) -> list[ObservedFact]:
    """What the customer's side stated, latest first; within one passage, later words first."""
    # A deal is looked at again and again; its `extra` keys say nothing here.
    return list(
        _observed(
            tuple(passages),
            tuple(one for one in signals if one.p >= SIGNAL_FROM),
            (deal.account, deal.opportunity, deal.contacts, deal.rep, deal.products),
        )
    )


@lru_cache(maxsize=32)
def _observed(
    passages: tuple[Passage, ...], signals: tuple[Signal, ...], record: Record
) -> tuple[ObservedFact, ...]:
    deal = Deal(*record)
    ordered = sorted(passages, key=lambda p: (p.occurred_at or _BEFORE_ALL, p.source_id, p.start))
    by_source: dict[str, list[Signal]] = {}
    for signal in signals:
        by_source.setdefault(signal.evidence.source_id, []).append(signal)
    people = People(deal)
    lines: list[Line] = []
    previous: Passage | None = None
    for turn, passage in enumerate(ordered):
        if passage.role in (Role.CUSTOMER, Role.REP) and passage.carries_intent:
            mine = by_source.get(passage.source_id, [])
            is_customer = passage.role is Role.CUSTOMER
            lines += [
                Line(sentence, passage, turn, is_customer)
                for sentence in _sentences(passage, previous, deal, people, mine)
            ]
        previous = passage
    thread = Thread(deal, lines)
    told: dict[int, list[ObservedFact]] = {}
    for found in (one for reader in THREAD_READERS for one in reader(thread)):
        fact = _fact(found.field, found.statement, found.line.sentence, found.line.passage)
        told.setdefault(id(found.line), []).append(fact)
    facts: list[ObservedFact] = []
    for line in thread.customers:
        # What a sentence says by itself outranks what the talk around it suggests.
        said = [f for f in told.get(id(line), []) if f.field in _OUTRANKED]
        said += [
            _fact(field, statement, line.sentence, line.passage)
            for reader in READERS
            for field, statement in reader(line.sentence)
        ]
        said += [f for f in told.get(id(line), []) if f.field not in _OUTRANKED]
        facts += _plainest(said)
    return tuple(_distinct(facts[::-1]))


def _plainest(facts: Sequence[ObservedFact]) -> Iterator[ObservedFact]:
    """Where readers of one sentence take different things from it, the plainest words count."""
    for fact in facts:
        is_listed = fact.field == "competitors"
        if is_listed or not any(
            f.field == fact.field and f.strength > fact.strength for f in facts
        ):
            yield fact


def _distinct(facts: Sequence[ObservedFact]) -> list[ObservedFact]:
    """Each fact once: two readers may take it from the same sentence."""
    seen: dict[tuple[str, str, str, int], ObservedFact] = {}
    for fact in facts:
        seen.setdefault((fact.field, fact.value, fact.passage.source_id, fact.start), fact)
    return list(seen.values())


def _sentences(
    passage: Passage,
    previous: Passage | None,
    deal: Deal,
    people: People,
    signals: Sequence[Signal],
) -> Iterator[Sentence]:
    day = passage.occurred_at.date() if passage.occurred_at else None
    before, asked = _context(passage, previous)
    for start, end in sentences(passage.text):
        at_start, at_end = passage.start + start, passage.start + end
        text = passage.text[start:end]
        yield Sentence(
            text=text,
            before=before,
            asked=asked,
            start=at_start,
            end=at_end,
            said_on=day,
            speaker_id=passage.contact_id,
            intents={
                s.intent: s.p
                for s in signals
                if s.evidence.start < at_end and s.evidence.end > at_start
            },
            deal=deal,
            people=people,
        )
        before, asked = text, ""


def _context(passage: Passage, previous: Passage | None) -> tuple[str, str]:
    """(the same speaker's last words, the other side's last question) just before a passage."""
    if previous is None or previous.source_id != passage.source_id:
        return "", ""
    is_own = previous.role is Role.CUSTOMER
    if previous.speaker != passage.speaker if is_own else not is_question(previous.text):
        return "", ""
    spans = sentences(previous.text)
    last = previous.text[slice(*spans[-1])] if spans else ""
    return (last, "") if is_own else ("", last)


def _fact(field: str, statement: Statement, sentence: Sentence, passage: Passage) -> ObservedFact:
    return ObservedFact(
        field=field,
        value=statement.value,
        shown=statement.shown or sentence.text,
        start=sentence.start,
        end=sentence.end,
        passage=passage,
        strength=statement.strength,
    )
