"""Key moments of a deal's meetings and mails, for the meeting card."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from agents.moments.read import moments_of_deal
from api.commands.moments import moment_to_json
from api.dependencies import ADealId, TheBackends, TheCaller
from api.schemas import examples
from api.schemas.models import EvidenceModel, Text

router = APIRouter(prefix="/v1/deals", tags=["deals"])


class MomentModel(EvidenceModel):
    """Evidence with its rank; `index` is the utterance's position in the source, 0-based."""

    index: int
    intent: str | None
    title: Text
    score: float


class SourceMomentsModel(BaseModel):
    source_id: str
    file: str
    moments: list[MomentModel]


_EXAMPLE = {
    "source_id": examples.SOURCE_ID,
    "file": examples.EVIDENCE["file"],
    "moments": [
        {
            **examples.EVIDENCE,
            "index": 4,
            "intent": "money.budget_doubt",
            "title": {"zh": "客户提出预算质疑", "en": "Customer doubts the budget"},
            "score": 0.93,
        }
    ],
}


@router.get(
    "/{deal_id}/moments",
    response_model=list[SourceMomentsModel],
    responses=examples.returned([_EXAMPLE]),
    summary="Key moments of each meeting and mail",
)
def read_moments(
    deal_id: ADealId,
    caller: TheCaller,
    backends: TheBackends,
    k: Annotated[int, Query(ge=1, le=100, description="Moments a source")] = 5,
) -> list[dict[str, Any]]:
    """Sources in the order of their best moment, each with at most `k`, best first."""
    grouped: dict[str, dict[str, Any]] = {}
    for one in moments_of_deal(backends, tenant_id=caller.tenant_id, deal_id=deal_id):
        source = one.source
        shape = {"source_id": source.id, "file": source.path, "moments": []}
        moments = grouped.setdefault(source.id, shape)["moments"]
        if len(moments) < k:
            moments.append(
                {
                    **moment_to_json(one),
                    "channel": str(source.channel),
                    "said_on": source.meta.get("said_on"),
                    "source_id": source.id,
                    "source_sha256": source.sha256,
                }
            )
    return list(grouped.values())
