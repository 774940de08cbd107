"""Who held the floor and how, from utterances and their times alone: no audio is needed.

Turn-taking terms follow Heldner & Edlund, "Pauses, gaps and overlaps in conversations" (Journal of
Phonetics 38, 2010): silence is measured from the latest end so far, whoever spoke. A silence is
long from 1 s on: beyond Jefferson's "standard maximum silence of approximately one second"
(1989); answers usually come within 0.2 s (Stivers et al., PNAS 106, 2009).

Some exports give starts only, and the readers end each utterance where the next begins. Then
silence and overlap cannot be told from speech, and those figures are None, not 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Any, Literal

from core.domain import Role, Utterance
from core.text.language import language_of
from transcripts.questions import asks
from transcripts.segment import is_back_channel

LONG_PAUSE_MS = 1_000
# Less speech than this gives a pace that one rounded time stamp can double.
SHORTEST_FOR_PACE_MS = 10_000
MINUTE_MS = 60_000

Timing = Literal["measured", "until_next", "none"]
Span = tuple[int, int]
Roles = Mapping[str | None, Role]

_TAGS = re.compile(r"<[^<>]*>")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-zÀ-ɏ]+)*|\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Pace:
    """Han characters (a Latin word or number counts as one) a minute; English words a minute.

    None where less than SHORTEST_FOR_PACE_MS was spoken in the language.
    """

    zh_characters_per_min: float | None
    en_words_per_min: float | None


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence between utterances. `n_long` last more than 1 s; None where there is none at all."""

    n_long: int
    median_ms: int | None
    longest_ms: int | None


@dataclass(frozen=True, slots=True)
class Monologue:
    """The floor without another speaker; signs of listening do not interrupt it."""

    speaker: str
    start_ms: int
    ms: int


@dataclass(frozen=True, slots=True)
class SpeakerTalk:
    """One speaker; None pools the utterances of which nobody knows who spoke."""

    speaker: str | None
    role: Role
    n_turns: int
    n_utterances: int
    talk_ms: int | None
    share: float | None
    question_rate: float
    pace: Pace


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """Speakers in order of their first words; shares are of all speakers' talk time and add to 1.

    `timing` says what the times are worth: "measured", "until_next" (ends are the next start, so
    talk time includes silence, `pauses` and `overlap_ms` are None), or "none".
    """

    timing: Timing
    duration_ms: int | None
    n_utterances: int
    n_turns: int
    question_rate: float
    pace: Pace
    speakers: tuple[SpeakerTalk, ...]
    role_shares: Mapping[Role, float]
    longest_monologue: Monologue | None
    pauses: Pauses | None
    overlap_ms: int | None

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; roles by their names."""
        shape = asdict(self)
        shape["role_shares"] = {str(role): share for role, share in self.role_shares.items()}
        shape["speakers"] = [{**s, "role": str(s["role"])} for s in shape["speakers"]]
        return shape


def talk_figures(utterances: Sequence[Utterance], *, roles: Roles | None = None) -> TalkFigures:
    """The figures of one meeting. A speaker whom `roles` does not name is UNKNOWN."""
    roles = roles or {}
    timing = timing_of(utterances)
    spans = [span for u in utterances if (span := _span(u))]
    speakers = _speakers(utterances, roles)
    is_measured = timing == "measured"
    return TalkFigures(
        timing=timing,
        duration_ms=_duration(utterances),
        n_utterances=len(utterances),
        n_turns=len(_turns(utterances)),
        question_rate=question_rate(utterances),
        pace=pace_of(utterances),
        speakers=speakers,
        role_shares=_role_shares(speakers),
        longest_monologue=longest_monologue(utterances),
        pauses=pauses_of(spans) if is_measured else None,
        overlap_ms=overlap_ms(utterances) if is_measured else None,
    )


def timing_of(utterances: Sequence[Utterance]) -> Timing:
    """Whether ends were measured. Ends that all equal the next later start were filled in."""
    spans = [span for u in utterances if (span := _span(u))]
    if not spans:
        return "none"
    starts = sorted({u.start_ms for u in utterances if u.start_ms is not None})
    next_start = dict(pairwise(starts))
    followed = [(next_start[start], end) for start, end in spans if start in next_start]
    if followed and all(following == end for following, end in followed):
        return "until_next"
    return "measured"


def question_rate(utterances: Sequence[Utterance]) -> float:
    """The share of utterances that ask, in [0, 1]; 0.0 of none."""
    return _ratio(sum(asks(u.text) for u in utterances), len(utterances)) or 0.0


def pace_of(utterances: Iterable[Utterance]) -> Pace:
    """Spoken units a minute of the utterances' own time, each language by itself."""
    n_units = {"zh": 0, "en": 0}
    spoken_ms = {"zh": 0, "en": 0}
    for utterance in utterances:
        span = _span(utterance)
        if span is None:
            continue
        words = _TAGS.sub("", utterance.text)
        language = language_of(words)
        n_han = len(_HAN.findall(words)) if language == "zh" else 0
        n_units[language] += n_han + len(_WORD.findall(words))
        spoken_ms[language] += span[1] - span[0]
    zh, en = (
        round(n_units[lang] * MINUTE_MS / spoken_ms[lang], 1)
        if spoken_ms[lang] >= SHORTEST_FOR_PACE_MS
        else None
        for lang in ("zh", "en")
    )
    return Pace(zh_characters_per_min=zh, en_words_per_min=en)


