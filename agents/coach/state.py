"""What travels along the coaching graph: ids and frozen values, never connections or models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from agents.coach.playbook import Play
from agents.coach.slots import CrmValue, Filled
from agents.intent.facts import ObservedFact
from core.domain import (
    Bilingual,
    Claim,
    CoachAnswer,
    Deal,
    DeviationReport,
    Evidence,
    Passage,
    PooledIntent,
    Signal,
    Source,
    SourceId,
    Suggestion,
)


@dataclass(frozen=True, slots=True)
class DealMaterial:
    """All that is stored about one deal, read in one transaction."""

    deal: Deal
    sources: Mapping[SourceId, Source]
    passages: tuple[Passage, ...]
    signals: tuple[Signal, ...]
    facts: tuple[ObservedFact, ...]
    crm: Mapping[str, CrmValue]
    crm_gaps: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class Draft:
    """A play with filled slots, not yet verified."""

    play: Play
    move: Bilingual
    claims: tuple[Claim, ...]
    filled: Mapping[str, Filled]


@dataclass(frozen=True, slots=True)
class Verified:
    """What is left of a draft after verification; at least its first claim stands."""

    draft: Draft
    claims: tuple[Claim, ...]


class CoachState(TypedDict, total=False):
    tenant_id: str
    deal_id: str
    rep_id: str
    with_model: bool

    material: DealMaterial
    intents: tuple[PooledIntent, ...]
    report: DeviationReport
    drafts: tuple[Draft, ...]
    verified: tuple[Verified, ...]
    suggestions: tuple[Suggestion, ...]
    n_dropped_claims: int
    degraded: tuple[str, ...]
    answer: CoachAnswer
