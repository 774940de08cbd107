"""Pitch, loudness and pauses of a voice, measured with Praat (through parselmouth).

Pitch is Praat's autocorrelation method (Boersma, IFA Proceedings 17, 1993), 75 to 500 Hz: men's and
women's voices on the telephone. Ranges are 5th to 95th percentile, which leaves out single octave
errors; in semitones, because hearing is logarithmic. Silence follows the script of de Jong & Wempe
(Behavior Research Methods 41, 2009) with its later defaults: 25 dB below the loud end (the 99th
percentile) of the recording, for longer than 0.3 s.

These are figures of sound. No feeling is inferred from them: pitch and loudness differ more
between people, languages and microphones than between one person's moods.

A recording is read in windows with margins, so two hours need no more memory than two minutes,
apart from its frames: 3 MB an hour. Parselmouth is the `audio` extra, imported at the first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import Utterance
from core.errors import BackendFailed, InvalidInput
from transcripts.sound import windows

INSTALL_AUDIO = "Install the audio extra: pip install 'junshi[audio]' (praat-parselmouth)."
STEP_S = 0.01
PITCH_FLOOR_HZ = 75.0
PITCH_CEILING_HZ = 500.0
SILENCE_BELOW_LOUD_DB = 25.0
SHORTEST_PAUSE_S = 0.3
# Recordings have noise far above this; digital silence lies below.
QUIETEST_SPEECH_DB = 20.0
# A tenth of a second of voice: percentiles of less say nothing.
FEWEST_VOICED_FRAMES = 10
WINDOW_S = 60
# Praat's pitch window is 3 periods of the floor (40 ms); its path finder looks further.
MARGIN_S = 0.5

Numbers = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VoiceFigures:
    """Of a stretch of sound. None where less than a tenth of a second is voiced.

    `voiced_share` is of the whole stretch. Pauses lie between the first and the last sound and are
    longer than 0.3 s. Decibels are differences: the recording's own level means nothing.
    """

    duration_ms: int
    pitch_median_hz: float | None
    pitch_range_semitones: float | None
    energy_range_db: float | None
    voiced_share: float
    n_pauses: int
    pause_ms: int


@dataclass(frozen=True, slots=True)
class Prosody:
    """Of the recording, of each named speaker, and of each utterance in the transcript's order.

    An utterance without times has None.
    """

    whole: VoiceFigures
    speakers: tuple[tuple[str, VoiceFigures], ...]
    utterances: tuple[VoiceFigures | None, ...]
    measured_by: str

    def to_json(self) -> dict[str, Any]:
        """Utterances as columns of equal length: a long meeting's stay small and quick to read."""
        names = [field.name for field in fields(VoiceFigures)]
        return {
            "measured_by": self.measured_by,
            "whole": asdict(self.whole),
            "speakers": [{"speaker": name, **asdict(v)} for name, v in self.speakers],
            "utterances": {
                name: [None if v is None else getattr(v, name) for v in self.utterances]
                for name in names
            },
        }


@dataclass(frozen=True, slots=True)
class Frames:
    """One value every 10 ms, frame i at (i + 0.5) · STEP_S. `pitch_hz` is 0 where unvoiced."""

    pitch_hz: Numbers
    energy_db: Numbers

    @property
    def is_sound(self) -> Flags:
        """(n,): loud enough for speech, judged over the whole recording."""
        if not len(self.energy_db):
            return np.zeros(0, dtype=np.bool_)
        loud = float(np.percentile(self.energy_db, 99))
        floor = max(loud - SILENCE_BELOW_LOUD_DB, QUIETEST_SPEECH_DB)
        return np.asarray(self.energy_db >= floor)


def measure_prosody(audio: Path, utterances: Sequence[Utterance] = ()) -> Prosody:
    """The figures of one recording.

    Raises BackendFailed without parselmouth (or a decoder), InvalidInput when it is no audio.
    """
    parselmouth = _parselmouth()
    frames = read_frames(audio)
    if not len(frames.pitch_hz):
        raise InvalidInput("The audio is empty.", remedy="Record or export it again.")
    is_sound = frames.is_sound
    by_speaker: dict[str, list[slice]] = {}
    figures: list[VoiceFigures | None] = []
    for utterance in utterances:
        span = _frames_of(utterance, len(frames.pitch_hz))
        figures.append(_voice(frames, is_sound, [span]) if span else None)
        if span and utterance.speaker is not None:
            by_speaker.setdefault(utterance.speaker, []).append(span)
    return Prosody(
        whole=_voice(frames, is_sound, [slice(0, len(frames.pitch_hz))]),
        speakers=tuple((s, _voice(frames, is_sound, spans)) for s, spans in by_speaker.items()),
        utterances=tuple(figures),
        measured_by=f"parselmouth {parselmouth.__version__} (Praat {parselmouth.PRAAT_VERSION})",
    )


