"""Sources, passages and signals in the database: the only SQL of retrieval.

Every read names its tenant. Rows are read and written as plain columns, not as mapped objects: a
deal's passages come back in one query, thousands are written in a few statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.domain import Passage, PassageId, Signal, Source
from core.errors import Conflict, NotFound
from core.ports import Ids, Vectors
from core.tables.registry import metadata
from retrieval.rows import (
    NewSignal,
    check_text,
    packed_vectors,
    passage_from,
    passage_values,
    signal_from,
    source_from,
    source_values,
    unpacked_vectors,
)

SHARED_SCOPE = ""

_SOURCE = metadata.tables["source"]
_RAW = metadata.tables["source_raw"]
_PASSAGE = metadata.tables["passage"]
_SIGNAL = metadata.tables["signal"]
_CHANGES = metadata.tables["scope_changes"]

_PASSAGE_COLUMNS = [c for c in _PASSAGE.columns if c.name not in ("vector", "embedder")]
# Put together once: every query asks it.
_STATES = select(_CHANGES.c.scope, _CHANGES.c.n_changes).where(
    _CHANGES.c.tenant_id == bindparam("in_tenant"),
    or_(_CHANGES.c.scope == bindparam("in_scope"), _CHANGES.c.scope == SHARED_SCOPE),
)
# Ids in one IN list; SQLite takes 32,766 parameters.
_MOST_NAMED = 5_000
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def scope_of(account_id: str | None) -> str:
    """The unit that is searched as a whole: an account, or the tenant's shared knowledge."""
    return account_id or SHARED_SCOPE


# ---- sources -----------------------------------------------------------------------------------


def find_source(session: Session, *, tenant_id: str, origin: str, path: str) -> Source | None:
    """The version in force, None when there is none or it was retired."""
    found = _sources(
        session,
        _SOURCE.c.tenant_id == tenant_id,
        _SOURCE.c.origin == origin,
        _SOURCE.c.path == path,
        _SOURCE.c.retired_at.is_(None),
    )
    return found[0] if found else None


def sources_of(session: Session, *, tenant_id: str, origin: str) -> dict[str, Source]:
    """The versions in force of everything that came from `origin`, by path, in order of path."""
    found = _sources(
        session,
        _SOURCE.c.tenant_id == tenant_id,
        _SOURCE.c.origin == origin,
        _SOURCE.c.retired_at.is_(None),
    )
    return {source.path: source for source in found}


def source_ids_of(session: Session, *, tenant_id: str, origin: str) -> frozenset[str]:
    """Ids of the sources in force. An edit makes a new id, so equal sets mean equal contents."""
    statement = select(_SOURCE.c.id).where(
        _SOURCE.c.tenant_id == tenant_id,
        _SOURCE.c.origin == origin,
        _SOURCE.c.retired_at.is_(None),
    )
    return frozenset(session.execute(statement).scalars())


def source(session: Session, *, tenant_id: str, source_id: str) -> Source:
    """Any version, retired ones too: old evidence can still be shown. Raises NotFound."""
    found = _sources(session, _SOURCE.c.tenant_id == tenant_id, _SOURCE.c.id == source_id)
    if not found:
        raise _no_source(source_id)
    return found[0]


def raw_of(session: Session, *, tenant_id: str, source_id: str) -> bytes:
    """The bytes as they came. Raises NotFound."""
    statement = (
        select(_RAW.c.raw)
        .join(_SOURCE, _SOURCE.c.id == _RAW.c.source_id)
        .where(_SOURCE.c.tenant_id == tenant_id, _SOURCE.c.id == source_id)
    )
    raw = session.execute(statement).scalar()
    if raw is None:
        raise _no_source(source_id)
    return bytes(raw)


def add_source(
    session: Session,
    source: Source,
    *,
    raw: bytes,
    origin: str,
    passages: Sequence[Passage],
    vectors: Vectors,
    embedder: str,
    now: datetime,
) -> list[Passage]:
    """The stored passages with their ids, in the order given; the version before is retired.

    `vectors` is (n, d) float32 with unit rows. The version number is the next one of this path.
    Raises InvalidInput for text that no database keeps, Conflict when the id is taken or another
    writer added the same path meanwhile.
    """
    if len(vectors) != len(passages):
        raise ValueError(f"{len(vectors)} vectors for {len(passages)} passages")
    check_text(source)
    same_path = (
        _SOURCE.c.tenant_id == source.tenant_id,
        _SOURCE.c.origin == origin,
        _SOURCE.c.path == source.path,
    )
    before = session.execute(select(func.max(_SOURCE.c.version)).where(*same_path)).scalar()
    in_force = session.execute(
        select(_SOURCE.c.id).where(*same_path, _SOURCE.c.retired_at.is_(None))
    ).scalars()
    for source_id in in_force.all():
        retire_source(session, tenant_id=source.tenant_id, source_id=source_id, now=now)
    values = source_values(source) | {
        "scope": scope_of(source.account_id),
        "origin": origin,
        "version": (before or 0) + 1,
        "ingested_at": now,
    }
    try:
        session.execute(insert(_SOURCE), [values])
    except IntegrityError as error:
        raise Conflict(
            f"The source {source.path} was added by someone else at the same time.",
            remedy="Ingest it again.",
        ) from error
    session.execute(insert(_RAW), [{"source_id": source.id, "raw": raw}])
    return _add_passages(session, source, passages, vectors, embedder)


