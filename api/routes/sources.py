"""Originals and terms, as evidence points into them."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import TheBackends, TheCaller
from api.schemas.models import RegionModel, SourceModel, TermModel, Text, UtteranceModel
from core.domain import LANGUAGES, Channel
from retrieval import store as source_store

router = APIRouter(prefix="/v1", tags=["evidence"])


@router.get("/sources/{source_id}", response_model=SourceModel, summary="One original text")
def read_source(source_id: str, caller: TheCaller, backends: TheBackends) -> SourceModel:
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


@router.get("/terms/{concept_id}", response_model=TermModel, summary="One term of a pack")
def read_term(concept_id: str, _caller: TheCaller, backends: TheBackends) -> TermModel:
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
