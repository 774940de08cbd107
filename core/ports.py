"""Everything replaceable, as Protocols of at most four methods.

`agents/backends.py` is the one place that chooses implementations; each of them passes the
contract tests in tests/ports/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import Channel, Deal, Hit, Recognition, Role, Transcript

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]


class Clock(Protocol):
    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class Embedder(Protocol):
    """Turns text into unit vectors. `name` identifies model and version: it keys stored vectors."""

    @property
    def name(self) -> str: ...

    @property
    def n_dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, n_dimensions) float32, unit rows, in the order of `texts`."""
        ...


class VectorStore(Protocol):
    """Nearest neighbours of ONE scope; ids are passage ids."""

    def add(self, ids: Ids, vectors: Vectors) -> None: ...

    def remove(self, ids: Ids) -> None: ...

    def search(self, query: Vectors, *, k: int, only: Ids | None = None) -> tuple[Ids, Vectors]:
        """(k,) ids and cosine scores, best first; fewer where the store holds fewer.

        `only`, ascending, names the ids that may come back.
        """
        ...

    def __len__(self) -> int: ...


class Retriever(Protocol):
    def search(
        self, query: str, *, tenant_id: str, account_id: str | None, k: int = 10
    ) -> list[Hit]:
        """Best first, from this account and the tenant's shared knowledge only."""
        ...


class IntentRecogniser(Protocol):
    """`version` identifies the artefact; it is kept with every signal."""

    @property
    def version(self) -> str: ...

    def recognise(
        self,
        texts: Sequence[str],
        *,
        roles: Sequence[Role],
        channels: Sequence[Channel],
        before: Sequence[str] | None = None,
    ) -> list[Recognition]:
        """One recognition a text. A rep's or unknown speaker's words carry no intent.

        `before`: what the other side said just before each text, "" where nothing is known.
        """
        ...


class Relatedness(Protocol):
    """How near two texts are in meaning, in whatever languages. `name` identifies the model."""

    @property
    def name(self) -> str: ...

    def scores(self, claim: str, texts: Sequence[str]) -> Sequence[float]:
        """One score in [0, 1] a text: how well it bears the claim; comparable within one model."""
        ...

    @property
    def threshold(self) -> float:
        """A lower score means that the text is about something else (or denies the claim)."""
        ...


class Transcriber(Protocol):
    @property
    def name(self) -> str: ...

    def transcribe(self, audio: Path, *, language: str | None = None) -> Transcript:
        """Utterances with times; speakers stay None. Raises BackendFailed."""
        ...


class LanguageModel(Protocol):
    @property
    def name(self) -> str: ...

    def complete(self, *, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """An object that satisfies the JSON schema. Raises BackendFailed, ModelOutputInvalid."""
        ...


class Crm(Protocol):
    def read_deal(self, locator: str) -> tuple[Deal, str]:
        """The record and the original text it was read from. Raises NotFound, InvalidInput."""
        ...
