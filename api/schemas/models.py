"""The HTTP API's bodies as pydantic models: what OpenAPI shows and what is validated.

Their fields equal the objects of api.schemas.answers, which the command line prints too.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from feedback.verdicts import REASON_CODES

Span = tuple[int, int]


class Text(BaseModel):
    """A sentence in both languages."""

    zh: str
    en: str


class EvidenceModel(BaseModel):
    """Exact words in one source: `span` counts code points of the file's original text."""

    file: str = Field(examples=["meetings/2026-10-22-quote-review.vtt"])
    channel: str = Field(examples=["meeting"])
    span: Span = Field(examples=[[1532, 1549]])
    quote: str = Field(examples=["能不能再让三个点"])
    speaker: str | None = Field(None, examples=["王建国"])
    role: str = Field(examples=["customer"])
    said_on: str | None = Field(None, examples=["2026-10-22"])
    start_ms: int | None = Field(None, examples=[184000])
    end_ms: int | None = Field(None, examples=[189500])
    crm_field: str | None = None
    concept_id: str | None = None
    source_id: str
    source_sha256: str
    reported: float | None = Field(
        None, description="p that the words pass on somebody else's, where that is 0.5 or more"
    )


class ClaimModel(BaseModel):
    id: str = Field(examples=["c1"])
    text: Text
    evidence: list[EvidenceModel]


class ConfidenceModel(BaseModel):
    """`p` reads as a frequency of acceptance; `basis` is "prior" until verdicts calibrate it."""

    p: float = Field(ge=0, le=1, examples=[0.64])
    word: Literal["low", "medium", "high"]
    basis: Literal["prior", "calibrated"]
    n_verdicts: int
    features: dict[str, float]


class SuggestionModel(BaseModel):
    id: str
    play: str = Field(examples=["money.trade_terms_for_discount"])
    title: Text
    move: Text
    claims: list[ClaimModel]
    confidence: ConfidenceModel
    wrong_if: Text
    forbidden: list[str]
    created_at: str
    stale: bool
    drafted_by: Literal["playbook", "model"]
    versions: dict[str, str]


class EarlierModel(BaseModel):
    intent: str = Field(examples=["money.budget_ready"])
    evidence: EvidenceModel


class IntentModel(BaseModel):
    """`changed_from`: what the customer had said earlier and took back with this intent."""

    id: str = Field(examples=["money.price_objection"])
    p: float
    by_channel: dict[str, float]
    last_seen_at: str | None
    evidence: list[EvidenceModel]
    changed_from: EarlierModel | None = None


class DeviationModel(BaseModel):
    field: str = Field(examples=["budget_status"])
    crm: str | None = Field(examples=["approved"])
    observed: str
    severity: Literal["low", "medium", "high"]
    proposed: str | None
    crm_evidence: EvidenceModel | None
    evidence: list[EvidenceModel]


class ReportModel(BaseModel):
    """Every compared field is in exactly one of the three lists."""

    deviations: list[DeviationModel]
    consistent: list[str]
    undecided: list[str]


class AnswerModel(ReportModel):
    """What the sidebar shows for one deal."""

    deal_id: str
    suggestions: list[SuggestionModel]
    intents: list[IntentModel]
    abstained: bool
    missing: list[Text]
    n_dropped_claims: int
    degraded: list[str]


class DeviationsModel(ReportModel):
    deal_id: str


class DealSummaryModel(BaseModel):
    id: str
    name: str
    account: str
    industry: str | None
    stage: str | None
    amount: str | None
    currency: str | None
    rep: str | None


class TouchpointModel(BaseModel):
    """One original of the deal, newest first."""

    source_id: str
    channel: str
    path: str
    title: str
    occurred_at: str | None
    said_on: str | None
    sender: str | None
    participants: list[str]
    automatic: bool
    version: int


class DealModel(BaseModel):
    """The CRM record as it was ingested, and the deal's touchpoints."""

    id: str
    account_id: str
    record: dict[str, Any]
    touchpoints: list[TouchpointModel]


class UtteranceModel(BaseModel):
    span: Span
    speaker: str | None
    role: str
    start_ms: int | None
    end_ms: int | None


class RegionModel(BaseModel):
    kind: str
    span: Span


