"""Suggestions as JSON payloads and back, exactly: what was shown must be readable years later.

Written out by hand instead of by reflection, so that a renamed field is a visible change here and
an old payload keeps its meaning.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from core.domain import (
    Bilingual,
    Channel,
    Claim,
    ConceptId,
    Confidence,
    DealId,
    Evidence,
    PassageId,
    PlayId,
    Role,
    SourceId,
    Suggestion,
    SuggestionId,
)

Payload = dict[str, Any]


def to_payload(suggestion: Suggestion) -> Payload:
    """A JSON object; times and days in ISO 8601, enumerations by value, tuples as lists."""
    sure = suggestion.confidence
    return {
        "id": suggestion.id,
        "deal_id": suggestion.deal_id,
        "play_id": suggestion.play_id,
        "title": _text(suggestion.title),
        "move": _text(suggestion.move),
        "claims": [
            {
                "id": claim.id,
                "text": _text(claim.text),
                "evidence": [_evidence(e) for e in claim.evidence],
            }
            for claim in suggestion.claims
        ],
        "confidence": {
            "p": sure.p,
            "word": sure.word,
            "basis": sure.basis,
            "n_verdicts": sure.n_verdicts,
            "features": dict(sure.features),
        },
        "wrong_if": _text(suggestion.wrong_if),
        "forbidden": list(suggestion.forbidden),
        "created_at": suggestion.created_at.isoformat(),
        "stale": suggestion.stale,
        "drafted_by": suggestion.drafted_by,
        "versions": dict(suggestion.versions),
    }


def from_payload(payload: Payload) -> Suggestion:
    """The suggestion that `to_payload` wrote; other keys are passed over."""
    sure = payload["confidence"]
    return Suggestion(
        id=SuggestionId(payload["id"]),
        deal_id=DealId(payload["deal_id"]),
        play_id=PlayId(payload["play_id"]),
        title=Bilingual(**payload["title"]),
        move=Bilingual(**payload["move"]),
        claims=tuple(
            Claim(
                id=claim["id"],
                text=Bilingual(**claim["text"]),
                evidence=tuple(_read_evidence(e) for e in claim["evidence"]),
            )
            for claim in payload["claims"]
        ),
        confidence=Confidence(
            p=sure["p"],
            word=sure["word"],
            basis=sure["basis"],
            n_verdicts=sure["n_verdicts"],
            features=dict(sure["features"]),
        ),
        wrong_if=Bilingual(**payload["wrong_if"]),
        forbidden=tuple(payload["forbidden"]),
        created_at=datetime.fromisoformat(payload["created_at"]),
        stale=payload["stale"],
        drafted_by=payload["drafted_by"],
        versions=dict(payload["versions"]),
    )


def _text(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _evidence(evidence: Evidence) -> Payload:
    return {
        "source_id": evidence.source_id,
        "source_sha256": evidence.source_sha256,
        "file": evidence.file,
        "channel": evidence.channel.value,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "speaker": evidence.speaker,
        "role": evidence.role.value,
        "occurred_at": evidence.occurred_at.isoformat() if evidence.occurred_at else None,
        "said_on": evidence.said_on.isoformat() if evidence.said_on else None,
        "start_ms": evidence.start_ms,
        "end_ms": evidence.end_ms,
        "crm_field": evidence.crm_field,
        "concept_id": evidence.concept_id,
        "passage_id": evidence.passage_id,
    }


def _read_evidence(payload: Payload) -> Evidence:
    occurred_at, said_on = payload["occurred_at"], payload["said_on"]
    concept_id, passage_id = payload["concept_id"], payload["passage_id"]
    return Evidence(
        source_id=SourceId(payload["source_id"]),
        source_sha256=payload["source_sha256"],
        file=payload["file"],
        channel=Channel(payload["channel"]),
        start=payload["start"],
        end=payload["end"],
        quote=payload["quote"],
        speaker=payload["speaker"],
        role=Role(payload["role"]),
        occurred_at=datetime.fromisoformat(occurred_at) if occurred_at else None,
        said_on=date.fromisoformat(said_on) if said_on else None,
        start_ms=payload["start_ms"],
        end_ms=payload["end_ms"],
        crm_field=payload["crm_field"],
        concept_id=ConceptId(concept_id) if concept_id is not None else None,
        passage_id=PassageId(passage_id) if passage_id is not None else None,
    )
