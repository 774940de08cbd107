"""The deviation check as the product runs it: with the signals of the recogniser it ships.

The recogniser reads each customer's sentence with what the other side said just before, exactly as
at ingestion; the words' rules and the signals then judge together. Loading the encoder takes
seconds, so `check_as_product` makes one check for many deals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agents.backends import open_backends
from agents.intent.deviations import check_deviations
from agents.intent.facts import observe_facts
from agents.intent.observe import SentenceIntent, signals_for
from core.domain import Deal, DeviationReport, Evidence, Passage, Signal
from core.settings import Settings
from evals.deviation_scores import evidence_of


def check_as_product(
    settings: Settings | None = None,
) -> Callable[[Deal, Sequence[Passage]], DeviationReport]:
    """A check with the settings' embedder, recogniser and floor, and without CRM evidence."""
    backends = open_backends(settings or Settings())

    def check(deal: Deal, passages: Sequence[Passage]) -> DeviationReport:
        vectors = backends.embedder.encode([passage.text for passage in passages])
        signals = [
            _signal(found, passages[found.index])
            for found in signals_for(
                passages,
                vectors,
                recogniser=backends.recogniser,
                embedder=backends.embedder,
                floor=backends.settings.intent_floor,
            )
        ]
        facts = observe_facts(passages, deal=deal, signals=signals)
        return check_deviations(deal, facts, crm={}, make_evidence=evidence_of)

    return check


def _signal(found: SentenceIntent, passage: Passage) -> Signal:
    return Signal(
        intent=found.intent,
        p=found.p,
        evidence=Evidence(
            source_id=passage.source_id,
            source_sha256="",
            file=passage.source_id,
            channel=passage.channel,
            start=found.start,
            end=found.end,
            quote=passage.text[found.start - passage.start : found.end - passage.start],
            speaker=passage.speaker,
            role=passage.role,
            occurred_at=passage.occurred_at,
        ),
        reported=found.reported,
        mood=found.mood,
    )
