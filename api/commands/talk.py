"""`talk`: how a meeting, or each meeting of a deal, was spoken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from agents.ingestion.speaking import Spoken, spoken_in_deal, spoken_in_file
from api.commands.opening import backends, deal_id_of
from core.errors import NotFound

Json = dict[str, Any]


def talk_for(what: str) -> list[Json]:
    """One object a meeting, oldest first. `what`: a file, a deal folder, or a deal id."""
    opened = backends()
    path = Path(what)
    if path.is_file():
        return [spoken_to_json(spoken_in_file(opened, path))]
    if path.suffix and not path.exists():
        raise NotFound(f"{what} does not exist.", remedy="Name a meeting or a deal.")
    deal_id = deal_id_of(opened, what)
    found = spoken_in_deal(opened, tenant_id=opened.settings.tenant, deal_id=deal_id)
    return [spoken_to_json(one) for one in found]


def spoken_to_json(one: Spoken) -> Json:
    return {
        "source_id": one.source_id,
        "file": one.file,
        "talk": one.talk,
        "prosody": one.prosody,
        "degraded": list(one.degraded),
    }


def show_talk(meetings: list[Json]) -> None:
    console = Console()
    for meeting in meetings:
        console.print(f"[bold]{escape(meeting['file'])}[/]")
        if meeting["talk"]:
            _show_figures(console, meeting["talk"])
        if meeting["prosody"]:
            _show_voices(console, meeting["prosody"])
        for note in meeting["degraded"]:
            console.print(f"  note: {note}", markup=False)
    if not meetings:
        console.print("No meeting.")


def _show_figures(console: Console, talk: Json) -> None:
    for one in talk["speakers"]:
        share = "     " if one["share"] is None else f"{one['share']:5.0%}"
        asked = f"{one['n_turns']} turn(s), {one['question_rate']:.0%} ask"
        name = escape(one["speaker"] or "?")
        console.print(f"  {share} {name} [dim]({one['role']})[/] {asked}{_pace(one['pace'])}")
    longest, pauses = talk["longest_monologue"], talk["pauses"]
    if longest:
        console.print(
            f"  longest monologue {longest['ms'] / 1000:.0f} s ({escape(longest['speaker'])})"
        )
    if pauses:
        console.print(
            f"  {pauses['n_long']} pauses over 1 s, {talk['overlap_ms'] / 1000:.1f} s overlap"
        )
    elif talk["timing"] == "until_next":
        console.print("  [dim]starts only: pauses and overlap are not known[/]")


def _pace(pace: Json) -> str:
    zh, en = pace["zh_characters_per_min"], pace["en_words_per_min"]
    shown = [f"{zh:.0f} characters/min"] if zh else []
    shown += [f"{en:.0f} words/min"] if en else []
    return "".join(f", {one}" for one in shown)


def _show_voices(console: Console, prosody: Json) -> None:
    for one in prosody["speakers"] or [{"speaker": "voice", **prosody["whole"]}]:
        if one["pitch_median_hz"] is None:
            continue
        console.print(
            f"  {escape(one['speaker'])}: pitch {one['pitch_median_hz']:.0f} Hz over "
            f"{one['pitch_range_semitones']:.1f} semitones, energy over "
            f"{one['energy_range_db']:.0f} dB, {one['n_pauses']} pauses inside"
        )
