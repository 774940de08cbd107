"""One file becomes one original: its source value and the passages cut from it. Pure.

Nothing here touches the database, so a bad file can be reported while the rest goes in.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from agents.backends import Backends
from core.domain import (
    AccountId,
    Channel,
    Deal,
    DealId,
    Passage,
    Role,
    Source,
    SourceId,
    TenantId,
    Transcript,
    Utterance,
)
from core.errors import CoachError, InvalidInput
from knowledge_graph.crm.deal_folder import DealFolder
from retrieval.emails import parse_email
from retrieval.passages import email_passages, knowledge_passages
from transcripts.parse import decode, parse_transcript
from transcripts.prosody import measure_prosody
from transcripts.segment import meeting_passages
from transcripts.speakers import MeetingMeta, read_meeting_meta, role_of
from transcripts.talk import talk_figures

DEAL_FILE = "deal.json"
AUDIO_SUFFIXES = frozenset({".wav", ".mp3", ".m4a", ".mp4"})
KNOWLEDGE_SUFFIXES = frozenset({".md"})
# A mail saved without its ending still starts with a header line (or an mbox "From " line).
_HEADER_LINE = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[ \t]|From )")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose the original is. `account_id` None: the tenant's shared knowledge.

    `origin` is what a later ingestion compares with: the deal id, or a collection's name.
    """

    tenant_id: TenantId
    origin: str
    account_id: AccountId | None = None
    deal: Deal | None = None

    @property
    def deal_id(self) -> DealId | None:
        return self.deal.id if self.deal else None

    @property
    def is_loose(self) -> bool:
        """A collection that belongs to no deal and is not shared."""
        return self.deal is None and self.account_id is not None


@dataclass(frozen=True, slots=True)
class Original:
    source: Source
    raw: bytes
    passages: tuple[Passage, ...]


def fingerprint(*inputs: bytes | str) -> str:
    """What a re-ingestion compares: everything that the stored passages were made from."""
    parts = (i.encode() if isinstance(i, str) else i for i in inputs)
    return hashlib.sha256(b"\0".join(hashlib.sha256(p).digest() for p in parts)).hexdigest()


