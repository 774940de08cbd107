"""Which intents an utterance carries: a sentence embedding, read by small networks in numpy.

The networks see the embedding and a few cues; a linear term adds what n-grams still tell. Platt
scaling per language (Platt 1999), fitted on predictions for authors the model had not seen, turns
logits into frequencies. Nothing here guesses who speaks: only the customer's words are scored.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agents.intent.artefact import MODEL_FILE, Model, read_model
from agents.intent.cues import cue_names, cues
from agents.intent.features import grams, surface
from agents.intent.rules import adjust
from agents.intent.taxonomy import load_taxonomy
from core.domain import LANGUAGES, Channel, IntentId, IntentScore, Recognition, Role
from core.errors import BackendFailed
from core.ports import Embedder, Vectors
from core.text.language import language_of

# Below it a score is noise: about the base rate of one intent.
REPORT_FROM = 0.05
# Half-width of the band around an intent's threshold in which the model would rather not say.
UNSURE_BAND = 0.1


class Recogniser:
    """A `core.ports.IntentRecogniser`. Read-only after construction, safe to share."""

    def __init__(self, model: Model, *, embedder: Embedder | None = None) -> None:
        """`embedder`: left out, the one the model was trained on is built at the first use.

        Raises BackendFailed when embedder, cues or intents are not the model's.
        """
        if model.cues != cue_names() or model.intents != load_taxonomy().ids:
            raise BackendFailed(
                f"The intent model {model.version} was trained for other cues or another taxonomy.",
                remedy="Retrain it with `make train`.",
            )
        if embedder is not None:
            _check_embedder(model, embedder.name)
        self.version = model.version
        self.embedder_name = model.embedder
        self.thresholds: dict[IntentId, float] = dict(
            zip(model.intents, model.thresholds.tolist(), strict=True)
        )
        self._model = model
        self._embedder = embedder
        self._lock = threading.Lock()

    @classmethod
    def load(cls, file: Path = MODEL_FILE, *, embedder: Embedder | None = None) -> Recogniser:
        """The recogniser of a model file. Raises BackendFailed when it is damaged."""
        return cls(read_model(file), embedder=embedder)

    def recognise(
        self, texts: Sequence[str], *, roles: Sequence[Role], channels: Sequence[Channel]
    ) -> list[Recognition]:
        """One recognition a text, in order; scores from 0.05, highest first, ties by id.

        Words that are not the customer's get no scores. Raises ValueError when lengths differ.
        """
        _check_lengths(texts, roles, channels)
        asked = [at for at, role in enumerate(roles) if role is Role.CUSTOMER]
        found = [Recognition(()) for _ in texts]
        if asked:
            mine = [texts[at] for at in asked]
            for at, one in zip(asked, self._recognise(mine, self._encode(mine)), strict=True):
                found[at] = one
        return found

    def recognise_vectors(
        self,
        texts: Sequence[str],
        vectors: Vectors,
        *,
        embedder: str,
        roles: Sequence[Role],
        channels: Sequence[Channel],
    ) -> list[Recognition]:
        """As `recognise`, with `vectors` (n, n_dimensions), the texts' own from `embedder`.

        Raises BackendFailed when the model was trained on another embedder.
        """
        _check_lengths(texts, roles, channels)
        _check_embedder(self._model, embedder)
        if vectors.shape != (len(texts), self._model.n_dimensions):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(texts)} texts")
        asked = [at for at, role in enumerate(roles) if role is Role.CUSTOMER]
        found = [Recognition(()) for _ in texts]
        if asked:
            mine = self._recognise([texts[at] for at in asked], vectors[asked])
            for at, one in zip(asked, mine, strict=True):
                found[at] = one
        return found

    def probabilities(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """(n, n_intents) calibrated probabilities, in the taxonomy's order, rules applied."""
        surfaces = [surface(text) for text in texts]
        logits = _network_logits(self._model, surfaces, vectors)
        logits += gram_logits(self._model, surfaces)
        languages = [language_of(text) for text in texts]
        p = _calibrated(self._model, logits, languages)
        return adjust(surfaces, p, self._model.intents)

    def _recognise(self, texts: Sequence[str], vectors: Vectors) -> list[Recognition]:
        p = self.probabilities(texts, vectors)
        nearest = (vectors @ self._model.scope.T).max(axis=1)
        return [
            self._recognition(row, float(near)) if text.strip() else Recognition(())
            for text, row, near in zip(texts, p, nearest, strict=True)
        ]

    def _recognition(self, row: Vectors, nearest: float) -> Recognition:
        scores = [
            IntentScore(intent, float(p))
            for intent, p in zip(self._model.intents, row, strict=True)
            if p >= REPORT_FROM
        ]
        scores.sort(key=lambda score: (-score.p, score.id))
        top = int(row.argmax())
        on_the_fence = abs(float(row[top] - self._model.thresholds[top])) < UNSURE_BAND
        return Recognition(tuple(scores), on_the_fence or nearest < self._model.scope_floor)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            if self._embedder is None:
                self._embedder = _build_embedder(self._model)
        return self._embedder.encode(texts)


def gram_logits(model: Model, surfaces: Sequence[str]) -> Vectors:
    """(n, n_intents): tf-idf of the known n-grams, unit length, times their weights."""
    logits = np.zeros((len(surfaces), len(model.intents)), dtype=np.float32)
    for row, text in enumerate(surfaces):
        known = sorted({model.vocabulary[g] for g in grams(text) if g in model.vocabulary})
        if known:
            weights = model.idf[known]
            logits[row] = (weights / np.linalg.norm(weights)) @ model.gram_weights[known]
    return logits


def _network_logits(model: Model, surfaces: Sequence[str], vectors: Vectors) -> Vectors:
    """(n, n_intents): the mean over the networks, ReLU between layers."""
    inputs = np.hstack([vectors, np.stack([cues(text) for text in surfaces])])
    logits = np.zeros((len(surfaces), len(model.intents)), dtype=np.float32)
    for layers in model.networks:
        hidden = inputs
        for layer in layers[:-1]:
            hidden = np.maximum(hidden @ layer.weights + layer.bias, 0)
        logits += hidden @ layers[-1].weights + layers[-1].bias
    return np.asarray(logits / len(model.networks), dtype=np.float32)


def _calibrated(model: Model, logits: Vectors, languages: Sequence[str]) -> Vectors:
    p = np.empty_like(logits)
    for language in LANGUAGES:
        rows = [at for at, one in enumerate(languages) if one == language]
        scale = model.calibration[language]
        p[rows] = 1 / (1 + np.exp(-(scale.slope * logits[rows] + scale.intercept)))
    return p


def _check_lengths(
    texts: Sequence[str], roles: Sequence[Role], channels: Sequence[Channel]
) -> None:
    if not len(texts) == len(roles) == len(channels):
        raise ValueError(f"{len(texts)} texts, {len(roles)} roles, {len(channels)} channels")


def _check_embedder(model: Model, name: str) -> None:
    if name != model.embedder:
        raise BackendFailed(
            f"The intent model {model.version} reads vectors of {model.embedder}, not of {name}.",
            remedy="Set JUNSHI_EMBEDDER=use, or retrain the model on the other embedder.",
        )


def _build_embedder(model: Model) -> Embedder:
    from retrieval.embedders.use import UniversalSentenceEncoder

    embedder = UniversalSentenceEncoder()
    _check_embedder(model, embedder.name)
    return embedder
