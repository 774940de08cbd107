"""Features of a verified draft, its confidence, and which drafts to show.

Confidence is a frequency of acceptance (feedback.calibration), never a model's opinion of itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from agents.coach.state import Verified
from core.domain import Channel, Claim, Confidence, PlayId, PooledIntent
from feedback.calibration import Calibrator, confidence
from feedback.store import PlayRecord

# Words lose half of their weight in six weeks: about half of a mid-market sales cycle.
RECENCY_HALF_LIFE_DAYS = 42.0
# Two independent touchpoints that bear a suggestion are as good as it usually gets.
FULL_SUPPORT = 3.0
# What reading a CRM field or a computed situation is worth beside a recognised intent.
RECORD_P = 0.85
# Below this the sidebar keeps quiet: two of three such suggestions would be rejected.
SHOW_FROM = 0.35
# Beta(2, 2): a play without a record is as likely liked as not, and one verdict moves it little.
PRIOR_ACCEPTED, PRIOR_REJECTED = 2.0, 2.0


def features_of(
    verified: Verified,
    *,
    intents: Mapping[str, PooledIntent],
    record: PlayRecord | None,
    now: datetime,
) -> dict[str, float]:
    """Named features in [0, 1], each one better when higher."""
    play, filled = verified.draft.play, verified.draft.filled
    intent_slots = [(s.key, filled[n]) for n, s in play.slots.items() if s.intent and n in filled]
    spoken = [e for c in verified.claims for e in c.evidence if e.channel is not Channel.TERM]
    touchpoints = {(e.source_id, e.start) for e in spoken}
    ages = [
        max(0.0, (now - e.occurred_at).total_seconds() / 86_400)
        for e in spoken
        if e.occurred_at is not None and e.channel is not Channel.CRM
    ]
    channels = [len(intents[key].by_channel) for key, _ in intent_slots if key in intents]
    return {
        "evidence_support": min(1.0, len(touchpoints) / FULL_SUPPORT),
        "intent_p": min((f.p for _, f in intent_slots), default=RECORD_P),
        "channel_agreement": min(1.0, max(channels, default=1) / 2),
        "recency": math.exp2(-min(ages) / RECENCY_HALF_LIFE_DAYS) if ages else 0.5,
        "play_weight": play.weight,
        "play_acceptance": acceptance(record),
    }


def acceptance(record: PlayRecord | None) -> float:
    """Smoothed share of accepted verdicts; a partly accepted one counts half."""
    good, bad = PRIOR_ACCEPTED, PRIOR_REJECTED
    if record is not None:
        good += record.n_accepted + record.n_partly / 2
        bad += record.n_rejected + record.n_partly / 2
    return good / (good + bad)


def choose(
    scored: Sequence[tuple[Verified, Confidence]], *, limit: int
) -> list[tuple[Verified, Confidence]]:
    """Best first, at most `limit`, no two that rest on the same leading words or the same group.

    The second of a group waits until every other group had its turn: five ways to answer one
    price objection are worth less to a rep than the deal's five open points.
    """
    ranked = sorted(scored, key=lambda vc: (-vc[1].p, vc[0].draft.play.id))
    ranked = [vc for vc in ranked if vc[1].p >= SHOW_FROM]
    chosen: list[tuple[Verified, Confidence]] = []
    leads: set[tuple[str, int]] = set()
    groups: set[str] = set()
    for fresh_group_only in (True, False):
        for verified, sure in ranked:
            lead = _lead(verified.claims)
            group = verified.draft.play.id.partition(".")[0]
            if len(chosen) >= limit or lead in leads or (fresh_group_only and group in groups):
                continue
            chosen.append((verified, sure))
            leads.add(lead)
            groups.add(group)
    return sorted(chosen, key=lambda vc: (-vc[1].p, vc[0].draft.play.id))


def _lead(claims: Sequence[Claim]) -> tuple[str, int]:
    first = claims[0].evidence[0]
    return first.source_id, first.start


def score(
    verified: Sequence[Verified],
    *,
    intents: Mapping[str, PooledIntent],
    records: Mapping[PlayId, PlayRecord],
    calibrator: Calibrator,
    now: datetime,
) -> list[tuple[Verified, Confidence]]:
    """Each draft with its confidence, in the given order."""
    return [
        (
            one,
            confidence(
                features_of(
                    one,
                    intents=intents,
                    record=records.get(PlayId(one.draft.play.id)),
                    now=now,
                ),
                calibrator,
            ),
        )
        for one in verified
    ]
