"""Where a suggestion comes from: for a reader, and as files in two W3C formats."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from agents.provenance import read_provenance
from api.dependencies import ASuggestionId, TheBackends, TheCaller
from api.schemas import examples
from api.schemas.provenance import EXAMPLE, EXPORT_EXAMPLE, ProvenanceModel, provenance_to_json
from retrieval.annotations import MEDIA_TYPE, web_annotations
from retrieval.prov import prov_json

router = APIRouter(prefix="/v1/suggestions", tags=["evidence"])

ExportFormat = Literal["prov", "annotations"]


@router.get(
    "/{suggestion_id}/evidence",
    response_model=ProvenanceModel,
    responses=examples.returned(EXAMPLE),
    summary="A suggestion's claims, the words below them, and whether they hold today",
)
def read_standing(
    suggestion_id: ASuggestionId, caller: TheCaller, backends: TheBackends
) -> dict[str, Any]:
    found = read_provenance(backends, tenant_id=caller.tenant_id, suggestion_id=suggestion_id)
    return provenance_to_json(found)


@router.get(
    "/{suggestion_id}/provenance",
    response_model=dict[str, Any],
    responses=examples.returned(EXPORT_EXAMPLE),
    summary="A suggestion's provenance as PROV-JSON or Web Annotations",
)
def export_provenance(
    suggestion_id: ASuggestionId,
    caller: TheCaller,
    backends: TheBackends,
    format: Annotated[
        ExportFormat, Query(description="prov: PROV-JSON; annotations: W3C Web Annotation JSON-LD")
    ] = "prov",
) -> JSONResponse:
    """The evidence with which the suggestion stands today, or was last shown where it is stale."""
    found = read_provenance(backends, tenant_id=caller.tenant_id, suggestion_id=suggestion_id)
    match format:
        case "prov":
            return JSONResponse(prov_json(found.suggestion, found.sources))
        case "annotations":
            shape = web_annotations(found.suggestion, found.sources)
            return JSONResponse(shape, media_type=MEDIA_TYPE)
