"""Sound in windows: mono samples of any recording, a minute of it in memory at a time.

WAV is read by the standard library. Everything else goes through FFmpeg's decoders: as the library
PyAV, which comes with the models extra, else as the program `ffmpeg` where there is one.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import BackendFailed, InvalidInput

Samples = NDArray[np.float64]

DECODED_RATE = 16_000
_BLOCK_S = 10
_FULL_SCALE = {1: 2.0**7, 2: 2.0**15, 3: 2.0**23, 4: 2.0**31}
_NO_AUDIO = "Save it as WAV, MP3, M4A or MP4 and try again."


@dataclass(frozen=True, slots=True)
class Window:
    """`samples` (n,) in [-1, 1] from `from_s` on; [core_s, until_s) is this window's own part.

    What surrounds that part also belongs to a neighbour: an analysis needs it at the edges.
    """

    samples: Samples
    rate: int
    from_s: float
    core_s: float
    until_s: float


def windows(audio: Path, *, window_s: int, margin_s: float) -> Iterator[Window]:
    """Consecutive windows whose own parts tile the recording; none of an empty recording.

    Raises InvalidInput when it is no audio, BackendFailed when nothing here can decode it.
    """
    with closing(_blocks(audio)) as blocks:
        yield from _cut(blocks, window_s=window_s, margin_s=margin_s)


def _cut(
    blocks: Iterator[tuple[int, Samples]], *, window_s: int, margin_s: float
) -> Iterator[Window]:
    held = np.zeros(0)
    rate, first, core = 0, 0, 0  # positions in samples of the whole recording
    for rate, block in blocks:
        held = np.concatenate((held, block))
        margin = int(margin_s * rate)
        while first + len(held) >= core + window_s * rate + margin:
            until = core + window_s * rate
            yield _window(held[: until + margin - first], rate, first, core, until)
            core = until
            held, first = held[core - margin - first :], core - margin
    if rate and first + len(held) > core:
        yield _window(held, rate, first, core, first + len(held))


def _window(samples: Samples, rate: int, first: int, core: int, until: int) -> Window:
    return Window(samples, rate, first / rate, core / rate, until / rate)


# ---- decoders ----------------------------------------------------------------------------------


def _blocks(audio: Path) -> Generator[tuple[int, Samples], None, None]:
    """(rate, mono samples) of some seconds each."""
    try:
        opened = wave.open(str(audio), "rb")  # noqa: SIM115 - closed below
    except (wave.Error, EOFError):
        yield from _decoded(audio)
        return
    with opened:
        yield from _wave_blocks(opened)


def _wave_blocks(opened: wave.Wave_read) -> Iterator[tuple[int, Samples]]:
    rate, width, n_channels = opened.getframerate(), opened.getsampwidth(), opened.getnchannels()
    if width not in _FULL_SCALE or not rate:
        raise InvalidInput(f"WAV of {8 * width} bit is not read.", remedy=_NO_AUDIO)
    while raw := opened.readframes(_BLOCK_S * rate):
        whole = len(raw) - len(raw) % (width * n_channels)
        channels = _numbers(raw[:whole], width).reshape(-1, n_channels)
        yield rate, channels.mean(axis=1)


def _numbers(raw: bytes, width: int) -> Samples:
    """Little-endian PCM as numbers in [-1, 1]; 8 bit is unsigned, the rest signed."""
    if width == 1:
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / _FULL_SCALE[1]
    if width == 3:
        padded = np.zeros((len(raw) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        return padded.view("<i4")[:, 0] / _FULL_SCALE[4]
    return np.frombuffer(raw, f"<i{width}").astype(np.float64) / _FULL_SCALE[width]


def _decoded(audio: Path) -> Iterator[tuple[int, Samples]]:
    try:
        av: Any = import_module("av")
    except ImportError:
        yield from _through_program(audio)
        return
    yield from _through_library(av, audio)


def _through_library(av: Any, audio: Path) -> Iterator[tuple[int, Samples]]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=DECODED_RATE)
    try:
        with av.open(str(audio), metadata_errors="ignore") as container:
            held: list[Samples] = []
            # None at the end asks for what the resampler still holds.
            for frame in chain(container.decode(audio=0), [None]):
                held += [one.to_ndarray()[0] / _FULL_SCALE[2] for one in resampler.resample(frame)]
                if held and (frame is None or sum(map(len, held)) >= _BLOCK_S * DECODED_RATE):
                    yield DECODED_RATE, np.concatenate(held)
                    held = []
    except (av.FFmpegError, IndexError) as error:
        raise _not_audio() from error


def _through_program(audio: Path) -> Iterator[tuple[int, Samples]]:
    program = shutil.which("ffmpeg")
    if program is None:
        raise BackendFailed(
            "Only WAV can be read here without FFmpeg.",
            remedy="Install the models extra or the program ffmpeg, or save it as PCM WAV.",
        )
    command = [program, "-v", "error", "-nostdin", "-i", str(audio.resolve()), "-map", "0:a:0"]
    command += ["-ac", "1", "-ar", str(DECODED_RATE), "-f", "s16le", "-"]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603 - the operator's own program, and no shell reads this
            command, stdout=subprocess.PIPE, stderr=complaints
        ) as running,
    ):
        assert running.stdout is not None
        try:
            while raw := running.stdout.read(2 * DECODED_RATE * _BLOCK_S):
                yield DECODED_RATE, _numbers(raw[: len(raw) // 2 * 2], 2)
        except GeneratorExit:
            running.kill()
            raise
        if running.wait() != 0:
            raise _not_audio()


def _not_audio() -> InvalidInput:
    return InvalidInput("The file cannot be decoded as audio.", remedy=_NO_AUDIO)
