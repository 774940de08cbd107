"""Whisper by its authors, on PyTorch.

Windows do not see each other's text: one loop would feed the next. The library decodes a whole
file in one call, so the time limit is looked at before every step of the decoder.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from core.domain import Transcript
from core.errors import BackendFailed
from transcripts.transcribers.packaged import PACKAGED, cache_folder, openai_checkpoint
from transcripts.transcribers.speech import (
    DEFAULT_TIME_LIMIT_S,
    INSTALL_MODELS,
    MANDARIN_PROMPT,
    Heard,
    TimeLimit,
    samples_of,
    transcript_of,
)


class OpenAiWhisper:
    """A Transcriber. The weights load at the first call and stay.

    `weights`: a model's name ("base", "large-v3", downloaded once), a checkpoint file, or
    "packaged" for the base weights that come as Python packages. `language` None: detected.
    """

    def __init__(
        self,
        weights: str,
        *,
        language: str | None = None,
        time_limit_s: float = DEFAULT_TIME_LIMIT_S,
        device: str | None = None,
        cache: Path | None = None,
    ) -> None:
        self.name = f"openai-whisper:{weights}"
        self._weights = weights
        self._language = language
        self._time_limit_s = time_limit_s
        self._device = device
        self._cache = cache
        self._lock = threading.Lock()
        self._model: Any = None

    def transcribe(self, audio: Path, *, language: str | None = None) -> Transcript:
        """Utterances with times, one a sentence; speakers stay None.

        Raises BackendFailed when the backend is missing, breaks or takes too long, InvalidInput
        when the file holds no speech.
        """
        limit = TimeLimit(self._time_limit_s)
        with self._lock:
            model = self._loaded()
            samples = samples_of(audio)
            hook = model.decoder.register_forward_pre_hook(limit.check)
            try:
                heard = self._heard(model, samples, language or self._language)
            except (RuntimeError, ValueError) as error:
                raise BackendFailed(
                    f"{self.name} failed: {error}", remedy="Check the weights and the language."
                ) from error
            finally:
                hook.remove()
        return transcript_of(heard, name="openai-whisper")

    def _heard(self, model: Any, samples: Any, language: str | None) -> list[Heard]:
        if language is None:
            language = self._detected(model, samples)
        answer = model.transcribe(
            samples,
            language=language,
            condition_on_previous_text=False,
            word_timestamps=True,
            initial_prompt=MANDARIN_PROMPT if language == "zh" else None,
            carry_initial_prompt=language == "zh",
            fp16=model.device.type == "cuda",
        )
        return [
            Heard(
                segment["text"],
                float(segment["start"]),
                float(segment["end"]),
                tuple(
                    (word["word"], float(word["start"]), float(word["end"]))
                    for word in segment.get("words", ())
                ),
            )
            for segment in answer["segments"]
        ]

    def _detected(self, model: Any, samples: Any) -> str:
        """The language of the first 30 s."""
        import whisper

        if not model.is_multilingual:
            return "en"
        window = whisper.pad_or_trim(samples)
        mel = whisper.log_mel_spectrogram(window, n_mels=model.dims.n_mels)
        _, shares = model.detect_language(mel.to(model.device))
        return str(max(shares, key=shares.get))

    def _loaded(self) -> Any:
        if self._model is not None:
            return self._model
        try:
            import whisper
        except ImportError as error:
            raise BackendFailed(
                "openai-whisper is not installed.", remedy=INSTALL_MODELS
            ) from error
        weights = self._weights
        if weights == PACKAGED:
            weights = str(openai_checkpoint(self._cache or cache_folder()))
        try:
            self._model = whisper.load_model(weights, device=self._device)
        except Exception as error:  # download, pickle and shape errors have no common class
            raise BackendFailed(
                f"{self.name} could not be loaded.",
                remedy="Give a checkpoint file, or a model's name and a network to get it.",
            ) from error
        return self._model