def pauses_of(spans: Iterable[Span]) -> Pauses:
    """Silences between `spans`, in any order, each from the latest end so far to the next start."""
    merged = _union(spans)
    silences = [later - end for (_, end), (later, _) in pairwise(merged) if later > end]
    return Pauses(
        n_long=sum(ms > LONG_PAUSE_MS for ms in silences),
        median_ms=round(median(silences)) if silences else None,
        longest_ms=max(silences, default=None),
    )


def overlap_ms(utterances: Iterable[Utterance]) -> int:
    """Milliseconds in which two or more known speakers talk at once, each counted once."""
    edges: list[tuple[int, int]] = []
    for speaker, spans in _spans_by_speaker(utterances).items():
        if speaker is not None:
            for start, end in _union(spans):
                edges += [(start, 1), (end, -1)]
    total = n_talking = 0
    since = 0
    for at, step in sorted(edges):
        if n_talking >= 2:
            total += at - since
        n_talking += step
        since = at
    return total


def longest_monologue(utterances: Sequence[Utterance]) -> Monologue | None:
    """From one known speaker's first start to the last end before another takes the floor.

    The earlier one of equals. None when no known speaker has times. A nameless utterance ends a
    monologue: it may be somebody else's.
    """
    on_floor = [u for u in utterances if not is_back_channel(u.text)]
    best: Monologue | None = None
    for speaker, group in groupby(on_floor, key=lambda u: u.speaker):
        spans = [span for u in group if (span := _span(u))]
        if speaker is None or not spans:
            continue
        start_ms = min(start for start, _ in spans)
        ms = max(end for _, end in spans) - start_ms
        if best is None or ms > best.ms:
            best = Monologue(speaker, start_ms, ms)
    return best


def _speakers(utterances: Sequence[Utterance], roles: Roles) -> tuple[SpeakerTalk, ...]:
    by_speaker: dict[str | None, list[Utterance]] = {}
    for utterance in utterances:
        by_speaker.setdefault(utterance.speaker, []).append(utterance)
    talk_ms = {
        speaker: sum(end - start for start, end in _union(spans))
        for speaker, spans in _spans_by_speaker(utterances).items()
    }
    total_ms = sum(talk_ms.values())
    turns = [turn[0].speaker for turn in _turns(utterances)]
    return tuple(
        SpeakerTalk(
            speaker=speaker,
            role=roles.get(speaker, Role.UNKNOWN),
            n_turns=turns.count(speaker),
            n_utterances=len(said),
            talk_ms=talk_ms.get(speaker),
            share=_ratio(talk_ms.get(speaker, 0), total_ms),
            question_rate=question_rate(said),
            pace=pace_of(said),
        )
        for speaker, said in by_speaker.items()
    )


def _role_shares(speakers: Iterable[SpeakerTalk]) -> dict[Role, float]:
    """Only roles that somebody has; empty without times."""
    ms: dict[Role, int] = {}
    for one in speakers:
        if one.talk_ms is not None:
            ms[one.role] = ms.get(one.role, 0) + one.talk_ms
    total_ms = sum(ms.values())
    return {role: share for role in ms if (share := _ratio(ms[role], total_ms)) is not None}


def _turns(utterances: Sequence[Utterance]) -> list[list[Utterance]]:
    """Neighbours of one speaker together; nameless ones stay alone, they may be several people."""
    keyed = enumerate(utterances)
    grouped = groupby(keyed, key=lambda pair: pair[1].speaker or pair[0])
    return [[utterance for _, utterance in pairs] for _, pairs in grouped]


def _duration(utterances: Sequence[Utterance]) -> int | None:
    starts = [u.start_ms for u in utterances if u.start_ms is not None]
    ends = [u.end_ms for u in utterances if u.end_ms is not None]
    return max(*starts, *ends) - min(starts) if starts and ends else None


def _spans_by_speaker(utterances: Iterable[Utterance]) -> dict[str | None, list[Span]]:
    spans: dict[str | None, list[Span]] = {}
    for utterance in utterances:
        span = _span(utterance)
        if span is not None:
            spans.setdefault(utterance.speaker, []).append(span)
    return spans


def _span(utterance: Utterance) -> Span | None:
    start, end = utterance.start_ms, utterance.end_ms
    return (start, end) if start is not None and end is not None and end > start else None


def _union(spans: Iterable[Span]) -> list[Span]:
    """Disjoint, ascending, touching spans joined."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