def read_frames(audio: Path, *, window_s: int = WINDOW_S) -> Frames:
    """Pitch and energy of the whole recording, read a window at a time."""
    parselmouth = _parselmouth()
    pitch: list[Numbers] = []
    energy: list[Numbers] = []
    for window in windows(audio, window_s=window_s, margin_s=MARGIN_S):
        # Whole frames; the hair keeps 3.00 s from becoming 299 of them.
        n = int((window.until_s - window.core_s) / STEP_S + 1e-6)
        at_s = window.core_s - window.from_s + (np.arange(n) + 0.5) * STEP_S
        hertz, decibels = _analysed(parselmouth, window.samples, window.rate, at_s)
        pitch.append(hertz)
        energy.append(decibels)
    empty = np.zeros(0, dtype=np.float32)
    return Frames(np.concatenate([empty, *pitch]), np.concatenate([empty, *energy]))


def _analysed(
    parselmouth: Any, samples: NDArray[np.float64], rate: int, at_s: NDArray[Any]
) -> tuple[Numbers, Numbers]:
    """(n,) Hz and (n,) dB at the times `at_s`; 0 where the sound is too short to analyse."""
    sound = parselmouth.Sound(samples, sampling_frequency=rate)
    nothing = np.zeros(len(at_s), dtype=np.float32)
    try:
        pitch = sound.to_pitch_ac(
            time_step=STEP_S, pitch_floor=PITCH_FLOOR_HZ, pitch_ceiling=PITCH_CEILING_HZ
        )
        intensity = sound.to_intensity(minimum_pitch=PITCH_FLOOR_HZ, time_step=STEP_S)
    except parselmouth.PraatError:
        # Praat needs some 40 to 90 ms; a shorter rest of a recording holds no syllable.
        return nothing, nothing
    nearest = np.rint((at_s - pitch.x1) / STEP_S).astype(int)
    inside = (nearest >= 0) & (nearest < pitch.nx)
    hertz = np.where(
        inside, pitch.selected_array["frequency"][np.clip(nearest, 0, pitch.nx - 1)], 0.0
    )
    decibels = np.interp(at_s, intensity.xs(), np.maximum(intensity.values[0], 0.0))
    return hertz.astype(np.float32), decibels.astype(np.float32)


def _voice(frames: Frames, is_sound: Flags, spans: Iterable[slice]) -> VoiceFigures:
    """The figures of the spans together; silence between two spans is no pause of theirs."""
    spans = list(spans)
    pitch = np.concatenate([frames.pitch_hz[s] for s in spans])
    sound = np.concatenate([is_sound[s] for s in spans])
    # Mains hum has a pitch too, but it is not loud enough.
    voiced = (pitch > 0) & sound
    pauses = [n for s in spans for n in _pauses(is_sound[s])]
    median, pitch_range, energy_range = None, None, None
    if int(voiced.sum()) >= FEWEST_VOICED_FRAMES:
        low, middle, high = np.percentile(pitch[voiced], [5, 50, 95])
        median, pitch_range = round(float(middle), 1), round(12 * float(np.log2(high / low)), 1)
        loudness = np.concatenate([frames.energy_db[s] for s in spans])[voiced]
        quiet, loud = np.percentile(loudness, [5, 95])
        energy_range = round(float(loud - quiet), 1)
    return VoiceFigures(
        duration_ms=round(len(pitch) * STEP_S * 1000),
        pitch_median_hz=median,
        pitch_range_semitones=pitch_range,
        energy_range_db=energy_range,
        voiced_share=round(float(voiced.mean()), 3) if len(voiced) else 0.0,
        n_pauses=len(pauses),
        pause_ms=round(sum(pauses) * STEP_S * 1000),
    )


def _pauses(is_sound: Flags) -> list[int]:
    """Lengths in frames of the silences longer than 0.3 s between two sounds."""
    (sounding,) = np.nonzero(is_sound)
    silences = np.diff(sounding) - 1
    return [int(n) for n in silences[silences * STEP_S > SHORTEST_PAUSE_S + STEP_S / 2]]


def _frames_of(utterance: Utterance, n_frames: int) -> slice | None:
    if utterance.start_ms is None or utterance.end_ms is None:
        return None
    start = min(round(utterance.start_ms / (STEP_S * 1000)), n_frames)
    end = min(round(utterance.end_ms / (STEP_S * 1000)), n_frames)
    return slice(start, end) if end > start else None


def _parselmouth() -> Any:
    try:
        return import_module("parselmouth")
    except ImportError as error:
        raise BackendFailed("parselmouth is not installed.", remedy=INSTALL_AUDIO) from error
