"""A deal's timeline of corrections and the agreement of its channels."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.commands.timeline import read_history
from api.dependencies import ADealId, TheBackends, TheCaller
from api.schemas import examples
from api.schemas.history import EXAMPLE, HistoryModel

router = APIRouter(prefix="/v1/deals", tags=["deals"])


@router.get(
    "/{deal_id}/timeline",
    response_model=HistoryModel,
    responses=examples.returned(EXAMPLE),
    summary="What the customer said over time and took back",
)
def read_timeline(deal_id: ADealId, caller: TheCaller, backends: TheBackends) -> dict[str, Any]:
    """Entries by topic, latest first, and whether mails, meetings and chats show the same."""
    return read_history(backends, tenant_id=caller.tenant_id, deal_id=deal_id)
