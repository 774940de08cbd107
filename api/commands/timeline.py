"""`timeline`: what the customer said over time, what they took back, whether channels agree."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from agents.backends import Backends
from agents.intent.history import PassedOn, agreement, timeline
from api.commands.opening import backends, deal_id_of
from api.schemas.history import history_to_json
from core.domain import DealId, Role
from knowledge_graph import store as crm_store
from retrieval import store as source_store

Json = dict[str, Any]


def timeline_for(deal: str) -> Json:
    """`deal`: a deal id, or a deal folder, which is ingested first. Raises NotFound."""
    opened = backends()
    return read_history(opened, tenant_id=opened.settings.tenant, deal_id=deal_id_of(opened, deal))


def read_history(opened: Backends, *, tenant_id: str, deal_id: str) -> Json:
    """Raises NotFound when the tenant has no such deal."""
    with opened.database.read() as session:
        found = crm_store.deal(session, tenant_id=tenant_id, deal_id=DealId(deal_id))
        signals = source_store.signals_of_deal(session, tenant_id=tenant_id, deal_id=found.id)
        passages = source_store.passages_of_deal(session, tenant_id=tenant_id, deal_id=found.id)
    heard = {p.channel for p in passages if p.role is Role.CUSTOMER and p.carries_intent}
    return history_to_json(
        found.id, timeline(signals), agreement(signals, heard=heard), PassedOn(signals)
    )


def show_timeline(history: Json) -> None:
    console = Console()
    for entry in history["timeline"]:
        evidence = entry["evidence"]
        marks = [] if entry["stands"] else ["taken back"]
        marks += ["reported"] if evidence["reported"] is not None else []
        day = evidence["said_on"] or "–"
        console.print(
            f"[bold]{day}  {entry['intent']}[/] {entry['p']:.0%} [dim]{', '.join(marks)}[/]"
        )
        who = f"{evidence['speaker'] or ''}  {evidence['file']}".strip()
        console.print(f"   “{escape(evidence['quote'])}” [dim]{escape(who)}[/]")
        if entry["overrules"]:
            earlier = entry["overrules"]
            quote = escape(earlier["evidence"]["quote"])
            console.print(f"   ↺ {earlier['intent']} [dim]“{quote}”[/]")
    if not history["timeline"]:
        console.print("Nothing was said on budget, decision, price or staying.")
    agreed = history["agreement"]
    if agreed["channels"]:
        figures = [f"{name} {_figure(agreed[name])}" for name in ("kappa", "coverage")]
        console.print(f"\n{' / '.join(agreed['channels'])}: {', '.join(figures)}")


def _figure(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"
