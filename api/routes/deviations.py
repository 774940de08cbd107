"""Deviations: the check on demand, and a person's yes or no to what it proposes."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from agents.deviation_check import store
from agents.deviation_check.graph import DeviationCheck
from agents.deviation_check.state import Decision
from api.dependencies import ADealId, TheBackends, TheCaller
from api.schemas import examples
from api.schemas.deviations import (
    DECISION_EXAMPLE,
    DEVIATION_ID,
    KEPT_EXAMPLE,
    DecisionModel,
    DecisionRequest,
    KeptReportModel,
    decision_to_json,
    kept_report_to_json,
)

router = APIRouter(prefix="/v1/deals/{deal_id}/deviations", tags=["deviations"])

MAX_KEY_CHARACTERS = 200


def _check_of(request: Request) -> DeviationCheck:
    return cast(DeviationCheck, request.app.state.deviation_check)


TheCheck = Annotated[DeviationCheck, Depends(_check_of)]
ADeviationId = Annotated[str, Path(examples=[DEVIATION_ID])]


@router.get(
    "",
    response_model=KeptReportModel,
    responses=examples.returned(KEPT_EXAMPLE),
    summary="Where CRM and the customer's words disagree",
)
def read_deviations(deal_id: ADealId, caller: TheCaller, check: TheCheck) -> dict[str, Any]:
    """Runs the check; what it finds is kept, so that a decision can name it."""
    checked = check.run(tenant_id=caller.tenant_id, deal_id=deal_id)
    return kept_report_to_json(deal_id, checked)


@router.post(
    "/{deviation_id}/decision",
    response_model=DecisionModel,
    status_code=201,
    responses=examples.returned(DECISION_EXAMPLE, 201),
    summary="Accept or dismiss the proposed CRM change",
)
def decide(
    deal_id: ADealId,
    deviation_id: ADeviationId,
    body: DecisionRequest,
    response: Response,
    caller: TheCaller,
    backends: TheBackends,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=MAX_KEY_CHARACTERS,
            description="The same key twice is one decision; the second answer is 200.",
        ),
    ] = None,
) -> dict[str, Any]:
    """Recorded with who and when. Nothing is written to a CRM."""
    caller.require("rep")
    made = Decision(
        id=uuid.uuid4().hex,
        deviation_id=deviation_id,
        decision=body.decision,
        decided_by=caller.acts_as,
        decided_at=backends.clock.now(),
        reason=body.reason,
    )
    key = f"{caller.key_id}:{deviation_id}:{idempotency_key or made.id}"
    with backends.database.write() as session:
        stored = store.decide(
            session,
            tenant_id=caller.tenant_id,
            deal_id=deal_id,
            decision=made,
            idempotency_key=key,
        )
    if stored.id != made.id:
        response.status_code = 200
    return decision_to_json(stored)
