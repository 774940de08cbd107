"""The key moments of a file or of an ingested deal.

A rep's words carry no intent. Where nobody is known (a file outside a deal folder) no speaker is
taken for the customer: intents are left out and moments are ranked by salience alone. An automatic
reply has no key moment in a deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agents.backends import Backends
from agents.ingestion.originals import Original, Scope, fingerprint, read_file, read_loose
from agents.intent.features import sentence_spans
from agents.intent.observe import signals_for
from agents.moments.encoding import encoded
from agents.moments.features import Unit
from agents.moments.rank import Moment, rank
from agents.moments.salience import salience
from core.domain import AccountId, Channel, DealId, IntentId, Passage, Role, Source, TenantId
from core.errors import InvalidInput, NotFound
from knowledge_graph import store as crm_store
from knowledge_graph.crm.deal_folder import is_deal_folder, read_deal_folder
from retrieval import store as source_store
from transcripts.segment import LONGEST_PASSAGE

MIB = 1024 * 1024
_SIDECAR = ".meta.json"


@dataclass(frozen=True, slots=True)
class Found:
    """A moment and the source it lies in."""

    source: Source
    moment: Moment


def moments_of_file(backends: Backends, file: Path) -> list[Found]:
    """Best first. Raises NotFound or InvalidInput when the file cannot be read as words."""
    if file.stat().st_size > backends.settings.max_file_mib * MIB:
        raise InvalidInput(f"{file.name} is too large.", remedy="Raise JUNSHI_MAX_FILE_MIB.")
    original = _read(backends, file, file.read_bytes())
    return _of_source(backends, original.source, original.passages)


def moments_of_deal(backends: Backends, *, tenant_id: str, deal_id: str) -> list[Found]:
    """All of the deal's mails and meetings together, best first. Raises NotFound."""
    with backends.database.read() as session:
        crm_store.deal(session, tenant_id=tenant_id, deal_id=DealId(deal_id))
        sources = source_store.sources_of(session, tenant_id=tenant_id, origin=deal_id)
        said = [
            (
                source,
                source_store.passages_of_source(session, tenant_id=tenant_id, source_id=source.id),
            )
            for source in sources.values()
            if source.channel in (Channel.MEETING, Channel.EMAIL)
            and not source.meta.get("automatic")
        ]
    found = [one for source, passages in said for one in _of_source(backends, source, passages)]
    return sorted(found, key=lambda f: (-f.moment.score, f.source.path, f.moment.start))


def _read(backends: Backends, file: Path, raw: bytes) -> Original:
    _refuse_sidecar(file)
    folder = next((p for p in file.resolve().parents[:2] if is_deal_folder(p)), None)
    tenant = TenantId(backends.settings.tenant)
    if folder is None:
        loose = Scope(tenant, origin="loose:file", account_id=AccountId("loose:file"))
        original = read_loose(raw, path=file.name, scope=loose, backends=backends)
        if original.source.channel is Channel.KNOWLEDGE:
            raise _no_talk(file)
        return original
    found = read_deal_folder(folder)
    if file.resolve() not in (*found.emails, *found.meetings):
        raise _no_talk(file)
    deal = found.record
    sidecar = found.metas.get(file.stem)
    return read_file(
        raw,
        path=file.resolve().relative_to(found.root).as_posix(),
        scope=Scope(tenant, origin=deal.id, account_id=deal.account.id, deal=deal),
        sidecar=sidecar.read_bytes() if sidecar else b"",
        backends=backends,
        inputs=fingerprint(raw),
    )


def _refuse_sidecar(file: Path) -> None:
    if not file.name.lower().endswith(_SIDECAR):
        return
    stem = file.name[: -len(_SIDECAR)]
    meeting = next((f.name for f in sorted(file.parent.glob(f"{stem}.*")) if f != file), None)
    raise InvalidInput(
        f"{file.name} describes a meeting and holds none of its words.",
        remedy=f"Name {meeting}." if meeting else "Name the meeting's transcript.",
    )


def _no_talk(file: Path) -> NotFound:
    return NotFound(
        f"{file.name} is no mail or meeting.",
        remedy="Name an .eml, .vtt, .srt, .json or .txt file; in a deal folder, one below emails/"
        " or meetings/.",
    )


def units_of(passages: Sequence[Passage], text: str) -> list[Unit]:
    """Sentences in order; the pieces of one long utterance share its index."""
    return [unit for _, unit in _sentences(passages, text)]


def _sentences(passages: Sequence[Passage], text: str) -> list[tuple[Passage, Unit]]:
    """Each sentence as a passage of its own and as a unit."""
    found: list[tuple[Passage, Unit]] = []
    index = -1
    before: Passage | None = None
    for passage in passages:
        if before is None or not _is_same_utterance(before, passage, text):
            index += 1
        before = passage
        for a, b in sentence_spans(passage):
            start, end = passage.start + a, passage.start + b
            sentence = replace(passage, text=passage.text[a:b], start=start, end=end)
            found.append((sentence, _unit(sentence, index)))
    return found


def _unit(sentence: Passage, index: int) -> Unit:
    return Unit(
        index=index,
        text=sentence.text,
        start=sentence.start,
        end=sentence.end,
        channel=sentence.channel,
        role=sentence.role,
        speaker=sentence.speaker,
        start_ms=sentence.start_ms,
        end_ms=sentence.end_ms,
    )


def _is_same_utterance(a: Passage, b: Passage, text: str) -> bool:
    """An utterance is cut only where the two pieces are longer than one passage may be."""
    return (
        a.channel is Channel.MEETING
        and (a.speaker, a.start_ms, a.end_ms) == (b.speaker, b.start_ms, b.end_ms)
        and b.end - a.start > LONGEST_PASSAGE
        and not text[a.end : b.start].strip()
        and text[a.end : b.start].count("\n") <= 1
    )


def _of_source(backends: Backends, source: Source, passages: Sequence[Passage]) -> list[Found]:
    from retrieval.embedders.use import UniversalSentenceEncoder

    pairs = _sentences(passages, source.text)
    sentences, units = [s for s, _ in pairs], [u for _, u in pairs]
    encoder = backends.embedder
    if not isinstance(encoder, UniversalSentenceEncoder):
        encoder = UniversalSentenceEncoder()
    theirs = {at for at, s in enumerate(sentences) if s.role is Role.CUSTOMER and s.carries_intent}
    # The recogniser also reads what was said just before the customer's words.
    asked = {at - 1 for at in theirs if at > 0}
    vectors = encoded([unit.text for unit in units], encoder, always=theirs | asked)
    signals = signals_for(
        sentences,
        vectors,
        recogniser=backends.recogniser,
        embedder=encoder,
        floor=backends.settings.intent_floor,
    )
    strongest: dict[int, tuple[IntentId, float]] = {}
    for signal in signals:
        if signal.p > strongest.get(signal.index, ("", 0.0))[1]:
            strongest[signal.index] = (signal.intent, signal.p)
    ranked = rank(units, salience(units, vectors), strongest, text=source.text)
    return [Found(source, moment) for moment in ranked]