class SourceModel(BaseModel):
    """An original text with what stands where in it."""

    id: str
    channel: str
    path: str
    title: str
    sha256: str
    version: int
    occurred_at: str | None
    said_on: str | None
    sender: str | None
    to: list[str]
    participants: list[str]
    text: str
    utterances: list[UtteranceModel]
    regions: list[RegionModel]


class ExcerptModel(BaseModel):
    """The words at a span with what stands around them; speaker and times for a meeting."""

    source_id: str
    source_sha256: str
    file: str
    channel: str
    span: Span
    before: str
    quote: str
    after: str
    speaker: str | None
    role: str
    said_on: str | None
    start_ms: int | None
    end_ms: int | None


class TermModel(BaseModel):
    id: str
    scheme: str
    pref_label: Text
    alt_labels: dict[str, list[str]]
    broader: list[Text]
    file: str


class VerdictRequest(BaseModel):
    """`claim_ids` are the claims kept, for a partly accepted one; a rejection has a reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "accepted"},
                {"kind": "partly_accepted", "claim_ids": ["c1"]},
                {"kind": "rejected", "reason_code": "wrong_stage", "comment": "还没到谈价阶段"},
            ]
        },
    )

    kind: Literal["accepted", "partly_accepted", "rejected"]
    reason_code: str | None = Field(None, description=f"One of {', '.join(REASON_CODES)}")
    comment: str = Field("", max_length=2000)
    claim_ids: list[str] = Field(default_factory=list, max_length=50)


class VerdictModel(BaseModel):
    id: str
    suggestion_id: str
    rep_id: str
    kind: str
    reason_code: str | None
    comment: str
    claim_ids: list[str]
    created_at: str


class ReviewedModel(BaseModel):
    """A suggestion that was shown, and the latest verdict on it."""

    suggestion: SuggestionModel
    verdict: VerdictModel


class HitModel(BaseModel):
    score: float
    found_by: dict[str, float]
    channel: str
    text: str
    speaker: str | None
    role: str
    occurred_at: str | None
    source_id: str
    span: Span


class HitsModel(BaseModel):
    query: str
    added: dict[str, float] = Field(description="Labels that the term packs add, with weights")
    hits: list[HitModel]


class UtteranceRequest(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "id": "u1",
                    "text": "你们比另一家贵了不少",
                    "speaker": "customer",
                    "channel": "meeting",
                }
            ]
        },
    )

    id: str
    text: str = Field(max_length=8000)
    lang: str | None = None
    speaker: Literal["customer", "rep", "unknown"] = "customer"
    channel: Literal["email", "meeting", "chat"] = "meeting"
    before: str = Field(default="", max_length=8000)
    """What the other side said just before."""


class LabelModel(BaseModel):
    id: str
    p: float


class SentimentModel(BaseModel):
    negative: float
    positive: float


class LabelledModel(BaseModel):
    """`reported` and `sentiment` are null where no customer spoke."""

    id: str
    labels: list[LabelModel]
    unsure: bool
    reported: float | None
    sentiment: SentimentModel | None


class FailureModel(BaseModel):
    path: str
    reason: str


class IngestModel(BaseModel):
    """Counts of one ingestion; `n_files` = new + replaced + unchanged + failed."""

    deals: list[str]
    n_deals: int
    n_files: int
    n_new: int
    n_replaced: int
    n_unchanged: int
    n_retired: int
    n_emails: int
    n_meetings: int
    n_utterances: int
    n_passages: int
    n_signals: int
    n_stale_suggestions: int
    n_reanchored_suggestions: int
    failures: list[FailureModel]
    warnings: list[FailureModel]
    seconds: float


class CallerModel(BaseModel):
    tenant: str
    role: str
    rep_id: str | None
    acts_as: str = Field(description="What verdicts name as their author")


class IntentMeaningModel(BaseModel):
    id: str
    meaning: Text


class TaxonomyModel(BaseModel):
    """The intents that the recogniser knows, in the order of its scores."""

    version: int
    intents: list[IntentMeaningModel]


class ProblemModel(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:junshi:error:not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["not_found"])
    detail: str = Field(examples=["There is no deal opp-9."])
    instance: str = Field(examples=["/v1/deals/opp-9"])
    remedy: str | None = None
