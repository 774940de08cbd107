"""Facts about the deal in the customer's own sentences, in the shape of the CRM's fields.

Rules over sentences, not a model: a deviation says that a record is wrong, so each one must be
able to show the words that made it so. A sentence that asks, supposes or denies states nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.intent import fact_competitors, fact_dates, fact_money, fact_people, fact_stage
from agents.intent.fact_sentence import Sentence, Statement, is_supposed
from core.domain import Deal, Passage, Role, Signal
from core.text.sentences import sentences

# Each reader looks at one sentence and yields (field, statement).
READERS = (
    fact_money.read,
    fact_dates.read,
    fact_people.read,
    fact_competitors.read,
    fact_stage.read,
)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ObservedFact:
    """`value` is canonical for its field, `shown` the customer's words for it.

    [start, end) is the sentence that bears the fact, in the passage's source text.
    """

    field: str
    value: str
    shown: str
    start: int
    end: int
    passage: Passage


def observe_facts(
    passages: Sequence[Passage], *, deal: Deal, signals: Sequence[Signal]
) -> list[ObservedFact]:
    """What the customer's side stated, latest first; within one passage, later words first."""
    spoken = [p for p in passages if p.role is Role.CUSTOMER and p.carries_intent]
    spoken.sort(key=lambda p: (p.occurred_at or _BEFORE_ALL, p.source_id, p.start))
    facts = []
    for passage in spoken:
        for sentence in _sentences(passage, deal, signals):
            for field, statement in _read(sentence):
                facts.append(_fact(field, statement, sentence, passage))
    return facts[::-1]


def _sentences(passage: Passage, deal: Deal, signals: Sequence[Signal]) -> Iterator[Sentence]:
    mine = [s for s in signals if s.evidence.passage_id == passage.id]
    day = passage.occurred_at.date() if passage.occurred_at else None
    before = ""
    for start, end in sentences(passage.text):
        at_start, at_end = passage.start + start, passage.start + end
        text = passage.text[start:end]
        yield Sentence(
            text=text,
            before=before,
            start=at_start,
            end=at_end,
            said_on=day,
            speaker_id=passage.contact_id,
            intents=frozenset(
                s.intent
                for s in mine
                if s.evidence.start < at_end and s.evidence.end > at_start
            ),
            deal=deal,
        )
        before = text


def _read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    if is_supposed(sentence.text):
        return
    for reader in READERS:
        yield from reader(sentence)


def _fact(field: str, statement: Statement, sentence: Sentence, passage: Passage) -> ObservedFact:
    return ObservedFact(
        field=field,
        value=statement.value,
        shown=statement.shown or sentence.text,
        start=sentence.start,
        end=sentence.end,
        passage=passage,
    )
