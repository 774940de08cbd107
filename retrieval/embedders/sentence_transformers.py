"""Any sentence-transformers model, by name or folder, for those who install the models extra.

The import alone takes seconds and half a gigabyte, so it happens when the first text is encoded.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.errors import BackendFailed
from core.ports import Vectors

BATCH_SIZE = 32


class SentenceTransformerEmbedder:
    """A `core.ports.Embedder`. `model` is a name the hub knows or a folder with the weights.

    Raises BackendFailed, at the first use, without the extra or without the model.
    """

    def __init__(self, model: str, *, device: str | None = None) -> None:
        self.name = f"sentence-transformers:{model}"
        self._model_name = model
        self._device = device
        self._lock = threading.Lock()

    @cached_property
    def n_dimensions(self) -> int:
        with self._lock:
            model = self._model
            # Renamed in version 5.
            ask = getattr(model, "get_embedding_dimension", None)
            return int(ask() if ask else model.get_sentence_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, n_dimensions) float32, unit rows, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.n_dimensions), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                list(texts),
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise BackendFailed(
                f"The embedder {self._model_name!r} needs sentence-transformers.",
                remedy="Install the models extra, or set JUNSHI_EMBEDDER=use.",
            ) from error
        try:
            return SentenceTransformer(self._model_name, device=self._device)
        except (OSError, ValueError) as error:
            raise BackendFailed(
                f"The embedding model {self._model_name!r} did not load ({type(error).__name__}).",
                remedy="Name a model that is on this machine, or the folder of its weights.",
            ) from error
