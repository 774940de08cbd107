"""One worked suggestion for the tests of feedback, with round figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.domain import (
    Bilingual,
    Channel,
    Claim,
    ConceptId,
    Confidence,
    DealId,
    Evidence,
    PassageId,
    PlayId,
    Role,
    SourceId,
    Suggestion,
    SuggestionId,
)

FEATURES = {
    "evidence_support": 1 / 3,
    "intent_p": 0.8,
    "channel_agreement": 0.5,
    "recency": 0.8,
    "play_weight": 0.6,
    "play_acceptance": 0.5,
}
MakeSuggestion = Callable[..., Suggestion]


def said(source_id: str, quote: str = "能不能再让三个点") -> Evidence:
    return Evidence(
        source_id=SourceId(source_id),
        source_sha256=f"sha-{source_id}",
        file=f"meetings/{source_id}.vtt",
        channel=Channel.MEETING,
        start=10,
        end=10 + len(quote),
        quote=quote,
        speaker="王建国",
        role=Role.CUSTOMER,
        occurred_at=datetime(2026, 11, 3, 1, 2, 3, 456789, tzinfo=UTC),
        said_on=date(2026, 11, 3),
        start_ms=61_000,
        end_ms=64_500,
        passage_id=PassageId(7),
    )


TERM = Evidence(
    source_id=SourceId("term:sales:discount"),
    source_sha256="sha-pack",
    file="knowledge_graph/packs/sales.yaml",
    channel=Channel.TERM,
    start=1,
    end=3,
    quote="折扣",
    concept_id=ConceptId("sales:discount"),
)


@pytest.fixture
def make_suggestion() -> MakeSuggestion:
    """A suggestion with two claims; `sources` are those that its first claim rests on."""

    def make(
        suggestion_id: str = "sug-1",
        *,
        deal_id: str = "opp-1",
        play_id: str = "money.trade_terms",
        move: str = "别单独让价",
        sources: tuple[str, ...] = ("src-1",),
        p: float = 0.48,
        features: dict[str, float] | None = None,
    ) -> Suggestion:
        evidence = tuple(said(source) for source in sources)
        return Suggestion(
            id=SuggestionId(suggestion_id),
            deal_id=DealId(deal_id),
            play_id=PlayId(play_id),
            title=Bilingual("用条件换折扣", "Trade terms"),
            move=Bilingual(move, "Do not cut the price alone"),
            claims=(
                Claim("c1", Bilingual("要求优惠", "asked for better terms"), (*evidence, TERM)),
                Claim("c2", Bilingual("金额", "amount"), (replace(evidence[0], start=90, end=98),)),
            ),
            confidence=Confidence(p, "medium", "prior", 0, dict(features or FEATURES)),
            wrong_if=Bilingual("折扣已获批准", "the discount is approved"),
            forbidden=("unapproved_discount",),
            created_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
            versions={"playbook": "playbook@1"},
        )

    return make