def read_file(
    raw: bytes, *, path: str, scope: Scope, sidecar: bytes, backends: Backends, inputs: str
) -> Original:
    """A deal folder's mail or meeting. Raises InvalidInput naming what is wrong with it."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == ".eml":
        deadline_s = backends.settings.email_parse_deadline_s
        return read_email(raw, path=path, scope=scope, deadline_s=deadline_s, inputs=inputs)
    meeting_meta = read_meeting_meta(sidecar) if sidecar else None
    voice: Mapping[str, object] = {}
    if suffix in AUDIO_SUFFIXES:
        transcript, voice = _heard(raw, path, backends)
    else:
        transcript = parse_transcript(raw, name=path)
    return read_meeting(
        transcript,
        raw=raw,
        path=path,
        scope=scope,
        sidecar=meeting_meta,
        inputs=inputs,
        voice=voice,
    )


def read_loose(raw: bytes, *, path: str, scope: Scope, backends: Backends) -> Original:
    """A file outside any deal: by its ending, else by what its first lines look like."""
    suffix = PurePosixPath(path).suffix.lower()
    inputs = fingerprint(raw)
    if suffix in KNOWLEDGE_SUFFIXES:
        return read_knowledge(raw, path=path, scope=scope, inputs=inputs)
    if suffix in (".vtt", ".srt", ".json", *AUDIO_SUFFIXES):
        return read_file(raw, path=path, scope=scope, sidecar=b"", backends=backends, inputs=inputs)
    if suffix == ".eml" or _HEADER_LINE.match(raw):
        deadline_s = backends.settings.email_parse_deadline_s
        return read_email(raw, path=path, scope=scope, deadline_s=deadline_s, inputs=inputs)
    if suffix == ".txt":
        return read_file(raw, path=path, scope=scope, sidecar=b"", backends=backends, inputs=inputs)
    raise InvalidInput(
        f"{path} is neither a mail, a meeting transcript nor a text.",
        remedy="Junshi reads .eml, .vtt, .srt, .json, .txt, .md and audio.",
    )


def _heard(raw: bytes, path: str, backends: Backends) -> tuple[Transcript, Mapping[str, object]]:
    """What was said, and `voice_meta` of how."""
    if backends.transcriber is None:
        raise InvalidInput(
            f"{path} is audio and no transcriber is configured.",
            remedy="Set JUNSHI_TRANSCRIBER and install the models extra.",
        )
    with tempfile.NamedTemporaryFile(suffix=PurePosixPath(path).suffix) as file:
        file.write(raw)
        file.flush()
        transcript = backends.transcriber.transcribe(Path(file.name))
        return transcript, voice_meta(Path(file.name), transcript.utterances)


def voice_meta(audio: Path, utterances: Sequence[Utterance] = ()) -> Mapping[str, object]:
    """`{"prosody": …}`; without it None, and `"degraded"` says why: the words still count."""
    try:
        return {"prosody": measure_prosody(audio, utterances).to_json()}
    except CoachError as error:
        return {"prosody": None, "degraded": [f"No prosody: {error}"]}


def read_email(raw: bytes, *, path: str, scope: Scope, deadline_s: float, inputs: str) -> Original:
    """Never raises on the content of a mail; what was repaired stands in `meta["notes"]`."""
    parsed = parse_email(raw, deadline_s=deadline_s)
    sender = parsed.sender
    role, contact_id = Role.UNKNOWN, None
    if scope.deal is not None and sender is not None:
        role, contact_id = role_of(name=sender.name, email=sender.email, deal=scope.deal)
    known = scope.deal.contact(contact_id) if scope.deal and contact_id else None
    speaker = known.name if known else (sender.name or sender.email if sender else None)
    if role is Role.REP and scope.deal is not None and scope.deal.rep is not None:
        speaker = scope.deal.rep.name
    meta = {
        "from": f"{sender.name} <{sender.email}>" if sender else None,
        "to": [a.email for a in parsed.to],
        "cc": [a.email for a in parsed.cc],
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to,
        "automatic": parsed.is_automatic,
        "attachments": list(parsed.attachments),
        "notes": list(parsed.notes),
        "regions": [[r.kind, r.start, r.end] for r in parsed.regions],
        "inputs": inputs,
        **_said_on(parsed.sent_at_local),
    }
    passages = email_passages(
        parsed.text,
        [(r.kind, r.start, r.end) for r in parsed.regions],
        role=role,
        speaker=speaker,
        contact_id=contact_id,
        occurred_at=parsed.sent_at,
        automatic=parsed.is_automatic,
    )
    source = _source(
        scope, Channel.EMAIL, path, raw, parsed.text, parsed.subject, parsed.sent_at, meta
    )
    return Original(source=source, raw=raw, passages=tuple(passages))


def read_meeting(
    transcript: Transcript,
    *,
    raw: bytes,
    path: str,
    scope: Scope,
    sidecar: MeetingMeta | None,
    inputs: str,
    voice: Mapping[str, object],
) -> Original:
    """The parsed meeting with its times, title, speakers' roles and talk figures."""
    started_at = (sidecar.start_time if sidecar else None) or transcript.started_at
    title = (sidecar.title if sidecar else None) or transcript.title or PurePosixPath(path).stem
    participants = sidecar.participants if sidecar else ()
    passages = meeting_passages(
        transcript, deal=scope.deal, started_at=started_at, participants=participants
    )
    meta = {
        "format": transcript.format,
        "n_utterances": len(transcript.utterances),
        "inputs": inputs,
        "participants": [{"name": p.name, "email": p.email} for p in participants],
        "talk": talk_figures(
            transcript.utterances, roles={p.speaker: p.role for p in passages}
        ).to_json(),
        **voice,
        **_said_on(started_at),
    }
    source = _source(scope, Channel.MEETING, path, raw, transcript.text, title, started_at, meta)
    return Original(source=source, raw=raw, passages=tuple(passages))


def read_knowledge(raw: bytes, *, path: str, scope: Scope, inputs: str) -> Original:
    """Shared text, cut at its headings. Raises InvalidInput when it is no text."""
    text = decode(raw)
    title = PurePosixPath(path).stem
    passages = knowledge_passages(text, title=title)
    if not passages:
        raise InvalidInput(f"{path} holds no text.", remedy="Leave it out or fill it.")
    source = _source(scope, Channel.KNOWLEDGE, path, raw, text, title, None, {"inputs": inputs})
    return Original(source=source, raw=raw, passages=tuple(passages))


def read_crm_record(found: DealFolder, *, scope: Scope) -> Original:
    """The deal.json itself: cited field by field, not searched."""
    opportunity = found.record.opportunity
    meta = {
        "problems": list(found.problems),
        "inputs": fingerprint(found.record_raw),
        **_said_on(opportunity.updated_at),
    }
    source = _source(
        scope,
        Channel.CRM,
        DEAL_FILE,
        found.record_raw,
        found.record_text,
        opportunity.name,
        opportunity.updated_at,
        meta,
    )
    return Original(source=source, raw=found.record_raw, passages=())


def _said_on(moment: datetime | None) -> Mapping[str, str]:
    # The zone the file itself wrote: 00:30 on 3 November in Shanghai is the 2nd in UTC.
    return {"said_on": moment.date().isoformat()} if moment else {}


def _source(
    scope: Scope,
    channel: Channel,
    path: str,
    raw: bytes,
    text: str,
    title: str,
    occurred_at: datetime | None,
    meta: Mapping[str, object],
) -> Source:
    return Source(
        id=SourceId(uuid.uuid4().hex),
        tenant_id=scope.tenant_id,
        channel=channel,
        path=path,
        sha256=hashlib.sha256(raw).hexdigest(),
        text=text,
        title=title,
        account_id=scope.account_id,
        deal_id=scope.deal_id,
        occurred_at=occurred_at,
        meta=dict(meta),
    )
