"""`moments`: the ranked key moments of a file or a deal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from agents.moments.read import Found, moments_of_deal, moments_of_file
from api.commands.opening import backends, deal_id_of
from api.schemas.answers import text_to_json
from core.errors import NotFound

Json = dict[str, Any]


def moments_for(what: str, *, k: int) -> list[Json]:
    """Best first. `what`: a file, a deal folder, or a deal id."""
    opened = backends()
    path = Path(what)
    if path.is_file():
        found = moments_of_file(opened, path)
    elif path.suffix and not path.exists():
        raise NotFound(f"{what} does not exist.", remedy="Name a mail, a meeting or a deal.")
    else:
        deal_id = deal_id_of(opened, what)
        found = moments_of_deal(opened, tenant_id=opened.settings.tenant, deal_id=deal_id)
    return [moment_to_json(one) for one in found[:k]]


def moment_to_json(found: Found) -> Json:
    moment, source = found.moment, found.source
    return {
        "file": source.path,
        "index": moment.index,
        "start_ms": moment.start_ms,
        "end_ms": moment.end_ms,
        "intent": moment.intent,
        "role": str(moment.role),
        "title": text_to_json(moment.title),
        "quote": moment.quote,
        "span": [moment.start, moment.end],
        "speaker": moment.speaker,
        "score": moment.score,
    }


def show_moments(moments: list[Json]) -> None:
    console = Console()
    for moment in moments:
        at = ""
        if moment["start_ms"] is not None:
            minutes, seconds = divmod(moment["start_ms"] // 1000, 60)
            at = f"{minutes:02d}:{seconds:02d} "
        title = moment["title"]
        console.print(
            f"[bold]{moment['score']:.2f}[/] {at}{escape(title['zh'])} / {escape(title['en'])}"
        )
        console.print(f"     “{escape(moment['quote'])}” [dim]{escape(moment['speaker'] or '')}[/]")
    if not moments:
        console.print("No key moment.")
