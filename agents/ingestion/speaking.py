"""How the meetings of a deal, or one meeting file, were spoken.

Figures are made at ingestion and read from the source. A meeting ingested before there were any
gets its talk figures from its passages, which keep speakers, roles and times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agents.backends import Backends
from agents.ingestion.originals import (
    AUDIO_SUFFIXES,
    KNOWLEDGE_SUFFIXES,
    Scope,
    fingerprint,
    read_file,
    voice_meta,
)
from core.domain import AccountId, Channel, Passage, Source, TenantId, Utterance
from core.errors import InvalidInput
from knowledge_graph import store as crm_store
from knowledge_graph.crm.deal_folder import is_deal_folder, read_deal_folder
from retrieval import store as source_store
from transcripts.talk import talk_figures

MIB = 1024 * 1024
NO_TRANSCRIBER = (
    "No talk figures: it is audio and no transcriber is configured. Set JUNSHI_TRANSCRIBER and"
    " install the models extra."
)
_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One meeting's figures as JSON. `source_id` is None for a file that is not stored.

    `talk` is None for audio that nobody could transcribe; `prosody` where there was no audio or
    it could not be measured. `degraded` says what is missing although there was audio.
    """

    source_id: str | None
    file: str
    talk: Mapping[str, Any] | None
    prosody: Mapping[str, Any] | None
    degraded: tuple[str, ...] = ()


def spoken_in_deal(backends: Backends, *, tenant_id: str, deal_id: str) -> list[Spoken]:
    """The deal's meetings in force, oldest first, undated ones last. Raises NotFound."""
    with backends.database.read() as session:
        crm_store.deal(session, tenant_id=tenant_id, deal_id=deal_id)  # type: ignore[arg-type]
        sources = source_store.sources_of(session, tenant_id=tenant_id, origin=deal_id)
        meetings = [s for s in sources.values() if s.channel is Channel.MEETING]
        passages = {
            s.id: source_store.passages_of_source(session, tenant_id=tenant_id, source_id=s.id)
            for s in meetings
            if "talk" not in s.meta
        }
    meetings.sort(key=lambda s: (s.occurred_at or _UNDATED, s.path))
    return [_of_source(s, passages.get(s.id, ())) for s in meetings]


def spoken_in_file(backends: Backends, file: Path) -> Spoken:
    """A transcript or a recording, with the roles of the deal folder it lies in.

    A recording needs no transcriber for its prosody. Raises InvalidInput when it is no meeting.
    """
    suffix = file.suffix.lower()
    if suffix == ".eml" or suffix in KNOWLEDGE_SUFFIXES:
        raise InvalidInput(f"{file.name} is no meeting.", remedy="Name a transcript or audio.")
    if file.stat().st_size > backends.settings.max_file_mib * MIB:
        raise InvalidInput(f"{file.name} is too large.", remedy="Raise JUNSHI_MAX_FILE_MIB.")
    if suffix in AUDIO_SUFFIXES and backends.transcriber is None:
        voice: Mapping[str, Any] = voice_meta(file)
        notes = (NO_TRANSCRIBER, *voice.get("degraded", ()))
        return Spoken(None, file.name, None, voice["prosody"], notes)
    raw = file.read_bytes()
    scope, path, sidecar = _place(backends, file)
    original = read_file(
        raw, path=path, scope=scope, sidecar=sidecar, backends=backends, inputs=fingerprint(raw)
    )
    meta = original.source.meta
    return Spoken(None, path, meta["talk"], meta.get("prosody"), tuple(meta.get("degraded", ())))


def _place(backends: Backends, file: Path) -> tuple[Scope, str, bytes]:
    """(whose it is, its path there, its sidecar), by the deal folder around the file."""
    tenant = TenantId(backends.settings.tenant)
    whole = file.resolve()
    folder = next((p for p in whole.parents[:2] if is_deal_folder(p)), None)
    if folder is None:
        name = "loose:file"
        return Scope(tenant, origin=name, account_id=AccountId(name)), file.name, b""
    found = read_deal_folder(folder)
    deal = found.record
    sidecar = found.metas.get(file.stem)
    return (
        Scope(tenant, origin=deal.id, account_id=deal.account.id, deal=deal),
        whole.relative_to(folder).as_posix(),
        sidecar.read_bytes() if sidecar else b"",
    )


def _of_source(source: Source, passages: Sequence[Passage]) -> Spoken:
    talk = source.meta.get("talk")
    if talk is None:
        roles = {p.speaker: p.role for p in passages}
        talk = talk_figures(_utterances(passages, source.text), roles=roles).to_json()
    degraded = tuple(source.meta.get("degraded", ()))
    return Spoken(source.id, source.path, talk, source.meta.get("prosody"), degraded)


def _utterances(passages: Sequence[Passage], text: str) -> list[Utterance]:
    """Passages as utterances; the pieces of a long one share its times and become one again."""
    found: list[Utterance] = []
    for p in passages:
        last = found[-1] if found else None
        start = p.start
        if last and (last.speaker, last.start_ms, last.end_ms) == (p.speaker, p.start_ms, p.end_ms):
            is_rest = p.start_ms is not None and not text[last.end : p.start].strip()
            if is_rest:
                start = found.pop().start
        found.append(Utterance(text[start : p.end], start, p.end, p.speaker, p.start_ms, p.end_ms))
    return found
