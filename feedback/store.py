"""The only SQL of feedback: suggestions that were shown, and the verdicts on them.

The same advice on the same words is one row, however often it is computed, so that a verdict keeps
its suggestion. Inserts that may meet another worker's are resolved by the unique constraints.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel, col, delete, select, update

from core.domain import Channel, PlayId, Suggestion, SuggestionId, Verdict, VerdictKind
from core.errors import Conflict, NotFound
from core.tables.coaching import SuggestionRow, SuggestionSourceRow, VerdictRow
from core.tables.sources import SourceRow
from feedback.calibration import WEIGHTS, prior_score
from feedback.serialise import from_payload, to_payload
from feedback.verdicts import check_idempotency_key

OUTCOMES = {
    VerdictKind.ACCEPTED: 1.0,
    VerdictKind.PARTLY_ACCEPTED: 0.5,
    VerdictKind.REJECTED: 0.0,
}
# Bound parameters of one statement: below SQLite's oldest limit of 999.
_BATCH = 500
# What was believed when the suggestion was first shown: a verdict may not colour its own score.
_FIRST_FEATURES = "first_features"
# Claims with the evidence under which they were shown before a source was edited.
SHOWN_BEFORE = "shown_before"

_T = TypeVar("_T")


SAME_P = 0.005


@dataclass(frozen=True, slots=True)
class PlayRecord:
    """How often a play was accepted, in part or not at all: each rep's latest word counts."""

    n_accepted: int = 0
    n_partly: int = 0
    n_rejected: int = 0


def fingerprint(suggestion: Suggestion) -> str:
    """SHA-256 over play, move, claims and evidence: equal for the same advice on the same words."""
    parts = [
        suggestion.play_id,
        [suggestion.move.zh, suggestion.move.en],
        [
            [
                claim.text.zh,
                claim.text.en,
                [[e.file, e.source_sha256, e.start, e.end] for e in claim.evidence],
            ]
            for claim in suggestion.claims
        ],
    ]
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


# ---- suggestions -------------------------------------------------------------------------------


def save_suggestions(
    session: Session, *, tenant_id: str, suggestions: Sequence[Suggestion], now: datetime
) -> list[Suggestion]:
    """The suggestions as stored, in the given order; `now` is when new ones were shown.

    A known one keeps its id and created_at; its confidence, payload and sources are refreshed and
    it is no longer stale, since it has just been drawn from the sources as they are.
    """
    return [_save(session, tenant_id, one, now) for one in suggestions]


def as_stored(
    session: Session, *, tenant_id: str, suggestions: Sequence[Suggestion]
) -> list[Suggestion] | None:
    """The suggestions under their stored ids, if each is stored, fresh and as sure as now.

    None when anything has to be written. Recency moves a confidence by the minute; a shift below
    `SAME_P` is not worth a write on every look at the sidebar.
    """
    if not suggestions:
        return []
    marks = [fingerprint(one) for one in suggestions]
    rows = session.exec(
        select(SuggestionRow).where(
            SuggestionRow.tenant_id == tenant_id,
            SuggestionRow.deal_id == suggestions[0].deal_id,
            col(SuggestionRow.fingerprint).in_(marks),
            col(SuggestionRow.stale_at).is_(None),
        )
    )
    known = {row.fingerprint: row for row in rows}
    stored = []
    for mark, one in zip(marks, suggestions, strict=True):
        row = known.get(mark)
        same = row is not None and row.basis == one.confidence.basis
        if row is None or not same or abs(row.p - one.confidence.p) >= SAME_P:
            return None
        stored.append(replace(one, id=SuggestionId(row.id), created_at=row.created_at))
    return stored


def _save(session: Session, tenant_id: str, made: Suggestion, now: datetime) -> Suggestion:
    mark = fingerprint(made)
    fresh = replace(made, created_at=now, stale=False)
    payload = {**to_payload(fresh), _FIRST_FEATURES: dict(made.confidence.features)}
    _insert_new(
        session,
        SuggestionRow,
        ("tenant_id", "deal_id", "fingerprint"),
        id=made.id,
        tenant_id=tenant_id,
        deal_id=made.deal_id,
        play_id=made.play_id,
        fingerprint=mark,
        p=made.confidence.p,
        basis=made.confidence.basis,
        payload=payload,
        created_at=now,
    )
    row = session.exec(
        select(SuggestionRow).where(
            SuggestionRow.tenant_id == tenant_id,
            SuggestionRow.deal_id == made.deal_id,
            SuggestionRow.fingerprint == mark,
        )
    ).one()
    stored = replace(fresh, id=SuggestionId(row.id), created_at=row.created_at)
    first = row.payload.get(_FIRST_FEATURES, payload[_FIRST_FEATURES])
    row.p, row.basis = made.confidence.p, made.confidence.basis
    kept = {SHOWN_BEFORE: row.payload[SHOWN_BEFORE]} if SHOWN_BEFORE in row.payload else {}
    row.payload = {**to_payload(stored), _FIRST_FEATURES: first, **kept}
    row.stale_at, row.stale_reason = None, None
    session.add(row)
    session.flush()
    link_sources(session, tenant_id, stored)
    return stored


