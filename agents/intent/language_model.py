"""Intents by a configured language model: an option for those who run one, slower by far.

The words go in as data, never as instructions, and the answer is a closed schema: numbers of the
utterances and ids of the taxonomy. The probabilities are the model's own word and not calibrated.
When the model fails, BackendFailed or ModelOutputInvalid reaches the caller: half-labelled
material would look like a customer who wants nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from agents.intent.recogniser import REPORT_FROM
from agents.intent.taxonomy import load_taxonomy
from core.domain import Channel, IntentId, IntentScore, Recognition, Role
from core.errors import ModelOutputInvalid
from core.ports import LanguageModel

PROMPT = Path(__file__).parent / "prompts" / "intents.md"
# So many that the instructions are shared, so few that a small model keeps count.
BATCH = 20
# Between these the model contradicts itself as often as not.
UNSURE = (0.35, 0.65)


class LanguageModelRecogniser:
    """A `core.ports.IntentRecogniser`."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.version = f"{model.name}/taxonomy-{load_taxonomy().version}"

    def recognise(
        self,
        texts: Sequence[str],
        *,
        roles: Sequence[Role],
        channels: Sequence[Channel],
        before: Sequence[str] | None = None,
    ) -> list[Recognition]:
        """One recognition a text, in order. Raises BackendFailed, ModelOutputInvalid."""
        context = list(before) if before is not None else [""] * len(texts)
        if not len(texts) == len(roles) == len(channels) == len(context):
            raise ValueError(f"{len(texts)} texts, {len(roles)} roles, {len(context)} before")
        found = [Recognition(()) for _ in texts]
        asked = [at for at, role in enumerate(roles) if role is Role.CUSTOMER and texts[at].strip()]
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            answers = self._ask([(texts[at], context[at]) for at in batch])
            for at, answer in zip(batch, answers, strict=True):
                found[at] = _recognition(answer)
        return found

    @cached_property
    def _system(self) -> str:
        taxonomy = load_taxonomy()
        return (
            PROMPT.read_text(encoding="utf-8")
            .replace("{intents}", "\n".join(f"- {i}: {m.en}" for i, m in taxonomy.meanings.items()))
            .replace("{rules}", "\n".join(f"- {rule}" for rule in taxonomy.rules))
        )

    def _ask(self, said: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        user = json.dumps(
            [
                {"number": number, "text": text, "before": before}
                for number, (text, before) in enumerate(said, 1)
            ],
            ensure_ascii=False,
        )
        answer = self._model.complete(system=self._system, user=user, schema=schema())
        by_number = {one["number"]: one for one in answer["utterances"]}
        if set(by_number) != set(range(1, len(said) + 1)):
            raise ModelOutputInvalid(
                f"The language model labelled {len(by_number)} of {len(said)} utterances.",
                remedy="Set JUNSHI_INTENTS=embedded, or configure a larger model.",
            )
        return [by_number[number] for number in range(1, len(said) + 1)]


def schema() -> dict[str, Any]:
    p = {"type": "number", "minimum": 0, "maximum": 1}
    label = {
        "type": "object",
        "properties": {"id": {"enum": list(load_taxonomy().ids)}, "p": p},
        "required": ["id", "p"],
        "additionalProperties": False,
    }
    fields: dict[str, Any] = {
        "number": {"type": "integer", "minimum": 1},
        "labels": {"type": "array", "items": label},
        "reported": p,
        "negative": p,
        "positive": p,
    }
    utterance = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"utterances": {"type": "array", "items": utterance}},
        "required": ["utterances"],
        "additionalProperties": False,
    }


def _recognition(answer: dict[str, Any]) -> Recognition:
    best: dict[IntentId, float] = {}
    for label in answer["labels"]:
        best[label["id"]] = max(float(label["p"]), best.get(label["id"], 0.0))
    scores = [IntentScore(intent, p) for intent, p in best.items() if p >= REPORT_FROM]
    scores.sort(key=lambda score: (-score.p, score.id))
    return Recognition(
        tuple(scores),
        unsure=bool(scores) and UNSURE[0] <= scores[0].p <= UNSURE[1],
        reported=float(answer["reported"]),
        negative=float(answer["negative"]),
        positive=float(answer["positive"]),
    )