def retire_source(session: Session, *, tenant_id: str, source_id: str, now: datetime) -> None:
    """Takes a source out of search: its passages and signals go, text and bytes stay.

    A source that is retired already stays as it is. Raises NotFound.
    """
    mine = (_SOURCE.c.tenant_id == tenant_id, _SOURCE.c.id == source_id)
    scope = session.execute(select(_SOURCE.c.scope).where(*mine)).scalar()
    if scope is None:
        raise _no_source(source_id)
    session.execute(delete(_SIGNAL).where(_SIGNAL.c.source_id == source_id))
    session.execute(delete(_PASSAGE).where(_PASSAGE.c.source_id == source_id))
    _mark_changed(session, tenant_id=tenant_id, scope=scope)
    still = _SOURCE.c.retired_at.is_(None)
    session.execute(update(_SOURCE).where(*mine, still).values(retired_at=now))


def _sources(session: Session, *conditions: ColumnElement[bool]) -> list[Source]:
    statement = select(_SOURCE).where(*conditions).order_by(_SOURCE.c.path, _SOURCE.c.version)
    return [source_from(row) for row in session.execute(statement)]


def _no_source(source_id: str) -> NotFound:
    return NotFound(f"There is no source {source_id}.", remedy="Ingest it, or check its id.")


# ---- passages ----------------------------------------------------------------------------------


def passages_of_scope(
    session: Session,
    *,
    tenant_id: str,
    scope: str,
    embedder: str | None,
    ids: Ids | None = None,
) -> tuple[list[Passage], Vectors]:
    """Passages in order of id and their vectors, (n, d) float32 with unit rows.

    `ids`, ascending, chooses among them. A passage that another embedder encoded has a row of
    zeros: its vector means nothing beside the others. d is 0 when none has a vector of `embedder`.
    Without an embedder no vectors are read: they are most of the bytes.
    """
    vectors = (_PASSAGE.c.vector, _PASSAGE.c.embedder) if embedder is not None else ()
    statement = (
        select(*_PASSAGE_COLUMNS, *vectors)
        .where(_PASSAGE.c.tenant_id == tenant_id, _PASSAGE.c.scope == scope)
        .order_by(_PASSAGE.c.id)
    )
    rows = list(_rows_among(session, statement, ids))
    blobs = [row.vector if vectors and row.embedder == embedder else None for row in rows]
    return [passage_from(row) for row in rows], unpacked_vectors(blobs)


def _rows_among(session: Session, statement: Select[Any], ids: Ids | None) -> Iterator[Row[Any]]:
    if ids is None:
        yield from session.execute(statement)
        return
    for at in range(0, len(ids), _MOST_NAMED):
        named = ids[at : at + _MOST_NAMED].tolist()
        yield from session.execute(statement.where(_PASSAGE.c.id.in_(named)))


def save_vectors(
    session: Session,
    *,
    tenant_id: str,
    ids: Sequence[int],
    vectors: Vectors,
    embedder: str,
) -> None:
    """Replaces the passages' vectors; one that was retired meanwhile is passed over."""
    packed = packed_vectors(vectors)
    session.connection().execute(
        update(_PASSAGE)
        .where(_PASSAGE.c.tenant_id == tenant_id, _PASSAGE.c.id == bindparam("passage"))
        .values(vector=bindparam("packed"), embedder=embedder),
        [{"passage": id, "packed": blob} for id, blob in zip(ids, packed, strict=True)],
    )


def passages_of_source(session: Session, *, tenant_id: str, source_id: str) -> list[Passage]:
    """In the order of the text; none when the source is retired."""
    found = _passages(session, tenant_id, _PASSAGE.c.source_id == source_id)
    return sorted(found, key=lambda p: p.start)


def passages_of_deal(session: Session, *, tenant_id: str, deal_id: str) -> list[Passage]:
    """Oldest source first, within it in the order of the text; undated sources come first."""
    found = _passages(session, tenant_id, _PASSAGE.c.deal_id == deal_id)
    return sorted(found, key=lambda p: (p.occurred_at or _BEFORE_ALL, p.source_id, p.start))


