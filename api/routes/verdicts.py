"""The rep's answer to a suggestion: appended, and acknowledged only after the commit."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api.dependencies import TheBackends, TheCaller
from api.schemas.models import VerdictModel, VerdictRequest
from core.domain import Verdict
from feedback import store as feedback_store
from feedback.verdicts import make_verdict

router = APIRouter(prefix="/v1/suggestions", tags=["verdicts"])

MAX_KEY_CHARACTERS = 200


@router.post(
    "/{suggestion_id}/verdicts",
    response_model=VerdictModel,
    status_code=201,
    summary="Accept, partly accept or reject",
)
def post_verdict(
    suggestion_id: str,
    body: VerdictRequest,
    request: Request,
    response: Response,
    caller: TheCaller,
    backends: TheBackends,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=MAX_KEY_CHARACTERS,
            description="The same key twice is one verdict; the second answer is 200.",
        ),
    ] = None,
) -> VerdictModel:
    now = backends.clock.now()
    key = idempotency_key or uuid.uuid4().hex
    with backends.database.write() as session:
        suggestion = feedback_store.suggestion(
            session, tenant_id=caller.tenant_id, suggestion_id=suggestion_id
        )
        made = make_verdict(
            suggestion,
            rep_id=caller.acts_as,
            kind=body.kind,
            reason_code=body.reason_code,
            comment=body.comment,
            claim_ids=body.claim_ids,
            now=now,
        )
        # Another caller's key must not answer for this one's.
        stored = feedback_store.add_verdict(
            session,
            tenant_id=caller.tenant_id,
            verdict=made,
            idempotency_key=f"{caller.key_id}:{suggestion_id}:{key}",
        )
    if stored.id != made.id:
        response.status_code = 200
    else:
        request.app.state.metrics.verdicts.labels(stored.kind).inc()
    return _model(stored)


@router.get(
    "/{suggestion_id}/verdicts",
    response_model=list[VerdictModel],
    summary="A suggestion's verdicts, oldest first",
)
def list_verdicts(
    suggestion_id: str, caller: TheCaller, backends: TheBackends
) -> list[VerdictModel]:
    with backends.database.read() as session:
        feedback_store.suggestion(session, tenant_id=caller.tenant_id, suggestion_id=suggestion_id)
        verdicts = feedback_store.verdicts_of(
            session, tenant_id=caller.tenant_id, suggestion_ids=[suggestion_id]
        )
    return [_model(verdict) for verdict in verdicts]


def _model(verdict: Verdict) -> VerdictModel:
    return VerdictModel(
        id=verdict.id,
        suggestion_id=verdict.suggestion_id,
        rep_id=verdict.rep_id,
        kind=verdict.kind,
        reason_code=verdict.reason_code,
        comment=verdict.comment,
        claim_ids=list(verdict.claim_ids),
        created_at=verdict.created_at.isoformat(),
    )
