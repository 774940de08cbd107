"""Originals and terms, as evidence points into them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import AConceptId, ASourceId, TheBackends, TheCaller
from api.schemas import examples
from api.schemas.models import (
    ExcerptModel,
    RegionModel,
    SourceModel,
    TermModel,
    Text,
    UtteranceModel,
)
from core.domain import LANGUAGES, Channel, Role
from core.errors import InvalidInput
from retrieval import store as source_store

router = APIRouter(prefix="/v1", tags=["evidence"])

CONTEXT_CHARACTERS = 240
"""On either side of an excerpt's words: about two sentences."""


@router.get(
    "/sources/{source_id}",
    response_model=SourceModel,
    responses=examples.returned(examples.SOURCE),
    summary="One original text",
)
def read_source(source_id: ASourceId, caller: TheCaller, backends: TheBackends) -> SourceModel:
    """Retired versions too: a suggestion that rested on one can still be understood."""
    with backends.database.read() as session:
        source = source_store.source(session, tenant_id=caller.tenant_id, source_id=source_id)
        passages = source_store.passages_of_source(
            session, tenant_id=caller.tenant_id, source_id=source_id
        )
    spoken = source.channel is Channel.MEETING
    return SourceModel(
        id=source.id,
        channel=source.channel,
        path=source.path,
        title=source.title,
        sha256=source.sha256,
        version=source.version,
        occurred_at=source.occurred_at.isoformat() if source.occurred_at else None,
        said_on=source.meta.get("said_on"),
        sender=source.meta.get("from"),
        to=[*source.meta.get("to", []), *source.meta.get("cc", [])],
        participants=[p["name"] for p in source.meta.get("participants", [])],
        text=source.text,
        utterances=[
            UtteranceModel(
                span=(p.start, p.end),
                speaker=p.speaker,
                role=p.role,
                start_ms=p.start_ms,
                end_ms=p.end_ms,
            )
            for p in passages
            if spoken
        ],
        regions=[
            RegionModel(kind=kind, span=(start, end))
            for kind, start, end in source.meta.get("regions", [])
        ],
    )


@router.get(
    "/sources/{source_id}/evidence",
    response_model=ExcerptModel,
    responses=examples.returned(examples.EXCERPT),
    summary="The words at a span, with their context",
)
def read_evidence(
    source_id: ASourceId,
    caller: TheCaller,
    backends: TheBackends,
    start: Annotated[int, Query(ge=0, examples=[231])],
    end: Annotated[int, Query(ge=1, examples=[245])],
) -> ExcerptModel:
    """`start` and `end` count code points of the original text, as every span does."""
    with backends.database.read() as session:
        source = source_store.source(session, tenant_id=caller.tenant_id, source_id=source_id)
        passages = source_store.passages_of_source(
            session, tenant_id=caller.tenant_id, source_id=source_id
        )
    if not start < end <= len(source.text):
        raise InvalidInput(
            f"The span {start}-{end} is not within the source's {len(source.text)} characters.",
            remedy="Send a span as evidence carries it.",
        )
    around = next((p for p in passages if p.start <= start and end <= p.end), None)
    return ExcerptModel(
        source_id=source.id,
        source_sha256=source.sha256,
        file=source.path,
        channel=source.channel,
        span=(start, end),
        before=source.text[max(0, start - CONTEXT_CHARACTERS) : start],
        quote=source.text[start:end],
        after=source.text[end : end + CONTEXT_CHARACTERS],
        speaker=around.speaker if around else None,
        role=around.role if around else Role.UNKNOWN,
        said_on=source.meta.get("said_on"),
        start_ms=around.start_ms if around else None,
        end_ms=around.end_ms if around else None,
    )


@router.get(
    "/terms/{concept_id}",
    response_model=TermModel,
    responses=examples.returned(examples.TERM),
    summary="One term of a pack",
)
def read_term(concept_id: AConceptId, _caller: TheCaller, backends: TheBackends) -> TermModel:
    terms = backends.terms
    concept = terms.concept(concept_id)
    broader = terms.broader_chain(concept_id)
    return TermModel(
        id=concept.id,
        scheme=concept.scheme,
        pref_label=Text(zh=concept.pref.zh, en=concept.pref.en),
        alt_labels={language: list(concept.alt.get(language, ())) for language in LANGUAGES},
        broader=[Text(zh=b.pref.zh, en=b.pref.en) for b in broader],
        file=concept.file,
    )