def link_sources(session: Session, tenant_id: str, stored: Suggestion) -> None:
    """Replaces the links. Terms lie in the product's own packs: no sources of the tenant."""
    cited = {
        e.source_id for c in stored.claims for e in c.evidence if e.channel is not Channel.TERM
    }
    known = session.exec(
        select(SourceRow.id).where(
            SourceRow.tenant_id == tenant_id, col(SourceRow.id).in_(sorted(cited))
        )
    ).all()
    session.exec(
        delete(SuggestionSourceRow).where(col(SuggestionSourceRow.suggestion_id) == stored.id)
    )
    session.add_all(
        SuggestionSourceRow(suggestion_id=stored.id, source_id=source_id)
        for source_id in sorted(known)
    )
    session.flush()


def suggestion(session: Session, *, tenant_id: str, suggestion_id: str) -> Suggestion:
    """Raises NotFound when the tenant has no such suggestion."""
    return _read(_row(session, tenant_id, suggestion_id))


def suggestions_of_deal(session: Session, *, tenant_id: str, deal_id: str) -> list[Suggestion]:
    """All that were ever shown for the deal, oldest first; stale ones are marked."""
    rows = session.exec(
        select(SuggestionRow)
        .where(SuggestionRow.tenant_id == tenant_id, SuggestionRow.deal_id == deal_id)
        .order_by(col(SuggestionRow.created_at), col(SuggestionRow.id))
    )
    return [_read(row) for row in rows]


def mark_stale(
    session: Session, *, tenant_id: str, source_ids: Sequence[str], now: datetime, reason: str
) -> int:
    """How many suggestions became stale because they rest on one of the sources."""
    n_stale = 0
    for some in _batches(sorted(set(source_ids))):
        resting = select(SuggestionSourceRow.suggestion_id).where(
            col(SuggestionSourceRow.source_id).in_(some)
        )
        outcome = session.exec(
            update(SuggestionRow)
            .where(
                col(SuggestionRow.tenant_id) == tenant_id,
                col(SuggestionRow.stale_at).is_(None),
                col(SuggestionRow.id).in_(resting),
            )
            .values(stale_at=now, stale_reason=reason)
            .execution_options(synchronize_session="fetch")
        )
        n_stale += outcome.rowcount
    return n_stale


# ---- verdicts ----------------------------------------------------------------------------------


def add_verdict(
    session: Session, *, tenant_id: str, verdict: Verdict, idempotency_key: str
) -> Verdict:
    """The stored verdict: the first one under this key, so a repeated request adds nothing.

    Raises NotFound for an unknown suggestion, Conflict when the key stands for another
    suggestion's or rep's verdict, InvalidInput for an unusable key.
    """
    check_idempotency_key(idempotency_key)
    _row(session, tenant_id, verdict.suggestion_id)
    _insert_new(
        session,
        VerdictRow,
        ("tenant_id", "idempotency_key"),
        id=verdict.id,
        tenant_id=tenant_id,
        suggestion_id=verdict.suggestion_id,
        rep_id=verdict.rep_id,
        kind=verdict.kind.value,
        reason_code=verdict.reason_code,
        comment=verdict.comment,
        claim_ids=list(verdict.claim_ids),
        idempotency_key=idempotency_key,
        created_at=verdict.created_at,
    )
    row = session.exec(
        select(VerdictRow).where(
            VerdictRow.tenant_id == tenant_id, VerdictRow.idempotency_key == idempotency_key
        )
    ).one()
    stored = _read_verdict(row)
    if (stored.suggestion_id, stored.rep_id) != (verdict.suggestion_id, verdict.rep_id):
        raise Conflict("This idempotency key stands for another verdict.", remedy="Send a new key.")
    return stored


def verdicts_of(
    session: Session, *, tenant_id: str, suggestion_ids: Iterable[str]
) -> list[Verdict]:
    """Every verdict on the suggestions, oldest first."""
    found: list[Verdict] = []
    for some in _batches(sorted(set(suggestion_ids))):
        rows = session.exec(
            select(VerdictRow).where(
                VerdictRow.tenant_id == tenant_id, col(VerdictRow.suggestion_id).in_(some)
            )
        )
        found.extend(_read_verdict(row) for row in rows)
    return sorted(found, key=lambda v: (v.created_at, v.id))


