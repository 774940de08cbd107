"""What travels along the check's graph, and what a check leaves behind: frozen values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypedDict

from agents.coach.state import DealMaterial
from core.domain import Channel, Deviation, DeviationReport, Evidence, SourceId


class TouchpointKind(StrEnum):
    """The touchpoints after which what was said and what the CRM says should meet."""

    DEMO = "demo"
    TRIAL = "trial"
    PROPOSAL = "proposal"


class Outcome(StrEnum):
    """How a due source was settled. NO_TOUCHPOINT: it is due no check, and is not asked again."""

    CHECKED = "checked"
    NO_TOUCHPOINT = "no_touchpoint"
    TOO_OLD = "too_old"


class DeviationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class DueSource:
    """One version of a mail or meeting whose delay has passed and that nobody settled yet."""

    source_id: SourceId
    version: int
    occurred_at: datetime
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a due source; only CHECKED ones cause a report."""

    source_id: SourceId
    version: int
    due_at: datetime
    outcome: Outcome
    kinds: tuple[TouchpointKind, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelSays:
    """The latest on one field by one channel: `value` as a CRM could hold it, and the words."""

    value: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class FieldByChannel:
    """One field over all channels. `agree`: mail and meeting do not contradict; None: no telling.

    `said` holds Channel.EMAIL and Channel.MEETING where they speak of the field.
    """

    field: str
    crm: str | None
    said: Mapping[Channel, ChannelSays]
    agree: bool | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's yes or no, append-only. `agreed_change` is None for a no."""

    id: str
    deviation_id: str
    decision: Literal["accepted", "dismissed"]
    decided_by: str
    decided_at: datetime
    reason: str = ""
    agreed_change: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StoredDeviation:
    """A deviation over time. `decision` is the last word on it, whoever gave it."""

    id: str
    deviation: Deviation
    state: DeviationState
    first_seen_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None = None
    decision: Decision | None = None


Recorded = Literal["recorded", "unchanged", "settled_elsewhere", "outdated"]
"""unchanged: nothing to write; settled_elsewhere: another worker was first, nothing was written;
outdated: the deal's sources changed meanwhile, so the comparison has to be made again."""


@dataclass(frozen=True, slots=True)
class Record:
    """What recording did; `stored` are the deal's deviations, resolved ones too."""

    how: Recorded
    report_id: str | None = None
    stored: tuple[StoredDeviation, ...] = ()


class CheckState(TypedDict, total=False):
    """`due` empty: somebody asked. Otherwise the schedule did, and these are settled with it."""

    tenant_id: str
    deal_id: str
    due: tuple[Settled, ...]

    material: DealMaterial
    report: DeviationReport
    by_channel: tuple[FieldByChannel, ...]
    record: Record
    n_attempts: int
