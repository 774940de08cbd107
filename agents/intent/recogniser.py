"""Which intents an utterance carries: a sentence embedding, read by small networks in numpy.

The networks see the embedding and the cues of the words and of what the other side said just
before ("一半吧" means nothing without the question); a linear term adds what n-grams still tell.
Platt scaling (Platt 1999) with one slope a language and one intercept an intent, fitted on
predictions for authors the model had not seen, turns logits into frequencies. Nothing here guesses
who speaks: only the customer's words are scored.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
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
        self,
        texts: Sequence[str],
        *,
        roles: Sequence[Role],
        channels: Sequence[Channel],
        before: Sequence[str] | None = None,
    ) -> list[Recognition]:
        """One recognition a text, in order; scores from 0.05, highest first, ties by id.

        Words that are not the customer's get no scores. Raises ValueError when lengths differ.
        """
        context = list(before) if before is not None else [""] * len(texts)
        _check_lengths(texts, roles, channels, context)
        asked = [at for at, role in enumerate(roles) if role is Role.CUSTOMER]
        spoken = [at for at in asked if context[at].strip()]
        encoded = self._encode([texts[at] for at in asked] + [context[at] for at in spoken])
        vectors = np.zeros((len(texts), self._model.n_dimensions), dtype=np.float32)
        earlier = np.zeros_like(vectors)
        vectors[asked], earlier[spoken] = encoded[: len(asked)], encoded[len(asked) :]
        return self._recognise_asked(asked, Said(texts, vectors, context, earlier))

    def recognise_vectors(
        self, said: Said, *, embedder: str, roles: Sequence[Role], channels: Sequence[Channel]
    ) -> list[Recognition]:
        """As `recognise`, of texts whose vectors from `embedder` are known.

        Raises BackendFailed when the model was trained on another embedder.
        """
        _check_lengths(said.texts, roles, channels, said.before)
        _check_embedder(self._model, embedder)
        expected = (len(said.texts), self._model.n_dimensions)
        if said.vectors.shape != expected or said.before_vectors.shape != expected:
            raise ValueError(f"vectors of shape {said.vectors.shape} for {len(said.texts)} texts")
        asked = [at for at, role in enumerate(roles) if role is Role.CUSTOMER]
        return self._recognise_asked(asked, said)

    def probabilities(self, said: Said) -> Vectors:
        """(n, n_columns) calibrated: the intents in the taxonomy's order, rules applied; signs."""
        surfaces = [surface(text) for text in said.texts]
        inputs = network_inputs(
            said.vectors, said.before_vectors, surfaces, [surface(text) for text in said.before]
        )
        logits = _network_logits(self._model, inputs)
        logits += gram_logits(self._model, surfaces)
        p = _calibrated(self._model, logits, [language_of(text) for text in said.texts])
        n_intents = len(self._model.intents)
        p[:, :n_intents] = adjust(surfaces, p[:, :n_intents], self._model.intents)
        return p

    def _recognise_asked(self, asked: Sequence[int], said: Said) -> list[Recognition]:
        found = [Recognition(()) for _ in said.texts]
        mine = [at for at in asked if said.texts[at].strip()]
        if not mine:
            return found
        said = said.rows(mine)
        p = self.probabilities(said)
        nearest = (said.vectors @ self._model.scope.T).max(axis=1)
        for at, text, row, near in zip(mine, said.texts, p, nearest, strict=True):
            found[at] = self._recognition(row, float(near), language_of(text))
        return found

    def _recognition(self, row: Vectors, nearest: float, language: str) -> Recognition:
        intents = row[: len(self._model.intents)]
        scores = [
            IntentScore(intent, float(p))
            for intent, p in zip(self._model.intents, intents, strict=True)
            if p >= REPORT_FROM
        ]
        scores.sort(key=lambda score: (-score.p, score.id))
        is_decided = bool((intents >= self._model.thresholds).any())
        might_be = float(intents.max()) >= self._model.calibration[language].none_below
        sign = dict(zip(self._model.signs, row[len(intents) :].tolist(), strict=True))
        return Recognition(
            tuple(scores),
            unsure=(might_be and not is_decided) or nearest < self._model.scope_floor,
            reported=sign["reported"],
            negative=sign["negative"],
            positive=sign["positive"],
        )

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.n_dimensions), dtype=np.float32)
        with self._lock:
            if self._embedder is None:
                self._embedder = _build_embedder(self._model)
        return self._embedder.encode(texts)


@dataclass(frozen=True, slots=True)
class Said:
    """Texts with their vectors (n, n_dimensions), and what was said before each.

    `before` is "" and its vector zero where nothing is known.
    """

    texts: Sequence[str]
    vectors: Vectors
    before: Sequence[str]
    before_vectors: Vectors

    def rows(self, at: Sequence[int]) -> Said:
        return Said(
            [self.texts[row] for row in at],
            self.vectors[at],
            [self.before[row] for row in at],
            self.before_vectors[at],
        )


def network_inputs(
    vectors: Vectors, before_vectors: Vectors, surfaces: Sequence[str], before: Sequence[str]
) -> Vectors:
    """(n, 2 · (n_dimensions + n_cues)): vectors, those before, cues, and the cues before."""
    nothing = np.zeros(len(cue_names()), dtype=np.float32)
    return np.hstack(
        [
            vectors,
            before_vectors,
            np.stack([cues(text) for text in surfaces]),
            np.stack([cues(text) if text else nothing for text in before]),
        ]
    )


def gram_logits(model: Model, surfaces: Sequence[str]) -> Vectors:
    """(n, n_columns): tf-idf of the known n-grams, unit length, times their weights."""
    logits = np.zeros((len(surfaces), model.n_columns), dtype=np.float32)
    for row, text in enumerate(surfaces):
        known = sorted({model.vocabulary[g] for g in grams(text) if g in model.vocabulary})
        if known:
            weights = model.idf[known]
            logits[row] = (weights / np.linalg.norm(weights)) @ model.gram_weights[known]
    return logits


def _network_logits(model: Model, inputs: Vectors) -> Vectors:
    """(n, n_columns): the mean over the networks, ReLU between layers."""
    logits = np.zeros((len(inputs), model.n_columns), dtype=np.float32)
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
        p[rows] = 1 / (1 + np.exp(-(scale.slope * logits[rows] + scale.intercepts)))
    return p


def _check_lengths(texts: Sequence[str], *others: Sequence[object]) -> None:
    if any(len(other) != len(texts) for other in others):
        raise ValueError(f"{len(texts)} texts with {[len(other) for other in others]} of the rest")


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
