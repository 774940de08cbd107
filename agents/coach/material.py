"""Reading everything stored about one deal, with CRM fields as citable values."""

from __future__ import annotations

from sqlmodel import Session

from agents.coach.slots import CrmValue
from agents.coach.state import DealMaterial
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
        crm=_crm_values(deal, record),
        crm_gaps=_gaps(deal, record),
    )


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