def latest_verdicts(
    session: Session, *, tenant_id: str, suggestion_ids: Iterable[str]
) -> dict[SuggestionId, Verdict]:
    """Suggestion → the last word on it, whoever gave it; without verdicts it is absent."""
    every = verdicts_of(session, tenant_id=tenant_id, suggestion_ids=suggestion_ids)
    return {verdict.suggestion_id: verdict for verdict in every}


def play_records(session: Session, *, tenant_id: str) -> dict[PlayId, PlayRecord]:
    """Play → its record over the tenant's verdicts; plays without verdicts are absent."""
    counts: Counter[tuple[str, VerdictKind]] = Counter()
    for _, kind, play_id in _last_words(session, tenant_id, col(SuggestionRow.play_id)):
        counts[play_id, kind] += 1
    return {
        PlayId(play): PlayRecord(
            n_accepted=counts[play, VerdictKind.ACCEPTED],
            n_partly=counts[play, VerdictKind.PARTLY_ACCEPTED],
            n_rejected=counts[play, VerdictKind.REJECTED],
        )
        for play in sorted({play for play, _ in counts})
    }


def labelled_scores(session: Session, *, tenant_id: str) -> list[tuple[float, float]]:
    """(prior score when first shown, outcome 1, 0.5 or 0) of each rep's latest verdict.

    Suggestions from before a feature existed cannot be scored and are left out.
    """
    first_features = col(SuggestionRow.payload)[_FIRST_FEATURES]
    return [
        (prior_score(features), OUTCOMES[kind])
        for _, kind, features in _last_words(session, tenant_id, first_features)
        if features and set(WEIGHTS) <= set(features)
    ]


def rejected_fingerprints(
    session: Session, *, tenant_id: str, deal_id: str, rep_id: str
) -> set[str]:
    """Fingerprints of the deal's suggestions that this rep last rejected."""
    words = _last_words(session, tenant_id, col(SuggestionRow.fingerprint), deal_id=deal_id)
    return {mark for rep, kind, mark in words if rep == rep_id and kind is VerdictKind.REJECTED}


# ---- rows --------------------------------------------------------------------------------------


def _last_words(
    session: Session, tenant_id: str, about: Any, *, deal_id: str | None = None
) -> list[tuple[str, VerdictKind, Any]]:
    """(rep, kind, `about`) of each rep's latest verdict on each suggestion, oldest first.

    `about` is a column of the suggestion: whole payloads would cost more than a suggestion takes.
    """
    query = (
        select_columns(
            col(VerdictRow.suggestion_id), col(VerdictRow.rep_id), col(VerdictRow.kind), about
        )
        .join(SuggestionRow, col(SuggestionRow.id) == col(VerdictRow.suggestion_id))
        .where(col(VerdictRow.tenant_id) == tenant_id, col(SuggestionRow.tenant_id) == tenant_id)
        .order_by(col(VerdictRow.created_at), col(VerdictRow.id))
    )
    if deal_id is not None:
        query = query.where(col(SuggestionRow.deal_id) == deal_id)
    last: dict[tuple[str, str], tuple[str, VerdictKind, Any]] = {}
    for suggestion_id, rep_id, kind, value in session.connection().execute(query):
        last.pop((suggestion_id, rep_id), None)
        last[suggestion_id, rep_id] = (rep_id, VerdictKind(kind), value)
    return list(last.values())


def _row(session: Session, tenant_id: str, suggestion_id: str) -> SuggestionRow:
    row = session.exec(
        select(SuggestionRow).where(
            SuggestionRow.id == suggestion_id, SuggestionRow.tenant_id == tenant_id
        )
    ).first()
    if row is None:
        raise NotFound(
            f"There is no suggestion {suggestion_id}.", remedy="Ask for the deal's suggestions."
        )
    return row


def _read(row: SuggestionRow) -> Suggestion:
    return replace(from_payload(row.payload), stale=row.stale_at is not None)


def _read_verdict(row: VerdictRow) -> Verdict:
    return Verdict(
        id=row.id,
        suggestion_id=SuggestionId(row.suggestion_id),
        rep_id=row.rep_id,
        kind=VerdictKind(row.kind),
        created_at=row.created_at,
        reason_code=row.reason_code,
        comment=row.comment,
        claim_ids=tuple(row.claim_ids),
    )


def _insert_new(
    session: Session, table: type[SQLModel], unique: tuple[str, ...], **values: Any
) -> None:
    """Inserts the row unless its unique key exists, also when another worker is just doing so."""
    dialect = session.get_bind().dialect.name
    insert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    session.connection().execute(
        insert(table).values(**values).on_conflict_do_nothing(index_elements=list(unique))
    )


def _batches(items: Sequence[_T]) -> Iterator[list[_T]]:
    remaining = iter(items)
    while some := list(islice(remaining, _BATCH)):
        yield some
