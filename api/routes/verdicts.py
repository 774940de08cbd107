"""The rep's answer to a suggestion: appended, and acknowledged only after the commit."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api.dependencies import ADealId, ASuggestionId, TheBackends, TheCaller
from api.schemas import examples
from api.schemas.answers import suggestion_to_json
from api.schemas.models import ReviewedModel, SuggestionModel, VerdictModel, VerdictRequest
from core.domain import DealId, Verdict
from feedback import store as feedback_store
from feedback.verdicts import make_verdict
from knowledge_graph import store as crm_store

router = APIRouter(prefix="/v1", tags=["verdicts"])

MAX_KEY_CHARACTERS = 200


@router.post(
    "/suggestions/{suggestion_id}/verdicts",
    response_model=VerdictModel,
    status_code=201,
    responses=examples.returned(examples.VERDICT, 201),
    summary="Accept, partly accept or reject",
)
def post_verdict(
    suggestion_id: ASuggestionId,
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
    "/suggestions/{suggestion_id}/verdicts",
    response_model=list[VerdictModel],
    responses=examples.returned([examples.VERDICT]),
    summary="A suggestion's verdicts, oldest first",
)
def list_verdicts(
    suggestion_id: ASuggestionId, caller: TheCaller, backends: TheBackends
) -> list[VerdictModel]:
    with backends.database.read() as session:
        feedback_store.suggestion(session, tenant_id=caller.tenant_id, suggestion_id=suggestion_id)
        verdicts = feedback_store.verdicts_of(
            session, tenant_id=caller.tenant_id, suggestion_ids=[suggestion_id]
        )
    return [_model(verdict) for verdict in verdicts]


@router.get(
    "/deals/{deal_id}/verdicts",
    response_model=list[ReviewedModel],
    responses=examples.returned([examples.REVIEWED]),
    summary="A deal's suggestions that have a verdict, newest verdict first",
)
def list_reviewed(
    deal_id: ADealId, caller: TheCaller, backends: TheBackends
) -> list[ReviewedModel]:
    """The caller's own latest verdict on each, else the latest of a colleague.

    A suggestion that the caller rejected is not drawn up again: this is where it can still be read.
    """
    tenant_id = caller.tenant_id
    with backends.database.read() as session:
        crm_store.record(session, tenant_id=tenant_id, deal_id=DealId(deal_id))
        shown = feedback_store.suggestions_of_deal(session, tenant_id=tenant_id, deal_id=deal_id)
        verdicts = feedback_store.verdicts_of(
            session, tenant_id=tenant_id, suggestion_ids=[s.id for s in shown]
        )
    last = {verdict.suggestion_id: verdict for verdict in verdicts}
    last |= {v.suggestion_id: v for v in verdicts if v.rep_id == caller.acts_as}
    reviewed = [(one, last[one.id]) for one in shown if one.id in last]
    reviewed.sort(key=lambda pair: (pair[1].created_at, pair[1].id), reverse=True)
    return [
        ReviewedModel(
            suggestion=SuggestionModel.model_validate(suggestion_to_json(suggestion)),
            verdict=_model(verdict),
        )
        for suggestion, verdict in reviewed
    ]


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
