"""Whether texts in two languages can be about the same thing: the verifier's optional second look.

Words of a Chinese claim cannot be looked up in an English quote. A sentence encoder that knows both
languages tells other matters from the same matter; it does not tell true from false, which stays
the work of the figure, name and negation checks. A cross-encoder trained on entailment (NLI) does
more and takes a hundred times the time: whoever installs the models extra may pass one instead.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.errors import BackendFailed
from core.ports import Embedder, Vectors

# Cosine below which two sentences are about different things; see docs/evidence.md for the figures.
LEAST_COSINE = 0.34
# Probability of entailment below which a cross-encoder does not let a claim pass.
LEAST_ENTAILMENT = 0.5
# Deals looked at in a row ask about the same quotes; a vector is 2 KB.
_N_KEPT = 4096
# What a sentence says stands at its beginning; the time of encoding grows with the text.
_LONGEST = 80


class EmbeddedRelatedness:
    """A `core.ports.Relatedness` by cosine, texts remembered."""

    threshold = LEAST_COSINE

    def __init__(self, embedder: Embedder) -> None:
        self.name = f"cosine:{embedder.name}"
        self._embedder = embedder
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def of_package(cls) -> EmbeddedRelatedness:
        """Over the encoder that comes with the package; it loads at the first score."""
        from retrieval.embedders.use import UniversalSentenceEncoder

        return cls(UniversalSentenceEncoder())

    def scores(self, claim: str, texts: Sequence[str]) -> Sequence[float]:
        """Cosines, negative ones as 0, in the order of `texts`."""
        wanted, *others = self._vectors_of([claim[:_LONGEST], *(t[:_LONGEST] for t in texts)])
        return [max(0.0, float(wanted @ vector)) for vector in others]

    def _vectors_of(self, texts: Sequence[str]) -> list[Vectors]:
        """Vectors in the order of `texts`; what is new is encoded in one go."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self._embedder.encode(new) if new else [], strict=True))
        with self._lock:
            for text in new:
                self._vectors[text] = known[text]
            while len(self._vectors) > _N_KEPT:
                self._vectors.popitem(last=False)
        return [known[text] for text in texts]


class CrossEncoderEntailment:
    """A `core.ports.Relatedness` by an NLI cross-encoder of sentence-transformers.

    `model` is a name the hub knows or a folder with the weights. Raises BackendFailed, at the first
    score, without the models extra or without the model.
    """

    threshold = LEAST_ENTAILMENT

    def __init__(self, model: str, *, device: str | None = None) -> None:
        self.name = f"nli:{model}"
        self._model_name = model
        self._device = device

    def scores(self, claim: str, texts: Sequence[str]) -> Sequence[float]:
        """The probability that each text entails the claim, in the order of `texts`."""
        if not texts:
            return []
        rows = np.asarray(self._model.predict([(text, claim) for text in texts]), dtype=np.float64)
        shares = np.exp(rows - rows.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return [float(share) for share in shares[:, self._entailment]]

    @cached_property
    def _entailment(self) -> int:
        """The column of entailment: models order their labels as they like."""
        labels = self._model.model.config.id2label
        for at, label in labels.items():
            if str(label).lower().startswith("entail"):
                return int(at)
        raise BackendFailed(
            f"The model {self._model_name!r} has no label for entailment.",
            remedy="Name a cross-encoder that was trained on natural language inference.",
        )

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise BackendFailed(
                f"The entailment model {self._model_name!r} needs sentence-transformers.",
                remedy="Install the models extra, or leave the model out.",
            ) from error
        try:
            return CrossEncoder(self._model_name, device=self._device)
        except (OSError, ValueError) as error:
            raise BackendFailed(
                f"The entailment model {self._model_name!r} did not load ({type(error).__name__}).",
                remedy="Name a model that is on this machine, or the folder of its weights.",
            ) from error
