"""Snapshots of what was built from the database: a file that is whole and current, or not used.

The database is the truth and a snapshot only saves the time to build an index again, so whatever is
wrong with one (cut short, a flipped bit, another scope's file in its place, made by another
embedder) has one remedy: `read_snapshot` gives None, logs why, and the caller rebuilds. FAISS
itself loads flipped bits and answers with wrong neighbours. What is out of date in a whole snapshot
`retrieval.saved_index` finds, passage by passage.

    magic, 8 bytes | length of the header, 4 bytes, big-endian | header, JSON | parts | SHA-256

The hash covers everything before it, so a header cannot be put onto another's parts. It finds
damage, not forgery: who may write into the state folder may write the database too.
A writer fills a temporary file beside the old one and renames it, with both on the disk before
(https://lwn.net/Articles/457667/): after a crash the old snapshot is there or the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from core.database import restrict_to_owner

log = structlog.get_logger(__name__)

FORMAT = 1
SUFFIX = ".snapshot"
_UNFINISHED = ".unfinished"
_MAGIC = b"JUNSHI\x1a\n"
_N_HASH = hashlib.sha256().digest_size
_N_PREFIX = len(_MAGIC) + 4


@dataclass(frozen=True, slots=True)
class SnapshotHeader:
    """Whose snapshot it is and what made it: all of it must match to be served."""

    tenant_id: str
    scope: str
    embedder: str
    tokenizer: str
    format: int = FORMAT


class _Unusable(Exception):
    """Why a snapshot is not served; never leaves this module."""


def snapshot_path(folder: Path, *, tenant_id: str, scope: str) -> Path:
    """Where a scope's snapshot lies. Names are hashed: an account id may hold any character."""
    name = hashlib.sha256(json.dumps([tenant_id, scope]).encode()).hexdigest()[:32]
    return folder / f"{name}{SUFFIX}"


def write_snapshot(path: Path, header: SnapshotHeader, parts: Mapping[str, bytes]) -> None:
    """Puts the snapshot at `path` in one step; readable by its owner only.

    Raises OSError, for example when the disk is full: the snapshot that was there stays.
    """
    content = asdict(header) | {"parts": {name: len(part) for name, part in parts.items()}}
    head = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    restrict_to_owner(path.parent)
    descriptor, temporary = tempfile.mkstemp(
        dir=path.parent, prefix=f"{path.name}.", suffix=_UNFINISHED
    )
    try:
        with open(descriptor, "wb") as file:
            digest = hashlib.sha256()
            for piece in (_MAGIC, len(head).to_bytes(4, "big"), head, *parts.values()):
                file.write(piece)
                digest.update(piece)
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(path.parent)


def read_snapshot(path: Path, expected: SnapshotHeader) -> dict[str, bytes] | None:
    """The parts as they were written, or None where there is no whole snapshot of this scope.

    Never raises for what the file holds; the reason is logged once.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _log_refusal(expected, type(error).__name__)
        return None
    try:
        return _parts(memoryview(raw), expected)
    except _Unusable as reason:
        _log_refusal(expected, str(reason))
        return None


def forget_abandoned(folder: Path, *, older_than_s: float = 3600.0) -> int:
    """Deletes temporary files that killed writers left; how many. Younger ones may be in work."""
    latest = time.time() - older_than_s
    abandoned = [p for p in folder.glob(f"*{_UNFINISHED}") if p.stat().st_mtime <= latest]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def _parts(raw: memoryview, expected: SnapshotHeader) -> dict[str, bytes]:
    if len(raw) < _N_PREFIX + _N_HASH:
        raise _Unusable("truncated")
    if raw[: len(_MAGIC)] != _MAGIC:
        raise _Unusable("not_a_snapshot")
    body = raw[:-_N_HASH]
    # Before anything is interpreted: a reader of damaged lengths is where damage spreads.
    if hashlib.sha256(body).digest() != raw[-_N_HASH:]:
        raise _Unusable("hash_differs")
    end_of_head = _N_PREFIX + int.from_bytes(raw[len(_MAGIC) : _N_PREFIX], "big")
    try:
        content: dict[str, Any] = json.loads(bytes(body[_N_PREFIX:end_of_head]))
        lengths: dict[str, int] = content.pop("parts")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _Unusable("header_unreadable") from error
    differing = [name for name, value in asdict(expected).items() if content.get(name) != value]
    if differing or content.keys() != asdict(expected).keys():
        raise _Unusable("other_" + "_".join(differing) if differing else "other_header")
    parts, start = {}, end_of_head
    for name, length in lengths.items():
        parts[name] = bytes(body[start : start + length])
        start += length
    if start != len(body):
        raise _Unusable("lengths_differ")
    return parts


def _log_refusal(expected: SnapshotHeader, reason: str) -> None:
    log.warning(
        "snapshot_refused", tenant_id=expected.tenant_id, scope=expected.scope, reason=reason
    )


def _sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is; Windows has no such call and needs none."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
