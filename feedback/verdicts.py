"""What makes a verdict: pure rules, so that every way in (API, console, import) applies the same.

A rejection must say why, because reasons are what the playbook and the calibrator learn from; a
partial acceptance must say which claims were worth keeping.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from core.domain import Suggestion, Verdict, VerdictKind
from core.errors import InvalidInput

REASON_CODES: tuple[str, ...] = (
    "wrong_stage",
    "customer_already_refused",
    "price_not_approved",
    "wrong_person",
    "stale_fact",
    "wrong_evidence",
    "not_our_way",
    "other",
)
MAX_COMMENT_CHARACTERS = 2_000
MAX_KEY_CHARACTERS = 200


def make_verdict(
    suggestion: Suggestion,
    *,
    rep_id: str,
    kind: str,
    now: datetime,
    reason_code: str | None = None,
    comment: str = "",
    claim_ids: Sequence[str] = (),
) -> Verdict:
    """A new verdict on the suggestion; claim ids in the suggestion's order.

    Raises InvalidInput where kind, reason, comment and claims do not fit each other.
    """
    known_kind = _kind(kind)
    text = comment.strip()
    _check_text(text)
    _check_reason(known_kind, reason_code, text)
    return Verdict(
        id=uuid.uuid4().hex,
        suggestion_id=suggestion.id,
        rep_id=rep_id,
        kind=known_kind,
        created_at=now,
        reason_code=reason_code,
        comment=text,
        claim_ids=_kept_claims(known_kind, suggestion, claim_ids),
    )


def check_idempotency_key(key: str) -> None:
    """Raises InvalidInput for a key that is blank, too long or not printable."""
    if not key.strip() or len(key) > MAX_KEY_CHARACTERS or not key.isprintable():
        raise InvalidInput(
            "The idempotency key is not usable.",
            remedy=f"Send 1 to {MAX_KEY_CHARACTERS} printable characters, such as a UUID.",
        )


def _kind(kind: str) -> VerdictKind:
    try:
        return VerdictKind(kind)
    except ValueError:
        raise InvalidInput(
            f"{kind!r} is no kind of verdict.", remedy=f"Use one of {', '.join(VerdictKind)}."
        ) from None


def _check_text(comment: str) -> None:
    if len(comment) > MAX_COMMENT_CHARACTERS:
        raise InvalidInput(
            f"The comment has {len(comment)} characters.",
            remedy=f"Keep it to {MAX_COMMENT_CHARACTERS}.",
        )
    # PostgreSQL stores neither of the two.
    if "\0" in comment or any("\ud800" <= c <= "\udfff" for c in comment):
        raise InvalidInput(
            "The comment holds characters that are no text.", remedy="Send plain text."
        )


def _check_reason(kind: VerdictKind, reason_code: str | None, comment: str) -> None:
    if reason_code is not None and reason_code not in REASON_CODES:
        raise InvalidInput(
            f"{reason_code!r} is no reason code.", remedy=f"Use one of {', '.join(REASON_CODES)}."
        )
    if kind is VerdictKind.REJECTED and reason_code is None:
        raise InvalidInput(
            "A rejection needs a reason.", remedy=f"Give one of {', '.join(REASON_CODES)}."
        )
    if kind is VerdictKind.ACCEPTED and reason_code is not None:
        raise InvalidInput(
            "An accepted suggestion takes no reason.", remedy="Leave reason_code out."
        )
    if reason_code == "other" and not comment:
        raise InvalidInput('The reason "other" needs a comment.', remedy="Say what it was.")


def _kept_claims(
    kind: VerdictKind, suggestion: Suggestion, claim_ids: Sequence[str]
) -> tuple[str, ...]:
    known = [claim.id for claim in suggestion.claims]
    if kind is not VerdictKind.PARTLY_ACCEPTED:
        if claim_ids:
            raise InvalidInput(
                f"A verdict {kind.value!r} takes no claims.", remedy="Leave claim_ids out."
            )
        return ()
    if strangers := [c for c in claim_ids if c not in known]:
        raise InvalidInput(
            f"The suggestion has no claim {strangers[0]!r}.", remedy=f"Its claims: {known}."
        )
    kept = tuple(c for c in known if c in claim_ids)
    if not 0 < len(kept) < len(known):
        raise InvalidInput(
            "A partial acceptance keeps some of the claims, not none and not all.",
            remedy="Name the claims that held, or accept or reject the whole.",
        )
    return kept
