"""Search and intent recognition for other programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import AwareDatetime

from agents.intent.taxonomy import load_taxonomy
from api.dependencies import TheBackends, TheCaller
from api.schemas import examples
from api.schemas.answers import hit_to_json, labelled_to_json, text_to_json
from api.schemas.models import (
    CallerModel,
    HitsModel,
    LabelledModel,
    TaxonomyModel,
    UtteranceRequest,
)
from core.domain import Channel, DealId, Language, Role
from core.errors import InvalidInput, NotFound
from knowledge_graph import store as crm_store
from retrieval.filters import Filter

router = APIRouter(prefix="/v1", tags=["asking"])

MAX_UTTERANCES = 1000
MAX_QUERY_CHARACTERS = 2000


@router.get(
    "/me",
    response_model=CallerModel,
    responses=examples.returned(examples.CALLER),
    summary="Whose key this is",
)
def who_am_i(caller: TheCaller) -> CallerModel:
    return CallerModel(
        tenant=caller.tenant_id, role=caller.role, rep_id=caller.rep_id, acts_as=caller.acts_as
    )


@router.get(
    "/taxonomy",
    response_model=TaxonomyModel,
    responses=examples.returned(examples.TAXONOMY),
    summary="The intents that are recognised",
)
def read_taxonomy(_caller: TheCaller) -> dict[str, Any]:
    taxonomy = load_taxonomy()
    meanings = [{"id": i, "meaning": text_to_json(m)} for i, m in taxonomy.meanings.items()]
    return {"version": taxonomy.version, "intents": meanings}


@router.get(
    "/search",
    response_model=HitsModel,
    responses=examples.returned(examples.HITS),
    summary="Search one account and shared texts",
)
def search(
    caller: TheCaller,
    backends: TheBackends,
    q: Annotated[str, Query(max_length=MAX_QUERY_CHARACTERS, examples=["预算什么时候批"])],
    deal_id: Annotated[str | None, Query(description="Whose account; none: shared only")] = None,
    account_id: Annotated[str | None, Query(description="In place of deal_id")] = None,
    channel: Annotated[list[Channel], Query(description="Only these channels")] = [],  # noqa: B006
    role: Annotated[list[Role], Query(description="Only words of these sides")] = [],  # noqa: B006
    language: Annotated[list[Language], Query(description="Only zh or en")] = [],  # noqa: B006
    since: Annotated[AwareDatetime | None, Query(description="Said then or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Said before then")] = None,
    k: Annotated[int, Query(ge=1, le=100)] = 10,
) -> dict[str, Any]:
    if deal_id is not None and account_id is not None:
        raise InvalidInput("A search has one account.", remedy="Send deal_id or account_id.")
    with backends.database.read() as session:
        if deal_id is not None:
            deal = crm_store.deal(session, tenant_id=caller.tenant_id, deal_id=DealId(deal_id))
            account_id = deal.account.id
        elif account_id is not None and account_id not in crm_store.account_ids(
            session, tenant_id=caller.tenant_id
        ):
            raise NotFound(f"There is no account {account_id!r}.", remedy="List the deals.")
    wanted = Filter(
        channels=frozenset(channel),
        roles=frozenset(role),
        languages=frozenset(language),
        since=since,
        until=until,
    )
    hits = backends.search.search(
        q, tenant_id=caller.tenant_id, account_id=account_id, k=k, wanted=wanted
    )
    return {
        "query": q,
        "added": backends.search.added_labels(q),
        "hits": [hit_to_json(hit) for hit in hits],
    }


@router.post(
    "/intents",
    response_model=list[LabelledModel],
    responses=examples.returned([examples.LABELLED]),
    summary="Label utterances",
)
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
        before=[u.before for u in utterances],
    )
    return [labelled_to_json(u.id, one) for u, one in zip(utterances, found, strict=True)]
