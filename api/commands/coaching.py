"""`suggest` and `deviations`: the answer as JSON shapes and as readable text."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from agents.coach.graph import Coach
from agents.deviation_check.graph import DeviationCheck
from api.commands.opening import backends, deal_id_of
from api.schemas.answers import answer_to_json
from api.schemas.deviations import kept_report_to_json
from core.text.language import language_of

Json = dict[str, Any]


def suggest_for(deal: str, *, with_model: bool) -> Json:
    opened = backends()
    deal_id = deal_id_of(opened, deal)
    answer = Coach(opened).suggest(
        tenant_id=opened.settings.tenant, deal_id=deal_id, with_model=with_model
    )
    return answer_to_json(answer)


def deviations_of(deal: str) -> Json:
    opened = backends()
    deal_id = deal_id_of(opened, deal)
    checked = DeviationCheck(opened).run(tenant_id=opened.settings.tenant, deal_id=deal_id)
    return kept_report_to_json(deal_id, checked)


# ---- readable text -----------------------------------------------------------------------------


def _language(answer: Json, wanted: str) -> str:
    if wanted in ("zh", "en"):
        return wanted
    quotes = [e["quote"] for i in answer.get("intents", []) for e in i["evidence"]]
    return language_of(" ".join(quotes))


def show_answer(answer: Json, lang: str) -> None:
    console = Console()
    at = _language(answer, lang)
    for number, suggestion in enumerate(answer["suggestions"], start=1):
        sure = suggestion["confidence"]
        basis = "" if sure["basis"] == "calibrated" else f", {sure['basis']}"
        console.print(f"\n[bold]{number}. {escape(suggestion['move'][at])}[/]")
        console.print(f"   {sure['p']:.0%} ({sure['word']}{basis})   {suggestion['play']}")
        for claim in suggestion["claims"]:
            console.print(f"   • {escape(claim['text'][at])}")
            for evidence in claim["evidence"]:
                console.print(f"     [dim]{escape(_where(evidence))}[/]")
    if answer["abstained"]:
        console.print("[bold]没有建议。[/]" if at == "zh" else "[bold]No suggestion.[/]")
    for missing in answer["missing"]:
        console.print(f"   ? {escape(missing[at])}")
    for reason in answer["degraded"]:
        console.print(f"   degraded: {escape(reason)}")
    show_deviations(answer)


def show_deviations(report: Json) -> None:
    console = Console()
    for deviation in report["deviations"]:
        crm, observed = deviation["crm"] or "–", deviation["observed"]
        console.print(
            f"\n[bold]≠ {deviation['field']}[/] ({deviation['severity']}): "
            f"CRM {escape(crm)} / {escape(observed)}"
        )
        for evidence in deviation["evidence"]:
            console.print(f"   “{escape(evidence['quote'])}” [dim]{escape(_where(evidence))}[/]")
    if report["consistent"]:
        console.print(f"\n= {', '.join(report['consistent'])}")


def _where(evidence: Json) -> str:
    parts = [evidence["file"], evidence["speaker"] or "", evidence["said_on"] or ""]
    if evidence["start_ms"] is not None:
        minutes, rest = divmod(evidence["start_ms"] // 1000, 60)
        parts.append(f"{minutes:02d}:{rest:02d}")
    if evidence.get("reported") is not None:
        parts.append("转述 / reported")
    return "  ".join(part for part in parts if part)
