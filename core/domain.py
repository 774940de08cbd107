"""The frozen values that packages hand to each other.

Offsets are code points into a source's *original text*, the text that `Source.text` holds:
the decoded file for WebVTT, plain text and deal.json; the decoded body for an e-mail;
one paragraph a line for a Tencent Meeting transcript. Times are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, NewType

TenantId = NewType("TenantId", str)
AccountId = NewType("AccountId", str)
DealId = NewType("DealId", str)
ContactId = NewType("ContactId", str)
RepId = NewType("RepId", str)
SourceId = NewType("SourceId", str)
PassageId = NewType("PassageId", int)
SuggestionId = NewType("SuggestionId", str)
PlayId = NewType("PlayId", str)
IntentId = NewType("IntentId", str)
ConceptId = NewType("ConceptId", str)

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Channel(StrEnum):
    """Where words come from. KNOWLEDGE and TERM are shared by all accounts of a tenant."""

    EMAIL = "email"
    MEETING = "meeting"
    CHAT = "chat"
    CRM = "crm"
    TERM = "term"
    KNOWLEDGE = "knowledge"


class Role(StrEnum):
    """Who spoke. Only the customer's words carry intents; UNKNOWN is never guessed away."""

    CUSTOMER = "customer"
    REP = "rep"
    UNKNOWN = "unknown"


class Stage(StrEnum):
    LEAD = "lead"
    QUALIFIED = "qualified"
    DEMO = "demo"
    POC = "poc"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One sentence in both languages of the product."""

    zh: str
    en: str

    def get(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    name: str
    industry: str | None = None
    region: str | None = None
    n_employees: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    id: ContactId
    name: str
    title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Rep:
    id: RepId
    name: str
    email: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """The sales opportunity as the CRM has it; None where the record is silent."""

    id: DealId
    name: str
    stage: Stage | None = None
    amount: Decimal | None = None
    currency: str | None = None
    created_at: datetime | None = None
    expected_close: date | None = None
    closed_at: datetime | None = None
    budget_status: str | None = None
    decision_maker: ContactId | None = None
    competitors: tuple[str, ...] = ()
    trial_start: date | None = None
    trial_end: date | None = None
    next_step: str | None = None
    updated_at: datetime | None = None
    csat: float | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal folder's record. `extra` keeps keys that the format does not know."""

    account: Account
    opportunity: Opportunity
    contacts: tuple[Contact, ...] = ()
    rep: Rep | None = None
    products: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> DealId:
        return self.opportunity.id

    def contact(self, contact_id: str | None) -> Contact | None:
        return next((c for c in self.contacts if c.id == contact_id), None)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One speaker, uninterrupted. `start`/`end` delimit contiguous words in the source's text."""

    text: str
    start: int
    end: int
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A parsed meeting file: its original text and its utterances in time order."""

    text: str
    utterances: tuple[Utterance, ...]
    format: str
    title: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One original: a mail, a meeting, a CRM record, a shared text.

    `path` is relative to what was ingested; `sha256` is of the raw bytes; `version` counts edits.
    `account_id` is None for shared knowledge only; `meta["said_on"]` is `occurred_at`'s local day.
    """

    id: SourceId
    tenant_id: TenantId
    channel: Channel
    path: str
    sha256: str
    text: str
    title: str = ""
    account_id: AccountId | None = None
    deal_id: DealId | None = None
    occurred_at: datetime | None = None
    version: int = 1
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and cited: a piece of one source, `source.text[start:end] == text`.

    `id` is None until it is stored. `intents` are recognised at ingestion, sentence by sentence.
    """

    text: str
    start: int
    end: int
    channel: Channel
    role: Role = Role.UNKNOWN
    speaker: str | None = None
    contact_id: ContactId | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    occurred_at: datetime | None = None
    language: Language = "en"
    carries_intent: bool = True
    source_id: SourceId = SourceId("")
    account_id: AccountId | None = None
    deal_id: DealId | None = None
    id: PassageId | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found. `found_by` gives each arm's share of the score."""

    passage: Passage
    score: float
    found_by: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class IntentScore:
    """A calibrated probability in [0, 1] that the utterance carries the intent."""

    id: IntentId
    p: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """Scores above the reporting floor, highest first. `unsure`: the model would rather not say.

    `reported`: p that somebody else's words are passed on; `negative` and `positive`: p of the
    speaker's mood. None where nothing was read.
    """

    scores: tuple[IntentScore, ...]
    unsure: bool = False
    reported: float | None = None
    negative: float | None = None
    positive: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Exact words in one source. `source.text[start:end] == quote` and the hash must still match.

    For CRM evidence `crm_field` names the field; for a term `concept_id` names the concept.
    `said_on` is the calendar day where it was said: the UTC instant alone would shift it.
    """

    source_id: SourceId
    source_sha256: str
    file: str
    channel: Channel
    start: int
    end: int
    quote: str
    speaker: str | None = None
    role: Role = Role.UNKNOWN
    occurred_at: datetime | None = None
    said_on: date | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    crm_field: str | None = None
    concept_id: ConceptId | None = None
    passage_id: PassageId | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A customer's intent, observed once, with the words that show it.

    `reported`: p that another's words are passed on; `mood` in [-1, 1]: p positive − p negative.
    """

    intent: IntentId
    p: float
    evidence: Evidence
    reported: float | None = None
    mood: float | None = None


@dataclass(frozen=True, slots=True)
class PooledIntent:
    """An intent over the whole deal, strongest evidence first; `by_channel` holds each one's p."""

    id: IntentId
    p: float
    by_channel: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    last_seen_at: datetime | None = None


Severity = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """CRM and the customer's words disagree on `field`; `proposed` is what the CRM could say."""

    field: str
    crm: str | None
    observed: str
    severity: Severity
    crm_evidence: Evidence | None
    evidence: tuple[Evidence, ...]
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class DeviationReport:
    """Every compared field is in exactly one of the three."""

    deviations: tuple[Deviation, ...]
    consistent: tuple[str, ...]
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the reason, tied to the words that bear it."""

    id: str
    text: Bilingual
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Confidence:
    """`p` reads as a frequency of acceptance; `basis` says where it comes from."""

    p: float
    word: Literal["low", "medium", "high"]
    basis: Literal["prior", "calibrated"]
    n_verdicts: int
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One move with its verified claims. `versions` names the models and packs that made it."""

    id: SuggestionId
    deal_id: DealId
    play_id: PlayId
    title: Bilingual
    move: Bilingual
    claims: tuple[Claim, ...]
    confidence: Confidence
    wrong_if: Bilingual
    forbidden: tuple[str, ...]
    created_at: datetime
    stale: bool = False
    drafted_by: Literal["playbook", "model"] = "playbook"
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CoachAnswer:
    """What the sidebar shows. `missing` says what abstention waits for; `signals` were pooled."""

    deal_id: DealId
    suggestions: tuple[Suggestion, ...]
    intents: tuple[PooledIntent, ...]
    report: DeviationReport
    abstained: bool
    missing: tuple[Bilingual, ...]
    n_dropped_claims: int
    degraded: tuple[str, ...]
    signals: tuple[Signal, ...] = ()


class VerdictKind(StrEnum):
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Append-only. `claim_ids` lists the claims kept when partly accepted."""

    id: str
    suggestion_id: SuggestionId
    rep_id: str
    kind: VerdictKind
    created_at: datetime
    reason_code: str | None = None
    comment: str = ""
    claim_ids: tuple[str, ...] = ()
