"""Windows over recordings, read with the standard library alone."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from core.errors import BackendFailed, InvalidInput
from transcripts import sound
from transcripts.sound import windows

RATE = 8_000


def written(path: Path, pcm: bytes, *, width: int = 2, n_channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(n_channels)
        file.setsampwidth(width)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return path


@pytest.mark.parametrize("n_samples", [1, RATE * 4, RATE * 4 + 1, RATE * 25 + 7])
def test_the_windows_own_parts_tile_the_recording(tmp_path: Path, n_samples: int) -> None:
    samples = (np.arange(n_samples) % 1_000).astype("<i2")
    audio = written(tmp_path / "a.wav", samples.tobytes())
    own, at = [], 0
    for window in windows(audio, window_s=4, margin_s=0.5):
        first, start, stop = (
            round(s * RATE) for s in (window.from_s, window.core_s, window.until_s)
        )
        assert start == at
        assert first == max(0, start - RATE // 2)
        own.append(window.samples[start - first : stop - first])
        assert len(window.samples) <= 5 * RATE
        at = stop
    assert np.array_equal(np.concatenate(own) * 2**15, samples)


@pytest.mark.parametrize(
    ("width", "pcm"),
    [
        (1, bytes([192])),
        (2, (1 << 14).to_bytes(2, "little")),
        (3, (1 << 22).to_bytes(3, "little")),
        (4, (1 << 30).to_bytes(4, "little")),
    ],
)
def test_every_sample_width_has_one_scale(tmp_path: Path, width: int, pcm: bytes) -> None:
    audio = written(tmp_path / "a.wav", pcm * 10, width=width)
    (window,) = windows(audio, window_s=4, margin_s=0.5)
    assert window.samples == pytest.approx(0.5)


def test_channels_are_averaged(tmp_path: Path) -> None:
    pcm = np.array([[1_000, 3_000]] * 5, "<i2").tobytes()
    (window,) = windows(written(tmp_path / "a.wav", pcm, n_channels=2), window_s=4, margin_s=0.5)
    assert window.samples * 2**15 == pytest.approx(2_000)


def test_an_empty_recording_has_no_window(tmp_path: Path) -> None:
    assert list(windows(written(tmp_path / "a.wav", b""), window_s=4, margin_s=0.5)) == []


def test_other_formats_need_ffmpeg_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setattr(sound.shutil, "which", lambda _: None)
    (tmp_path / "a.mp3").write_bytes(b"ID3 and so on")
    with pytest.raises(BackendFailed, match=r"without FFmpeg.*PCM WAV"):
        list(windows(tmp_path / "a.mp3", window_s=4, margin_s=0.5))


def test_what_the_program_cannot_decode_is_no_audio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    # Any program that fails without a word stands for ffmpeg on a broken file.
    monkeypatch.setattr(sound.shutil, "which", lambda _: "/bin/false")
    (tmp_path / "a.mp3").write_bytes(b"ID3 and so on")
    with pytest.raises(InvalidInput, match="cannot be decoded"):
        list(windows(tmp_path / "a.mp3", window_s=4, margin_s=0.5))
