"""A deal's timeline and the agreement of its channels as bodies of the API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from agents.intent.history import ChannelAgreement, PassedOn, TimelineEntry
from api.schemas.answers import evidence_to_json
from api.schemas.examples import EVIDENCE
from api.schemas.models import EarlierModel, EvidenceModel

Json = dict[str, Any]


class TimelineEntryModel(BaseModel):
    """`overrules` is the earlier entry taken back; `stands` turns false once this one is."""

    topic: str = Field(examples=["budget"])
    intent: str = Field(examples=["money.budget_doubt"])
    said_at: str | None
    p: float
    evidence: EvidenceModel
    reported: float | None = Field(description="p that the words pass on somebody else's")
    mood: float | None = Field(description="p of a positive less p of a negative mood")
    overrules: EarlierModel | None
    stands: bool


class PairAgreementModel(BaseModel):
    channels: list[str]
    kappa: float | None
    coverage: float | None
    n_compared: int


class AgreementModel(BaseModel):
    """Cohen's kappa and the share of the shown intents that two channels show; null: undefined."""

    kappa: float | None
    coverage: float | None
    n_compared: int
    channels: list[str]
    pairs: list[PairAgreementModel]


class HistoryModel(BaseModel):
    deal_id: str
    timeline: list[TimelineEntryModel]
    agreement: AgreementModel


_EARLIER: Json = {
    **EVIDENCE,
    "file": "emails/2026-09-30-budget.eml",
    "channel": "email",
    "span": [40, 53],
    "quote": "今年的信息化预算已经批下来了",
    "said_on": "2026-09-30",
    "start_ms": None,
    "end_ms": None,
}
_PAIR: Json = {"channels": ["email", "meeting"], "kappa": 0.62, "coverage": 0.5, "n_compared": 26}
EXAMPLE: Json = {
    "deal_id": "opp-xingyuan-mes",
    "timeline": [
        {
            "topic": "budget",
            "intent": "money.budget_doubt",
            "said_at": "2026-11-19T05:20:00+00:00",
            "p": 0.94,
            "evidence": EVIDENCE,
            "reported": 0.08,
            "mood": -0.4,
            "overrules": {"intent": "money.budget_ready", "evidence": _EARLIER},
            "stands": True,
        }
    ],
    "agreement": {**_PAIR, "pairs": [_PAIR]},
}


def history_to_json(
    deal_id: str, entries: tuple[TimelineEntry, ...], agreed: ChannelAgreement, passed_on: PassedOn
) -> Json:
    return {
        "deal_id": deal_id,
        "timeline": [_entry_to_json(entry, passed_on) for entry in entries],
        "agreement": {
            **_figures_of(agreed.channels, agreed.kappa, agreed.coverage, agreed.n_compared),
            "pairs": [
                _figures_of(pair.channels, pair.kappa, pair.coverage, pair.n_compared)
                for pair in agreed.pairs
            ],
        },
    }


def _entry_to_json(entry: TimelineEntry, passed_on: PassedOn) -> Json:
    earlier = entry.overrules
    return {
        "topic": entry.topic,
        "intent": entry.intent,
        "said_at": entry.said_at.isoformat() if entry.said_at else None,
        "p": round(entry.p, 3),
        "evidence": evidence_to_json(entry.evidence, passed_on),
        "reported": _rounded(entry.reported),
        "mood": _rounded(entry.mood),
        "overrules": {
            "intent": earlier.intent,
            "evidence": evidence_to_json(earlier.evidence, passed_on),
        }
        if earlier
        else None,
        "stands": entry.stands,
    }


def _figures_of(
    channels: tuple[str, ...], kappa: float | None, coverage: float | None, n_compared: int
) -> Json:
    return {
        "channels": [str(channel) for channel in channels],
        "kappa": _rounded(kappa),
        "coverage": _rounded(coverage),
        "n_compared": n_compared,
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 3)
