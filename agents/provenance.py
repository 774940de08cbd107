"""One suggestion with everything that shows where it comes from: for exports and for a reader.

Whether a claim still holds is worked out when it is asked for, from the cited version of each file
to the one in force now: an answer that was stored could itself be out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from agents.backends import Backends
from agents.ingestion.reanchoring import NewVersion, follow
from core.domain import Channel, Claim, DealId, Evidence, Source, Suggestion
from core.errors import NotFound
from feedback.standing import store as standing_store
from knowledge_graph import store as crm_store
from retrieval import store as source_store
from retrieval.provenance import CONTEXT_CHARACTERS, check_evidence, context_of

Holds = Literal["unchanged", "moved", "lost", "gone"]
"""The cited version is in force; its words stand in a newer one; they do not; the file is gone."""


@dataclass(frozen=True, slots=True)
class EvidenceToday:
    """Evidence as it was shown, its context then, and whether it holds now (`now`: where)."""

    evidence: Evidence
    before: str
    after: str
    title: str
    holds: Holds
    now: Evidence | None


@dataclass(frozen=True, slots=True)
class ClaimToday:
    claim: Claim
    evidence: tuple[EvidenceToday, ...]

    @property
    def holds(self) -> bool:
        return all(one.now is not None for one in self.evidence)


@dataclass(frozen=True, slots=True)
class Provenance:
    """`sources`: each cited version by id. `reason`: why the suggestion is stale, if it is."""

    suggestion: Suggestion
    account: str
    claims: tuple[ClaimToday, ...]
    sources: Mapping[str, Source]
    stale_at: datetime | None
    reason: str | None
    shown_since_moved: bool


def read_provenance(backends: Backends, *, tenant_id: str, suggestion_id: str) -> Provenance:
    """Raises NotFound when the tenant has no such suggestion."""
    with backends.database.read() as session:
        found = standing_store.standing(session, tenant_id=tenant_id, suggestion_id=suggestion_id)
        if found is None:
            raise NotFound(
                f"There is no suggestion {suggestion_id}.", remedy="Ask for the deal's suggestions."
            )
        reader = _Reader(session, backends, tenant_id, found.suggestion.deal_id)
        claims = tuple(
            ClaimToday(claim, tuple(reader.today(e) for e in claim.evidence))
            for claim in found.suggestion.claims
        )
    return Provenance(
        suggestion=found.suggestion,
        account=reader.deal.account.name,
        claims=claims,
        sources=reader.cited,
        stale_at=found.stale_at,
        reason=found.reason,
        shown_since_moved=found.first_shown.claims != found.suggestion.claims,
    )


class _Reader:
    """Reads each cited file once, however many claims rest on it."""

    def __init__(
        self, session: Session, backends: Backends, tenant_id: str, deal_id: DealId
    ) -> None:
        self._session, self._backends, self._tenant_id = session, backends, tenant_id
        self.deal = crm_store.deal(session, tenant_id=tenant_id, deal_id=deal_id)
        self._in_force = source_store.sources_of(session, tenant_id=tenant_id, origin=deal_id)
        self.cited: dict[str, Source] = {}
        self._versions: dict[str, NewVersion] = {}

    def today(self, evidence: Evidence) -> EvidenceToday:
        if evidence.channel is Channel.TERM:
            return self._term(evidence)
        source = self._source(evidence.source_id)
        before, _, after = context_of(source.text, evidence.start, evidence.end, CONTEXT_CHARACTERS)
        holds, now = self._where(evidence, source)
        return EvidenceToday(evidence, before, after, source.title, holds, now)

    def _term(self, evidence: Evidence) -> EvidenceToday:
        text, sha256 = self._backends.terms.original(evidence.file)
        is_same = not check_evidence(evidence, text=text, sha256=sha256)
        holds: Holds = "unchanged" if is_same else "lost"
        return EvidenceToday(evidence, "", "", "", holds, evidence if is_same else None)

    def _where(self, evidence: Evidence, source: Source) -> tuple[Holds, Evidence | None]:
        current = self._in_force.get(evidence.file)
        if current is None:
            return "gone", None
        if current.id == source.id:
            broken = check_evidence(evidence, text=source.text, sha256=source.sha256)
            return ("lost", None) if broken else ("unchanged", evidence)
        if source.id not in self._versions:
            passages = source_store.passages_of_source(
                self._session, tenant_id=self._tenant_id, source_id=current.id
            )
            self._versions[source.id] = NewVersion(source, current, passages, self.deal)
        moved = follow(evidence, self._versions[source.id])
        return ("lost", None) if moved is None else ("moved", moved)

    def _source(self, source_id: str) -> Source:
        if source_id not in self.cited:
            self.cited[source_id] = source_store.source(
                self._session, tenant_id=self._tenant_id, source_id=source_id
            )
        return self.cited[source_id]
