"""Embeddings from any server that speaks OpenAI's `/v1/embeddings`.

Over httpx, not the OpenAI client: one request, and full control over what counts as an answer.
Servers differ in what they leave out, so order, count, length and norm are all checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import httpx
import numpy as np

from core.errors import BackendFailed
from core.ports import Vectors

# Small local servers refuse larger ones; the round trip is already small beside the work.
BATCH_SIZE = 64
_REMEDY = "Check the endpoint's address, key and model name."


class OpenAiCompatibleEmbedder:
    """A `core.ports.Embedder`. `base_url` ends in /v1, as OpenAI clients expect it.

    Raises BackendFailed when the server is away, refuses, or answers with something else.
    """

    def __init__(
        self, *, base_url: str, model: str, api_key: str = "", timeout_s: float = 10.0
    ) -> None:
        self.name = f"openai-compatible:{model}"
        self._model = model
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=timeout_s,
        )

    @cached_property
    def n_dimensions(self) -> int:
        """Asked of the server once."""
        return int(self._request(["dimensions"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, n_dimensions) float32, unit rows, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.n_dimensions), dtype=np.float32)
        # Servers refuse an empty input; a space keeps the row.
        asked = [text if text.strip() else " " for text in texts]
        rows = [
            self._request(asked[first : first + BATCH_SIZE])
            for first in range(0, len(asked), BATCH_SIZE)
        ]
        if len({row.shape[1] for row in rows}) > 1:
            raise BackendFailed(
                f"The embedding model {self._model!r} changed its vector length.", remedy=_REMEDY
            )
        return np.concatenate(rows)

    def close(self) -> None:
        self._client.close()

    def _request(self, texts: list[str]) -> Vectors:
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        try:
            response = self._client.post("embeddings", json=body)
            response.raise_for_status()
            return _unit_rows(response.json(), n=len(texts))
        except httpx.HTTPStatusError as error:
            raise BackendFailed(
                f"The embedding model {self._model!r} answered {error.response.status_code}.",
                remedy=_REMEDY,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BackendFailed(
                f"The embedding model {self._model!r} did not answer ({type(error).__name__}).",
                remedy=_REMEDY,
            ) from error
        except (KeyError, TypeError, ValueError) as error:
            raise BackendFailed(
                f"The embedding model {self._model!r} answered with something else than vectors.",
                remedy=_REMEDY,
            ) from error


def _unit_rows(answer: Any, *, n: int) -> Vectors:
    """Raises KeyError, TypeError or ValueError unless the answer holds n vectors of one length."""
    rows = answer["data"]
    # The protocol names each row's index; servers may answer in another order.
    by_index = {int(row.get("index", at)): row["embedding"] for at, row in enumerate(rows)}
    vectors = np.array([by_index[index] for index in range(n)], dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if vectors.ndim != 2 or len(rows) != n or not np.all(np.isfinite(norms) & (norms > 0)):
        raise ValueError("not n vectors of one length")
    return np.asarray(vectors / norms, dtype=np.float32)
