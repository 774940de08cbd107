"""Reading everything stored about one deal, with CRM fields as citable values."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sqlmodel import Session

from agents.coach.slots import CrmValue
from agents.coach.state import DealMaterial
from agents.intent.facts import observe_facts
from core.domain import Channel, Deal, DealId, Evidence, Passage, Source
from core.errors import NotFound
from knowledge_graph import store as crm_store
from knowledge_graph.crm.deal_folder import crm_evidence, crm_fields
from retrieval import store as source_store
from retrieval.provenance import make_evidence

# Pointers that a situation cites although they are no CRM field of their own.
_CITED_ALSO = {"account": "/account/name", "no_next_step": "/opportunity/next_step"}


def read_material(session: Session, *, tenant_id: str, deal_id: str) -> DealMaterial:
    """Raises NotFound when the tenant has no such deal."""
    deal = crm_store.deal(session, tenant_id=tenant_id, deal_id=DealId(deal_id))
    by_path = source_store.sources_of(session, tenant_id=tenant_id, origin=deal_id)
    sources = {source.id: source for source in by_path.values()}
    record = next((s for s in sources.values() if s.channel is Channel.CRM), None)
    if record is None:
        raise NotFound(
            f"Deal {deal_id} has lost its CRM record.", remedy="Ingest its deal folder again."
        )
    passages = source_store.passages_of_deal(session, tenant_id=tenant_id, deal_id=deal_id)
    signals = source_store.signals_of_deal(session, tenant_id=tenant_id, deal_id=deal_id)
    return DealMaterial(
        deal=deal,
        sources=sources,
        passages=tuple(passages),
        signals=tuple(signals),
        facts=tuple(observe_facts(passages, deal=deal, signals=signals)),
        crm=_crm_values(deal, record),
        crm_gaps=_gaps(deal, record),
    )


class MaterialCache:
    """Recently coached deals, kept while their sources stay the same ones.

    One small query tells: an edited, added or retired file changes the set of source ids, in
    whatever process that happened.
    """

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, str], tuple[frozenset[str], DealMaterial]] = (
            OrderedDict()
        )
        self._lock = threading.Lock()

    def read(self, session: Session, *, tenant_id: str, deal_id: str) -> DealMaterial:
        """Raises NotFound when the tenant has no such deal."""
        key = (tenant_id, deal_id)
        state = source_store.source_ids_of(session, tenant_id=tenant_id, origin=deal_id)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and state and kept[0] == state:
            return kept[1]
        material = read_material(session, tenant_id=tenant_id, deal_id=deal_id)
        with self._lock:
            self._kept[key] = (frozenset(material.sources), material)
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return material


def _crm_values(deal: Deal, record: Source) -> dict[str, CrmValue]:
    fields = crm_fields(
        deal,
        record.text,
        source_id=record.id,
        sha256=record.sha256,
        file=record.path,
        as_of=deal.opportunity.updated_at,
    )
    return {
        name: CrmValue(field.value, field.label, field.evidence)
        for name, field in fields.items()
        if field.evidence is not None and field.value
    }


def _gaps(deal: Deal, record: Source) -> dict[str, Evidence]:
    found = {}
    for name, pointer in _CITED_ALSO.items():
        evidence = crm_evidence(
            record.text,
            pointer=pointer,
            source_id=record.id,
            sha256=record.sha256,
            file=record.path,
            field=name,
            as_of=deal.opportunity.updated_at,
        )
        if evidence is not None:
            found[name] = evidence
    return found


def cite(passage: Passage, material: DealMaterial) -> Evidence:
    """The whole passage as evidence."""
    source = material.sources[passage.source_id]
    return make_evidence(source, passage, start=passage.start, end=passage.end)
