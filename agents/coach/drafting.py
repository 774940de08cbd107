"""The slow path: a configured language model rewords suggestions, through the same verifier.

The model sees the evidence as numbered quotes inside data, never as instructions, and answers in
a closed schema: which suggestion, which evidence numbers, new wording. It cannot bring evidence
of its own, and wording that fails verification is thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.domain import Bilingual, Claim, Evidence, Suggestion
from core.errors import CoachError
from core.ports import LanguageModel

PROMPT = Path(__file__).parent / "prompts" / "reword.md"
MAX_WORDING_CHARACTERS = 400

_WORDING = {
    "type": "object",
    "properties": {
        "zh": {"type": "string", "minLength": 1, "maxLength": MAX_WORDING_CHARACTERS},
        "en": {"type": "string", "minLength": 1, "maxLength": MAX_WORDING_CHARACTERS},
    },
    "required": ["zh", "en"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "suggestions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer", "minimum": 1},
                    "move": _WORDING,
                    "claims": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "text": _WORDING,
                                "evidence": {"type": "array", "items": {"type": "integer"}},
                            },
                            "required": ["text", "evidence"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["number", "move", "claims"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["suggestions"],
    "additionalProperties": False,
}

ClaimHolds = Callable[[Claim], bool]
MoveHolds = Callable[[Bilingual, Sequence[Claim]], bool]


def reword(
    suggestions: Sequence[Suggestion],
    model: LanguageModel,
    *,
    claim_holds: ClaimHolds,
    move_holds: MoveHolds,
) -> tuple[tuple[Suggestion, ...], tuple[str, ...]]:
    """(suggestions in the same order, reasons for degradation). Nothing is lost on failure."""
    try:
        answer = model.complete(
            system=PROMPT.read_text(encoding="utf-8"),
            user=_user_turn(suggestions),
            schema=SCHEMA,
        )
    except CoachError as error:
        return tuple(suggestions), (f"language_model: {error.message}",)
    drafts = {d["number"]: d for d in answer["suggestions"]}
    reworded = []
    n_refused = 0
    for number, suggestion in enumerate(suggestions, start=1):
        draft = drafts.get(number)
        better = _apply(suggestion, draft, claim_holds, move_holds) if draft else None
        n_refused += draft is not None and better is None
        reworded.append(better or suggestion)
    refused = (f"language_model: {n_refused} rewordings failed verification",) if n_refused else ()
    return tuple(reworded), refused


def _user_turn(suggestions: Sequence[Suggestion]) -> str:
    return json.dumps(
        [
            {
                "number": number,
                "move": {"zh": s.move.zh, "en": s.move.en},
                "claims": [{"zh": c.text.zh, "en": c.text.en} for c in s.claims],
                "evidence": [
                    {"number": n, "speaker": e.speaker, "day": str(e.said_on), "quote": e.quote}
                    for n, e in enumerate(_evidence(s), start=1)
                ],
            }
            for number, s in enumerate(suggestions, start=1)
        ],
        ensure_ascii=False,
    )


def _evidence(suggestion: Suggestion) -> list[Evidence]:
    return list(dict.fromkeys(e for c in suggestion.claims for e in c.evidence))


def _apply(
    suggestion: Suggestion,
    draft: dict[str, Any],
    claim_holds: ClaimHolds,
    move_holds: MoveHolds,
) -> Suggestion | None:
    known = _evidence(suggestion)
    claims = []
    for number, made in enumerate(draft["claims"], start=1):
        cited = [known[n - 1] for n in made["evidence"] if 1 <= n <= len(known)]
        claim = Claim(id=f"c{number}", text=Bilingual(**made["text"]), evidence=tuple(cited))
        if cited and claim_holds(claim):
            claims.append(claim)
    move = Bilingual(**draft["move"])
    if not claims or not move_holds(move, claims):
        return None
    return replace(suggestion, move=move, claims=tuple(claims), drafted_by="model")
