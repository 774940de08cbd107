"""From passages to intents with the words that show them, for ingestion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.intent.features import sentence_spans
from agents.intent.recogniser import Recogniser, Said
from core.domain import Channel, IntentId, Passage, Recognition, Role
from core.ports import Embedder, IntentRecogniser, Vectors

# "陈经理好,", "Dear Ms Hale,": a name and a mark are no words of their own.
_SALUTATION = re.compile(
    r"(?:尊敬的)?[\u4e00-\u9fff]{1,4}(?:总|经理|主任|老师|先生|女士|院长|处长|科长|部长|总监|工)"
    r"(?:您好|你好|好)?\s*[,:,:]|(?:各位)?[\u4e00-\u9fff]{0,6}(?:您好|你好|好)\s*[,:,:]"
    r"|(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^,:.!?]{0,40}[,:!]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SentenceIntent:
    """An intent in one sentence of passage number `index`; [start, end) lies in the source.

    `reported` and `mood` are the sentence's, as in `core.domain.Signal`.
    """

    index: int
    intent: IntentId
    p: float
    start: int
    end: int
    reported: float | None = None
    mood: float | None = None


@dataclass(frozen=True, slots=True)
class _Sentence:
    index: int
    text: str
    start: int
    end: int
    answers: int | None
    """The passage that the other side spoke just before, in a meeting or chat."""


def signals_for(
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    recogniser: IntentRecogniser,
    embedder: Embedder,
    floor: float,
) -> list[SentenceIntent]:
    """The intents with p >= `floor` in the order of the passages, their sentences, falling p.

    `vectors` (n, d) are the passages' own from `embedder`; a sentence that is its whole passage
    takes them over. Passages that carry no intent, or are not the customer's, give nothing.
    Where the recogniser was trained on another embedder, its own one reads the sentences again.
    """
    units = [
        _Sentence(
            index,
            passage.text[start:end],
            passage.start + start,
            passage.start + end,
            _answered(passages, index) if not passage.text[:start].strip() else None,
        )
        for index, passage in enumerate(passages)
        if passage.carries_intent and passage.role is Role.CUSTOMER
        for start, end in sentence_spans(passage)
        if not _SALUTATION.fullmatch(passage.text[start:end].strip())
    ]
    if not units:
        return []
    recognitions = _recognise(units, passages, vectors, recogniser, embedder)
    return [
        SentenceIntent(
            unit.index,
            score.id,
            score.p,
            unit.start,
            unit.end,
            reported=recognition.reported,
            mood=mood_of(recognition),
        )
        for unit, recognition in zip(units, recognitions, strict=True)
        for score in recognition.scores
        if score.p >= floor
    ]


def mood_of(recognition: Recognition) -> float | None:
    """p positive − p negative, in [-1, 1]; None where no mood was read."""
    if recognition.positive is None or recognition.negative is None:
        return None
    return recognition.positive - recognition.negative


def _recognise(
    units: Sequence[_Sentence],
    passages: Sequence[Passage],
    vectors: Vectors,
    recogniser: IntentRecogniser,
    embedder: Embedder,
) -> list[Recognition]:
    texts = [unit.text for unit in units]
    roles = [passages[unit.index].role for unit in units]
    channels = [passages[unit.index].channel for unit in units]
    before = ["" if unit.answers is None else passages[unit.answers].text for unit in units]
    if not isinstance(recogniser, Recogniser) or recogniser.embedder_name != embedder.name:
        return recogniser.recognise(texts, roles=roles, channels=channels, before=before)
    earlier = np.zeros((len(units), vectors.shape[1]), dtype=np.float32)
    spoken = [at for at, unit in enumerate(units) if unit.answers is not None]
    earlier[spoken] = vectors[[unit.answers for unit in units if unit.answers is not None]]
    return recogniser.recognise_vectors(
        Said(texts, _vectors_of(units, passages, vectors, embedder), before, earlier),
        embedder=embedder.name,
        roles=roles,
        channels=channels,
    )


def _answered(passages: Sequence[Passage], index: int) -> int | None:
    """The passage before `index` if somebody else spoke it in the same talk."""
    if index == 0:
        return None
    passage, earlier = passages[index], passages[index - 1]
    is_talk = passage.channel in (Channel.MEETING, Channel.CHAT)
    is_answer = earlier.source_id == passage.source_id and earlier.speaker != passage.speaker
    return index - 1 if is_talk and is_answer and earlier.text.strip() else None


def _vectors_of(
    units: Sequence[_Sentence], passages: Sequence[Passage], vectors: Vectors, embedder: Embedder
) -> Vectors:
    known = np.array([unit.text == passages[unit.index].text for unit in units])
    found = np.empty((len(units), vectors.shape[1]), dtype=np.float32)
    found[known] = vectors[[unit.index for unit, whole in zip(units, known, strict=True) if whole]]
    fresh = [unit.text for unit, whole in zip(units, known, strict=True) if not whole]
    if fresh:
        found[~known] = embedder.encode(fresh)
    return found
