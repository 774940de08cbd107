"""Search and intent recognition for other programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from api.dependencies import TheBackends, TheCaller
from api.schemas.answers import hit_to_json
from api.schemas.models import CallerModel, HitsModel, LabelledModel, UtteranceRequest
from core.domain import Channel, DealId, Role
from knowledge_graph import store as crm_store

router = APIRouter(prefix="/v1", tags=["asking"])

MAX_UTTERANCES = 1000
MAX_QUERY_CHARACTERS = 2000


@router.get("/me", response_model=CallerModel, summary="Whose key this is")
def who_am_i(caller: TheCaller) -> CallerModel:
    return CallerModel(tenant=caller.tenant_id, role=caller.role, rep_id=caller.rep_id)


@router.get("/search", response_model=HitsModel, summary="Search one account and shared texts")
def search(
    caller: TheCaller,
    backends: TheBackends,
    q: Annotated[str, Query(max_length=MAX_QUERY_CHARACTERS, examples=["预算什么时候批"])],
    deal_id: Annotated[str | None, Query(description="Whose account; none: shared only")] = None,
    k: Annotated[int, Query(ge=1, le=100)] = 10,
) -> dict[str, Any]:
    account_id = None
    if deal_id is not None:
        with backends.database.read() as session:
            deal = crm_store.deal(session, tenant_id=caller.tenant_id, deal_id=DealId(deal_id))
        account_id = deal.account.id
    hits = backends.search.search(q, tenant_id=caller.tenant_id, account_id=account_id, k=k)
    return {"query": q, "hits": [hit_to_json(hit) for hit in hits]}


@router.post("/intents", response_model=list[LabelledModel], summary="Label utterances")
def label(
    _caller: TheCaller,
    backends: TheBackends,
    utterances: Annotated[list[UtteranceRequest], Body(max_length=MAX_UTTERANCES)],
) -> list[dict[str, Any]]:
    """In the same order. Only a customer's words carry labels."""
    found = backends.recogniser.recognise(
        [u.text for u in utterances],
        roles=[Role(u.speaker) for u in utterances],
        channels=[Channel(u.channel) for u in utterances],
    )
    return [
        {
            "id": utterance.id,
            "labels": [{"id": s.id, "p": round(s.p, 4)} for s in one.scores],
            "unsure": one.unsure,
        }
        for utterance, one in zip(utterances, found, strict=True)
    ]
