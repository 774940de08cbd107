"""The sample deals against what their authors expect: deviations, intents, abstention."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from agents.backends import open_backends
from agents.coach.graph import Coach
from agents.ingestion.ingest import ingest
from core.domain import CoachAnswer, DealId, Signal
from core.settings import Settings
from retrieval import store as source_store

SAMPLES = Path(__file__).parent / "samples"


def score_deal(
    expected: dict[str, Any], answer: CoachAnswer, signals: list[Signal]
) -> dict[str, Any]:
    """Deviations found, missed and too many; intents found of those listed; abstention right."""
    wanted = {d["field"] for d in expected["deviations"]}
    found = {d.field for d in answer.report.deviations}
    n_intents = 0
    for item in expected["intents"]:
        n_intents += any(
            s.intent == item["intent"]
            and s.evidence.file == item["file"]
            and (item["quote"] in s.evidence.quote or s.evidence.quote in item["quote"])
            for s in signals
        )
    return {
        "n_suggestions": len(answer.suggestions),
        "deviations_found": sorted(wanted & found),
        "deviations_missed": sorted(wanted - found),
        "deviations_too_many": sorted(found - wanted),
        "intents_found": f"{n_intents}/{len(expected['intents'])}",
        "abstains_rightly": answer.abstained == expected["abstain"],
    }


def run() -> dict[str, Any]:
    """One row a deal."""
    rows = {}
    with tempfile.TemporaryDirectory(prefix="junshi-eval-") as home:
        settings = Settings(home=Path(home), database_url="")
        opened = open_backends(settings)
        coach = Coach(opened)
        for file in sorted(SAMPLES.glob("*/expected.json")):
            report = ingest(opened, file.parent, tenant_id=settings.tenant)
            deal_id = DealId(report.deals[0])
            answer = coach.suggest(tenant_id=settings.tenant, deal_id=deal_id)
            with opened.database.read() as session:
                signals = source_store.signals_of_deal(
                    session, tenant_id=settings.tenant, deal_id=deal_id
                )
            expected = json.loads(file.read_text(encoding="utf-8"))
            rows[file.parent.name] = score_deal(expected, answer, signals)
        opened.database.dispose()
    return rows
