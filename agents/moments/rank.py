"""From sentences with their intents and salience to the ranked key moments of one source. Pure.

score = 1 - Π (1 - share of one reason to read on), a noisy or over: the customer's intent, weight ·
p; salience, SALIENCE_SHARE of it; and CONCRETE_SHARE for each of a day, a sum and a promise in the
customer's words. Weights by group are the project's judgement: money and decisions move a deal this
week, needs explain it. Salience alone stays below a clear intent, and behind one of equal score.
The third sentence of one intent tells less than the first of another: each repeat keeps
AGAIN of its score.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agents.moments.features import Numbers, Unit, surface, tokens
from agents.moments.titles import title_of
from agents.moments.words import promises, says_how_much, says_when
from core.domain import Bilingual, IntentId, Role

GROUP_WEIGHTS = {
    "decision": 0.9,
    "money": 0.9,
    "risk": 0.8,
    "competition": 0.8,
    "lifecycle": 0.85,
    "need": 0.65,
}
SALIENCE_SHARE = 0.4
CONCRETE_SHARE = 0.06
AGAIN = 0.93
# From this p an intent names the moment.
NAMED_FROM = 0.5
# Jaccard overlap of words from which two moments say the same; of fewer words, many do.
REPEAT_FROM = 0.8
FEWEST_REPEATED_WORDS = 4
# A quote is read at a glance: a neighbour joins while both fit and it is worth half the leader.
LONGEST_QUOTE = 160
JOINS_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Moment:
    """`index` is the utterance's position, 0-based; `quote` == source.text[start:end]."""

    index: int
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    intent: IntentId | None
    role: Role
    speaker: str | None
    title: Bilingual
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class _Scored:
    """A unit, or several neighbours once they are joined, numbered `at` by the leader."""

    at: int
    unit: Unit
    start: int
    end: int
    intent: IntentId | None
    score: float


def rank(
    units: Sequence[Unit],
    salience: Numbers,
    intents: Mapping[int, tuple[IntentId, float]],
    *,
    text: str,
) -> list[Moment]:
    """Best first, ties: intents first, then by place. `intents`: unit number → strongest with p.

    Sentences of one utterance that touch and say one thing are one moment; a near repeat of a
    better one is left out, and so is what has no words.
    """
    surfaces = [surface(unit.text) for unit in units]
    scored = [
        _scored(at, unit, float(salience[at]), intents.get(at), surfaces[at])
        for at, unit in enumerate(units)
    ]
    scored.sort(key=_order)
    kept = _aged(_without_repeats(_joined(scored), surfaces))
    return [_moment(one, text=text) for one in kept]


def _order(one: _Scored) -> tuple[float, bool, int]:
    return (-one.score, one.intent is None, one.at)


def _scored(
    at: int, unit: Unit, salient: float, found: tuple[IntentId, float] | None, said: str
) -> _Scored:
    intent, p = found or (None, 0.0)
    dull = 1 - SALIENCE_SHARE * salient
    if intent is not None:
        dull *= 1 - GROUP_WEIGHTS[intent.split(".")[0]] * p
    if unit.role is Role.CUSTOMER:
        n_concrete = says_when(said) + says_how_much(said) + promises(said)
        dull *= (1 - CONCRETE_SHARE) ** n_concrete
    named = intent if p >= NAMED_FROM else None
    return _Scored(at, unit, unit.start, unit.end, named, 1 - dull)


def _joined(scored: Sequence[_Scored]) -> list[_Scored]:
    """Neighbours in one utterance under the better one's number, best first as they come."""
    kept: dict[int, _Scored] = {}
    place: dict[int, int] = {}
    for one in scored:
        for beside in (one.at - 1, one.at + 1):
            leader = kept[place[beside]] if beside in place else None
            if leader is None or not _joins(one, leader):
                continue
            start, end = min(leader.start, one.start), max(leader.end, one.end)
            kept[leader.at] = replace(leader, start=start, end=end)
            place[one.at] = leader.at
            break
        else:
            kept[one.at] = one
            place[one.at] = one.at
    return list(kept.values())


def _joins(one: _Scored, leader: _Scored) -> bool:
    return (
        one.unit.index == leader.unit.index
        and one.intent in (None, leader.intent)
        and one.score >= JOINS_FROM * leader.score
        and max(leader.end, one.end) - min(leader.start, one.start) <= LONGEST_QUOTE
    )


def _without_repeats(scored: Sequence[_Scored], surfaces: Sequence[str]) -> list[_Scored]:
    """Sets this alike share one of their rarest words (prefix filter, Chaudhuri et al. 2006)."""
    bags = {one.at: frozenset(tokens(surfaces[one.at])) for one in scored}
    n_with = Counter(word for bag in bags.values() for word in bag)
    by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
    kept = []
    for one in scored:
        bag = bags[one.at]
        rarest = sorted(bag, key=lambda word: (n_with[word], word))
        rarest = rarest[: len(bag) - math.ceil(REPEAT_FROM * len(bag)) + 1]
        rivals = (rival for word in rarest for rival in by_word[word])
        if not bag or any(len(bag & b) >= REPEAT_FROM * len(bag | b) for b in rivals):
            continue
        kept.append(one)
        if len(bag) >= FEWEST_REPEATED_WORDS:
            for word in rarest:
                by_word[word].append(bag)
    return kept


def _aged(scored: Sequence[_Scored]) -> list[_Scored]:
    n_before: Counter[IntentId] = Counter()
    found = []
    for one in scored:
        if one.intent is not None:
            found.append(replace(one, score=one.score * AGAIN ** n_before[one.intent]))
            n_before[one.intent] += 1
        else:
            found.append(one)
    return sorted(found, key=_order)


def _moment(one: _Scored, *, text: str) -> Moment:
    unit, quote = one.unit, text[one.start : one.end]
    return Moment(
        index=unit.index,
        start=one.start,
        end=one.end,
        start_ms=unit.start_ms,
        end_ms=unit.end_ms,
        intent=one.intent,
        role=unit.role,
        speaker=unit.speaker,
        title=title_of(one.intent, unit.role, said=surface(quote)),
        quote=quote,
        score=round(one.score, 4),
    )
