"""Deviations that are kept: what was found, what a person decided, what each channel says."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.deviation_check.graph import Checked
from agents.deviation_check.state import (
    Decision,
    DeviationState,
    FieldByChannel,
    StoredDeviation,
)
from agents.deviation_check.store import fingerprint
from api.schemas import examples
from api.schemas.answers import deviation_to_json, evidence_to_json, report_to_json
from api.schemas.models import DeviationModel, EvidenceModel, Text
from core.domain import Channel

Json = dict[str, Any]
NOT_WRITTEN = {
    "zh": "只记录了同意的修改,没有写入 CRM:请在 CRM 里更新。",
    "en": "The agreed change is recorded, not written to the CRM: update it there.",
}


class DecidedModel(BaseModel):
    decision: Literal["accepted", "dismissed"]
    by: str
    at: str
    reason: str


class KeptDeviationModel(DeviationModel):
    """`email` and `meeting` are the latest value on each channel, null where it is silent."""

    id: str
    state: Literal["open", "accepted", "dismissed", "resolved"]
    decided: DecidedModel | None
    first_seen_at: str
    resolved_at: str | None
    email: str | None
    meeting: str | None


class ChannelSaysModel(BaseModel):
    value: str
    evidence: EvidenceModel


class FieldByChannelModel(BaseModel):
    """`agree` is null where the channels cannot be compared."""

    field: str
    crm: str | None
    email: ChannelSaysModel | None
    meeting: ChannelSaysModel | None
    agree: bool | None


class KeptReportModel(BaseModel):
    deal_id: str
    deviations: list[KeptDeviationModel]
    consistent: list[str]
    undecided: list[str]
    channels: list[FieldByChannelModel]
    resolved: list[KeptDeviationModel] = Field(description="Found once, no longer found")


class DecisionRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "accepted", "reason": "客户已书面确认"}]},
    )

    decision: Literal["accepted", "dismissed"]
    reason: str = Field("", max_length=2000)


class AgreedChangeModel(BaseModel):
    """`to` is null where the words say what is wrong and not what is right."""

    model_config = ConfigDict(populate_by_name=True)

    field: str
    before: str | None = Field(alias="from")
    to: str | None


class DecisionModel(BaseModel):
    id: str
    deviation_id: str
    decision: Literal["accepted", "dismissed"]
    by: str
    at: str
    reason: str
    agreed_change: AgreedChangeModel | None
    written_to_crm: bool
    note: Text | None


def kept_report_to_json(deal_id: str, checked: Checked) -> Json:
    """The shape of `report_to_json` with identity, state and the channels' values added."""
    by_mark = {fingerprint(one.deviation): one for one in checked.record.stored}
    rows = {row.field: row for row in checked.by_channel}
    found = [by_mark[fingerprint(one)] for one in checked.report.deviations]
    gone = [one for one in checked.record.stored if one.state is DeviationState.RESOLVED]
    return {
        "deal_id": deal_id,
        **report_to_json(checked.report),
        "deviations": [_kept(one, rows) for one in found],
        "channels": [_row(row) for row in checked.by_channel],
        "resolved": [_kept(one, {}) for one in gone],
    }


def decision_to_json(decision: Decision) -> Json:
    """Says of a yes that no CRM was written: adapters that write one come later."""
    change = decision.agreed_change
    return {
        "id": decision.id,
        "deviation_id": decision.deviation_id,
        **_decided(decision),
        "agreed_change": dict(change) if change is not None else None,
        "written_to_crm": False,
        "note": NOT_WRITTEN if change is not None else None,
    }


def _kept(one: StoredDeviation, rows: dict[str, FieldByChannel]) -> Json:
    row = rows.get(one.deviation.field)
    return {
        **deviation_to_json(one.deviation),
        "id": one.id,
        "state": str(one.state),
        "decided": _decided(one.decision) if one.decision else None,
        "first_seen_at": one.first_seen_at.isoformat(),
        "resolved_at": one.resolved_at.isoformat() if one.resolved_at else None,
        "email": _value(row, Channel.EMAIL),
        "meeting": _value(row, Channel.MEETING),
    }


def _value(row: FieldByChannel | None, channel: Channel) -> str | None:
    says = row.said.get(channel) if row else None
    return says.value if says else None


def _row(row: FieldByChannel) -> Json:
    shown: Json = {"field": row.field, "crm": row.crm, "agree": row.agree}
    for channel in (Channel.EMAIL, Channel.MEETING):
        says = row.said.get(channel)
        shown[channel.value] = (
            {"value": says.value, "evidence": evidence_to_json(says.evidence)} if says else None
        )
    return shown


def _decided(decision: Decision) -> Json:
    return {
        "decision": decision.decision,
        "by": decision.decided_by,
        "at": decision.decided_at.isoformat(),
        "reason": decision.reason,
    }


_DECIDED: Json = {
    "decision": "accepted",
    "by": "rep-7",
    "at": "2026-11-24T09:00:00+00:00",
    "reason": "",
}
DEVIATION_ID = "5e1ac1e0f0c14d5c9df5a2b1de0a7c31"
KEPT_EXAMPLE: Json = {
    "deal_id": examples.DEAL_ID,
    **examples.REPORT,
    "deviations": [
        {
            **examples.REPORT["deviations"][0],
            "id": DEVIATION_ID,
            "state": "accepted",
            "decided": _DECIDED,
            "first_seen_at": "2026-11-20T05:20:00+00:00",
            "resolved_at": None,
            "email": None,
            "meeting": "doubtful",
        }
    ],
    "channels": [
        {
            "field": "budget_status",
            "crm": "approved",
            "email": None,
            "meeting": {"value": "doubtful", "evidence": examples.EVIDENCE},
            "agree": None,
        }
    ],
    "resolved": [],
}
DECISION_EXAMPLE: Json = {
    "id": "b7c1f0c9d3a14b0f9a51f6a0f3c0e6d2",
    "deviation_id": DEVIATION_ID,
    **_DECIDED,
    "agreed_change": {"field": "budget_status", "from": "approved", "to": "doubtful"},
    "written_to_crm": False,
    "note": NOT_WRITTEN,
}
