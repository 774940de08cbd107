"""A language model may reword; it cannot bring evidence, figures or names of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from agents.coach.drafting import SCHEMA, reword
from core.domain import (
    Bilingual,
    Channel,
    Claim,
    Confidence,
    DealId,
    Evidence,
    PlayId,
    Role,
    SourceId,
    Suggestion,
    SuggestionId,
)
from core.errors import BackendFailed
from core.fakes import ScriptedModel
from core.llm.openai_compatible import parse_answer
from retrieval.verify import verify_claim

EVIDENCE = Evidence(
    source_id=SourceId("s1"),
    source_sha256="0" * 64,
    file="emails/1.eml",
    channel=Channel.EMAIL,
    start=0,
    end=21,
    quote="预算批了四十八万,不过要等法务看完合同。",
    speaker="王建国",
    role=Role.CUSTOMER,
    occurred_at=datetime(2026, 11, 3, 2, 0, tzinfo=UTC),
    said_on=date(2026, 11, 3),
)
SUGGESTION = Suggestion(
    id=SuggestionId("x"),
    deal_id=DealId("d"),
    play_id=PlayId("p"),
    title=Bilingual("题", "Title"),
    move=Bilingual("请王建国约法务", "Ask 王建国 to bring in legal"),
    claims=(Claim("c1", Bilingual("原话:“预算批了”", "Said: “预算批了”"), (EVIDENCE,)),),
    confidence=Confidence(0.6, "medium", "prior", 0, {}),
    wrong_if=Bilingual("已签", "signed"),
    forbidden=(),
    created_at=datetime(2026, 11, 24, tzinfo=UTC),
)


def answer(
    zh: str, en: str, *, evidence: Sequence[int] = (1,), move: str = "约法务"
) -> dict[str, Any]:
    claim = {"text": {"zh": zh, "en": en}, "evidence": list(evidence)}
    return {
        "suggestions": [{"number": 1, "move": {"zh": move, "en": "Meet legal"}, "claims": [claim]}]
    }


def reworded(model: ScriptedModel) -> tuple[Suggestion, tuple[str, ...]]:
    def claim_holds(claim: Claim) -> bool:
        texts = (claim.text.zh, claim.text.en)
        return all(verify_claim(t, claim.evidence, names=("王建国",)).supported for t in texts)

    def move_holds(move: Bilingual, claims: Sequence[Claim]) -> bool:
        evidence = [e for c in claims for e in c.evidence]
        return all(
            verify_claim(t, evidence, names=("王建国", "李敏"), facts_only=True).supported
            for t in (move.zh, move.en)
        )

    suggestions, reasons = reword(
        [SUGGESTION], model, claim_holds=claim_holds, move_holds=move_holds
    )
    return suggestions[0], reasons


def test_wording_that_its_evidence_bears_is_taken() -> None:
    model = ScriptedModel(
        answer("王建国说预算批了48万", "王建国 said the budget of 480,000 is approved")
    )
    suggestion, reasons = reworded(model)
    assert suggestion.drafted_by == "model"
    assert suggestion.claims[0].evidence == (EVIDENCE,)
    assert reasons == ()


def test_another_sum_is_thrown_away_and_said() -> None:
    model = ScriptedModel(answer("王建国说预算批了58万", "王建国 said the budget is approved"))
    suggestion, reasons = reworded(model)
    assert suggestion == SUGGESTION
    assert reasons == ("language_model: 1 rewordings failed verification",)


def test_evidence_that_was_not_given_cannot_be_cited() -> None:
    model = ScriptedModel(answer("王建国说预算批了", "Said so", evidence=[7]))
    assert reworded(model)[0] == SUGGESTION


def test_a_move_that_names_somebody_else_is_thrown_away() -> None:
    model = ScriptedModel(answer("王建国说预算批了", "王建国: approved", move="改约李敏"))
    assert reworded(model)[0] == SUGGESTION


def test_a_model_that_fails_costs_nothing_but_polish() -> None:
    model = ScriptedModel(BackendFailed("The language model did not answer."))
    suggestion, reasons = reworded(model)
    assert suggestion == SUGGESTION
    assert reasons == ("language_model: The language model did not answer.",)


def test_customers_words_reach_the_model_as_data_only() -> None:
    model = ScriptedModel(answer("王建国说预算批了", "王建国: approved"))
    reworded(model)
    system, user, schema = model.asked[0]
    assert EVIDENCE.quote in user
    assert EVIDENCE.quote not in system
    assert schema is SCHEMA
    assert parse_answer('{"suggestions": []}', schema) == {"suggestions": []}
