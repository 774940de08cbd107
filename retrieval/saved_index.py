"""Indexes of large scopes between starts: restored, then compared with the database.

A passage is taken from a snapshot only if the database holds the very same one today: each carries
a hash over id, source, place and words. What changed meanwhile is taken out or added like any other
change, so a stale snapshot shortens a start and is never served; one that has fallen far behind is
not worth opening.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from core.domain import Passage
from retrieval.keywords import Keywords, new_folder, write_parts
from retrieval.scope_index import ScopeIndex
from retrieval.snapshots import (
    SnapshotHeader,
    forget_abandoned,
    read_snapshot,
    snapshot_path,
    write_snapshot,
)
from retrieval.vector_stores.faiss_index import FaissVectors

log = structlog.get_logger(__name__)

# Part of a scope that must still be as it was; below it, building anew is as quick.
LEAST_KEPT = 0.5
_KEYWORDS = "keywords/"

Marks = NDArray[np.uint64]


class SavedIndexes:
    """Snapshots in one folder, for one embedder and one tokenizer."""

    def __init__(self, folder: Path, *, embedder: str, tokenizer: str) -> None:
        self._folder = folder
        self._embedder = embedder
        self._tokenizer = tokenizer

    def restore(
        self, index: ScopeIndex, passages: Sequence[Passage], *, tenant_id: str, scope: str
    ) -> bool:
        """Fills an empty index with what the snapshot and `passages` have in common.

        `passages` are the scope's as the database holds them now. False where there is no snapshot
        to use: the index is as it was.
        """
        header = self._header(tenant_id, scope)
        parts = read_snapshot(self._path(header), header)
        if parts is None:
            return False
        kept = {int(p.id): p for p in passages if p.id is not None}
        saved = np.frombuffer(parts["ids"], dtype="<i8").tolist()
        marks = np.frombuffer(parts["marks"], dtype="<u8").tolist()
        same = {
            id: kept[id]
            for id, mark in zip(saved, marks, strict=True)
            if id in kept and _mark(kept[id]) == mark
        }
        if len(same) < LEAST_KEPT * max(len(saved), len(kept)):
            log.info("snapshot_outdated", tenant_id=tenant_id, scope=scope, n_kept=len(same))
            return False
        gone = [id for id in saved if id not in same]
        vectors = FaissVectors.from_bytes(parts["vectors"])
        vectors.remove(np.array(gone, dtype=np.int64))
        folder = new_folder()
        files = {name: part for name, part in parts.items() if name.startswith(_KEYWORDS)}
        write_parts(files, folder)
        keywords = Keywords(folder)
        if gone:
            keywords.update((), removed=gone)
        index.adopt(same, vectors, keywords)
        return True

    def save(self, index: ScopeIndex, *, tenant_id: str, scope: str) -> None:
        """Writes the index as it is; the caller holds its lock. A full disk is logged, no more."""
        if not isinstance(index.vectors, FaissVectors):
            return
        header = self._header(tenant_id, scope)
        passages = index.passages
        parts = {
            "ids": np.array(list(passages), dtype="<i8").tobytes(),
            "marks": _marks(passages).tobytes(),
            "vectors": index.vectors.to_bytes(),
        }
        parts |= {_KEYWORDS + name: part for name, part in index.keywords.parts().items()}
        try:
            write_snapshot(self._path(header), header, parts)
            forget_abandoned(self._folder)
        except OSError as error:
            log.warning(
                "snapshot_not_written",
                tenant_id=tenant_id,
                scope=scope,
                reason=type(error).__name__,
            )

    def _header(self, tenant_id: str, scope: str) -> SnapshotHeader:
        return SnapshotHeader(tenant_id, scope, self._embedder, self._tokenizer)

    def _path(self, header: SnapshotHeader) -> Path:
        return snapshot_path(self._folder, tenant_id=header.tenant_id, scope=header.scope)


def _marks(passages: Mapping[int, Passage]) -> Marks:
    return np.array([_mark(passage) for passage in passages.values()], dtype="<u8")


def _mark(passage: Passage) -> int:
    """What the passage is, in eight bytes; ids alone would be those of a database put back."""
    text = f"{passage.id}\0{passage.source_id}\0{passage.start}\0{passage.text}"
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
