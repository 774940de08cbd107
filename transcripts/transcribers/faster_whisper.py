"""Whisper on CTranslate2: 8-bit weights, a third of openai-whisper's time and half its memory.

Silence is taken out first (Silero VAD, shipped with the library), which removes most of what
Whisper makes up. Windows do not see each other's text: one loop would feed the next.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from core.domain import Transcript
from core.errors import BackendFailed
from transcripts.transcribers.packaged import PACKAGED, cache_folder, joined_weights
from transcripts.transcribers.speech import (
    DEFAULT_TIME_LIMIT_S,
    INSTALL_MODELS,
    MANDARIN_PROMPT,
    Heard,
    TimeLimit,
    samples_of,
    transcript_of,
)


class FasterWhisper:
    """A Transcriber. The weights load at the first call and stay.

    `weights`: a model's name ("base", "large-v3", downloaded once), a folder with model.bin, or
    "packaged" for the base weights that come as Python packages. `language` None: detected.
    """

    def __init__(
        self,
        weights: str,
        *,
        language: str | None = None,
        time_limit_s: float = DEFAULT_TIME_LIMIT_S,
        device: str = "auto",
        compute_type: str = "int8",
        cache: Path | None = None,
    ) -> None:
        self.name = f"faster-whisper:{weights}"
        self._weights = weights
        self._language = language
        self._time_limit_s = time_limit_s
        self._device = device
        self._compute_type = compute_type
        self._cache = cache
        self._lock = threading.Lock()
        self._model: Any = None

    def transcribe(self, audio: Path, *, language: str | None = None) -> Transcript:
        """Utterances with times, one a sentence; speakers stay None.

        The limit is looked at after each window of 30 s. Raises BackendFailed when the backend
        is missing, breaks or takes too long, InvalidInput when the file holds no speech.
        """
        limit = TimeLimit(self._time_limit_s)
        with self._lock:
            model = self._loaded()
            samples = samples_of(audio)
            try:
                heard = self._heard(model, samples, language or self._language, limit)
            except (RuntimeError, ValueError) as error:
                raise BackendFailed(
                    f"{self.name} failed: {error}", remedy="Check the weights and the language."
                ) from error
        return transcript_of(heard, name="faster-whisper")

    def _heard(
        self, model: Any, samples: Any, language: str | None, limit: TimeLimit
    ) -> list[Heard]:
        if language is None:
            language = model.detect_language(audio=samples)[0]
        segments, _ = model.transcribe(
            samples,
            language=language,
            condition_on_previous_text=False,
            vad_filter=True,
            word_timestamps=True,
            # Unlike initial_prompt, hotwords reach every window.
            hotwords=MANDARIN_PROMPT if language == "zh" else None,
        )
        heard: list[Heard] = []
        for segment in segments:
            limit.check()
            words = tuple((w.word, w.start, w.end) for w in segment.words or ())
            heard.append(Heard(segment.text, segment.start, segment.end, words))
        return heard

    def _loaded(self) -> Any:
        if self._model is not None:
            return self._model
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise BackendFailed(
                "faster-whisper is not installed.", remedy=INSTALL_MODELS
            ) from error
        weights = self._weights
        if weights == PACKAGED:
            weights = str(joined_weights(self._cache or cache_folder()))
        try:
            self._model = WhisperModel(
                weights, device=self._device, compute_type=self._compute_type
            )
        except Exception as error:  # hub, file and CTranslate2 errors have no common class
            raise BackendFailed(
                f"{self.name} could not be loaded.",
                remedy="Give a folder with model.bin, or a model's name and a network to get it.",
            ) from error
        return self._model
