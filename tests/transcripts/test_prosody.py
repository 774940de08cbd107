"""Pitch, loudness and pauses: tones of known pitch, and real voices."""

from __future__ import annotations

import json
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.domain import Utterance
from core.errors import BackendFailed, InvalidInput
from core.settings import Settings
from transcripts.prosody import VoiceFigures, measure_prosody, read_frames

RATE = 16_000
SPEECH = Settings().shared / "data" / "speech"
needs_parselmouth = "needs the audio extra (praat-parselmouth)"


def tone(hertz: float, seconds: float, level: float = 0.3) -> NDArray[np.float64]:
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def written(path: Path, *parts: NDArray[np.float64]) -> Path:
    pcm = (np.concatenate([np.zeros(0), *parts]) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.tobytes())
    return path


def whole(path: Path) -> VoiceFigures:
    pytest.importorskip("parselmouth", reason=needs_parselmouth)
    return measure_prosody(path).whole


def test_without_parselmouth_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    with pytest.raises(BackendFailed, match=r"junshi\[audio\]"):
        measure_prosody(tmp_path / "a.wav")


def test_a_tone_of_150_hz_has_that_pitch_and_no_range(tmp_path: Path) -> None:
    figures = whole(written(tmp_path / "a.wav", tone(150, 3)))
    assert figures.pitch_median_hz == pytest.approx(150, abs=2)
    assert figures.pitch_range_semitones == pytest.approx(0, abs=0.1)
    assert figures.energy_range_db == pytest.approx(0, abs=1)
    assert figures.voiced_share > 0.9
    assert (figures.duration_ms, figures.n_pauses) == (3_000, 0)


def test_an_octave_is_twelve_semitones(tmp_path: Path) -> None:
    figures = whole(written(tmp_path / "a.wav", tone(120, 2), tone(240, 2)))
    assert figures.pitch_range_semitones == pytest.approx(12, abs=0.2)


def test_half_the_pressure_is_six_decibels(tmp_path: Path) -> None:
    figures = whole(written(tmp_path / "a.wav", tone(150, 2, 0.4), tone(150, 2, 0.2)))
    assert figures.energy_range_db == pytest.approx(6.02, abs=0.3)


def test_silence_has_no_pitch(tmp_path: Path) -> None:
    figures = whole(written(tmp_path / "a.wav", np.zeros(RATE * 2)))
    assert (figures.pitch_median_hz, figures.pitch_range_semitones) == (None, None)
    assert (figures.energy_range_db, figures.voiced_share, figures.n_pauses) == (None, 0.0, 0)


def test_only_silence_longer_than_a_third_of_a_second_is_a_pause(tmp_path: Path) -> None:
    quiet = {s: np.zeros(int(s * RATE)) for s in (0.2, 0.8, 1.0)}
    said = tone(150, 1)
    parts = (quiet[1.0], said, quiet[0.2], said, quiet[0.8], said, quiet[1.0])
    figures = whole(written(tmp_path / "a.wav", *parts))
    assert figures.n_pauses == 1
    assert figures.pause_ms == pytest.approx(800, abs=60)


def test_each_speaker_has_the_pitch_of_their_own_utterances(tmp_path: Path) -> None:
    pytest.importorskip("parselmouth", reason=needs_parselmouth)
    audio = written(tmp_path / "a.wav", tone(120, 2), tone(220, 2), tone(120, 2))
    utterances = [
        Utterance("一", 0, 1, "王建国", 0, 2_000),
        Utterance("two", 2, 5, "Ann", 2_000, 4_000),
        Utterance("三", 6, 7, "王建国", 4_000, 6_000),
        Utterance("四", 8, 9, "王建国"),
        Utterance("after the end", 10, 23, "Ann", 7_000, 8_000),
    ]
    prosody = measure_prosody(audio, utterances)
    pitches = {speaker: voice.pitch_median_hz for speaker, voice in prosody.speakers}
    assert pitches == pytest.approx({"王建国": 120, "Ann": 220}, abs=2)
    assert [v is None for v in prosody.utterances] == [False, False, False, True, True]
    shape = json.loads(json.dumps(prosody.to_json(), allow_nan=False))
    assert shape["utterances"]["pitch_median_hz"][3:] == [None, None]
    assert len(shape["utterances"]["voiced_share"]) == 5
    assert shape["measured_by"].startswith("parselmouth")


def test_windows_do_not_change_what_is_heard(tmp_path: Path) -> None:
    pytest.importorskip("parselmouth", reason=needs_parselmouth)
    audio = written(tmp_path / "a.wav", tone(150, 5.3), np.zeros(RATE), tone(200, 5))
    whole, cut = read_frames(audio, window_s=600), read_frames(audio, window_s=2)
    assert len(whole.pitch_hz) == len(cut.pitch_hz) == 1_130
    assert ((whole.pitch_hz > 0) != (cut.pitch_hz > 0)).mean() < 0.01
    assert np.median(cut.pitch_hz[:500]) == pytest.approx(150, abs=1)


def test_an_empty_recording_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("parselmouth", reason=needs_parselmouth)
    with pytest.raises(InvalidInput, match="empty"):
        measure_prosody(written(tmp_path / "a.wav"))


@pytest.mark.parametrize(
    ("name", "lowest_hz", "highest_hz"),
    # LJ Speech is one woman; of the others only the voice is known: a lower and a higher one.
    [
        ("az_en-US_testing_audio", 90, 180),
        ("az_zh-CN_testing_audio", 160, 280),
        ("lj_LJ001-0001", 160, 280),
    ],
)
def test_real_voices_lie_where_voices_lie(name: str, lowest_hz: float, highest_hz: float) -> None:
    audio = SPEECH / f"{name}.wav"
    if not audio.is_file():
        pytest.skip(f"needs {audio.name} of the public speech samples")
    figures = whole(audio)
    assert figures.pitch_median_hz is not None
    assert lowest_hz <= figures.pitch_median_hz <= highest_hz
    assert figures.pitch_range_semitones is not None
    assert 6 <= figures.pitch_range_semitones <= 24
    assert 0.4 <= figures.voiced_share <= 0.8
