"""How each meeting of a deal was spoken."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from agents.ingestion.speaking import spoken_in_deal
from api.commands.talk import spoken_to_json
from api.dependencies import ADealId, TheBackends, TheCaller
from api.schemas import examples
from core.domain import Role

router = APIRouter(prefix="/v1/deals", tags=["deals"])


class PaceModel(BaseModel):
    """None where less than 10 s were spoken in the language."""

    zh_characters_per_min: float | None
    en_words_per_min: float | None


class PausesModel(BaseModel):
    """Silence between utterances; long is more than 1 s."""

    n_long: int
    median_ms: int | None
    longest_ms: int | None


class MonologueModel(BaseModel):
    speaker: str
    start_ms: int
    ms: int


class SpeakerTalkModel(BaseModel):
    """`speaker` null pools the utterances of which nobody knows who spoke."""

    speaker: str | None
    role: Role
    n_turns: int
    n_utterances: int
    talk_ms: int | None
    share: float | None
    question_rate: float
    pace: PaceModel


class TalkModel(BaseModel):
    """`timing` "until_next": only starts are known, `pauses` and `overlap_ms` are null."""

    timing: Literal["measured", "until_next", "none"]
    duration_ms: int | None
    n_utterances: int
    n_turns: int
    question_rate: float
    pace: PaceModel
    speakers: list[SpeakerTalkModel]
    role_shares: dict[Role, float]
    longest_monologue: MonologueModel | None
    pauses: PausesModel | None
    overlap_ms: int | None


class VoiceModel(BaseModel):
    duration_ms: int
    pitch_median_hz: float | None
    pitch_range_semitones: float | None
    energy_range_db: float | None
    voiced_share: float
    n_pauses: int
    pause_ms: int


class SpeakerVoiceModel(VoiceModel):
    speaker: str


class ProsodyModel(BaseModel):
    """`utterances` are columns in the transcript's order, null where one has no times."""

    measured_by: str
    whole: VoiceModel
    speakers: list[SpeakerVoiceModel]
    utterances: dict[str, list[int | float | None]]


class SpokenModel(BaseModel):
    """`prosody` is null without audio; with audio, `degraded` says why it could not be measured."""

    source_id: str
    file: str
    talk: TalkModel
    prosody: ProsodyModel | None
    degraded: list[str]


def _speaker(name: str, role: str, ms: int, share: float, asked: float) -> dict[str, Any]:
    return {
        "speaker": name,
        "role": role,
        "n_turns": 9,
        "n_utterances": 14,
        "talk_ms": ms,
        "share": share,
        "question_rate": asked,
        "pace": {"zh_characters_per_min": 243.5, "en_words_per_min": None},
    }


EXAMPLE = {
    "source_id": examples.SOURCE_ID,
    "file": examples.EVIDENCE["file"],
    "talk": {
        "timing": "measured",
        "duration_ms": 412000,
        "n_utterances": 28,
        "n_turns": 18,
        "question_rate": 0.2143,
        "pace": {"zh_characters_per_min": 243.5, "en_words_per_min": None},
        "speakers": [
            _speaker("王建国", "customer", 231000, 0.5789, 0.0714),
            _speaker("林悦", "rep", 168000, 0.4211, 0.3571),
        ],
        "role_shares": {"customer": 0.5789, "rep": 0.4211},
        "longest_monologue": {"speaker": "王建国", "start_ms": 62000, "ms": 41000},
        "pauses": {"n_long": 3, "median_ms": 420, "longest_ms": 2600},
        "overlap_ms": 1800,
    },
    "prosody": None,
    "degraded": [],
}


@router.get(
    "/{deal_id}/talk",
    response_model=list[SpokenModel],
    responses=examples.returned([EXAMPLE]),
    summary="How each meeting was spoken",
)
def read_talk(deal_id: ADealId, caller: TheCaller, backends: TheBackends) -> list[dict[str, Any]]:
    """Talk shares, pace, pauses and questions of the meetings, oldest first; voices from audio."""
    found = spoken_in_deal(backends, tenant_id=caller.tenant_id, deal_id=deal_id)
    return [spoken_to_json(one) for one in found]
