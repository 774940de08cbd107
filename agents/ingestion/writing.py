"""The write side of ingestion: one transaction for one group of originals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlmodel import Session

from agents.backends import Backends
from agents.ingestion.originals import Original, Scope
from agents.ingestion.reanchoring import NewVersion, follow_suggestion
from agents.ingestion.report import IngestReport
from agents.intent.observe import SentenceIntent, signals_for
from core.domain import Channel, Passage, Source
from core.ports import Vectors
from feedback import store as feedback_store
from feedback.standing import store as standing_store
from knowledge_graph import store as crm_store
from knowledge_graph.crm.deal_folder import DealFolder
from retrieval import store as source_store
from retrieval.rows import NewSignal


@dataclass(slots=True)
class Work:
    """What one transaction will write. `record`: the deal folder, where there is one."""

    scope: Scope
    originals: list[Original] = field(default_factory=list)
    gone: list[Source] = field(default_factory=list)
    record: DealFolder | None = None


def write(
    backends: Backends, work: Work, report: IngestReport, known: Mapping[str, Source]
) -> None:
    """Embeds and recognises outside the transaction, then commits everything at once."""
    if not work.originals and not work.gone:
        return
    passages = [p for original in work.originals for p in original.passages]
    vectors, embedder = _encode(backends, work.scope, passages)
    intents = _intents(backends, work.scope, passages, vectors)
    now = backends.clock.now()
    versions: dict[str, NewVersion] = {}
    with backends.database.write() as session:
        at = 0
        for original in work.originals:
            n = len(original.passages)
            stored = source_store.add_source(
                session,
                original.source,
                raw=original.raw,
                origin=work.scope.origin,
                passages=original.passages,
                vectors=vectors[at : at + n],
                embedder=embedder,
                now=now,
            )
            mine = [s for s in intents if at <= s.index < at + n]
            _add_signals(session, work.scope, original, stored, mine, at, backends)
            _count(report, original, len(mine))
            before = known.get(original.source.path)
            if before is not None:
                deal = work.scope.deal
                versions[before.id] = NewVersion(before, original.source, stored, deal)
            at += n
        for source in work.gone:
            source_store.retire_source(
                session, tenant_id=work.scope.tenant_id, source_id=source.id, now=now
            )
            report.n_retired += 1
        _save_record(session, work, backends)
        _keep_standing(session, work, versions, report, backends)


def _encode(backends: Backends, scope: Scope, passages: Sequence[Passage]) -> tuple[Vectors, str]:
    """(n, d) vectors and the embedder's name; d = 0 and no name for a loose collection.

    A mailbox dump is read far more often than searched: search encodes it when it is first asked.
    """
    if scope.is_loose or not passages:
        return np.zeros((len(passages), 0), dtype=np.float32), ""
    return backends.embedder.encode([p.text for p in passages]), backends.embedder.name


def _intents(
    backends: Backends, scope: Scope, passages: Sequence[Passage], vectors: Vectors
) -> list[SentenceIntent]:
    # Outside a deal nobody is known as the customer, so no words carry intents.
    if scope.deal is None or not passages:
        return []
    return signals_for(
        passages,
        vectors,
        recogniser=backends.recogniser,
        embedder=backends.embedder,
        floor=backends.settings.intent_floor,
    )


def _add_signals(
    session: Session,
    scope: Scope,
    original: Original,
    stored: Sequence[Passage],
    mine: Sequence[SentenceIntent],
    offset: int,
    backends: Backends,
) -> None:
    source_store.add_signals(
        session,
        tenant_id=scope.tenant_id,
        deal_id=scope.deal_id,
        source_id=original.source.id,
        recogniser=backends.recogniser.version if mine else "",
        signals=[
            NewSignal(
                stored[s.index - offset].id, s.intent, s.p, s.start, s.end, s.reported, s.mood
            )
            for s in mine
        ],
    )


def _count(report: IngestReport, original: Original, n_signals: int) -> None:
    report.n_passages += len(original.passages)
    report.n_signals += n_signals
    if original.source.channel is Channel.EMAIL:
        report.n_emails += 1
    if original.source.channel is Channel.MEETING:
        report.n_meetings += 1
        report.n_utterances += int(original.source.meta["n_utterances"])


def _save_record(session: Session, work: Work, backends: Backends) -> None:
    record = next((o for o in work.originals if o.source.channel is Channel.CRM), None)
    if record is None or work.record is None:
        return
    crm_store.save_deal(
        session,
        tenant_id=work.scope.tenant_id,
        deal=work.record.record,
        record=work.record.record_object,
        source_id=record.source.id,
        now=backends.clock.now(),
    )


def _keep_standing(
    session: Session,
    work: Work,
    versions: Mapping[str, NewVersion],
    report: IngestReport,
    backends: Backends,
) -> None:
    """Re-anchors suggestions that rest on an edited original; those that lost words are stale."""
    tenant_id, now = work.scope.tenant_id, backends.clock.now()
    report.n_stale_suggestions += feedback_store.mark_stale(
        session,
        tenant_id=tenant_id,
        source_ids=[source.id for source in work.gone],
        now=now,
        reason="source_gone",
    )
    if not versions:
        return
    for shown in standing_store.resting_on(session, tenant_id=tenant_id, source_ids=list(versions)):
        moved, fallen = follow_suggestion(shown, versions)
        if fallen:
            standing_store.drop_claims(
                session, tenant_id=tenant_id, suggestion_id=shown.id, claim_ids=fallen, now=now
            )
        elif standing_store.move_evidence(session, tenant_id=tenant_id, suggestion=moved, now=now):
            report.n_reanchored_suggestions += 1
            continue
        report.n_stale_suggestions += 1
