"""Deals: the CRM record, the coach's answer, and uploading a deal folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request

from agents.ingestion.ingest import ingest
from api.dependencies import ADealId, TheBackends, TheCaller, TheCoach
from api.schemas import examples
from api.schemas.answers import answer_to_json
from api.schemas.models import (
    AnswerModel,
    DealModel,
    DealSummaryModel,
    IngestModel,
    TouchpointModel,
)
from api.uploads import unpack_deal_folder
from core.domain import Channel, DealId, Source
from knowledge_graph import store as crm_store
from retrieval import store as source_store

router = APIRouter(prefix="/v1/deals", tags=["deals"])


@router.get(
    "",
    response_model=list[DealSummaryModel],
    responses=examples.returned([examples.DEAL_SUMMARY]),
    summary="The tenant's deals",
)
def list_deals(caller: TheCaller, backends: TheBackends) -> list[DealSummaryModel]:
    with backends.database.read() as session:
        deals = crm_store.deals(session, tenant_id=caller.tenant_id)
    return [
        DealSummaryModel(
            id=deal.id,
            name=deal.name,
            account=deal.account_name,
            industry=deal.industry,
            stage=deal.stage,
            amount=str(deal.amount) if deal.amount is not None else None,
            currency=deal.currency,
            rep=deal.rep,
        )
        for deal in deals
    ]


@router.post(
    "",
    response_model=IngestModel,
    status_code=201,
    responses=examples.returned(examples.INGEST, 201),
    summary="Upload a deal folder as a zip archive",
)
def upload_deal(
    caller: TheCaller,
    backends: TheBackends,
    archive: Annotated[bytes, Body(media_type="application/zip")],
) -> dict[str, Any]:
    """The store then equals the folder. Answers only after everything is committed."""
    caller.require("admin")
    with tempfile.TemporaryDirectory(prefix="junshi-upload-") as folder:
        unpack_deal_folder(archive, Path(folder), limit_mib=backends.settings.max_file_mib)
        report = ingest(backends, Path(folder), tenant_id=caller.tenant_id).to_json()
    for failure in (*report["failures"], *report["warnings"]):
        failure["path"] = failure["path"].removeprefix(folder).lstrip("/")
    return report


@router.get(
    "/{deal_id}",
    response_model=DealModel,
    responses=examples.returned(examples.DEAL),
    summary="One deal's record and touchpoints",
)
def read_deal(deal_id: ADealId, caller: TheCaller, backends: TheBackends) -> DealModel:
    tenant_id = caller.tenant_id
    with backends.database.read() as session:
        deal = crm_store.deal(session, tenant_id=tenant_id, deal_id=DealId(deal_id))
        record = crm_store.record(session, tenant_id=tenant_id, deal_id=DealId(deal_id))
        sources = source_store.sources_of(session, tenant_id=tenant_id, origin=deal_id)
    said = [s for s in sources.values() if s.channel is not Channel.CRM]
    said.sort(key=lambda s: (s.occurred_at is not None, s.occurred_at, s.path), reverse=True)
    return DealModel(
        id=deal.id,
        account_id=deal.account.id,
        record=record,
        touchpoints=[_touchpoint(source) for source in said],
    )


def _touchpoint(source: Source) -> TouchpointModel:
    return TouchpointModel(
        source_id=source.id,
        channel=source.channel,
        path=source.path,
        title=source.title,
        occurred_at=source.occurred_at.isoformat() if source.occurred_at else None,
        said_on=source.meta.get("said_on"),
        sender=source.meta.get("from"),
        participants=[p["name"] for p in source.meta.get("participants", [])],
        automatic=bool(source.meta.get("automatic")),
        version=source.version,
    )


@router.get(
    "/{deal_id}/coach",
    response_model=AnswerModel,
    responses=examples.returned(examples.ANSWER),
    summary="Verified suggestions",
)
def coach_deal(
    deal_id: ADealId,
    request: Request,
    caller: TheCaller,
    coach: TheCoach,
    polish: Annotated[bool, Query(description="Let the configured language model reword.")] = False,
) -> dict[str, Any]:
    """1-5 suggestions with claims and evidence, or an abstention that says what is missing."""
    answer = coach.suggest(
        tenant_id=caller.tenant_id,
        deal_id=deal_id,
        rep_id=caller.acts_as,
        with_model=polish,
    )
    metrics = request.app.state.metrics
    metrics.suggestions.inc(len(answer.suggestions))
    metrics.abstentions.inc(answer.abstained)
    metrics.dropped_claims.inc(answer.n_dropped_claims)
    return answer_to_json(answer)