def scope_states(session: Session, *, tenant_id: str, scope: str) -> dict[str, int]:
    """How often this scope's and the shared scope's passages changed; equal means unchanged.

    A scope that never changed is left out. Every query asks this: two rows read by key.
    """
    key = {"in_tenant": tenant_id, "in_scope": scope}
    return {row.scope: row.n_changes for row in session.execute(_STATES, key)}


def passage_ids(session: Session, *, tenant_id: str, scope: str, after: int = -1) -> Ids:
    """(n,) ids of the scope's passages, those above `after`, ascending."""
    mine = (_PASSAGE.c.tenant_id == tenant_id, _PASSAGE.c.scope == scope)
    statement = select(_PASSAGE.c.id).where(*mine, _PASSAGE.c.id > after).order_by(_PASSAGE.c.id)
    return np.fromiter(session.execute(statement).scalars(), dtype=np.int64)


def n_passages(session: Session, *, tenant_id: str, scope: str) -> int:
    """How many passages the scope has, counted in the index."""
    mine = (_PASSAGE.c.tenant_id == tenant_id, _PASSAGE.c.scope == scope)
    return int(session.execute(select(func.count()).where(*mine)).scalar_one())


def _mark_changed(session: Session, *, tenant_id: str, scope: str) -> None:
    """In the change's transaction: the row stays locked, numbers are committed in their order."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(_CHANGES).values(tenant_id=tenant_id, scope=scope, n_changes=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "scope"], set_={"n_changes": _CHANGES.c.n_changes + 1}
        )
    )


def _add_passages(
    session: Session,
    source: Source,
    passages: Sequence[Passage],
    vectors: Vectors,
    embedder: str,
) -> list[Passage]:
    if not passages:
        return []
    shared = {
        "tenant_id": source.tenant_id,
        "scope": scope_of(source.account_id),
        "deal_id": source.deal_id,
        "source_id": source.id,
        "embedder": embedder,
    }
    rows = [
        shared | passage_values(passage) | {"vector": vector}
        for passage, vector in zip(passages, packed_vectors(vectors), strict=True)
    ]
    statement = insert(_PASSAGE).returning(_PASSAGE.c.id, sort_by_parameter_order=True)
    ids = session.execute(statement, rows).scalars().all()
    _mark_changed(session, tenant_id=source.tenant_id, scope=scope_of(source.account_id))
    return [
        replace(
            passage,
            id=PassageId(id),
            source_id=source.id,
            account_id=source.account_id,
            deal_id=source.deal_id,
        )
        for passage, id in zip(passages, ids, strict=True)
    ]


def _passages(session: Session, tenant_id: str, condition: ColumnElement[bool]) -> list[Passage]:
    statement = (
        select(*_PASSAGE_COLUMNS)
        .where(_PASSAGE.c.tenant_id == tenant_id, condition)
        .order_by(_PASSAGE.c.id)
    )
    return [passage_from(row) for row in session.execute(statement)]


# ---- signals -----------------------------------------------------------------------------------


def add_signals(
    session: Session,
    *,
    tenant_id: str,
    deal_id: str | None,
    source_id: str,
    recogniser: str,
    signals: Iterable[NewSignal],
) -> None:
    """Raises ValueError for a signal whose passage is not stored."""
    shared = {
        "tenant_id": tenant_id,
        "deal_id": deal_id,
        "source_id": source_id,
        "recogniser": recogniser,
    }
    rows = [shared | signal._asdict() for signal in signals]
    if any(row["passage_id"] is None for row in rows):
        raise ValueError("a signal names a passage that is not stored")
    if rows:
        session.execute(insert(_SIGNAL), rows)


def signals_of_deal(session: Session, *, tenant_id: str, deal_id: str) -> list[Signal]:
    """Every observed intent with the words that show it, oldest first, then as in the text."""
    statement = (
        select(
            _SIGNAL.c.intent,
            _SIGNAL.c.p,
            _SIGNAL.c.reported,
            _SIGNAL.c.mood,
            _SIGNAL.c.start.label("signal_start"),
            _SIGNAL.c.end.label("signal_end"),
            _SOURCE.c.sha256,
            _SOURCE.c.path,
            _SOURCE.c.meta,
            *_PASSAGE_COLUMNS,
        )
        .join(_PASSAGE, _PASSAGE.c.id == _SIGNAL.c.passage_id)
        .join(_SOURCE, _SOURCE.c.id == _SIGNAL.c.source_id)
        .where(_SIGNAL.c.tenant_id == tenant_id, _SIGNAL.c.deal_id == deal_id)
        .where(_PASSAGE.c.tenant_id == tenant_id, _SOURCE.c.tenant_id == tenant_id)
        .order_by(_SIGNAL.c.id)
    )
    rows = session.execute(statement).all()
    rows = sorted(
        rows, key=lambda row: (row.occurred_at or _BEFORE_ALL, row.source_id, row.signal_start)
    )
    return [signal_from(row) for row in rows]
