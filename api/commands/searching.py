"""`search`: one account or loose collection and the shared knowledge, with filters."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from rich.console import Console
from rich.markup import escape

from agents.ingestion.ingest import LOOSE
from api.commands.opening import backends, deal_id_of
from api.schemas.answers import hit_to_json
from core.domain import AccountId, Channel, DealId, Language, Role
from core.errors import InvalidInput
from knowledge_graph import store as crm_store
from retrieval.filters import Filter

Json = dict[str, Any]


def search_for(query: str, *, deal: str, collection: str, k: int, wanted: Filter) -> Json:
    """The hits of one account or collection, and the labels that the query was widened by."""
    opened = backends()
    account_id = AccountId(f"{LOOSE}{collection}") if collection else None
    if deal:
        deal_id = deal_id_of(opened, deal)
        with opened.database.read() as session:
            found = crm_store.deal(
                session, tenant_id=opened.settings.tenant, deal_id=DealId(deal_id)
            )
        account_id = found.account.id
    hits = opened.search.search(
        query, tenant_id=opened.settings.tenant, account_id=account_id, k=k, wanted=wanted
    )
    return {
        "query": query,
        "added": opened.search.added_labels(query),
        "hits": [hit_to_json(hit) for hit in hits],
    }


def filter_of(
    *, channels: list[str], roles: list[str], languages: list[str], since: str, until: str
) -> Filter:
    """Days are whole ones in UTC: `until` is included. Raises InvalidInput for a wrong word."""
    try:
        return Filter(
            channels=frozenset(map(Channel, channels)),
            roles=frozenset(map(Role, roles)),
            languages=frozenset(cast(Language, _one_of(one, ("zh", "en"))) for one in languages),
            since=_midnight(since) if since else None,
            until=_midnight(until) + timedelta(days=1) if until else None,
        )
    except ValueError as error:
        raise InvalidInput(
            f"That filter is not known: {error}.",
            remedy="Channels are email, meeting, chat, knowledge; roles customer, rep, unknown; "
            "languages zh, en; days are written 2026-11-24.",
        ) from error


def _one_of(word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise ValueError(f"{word!r} is none of {', '.join(known)}")
    return word


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), tzinfo=UTC)


def show_hits(found: Json) -> None:
    console = Console()
    if found["added"]:
        console.print(f"[dim]+ {escape(', '.join(found['added']))}[/]")
    for hit in found["hits"]:
        console.print(f"[bold]{hit['score']:.3f}[/] {escape(hit['text'])}")
        console.print(f"      [dim]{hit['channel']} {hit['speaker'] or ''}[/]")
    if not found["hits"]:
        console.print("Nothing found.")
