"""The whole talk in order, for what no single sentence tells.

A sum counts because the rep named it before, a stage because of what has happened so far, a day of
the month because of the window on record: readers of a thread see both sides' sentences, yet only
the customer's may bear a fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.intent.fact_sentence import Sentence, Statement
from core.domain import Deal, Passage

# How many passages back a word still gives what is said now its meaning.
NEAR_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a thread; `turn` numbers its passage."""

    sentence: Sentence
    passage: Passage
    turn: int
    is_customer: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A fact of a thread with the line that bears it."""

    field: str
    statement: Statement
    line: Line


@dataclass
class Thread:
    """The sentences of a deal's passages, oldest first."""

    deal: Deal
    lines: Sequence[Line]

    @cached_property
    def customers(self) -> list[Line]:
        return [line for line in self.lines if line.is_customer]

    @cached_property
    def turns(self) -> list[list[Line]]:
        """The lines of each passage, in order."""
        turns: list[list[Line]] = []
        for line in self.lines:
            if not turns or turns[-1][0].turn != line.turn:
                turns.append([])
            turns[-1].append(line)
        return turns

    def before(self, at: int, *, n_turns: int = NEAR_PASSAGES) -> Iterator[list[Line]]:
        """The passages of the same source just before passage number `at` of `turns`, latest
        first."""
        source = self.turns[at][0].passage.source_id
        for turn in reversed(self.turns[max(0, at - n_turns) : at]):
            if turn[0].passage.source_id == source:
                yield turn
