"""Rows of the database to values and back; what a column holds is decided here, without SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Row

from core.domain import (
    AccountId,
    Channel,
    ContactId,
    DealId,
    Evidence,
    IntentId,
    Passage,
    PassageId,
    Role,
    Signal,
    Source,
    SourceId,
    TenantId,
)
from core.errors import InvalidInput
from core.ports import Vectors

_STORED_FLOAT = np.dtype("<f2")


def source_from(row: Row[Any]) -> Source:
    return Source(
        id=SourceId(row.id),
        tenant_id=TenantId(row.tenant_id),
        channel=Channel(row.channel),
        path=row.path,
        sha256=row.sha256,
        text=row.text,
        title=row.title,
        account_id=AccountId(row.scope) if row.scope else None,
        deal_id=DealId(row.deal_id) if row.deal_id else None,
        occurred_at=row.occurred_at,
        version=row.version,
        meta=row.meta,
    )


def source_values(source: Source) -> dict[str, Any]:
    """The columns that the value decides; scope, origin, version and times are the store's."""
    return {
        "id": source.id,
        "tenant_id": source.tenant_id,
        "deal_id": source.deal_id,
        "path": source.path,
        "channel": str(source.channel),
        "sha256": source.sha256,
        "text": source.text,
        "title": source.title,
        "occurred_at": source.occurred_at,
        "meta": dict(source.meta),
    }


def check_text(source: Source) -> None:
    """Raises InvalidInput: PostgreSQL refuses NUL, every driver half a surrogate pair."""
    try:
        (source.text + source.title + source.path).encode()
    except UnicodeEncodeError:
        is_storable = False
    else:
        is_storable = "\0" not in source.text + source.title + source.path
    if not is_storable:
        raise InvalidInput(
            f"{source.path!r} holds characters that cannot be stored.",
            remedy="Save it as UTF-8 text without NUL.",
        )


def passage_from(row: Row[Any]) -> Passage:
    return Passage(
        text=row.text,
        start=row.start,
        end=row.end,
        channel=Channel(row.channel),
        role=Role(row.role),
        speaker=row.speaker,
        contact_id=ContactId(row.contact_id) if row.contact_id else None,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        occurred_at=row.occurred_at,
        language=row.language,
        carries_intent=row.carries_intent,
        source_id=SourceId(row.source_id),
        account_id=AccountId(row.scope) if row.scope else None,
        deal_id=DealId(row.deal_id) if row.deal_id else None,
        id=PassageId(row.id),
    )


def passage_values(passage: Passage) -> dict[str, Any]:
    return {
        "channel": str(passage.channel),
        "role": str(passage.role),
        "speaker": passage.speaker,
        "contact_id": passage.contact_id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "start_ms": passage.start_ms,
        "end_ms": passage.end_ms,
        "occurred_at": passage.occurred_at,
        "language": passage.language,
        "carries_intent": passage.carries_intent,
    }


def packed_vectors(vectors: Vectors) -> list[bytes]:
    """One blob a row, half precision: cosines move in the fourth digit only."""
    return [row.tobytes() for row in np.ascontiguousarray(vectors, dtype=_STORED_FLOAT)]


def unpacked_vectors(blobs: Sequence[bytes | None]) -> Vectors:
    """(n, d) float32, unit rows; a row of zeros for None, d = 0 when all are None."""
    n_bytes = next((len(blob) for blob in blobs if blob is not None), 0)
    empty = bytes(n_bytes)
    joined = b"".join(empty if blob is None else blob for blob in blobs)
    vectors = np.frombuffer(joined, dtype=_STORED_FLOAT).astype(np.float32)
    rows = vectors.reshape(len(blobs), n_bytes // _STORED_FLOAT.itemsize)
    # Half precision moves the norm in the fourth digit.
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, np.finfo(np.float32).tiny), dtype=np.float32)


class NewSignal(NamedTuple):
    """An intent to be stored; [start, end) lies in the source's text. Fields are the columns."""

    passage_id: int | None
    intent: str
    p: float
    start: int
    end: int
    reported: float | None = None
    mood: float | None = None


def signal_from(row: Row[Any]) -> Signal:
    """From a signal joined to its passage and source."""
    return Signal(
        IntentId(row.intent), row.p, evidence_from(row), reported=row.reported, mood=row.mood
    )


def evidence_from(row: Row[Any]) -> Evidence:
    """From a signal joined to its passage and source."""
    said_on = row.meta.get("said_on")
    return Evidence(
        source_id=SourceId(row.source_id),
        source_sha256=row.sha256,
        file=row.path,
        channel=Channel(row.channel),
        start=row.signal_start,
        end=row.signal_end,
        quote=row.text[row.signal_start - row.start : row.signal_end - row.start],
        speaker=row.speaker,
        role=Role(row.role),
        occurred_at=row.occurred_at,
        said_on=date.fromisoformat(said_on) if said_on else None,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        passage_id=PassageId(row.id),
    )
