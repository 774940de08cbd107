"""Each text of a retrieval set is encoded once, for the product and all its peers alike.

Encoding is most of the time of a run and the same for everyone: vectors wait in a file named after
the encoder and the texts, so that a second run starts with the search.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.ports import Embedder, Vectors

_BATCH = 256


class EncodedOnce:
    """A `core.ports.Embedder` that remembers the texts given to `prepare`.

    Any other text goes to the encoder behind it.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._folder = folder
        self._rows: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def n_dimensions(self) -> int:
        return self._embedder.n_dimensions

    def prepare(self, texts: Sequence[str], tell: Callable[[int], None] = lambda _: None) -> None:
        """Reads or makes the vectors of these texts; `tell` hears how many are done each time."""
        distinct = list(dict.fromkeys(texts))
        path = self._folder / f"{self._key(distinct)}.npy"
        vectors = _read(path, (len(distinct), self.n_dimensions))
        if vectors is None:
            vectors = self._encode(distinct, tell)
            _write(path, vectors)
        tell(len(distinct))
        self._rows.update(zip(distinct, vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, n_dimensions) float32, unit rows, in the order of `texts`."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if missing:
            self._rows.update(zip(missing, self._embedder.encode(missing), strict=True))
        if not texts:
            return np.zeros((0, self.n_dimensions), dtype=np.float32)
        return np.stack([self._rows[text] for text in texts])

    def _encode(self, texts: list[str], tell: Callable[[int], None]) -> Vectors:
        # By length, so that a batch pads little where the encoder pads; then back in order.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), self.n_dimensions), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            vectors[places] = self._embedder.encode([texts[at] for at in places])
            tell(start + len(places))
        return vectors

    def _key(self, texts: list[str]) -> str:
        digest = hashlib.sha256(self.name.encode())
        for text in texts:
            # Lengths in between, so that no two lists of texts run together to the same bytes.
            encoded = text.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big"))
            digest.update(encoded)
        return digest.hexdigest()[:32]


def _read(path: Path, shape: tuple[int, int]) -> Vectors | None:
    """The kept vectors, or None where there are none of this shape: they can be made again."""
    try:
        vectors: Vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError, BadZipFile):
        return None
    return vectors if vectors.shape == shape and vectors.dtype == np.float32 else None


def _write(path: Path, vectors: Vectors) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        np.save(file, vectors)
    os.replace(file.name, path)
