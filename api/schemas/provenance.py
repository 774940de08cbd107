"""A suggestion's provenance for a reader: its claims, their words, and what holds today."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from agents.provenance import EvidenceToday, Provenance
from api.schemas import examples
from api.schemas.answers import evidence_to_json, text_to_json
from api.schemas.models import EvidenceModel, Text

Json = dict[str, Any]


class EvidenceTodayModel(EvidenceModel):
    """`now` is where the words stand today; null where they do not."""

    title: str = Field(examples=["星源 MES 项目进度沟通"])
    before: str
    after: str
    holds: Literal["unchanged", "moved", "lost", "gone"]
    now: EvidenceModel | None


class ClaimTodayModel(BaseModel):
    id: str
    text: Text
    holds: bool
    evidence: list[EvidenceTodayModel]


class ProvenanceModel(BaseModel):
    """What was shown, what it rests on, and whether each sentence still holds."""

    id: str
    deal_id: str
    account: str
    title: Text
    move: Text
    created_at: str
    stale_at: str | None
    stale_reason: str | None
    moved: bool = Field(description="Its evidence was found again after an edit since it was shown")
    versions: dict[str, str]
    claims: list[ClaimTodayModel]


def provenance_to_json(found: Provenance) -> Json:
    made = found.suggestion
    return {
        "id": made.id,
        "deal_id": made.deal_id,
        "account": found.account,
        "title": text_to_json(made.title),
        "move": text_to_json(made.move),
        "created_at": made.created_at.isoformat(),
        "stale_at": found.stale_at.isoformat() if found.stale_at else None,
        "stale_reason": found.reason,
        "moved": found.shown_since_moved,
        "versions": dict(made.versions),
        "claims": [
            {
                "id": one.claim.id,
                "text": text_to_json(one.claim.text),
                "holds": one.holds,
                "evidence": [_today(e) for e in one.evidence],
            }
            for one in found.claims
        ],
    }


def _today(one: EvidenceToday) -> Json:
    return {
        **evidence_to_json(one.evidence),
        "title": one.title,
        "before": one.before,
        "after": one.after,
        "holds": one.holds,
        "now": evidence_to_json(one.now) if one.now else None,
    }


EXAMPLE: Json = {
    "id": examples.SUGGESTION_ID,
    "deal_id": examples.DEAL_ID,
    "account": examples.DEAL_SUMMARY["account"],
    **{key: examples.SUGGESTION[key] for key in ("title", "move", "created_at")},
    "stale_at": None,
    "stale_reason": None,
    "moved": False,
    "versions": examples.SUGGESTION["versions"],
    "claims": [
        {
            "id": "c1",
            "text": examples.SUGGESTION["claims"][0]["text"],
            "holds": True,
            "evidence": [
                {
                    **examples.EVIDENCE,
                    "title": examples.TOUCHPOINT["title"],
                    "before": examples.EXCERPT["before"],
                    "after": examples.EXCERPT["after"],
                    "holds": "unchanged",
                    "now": examples.EVIDENCE,
                }
            ],
        }
    ],
}
EXPORT_EXAMPLE: Json = {
    "prefix": {"junshi": "urn:junshi:"},
    "entity": {
        f"junshi:suggestion.{examples.SUGGESTION_ID}": {
            "prov:label": examples.SUGGESTION["title"]["en"]
        }
    },
}
