"""The rules of a verdict, one test a rule."""

from datetime import UTC, datetime

import pytest

from core.domain import VerdictKind
from core.errors import InvalidInput
from feedback.verdicts import (
    MAX_COMMENT_CHARACTERS,
    REASON_CODES,
    check_idempotency_key,
    make_verdict,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_an_accepted_suggestion_needs_nothing_else(make_suggestion) -> None:
    verdict = make_verdict(make_suggestion(), rep_id="rep-1", kind="accepted", now=NOW)
    assert verdict.kind is VerdictKind.ACCEPTED
    assert verdict.suggestion_id == "sug-1"
    assert (verdict.reason_code, verdict.comment, verdict.claim_ids) == (None, "", ())
    assert verdict.created_at == NOW


def test_two_verdicts_have_different_ids(make_suggestion) -> None:
    ids = {
        make_verdict(make_suggestion(), rep_id="r", kind="accepted", now=NOW).id for _ in range(2)
    }
    assert len(ids) == 2


def test_a_partial_acceptance_keeps_claims_in_the_suggestions_order(make_suggestion) -> None:
    verdict = make_verdict(
        make_suggestion(), rep_id="r", kind="partly_accepted", claim_ids=["c2", "c2"], now=NOW
    )
    assert verdict.claim_ids == ("c2",)


@pytest.mark.parametrize("reason", [code for code in REASON_CODES if code != "other"])
def test_a_rejection_takes_any_known_reason(reason: str, make_suggestion) -> None:
    verdict = make_verdict(
        make_suggestion(), rep_id="r", kind="rejected", reason_code=reason, now=NOW
    )
    assert verdict.reason_code == reason


def test_other_is_a_reason_once_a_comment_says_what_it_is(make_suggestion) -> None:
    verdict = make_verdict(
        make_suggestion(),
        rep_id="r",
        kind="rejected",
        reason_code="other",
        comment=" 换人了 ",
        now=NOW,
    )
    assert verdict.comment == "换人了"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "liked"}, "no kind"),
        ({"kind": "rejected"}, "needs a reason"),
        ({"kind": "rejected", "reason_code": "too_long"}, "no reason code"),
        ({"kind": "rejected", "reason_code": "other"}, "needs a comment"),
        ({"kind": "rejected", "reason_code": "other", "comment": "  "}, "needs a comment"),
        ({"kind": "rejected", "reason_code": "stale_fact", "claim_ids": ["c1"]}, "no claims"),
        ({"kind": "accepted", "claim_ids": ["c1"]}, "no claims"),
        ({"kind": "accepted", "reason_code": "stale_fact"}, "no reason"),
        ({"kind": "partly_accepted"}, "some of the claims"),
        ({"kind": "partly_accepted", "claim_ids": ["c1", "c2"]}, "some of the claims"),
        ({"kind": "partly_accepted", "claim_ids": ["c9"]}, "no claim 'c9'"),
        ({"kind": "accepted", "comment": "x" * (MAX_COMMENT_CHARACTERS + 1)}, "characters"),
        ({"kind": "accepted", "comment": "a\0b"}, "no text"),
        ({"kind": "accepted", "comment": "\ud800"}, "no text"),
    ],
)
def test_what_does_not_fit_together_is_refused(wrong, message: str, make_suggestion) -> None:
    with pytest.raises(InvalidInput, match=message) as raised:
        make_verdict(make_suggestion(), rep_id="r", now=NOW, **wrong)
    assert raised.value.remedy


def test_a_comment_of_the_greatest_length_is_kept(make_suggestion) -> None:
    text = "长" * MAX_COMMENT_CHARACTERS
    verdict = make_verdict(make_suggestion(), rep_id="r", kind="accepted", comment=text, now=NOW)
    assert verdict.comment == text


@pytest.mark.parametrize("key", ["", "  ", "x" * 201, "a\nb", "a\0"])
def test_an_unusable_idempotency_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        check_idempotency_key(key)


def test_a_uuid_is_a_usable_idempotency_key() -> None:
    check_idempotency_key("5f0c1f4e-9d59-4b52-9f5f-0d2f5ac0a8e1")
