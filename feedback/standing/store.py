"""Suggestions whose sources changed: what was shown is kept, what stands now is written beside it.

A suggestion whose evidence all survived an edit keeps its id and its verdicts; its fingerprint
follows, so that the same advice drawn from the edited file is the same row. One that lost a claim
is left as it was shown and is stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.domain import Suggestion
from core.tables.coaching import SuggestionRow, SuggestionSourceRow
from feedback.serialise import from_payload, to_payload
from feedback.store import SHOWN_BEFORE, fingerprint, link_sources

FALLEN_CLAIMS = "fallen_claims"
EVIDENCE_LOST = "evidence_lost"
DRAWN_AGAIN = "drawn_again"


@dataclass(frozen=True, slots=True)
class Standing:
    """`reason` why it is stale; `fallen` its lost claims; `first_shown` before any re-anchoring."""

    suggestion: Suggestion
    first_shown: Suggestion
    stale_at: datetime | None
    reason: str | None
    fallen: tuple[str, ...]


def resting_on(session: Session, *, tenant_id: str, source_ids: Sequence[str]) -> list[Suggestion]:
    """Suggestions that rest on one of the sources and are not stale, oldest first."""
    rows = session.exec(
        select(SuggestionRow)
        .join(SuggestionSourceRow, col(SuggestionSourceRow.suggestion_id) == SuggestionRow.id)
        .where(
            SuggestionRow.tenant_id == tenant_id,
            col(SuggestionRow.stale_at).is_(None),
            col(SuggestionSourceRow.source_id).in_(sorted(set(source_ids))),
        )
        .order_by(col(SuggestionRow.created_at), col(SuggestionRow.id))
    )
    return [from_payload(row.payload) for row in {row.id: row for row in rows}.values()]


def move_evidence(
    session: Session, *, tenant_id: str, suggestion: Suggestion, now: datetime
) -> bool:
    """Writes the suggestion's re-anchored evidence; what was shown until now stays beside it.

    False where the same advice on these very words is stored already: then this one is stale.
    """
    row = _row(session, tenant_id, suggestion.id)
    mark = fingerprint(suggestion)
    taken = session.exec(
        select(SuggestionRow.id).where(
            SuggestionRow.tenant_id == tenant_id,
            SuggestionRow.deal_id == row.deal_id,
            SuggestionRow.fingerprint == mark,
            SuggestionRow.id != row.id,
        )
    ).first()
    if taken is not None:
        row.stale_at, row.stale_reason = now, DRAWN_AGAIN
        session.add(row)
        session.flush()
        return False
    shown = {"until": now.isoformat(), "claims": row.payload["claims"]}
    others = {k: v for k, v in row.payload.items() if k not in to_payload(suggestion)}
    before = [*row.payload.get(SHOWN_BEFORE, []), shown]
    row.payload = {**to_payload(suggestion), **others, SHOWN_BEFORE: before}
    row.fingerprint = mark
    session.add(row)
    session.flush()
    link_sources(session, tenant_id, suggestion)
    return True


def drop_claims(
    session: Session, *, tenant_id: str, suggestion_id: str, claim_ids: Sequence[str], now: datetime
) -> None:
    """The suggestion is stale since these claims' evidence is lost; its evidence stays as shown."""
    row = _row(session, tenant_id, suggestion_id)
    row.payload = {**row.payload, FALLEN_CLAIMS: list(claim_ids)}
    row.stale_at, row.stale_reason = now, EVIDENCE_LOST
    session.add(row)
    session.flush()


def standing(session: Session, *, tenant_id: str, suggestion_id: str) -> Standing | None:
    """None when the tenant has no such suggestion."""
    row = session.exec(
        select(SuggestionRow).where(
            SuggestionRow.id == suggestion_id, SuggestionRow.tenant_id == tenant_id
        )
    ).first()
    if row is None:
        return None
    first = next(iter(row.payload.get(SHOWN_BEFORE, [])), None)
    as_shown = row.payload if first is None else {**row.payload, "claims": first["claims"]}
    return Standing(
        suggestion=from_payload({**row.payload, "stale": row.stale_at is not None}),
        first_shown=from_payload(as_shown),
        stale_at=row.stale_at,
        reason=row.stale_reason,
        fallen=tuple(row.payload.get(FALLEN_CLAIMS, ())) if row.stale_at is not None else (),
    )


def _row(session: Session, tenant_id: str, suggestion_id: str) -> SuggestionRow:
    return session.exec(
        select(SuggestionRow).where(
            SuggestionRow.id == suggestion_id, SuggestionRow.tenant_id == tenant_id
        )
    ).one()
