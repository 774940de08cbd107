"""How meetings were spoken: kept at ingestion, read back, honest about what is missing."""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evals
from agents.backends import Backends, open_backends
from agents.ingestion.ingest import ingest
from agents.ingestion.speaking import _of_source, spoken_in_deal, spoken_in_file
from core.domain import Channel, Transcript, Utterance
from core.errors import InvalidInput, NotFound
from core.fakes import FixedClock
from core.settings import Settings
from retrieval import store as source_store

SAMPLES = Path(evals.__file__).parent / "samples"
TENANT = "demo"
CLOCK = FixedClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


class Hears:
    """A transcriber that hears the same two people in every recording."""

    name = "hears"

    def transcribe(self, audio: Path, *, language: str | None = None) -> Transcript:
        assert audio.is_file()
        text = "Ann asks?\n王建国答。"
        said = (Utterance("Ann asks?", 0, 9, "Ann", 0, 1_000),)
        return Transcript(
            text, (*said, Utterance("王建国答。", 10, 15, "王建国", 1_000, 2_000)), "x"
        )


@pytest.fixture
def backends(tmp_path: Path) -> Iterator[Backends]:
    opened = open_backends(Settings(home=tmp_path / "home", database_url=""), clock=CLOCK)
    yield opened
    opened.database.dispose()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    at_s = np.arange(32_000) / 16_000
    pcm = (10_000 * np.sin(2 * np.pi * 150 * at_s)).astype("<i2")
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(pcm.tobytes())
    return path


def hearing(backends: Backends) -> Backends:
    # The cached property's own slot: what a configured transcriber would have filled.
    backends.__dict__["transcriber"] = Hears()
    return backends


def test_a_deals_meetings_keep_their_figures_oldest_first(backends: Backends) -> None:
    report = ingest(backends, SAMPLES / "xingyuan-mes", tenant_id=TENANT)
    first, second = spoken_in_deal(backends, tenant_id=TENANT, deal_id=report.deals[0])
    assert [Path(s.file).name[:10] for s in (first, second)] == ["2026-10-22", "2026-11-19"]
    for spoken in (first, second):
        assert spoken.talk is not None
        assert spoken.talk["timing"] == "measured"
        assert {"customer", "rep"} <= set(spoken.talk["role_shares"])
        assert (spoken.prosody, spoken.degraded) == (None, ())


def test_a_source_from_before_there_were_figures_gets_the_same_from_its_passages(
    backends: Backends,
) -> None:
    report = ingest(backends, SAMPLES / "xingyuan-mes", tenant_id=TENANT)
    with backends.database.read() as session:
        sources = source_store.sources_of(session, tenant_id=TENANT, origin=report.deals[0])
        meetings = [s for s in sources.values() if s.channel is Channel.MEETING]
        passages = {
            s.id: source_store.passages_of_source(session, tenant_id=TENANT, source_id=s.id)
            for s in meetings
        }
    for source in meetings:
        old = replace(source, meta={k: v for k, v in source.meta.items() if k != "talk"})
        assert _of_source(old, passages[source.id]).talk == source.meta["talk"]


def test_a_file_of_a_deal_folder_has_the_roles_of_its_deal(backends: Backends) -> None:
    (file,) = (SAMPLES / "harbor-retail-pos" / "meetings").glob("*.vtt")
    spoken = spoken_in_file(backends, file)
    assert spoken.source_id is None
    assert spoken.file == f"meetings/{file.name}"
    assert spoken.talk is not None
    assert "customer" in spoken.talk["role_shares"]


def test_a_mail_is_no_meeting_and_an_unknown_deal_is_not_found(
    backends: Backends, tmp_path: Path
) -> None:
    mail = tmp_path / "a.eml"
    mail.write_text("From: a@example.com\n\nhello", encoding="utf-8")
    with pytest.raises(InvalidInput, match="no meeting"):
        spoken_in_file(backends, mail)
    with pytest.raises(NotFound):
        spoken_in_deal(backends, tenant_id=TENANT, deal_id="nobody's")


def test_audio_without_parselmouth_is_ingested_with_a_note(
    backends: Backends, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    report = ingest(hearing(backends), recording, tenant_id=TENANT)
    assert (report.n_meetings, report.failures) == (1, [])
    (warning,) = report.warnings
    assert warning.reason.startswith("No prosody: parselmouth is not installed.")
    spoken = spoken_in_file(backends, recording)
    assert spoken.talk is not None
    assert (spoken.prosody, spoken.degraded) == (None, (warning.reason,))


def test_audio_with_parselmouth_keeps_each_speakers_pitch(
    backends: Backends, recording: Path
) -> None:
    pytest.importorskip("parselmouth", reason="needs the audio extra (praat-parselmouth)")
    report = ingest(hearing(backends), recording, tenant_id=TENANT)
    assert report.warnings == []
    spoken = spoken_in_file(backends, recording)
    assert spoken.prosody is not None
    pitches: dict[str, Any] = {
        s["speaker"]: s["pitch_median_hz"] for s in spoken.prosody["speakers"]
    }
    assert pitches == pytest.approx({"Ann": 150, "王建国": 150}, abs=2)
    json.dumps(spoken.prosody, allow_nan=False)


def test_audio_without_a_transcriber_has_no_talk_and_says_why(
    backends: Backends, recording: Path
) -> None:
    spoken = spoken_in_file(backends, recording)
    assert spoken.talk is None
    assert "JUNSHI_TRANSCRIBER" in spoken.degraded[0]
