"""What a deal's customer is after, from all the times they showed it.

Independent witnesses add up in log-odds (naive Bayes; Good 1950, "weight of evidence"). The
strongest signal adds logit(p) − logit(prior), where the prior is what an intent's p would be if
nothing had been said. Any further one adds what it says beyond an even chance, logit(p), and only
where that is positive: a long meeting has many sentences that might mean anything, and their
number proves nothing. Signals are not independent, so each further one of the same channel counts
half as much as the one before; a second channel is a fresh witness. Old words fade by the
half-life; less reliable channels and words passed on from somebody else weigh less. What the
customer said later beats what contradicts it earlier.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain import Channel, Evidence, IntentId, PooledIntent, Signal

# The share of one intent in a customer's utterances: 26 intents, about one an utterance.
PRIOR_P = 0.04
# A recogniser's certainty about one sentence is never more than this about the customer's mind.
CERTAIN_P = 0.98
# Half of the weight after six weeks, about half of a mid-market sales cycle (agents.coach.rank).
HALF_LIFE_DAYS = 42.0
# However old, the customer did say it: an annual contract's complaint still counts something.
LEAST_RECENCY = 0.25
# A mail is written with care; speech is recognised with errors; a chat is clipped.
RELIABILITY: Mapping[Channel, float] = {
    Channel.EMAIL: 1.0,
    Channel.MEETING: 0.95,
    Channel.CHAT: 0.85,
}
OTHER_RELIABILITY = 0.7
# "总监说预算批了" counts by its meaning, but a retelling may leave out a condition: it weighs as
# much less than first-hand words as a chat does than a meeting.
REPORTED_WEIGHT = 0.9
MOSTLY_REPORTED_P = 0.5
# Each further signal of the same channel adds this much of the one before it.
REPEAT_WEIGHT = 0.5
MOST_EVIDENCE = 5
EVEN_P = 0.5
# At this p the calibrated recogniser is wrong about once in thirty signals.
TELLING_P = 0.97
# Share of utterances without an intent that still show one (evals/datasets/intents/REPORT.json).
FALSE_ALARM_RATE = 0.07
# Signals count as heard when mistakes alone would make as many in fewer than one deal of four.
NOISE_TAIL = 0.25
# What the earlier of two contradicting intents keeps of its odds.
OVERRULED_WEIGHT = 0.35
_DAY_S = 86_400.0

CONTRADICTIONS: tuple[tuple[IntentId, IntentId], ...] = (
    (IntentId("money.budget_ready"), IntentId("money.budget_doubt")),
    (IntentId("decision.commitment"), IntentId("decision.rejection")),
)


def pool(signals: Sequence[Signal], *, now: datetime) -> tuple[PooledIntent, ...]:
    """The intents of a deal, highest p first, ties by id.

    `by_channel` pools each channel for itself; `evidence` holds at most five, strongest first, the
    later one at a tie. `last_seen_at` is None when no signal of the intent has a time.
    """
    by_intent: dict[IntentId, list[Signal]] = {}
    for signal in signals:
        by_intent.setdefault(signal.intent, []).append(signal)
    pooled = {intent: _pool_one(intent, mine, now) for intent, mine in by_intent.items()}
    for one, other in CONTRADICTIONS:
        if one in pooled and other in pooled:
            _overrule(pooled, one, other)
    return tuple(sorted(pooled.values(), key=lambda found: (-found.p, found.id)))


def is_no_more_than_noise(signals: Sequence[Signal], *, n_passages: int) -> bool:
    """Whether a talk without any intent would show as many signals as these by mere mistakes.

    `n_passages` counts what the customer said. Chat about parking and holidays makes the
    recogniser err now and then, and a long meeting has much of it: the signals count as noise
    unless so many are unlikely (binomial tail) or one of them is as good as certain.
    """
    telling = [s for s in signals if s.p >= EVEN_P]
    if any(s.p >= TELLING_P for s in telling):
        return False
    n_heard = len({_place(s.evidence) for s in telling})
    n = max(n_passages, n_heard)
    fewer = sum(
        math.comb(n, k) * FALSE_ALARM_RATE**k * (1 - FALSE_ALARM_RATE) ** (n - k)
        for k in range(n_heard)
    )
    return 1 - fewer > NOISE_TAIL


def channel_agreement(pooled: PooledIntent) -> float:
    """In [0, 1]: how far the channels support each other; 0 with a single one.

    The weaker of the two strongest channels, relative to the strongest.
    """
    strengths = sorted(pooled.by_channel.values(), reverse=True)
    if len(strengths) < 2 or strengths[0] <= 0:
        return 0.0
    return strengths[1] / strengths[0]


def _pool_one(intent: IntentId, signals: Sequence[Signal], now: datetime) -> PooledIntent:
    weighed = sorted(
        ((_weight_of_evidence(signal, now), signal) for signal in signals),
        key=lambda pair: (-pair[0], -_timestamp(pair[1].evidence), *_place(pair[1].evidence)),
    )
    odds: dict[Channel, float] = {}
    n_heard: dict[Channel, int] = {}
    beyond_even = 0.0
    for weight, signal in weighed:
        channel = signal.evidence.channel
        share = REPEAT_WEIGHT ** n_heard.get(channel, 0)
        further = max(0.0, weight + _logit(PRIOR_P))
        odds[channel] = odds[channel] + share * further if channel in odds else weight
        beyond_even += share * further
        n_heard[channel] = n_heard.get(channel, 0) + 1
    strongest = weighed[0][0]
    total = strongest + beyond_even - max(0.0, strongest + _logit(PRIOR_P))
    times = [s.evidence.occurred_at for s in signals if s.evidence.occurred_at is not None]
    return PooledIntent(
        id=intent,
        p=_probability(total),
        by_channel={str(c): _probability(odds[c]) for c in sorted(odds)},
        evidence=_distinct([signal.evidence for _, signal in weighed])[:MOST_EVIDENCE],
        last_seen_at=max(times, default=None),
    )


def _weight_of_evidence(signal: Signal, now: datetime) -> float:
    reliability = RELIABILITY.get(signal.evidence.channel, OTHER_RELIABILITY)
    raised = _logit(min(signal.p, CERTAIN_P)) - _logit(PRIOR_P)
    if signal.reported is not None and signal.reported >= MOSTLY_REPORTED_P:
        reliability *= REPORTED_WEIGHT
    return max(0.0, raised) * reliability * _recency(signal.evidence.occurred_at, now)


def _recency(occurred_at: datetime | None, now: datetime) -> float:
    """In [LEAST_RECENCY, 1]; undated words count as one half-life old."""
    days = HALF_LIFE_DAYS
    if occurred_at is not None:
        days = max(0.0, (now - occurred_at).total_seconds() / _DAY_S)
    return max(LEAST_RECENCY, math.exp2(-days / HALF_LIFE_DAYS))


def _overrule(pooled: dict[IntentId, PooledIntent], one: IntentId, other: IntentId) -> None:
    """Damps the one that was said earlier; without two different times neither is damped."""
    first, second = pooled[one].last_seen_at, pooled[other].last_seen_at
    if first is None or second is None or first == second:
        return
    earlier = one if first < second else other
    found = pooled[earlier]
    pooled[earlier] = replace(
        found,
        p=_damped(found.p),
        by_channel={channel: _damped(p) for channel, p in found.by_channel.items()},
    )


def _damped(p: float) -> float:
    return _probability(OVERRULED_WEIGHT * (_logit(p) - _logit(PRIOR_P)))


def _distinct(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The same words twice (two intents' signals never, a re-sent mail often) are one."""
    seen: dict[tuple[str, int, int], Evidence] = {}
    for one in evidence:
        seen.setdefault(_place(one), one)
    return tuple(seen.values())


def _place(evidence: Evidence) -> tuple[str, int, int]:
    return evidence.source_id, evidence.start, evidence.end


def _timestamp(evidence: Evidence) -> float:
    return evidence.occurred_at.timestamp() if evidence.occurred_at is not None else -math.inf


def _logit(p: float) -> float:
    clipped = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))


def _probability(weight: float) -> float:
    return 1 / (1 + math.exp(-(weight + _logit(PRIOR_P))))
