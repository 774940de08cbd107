"""A meeting becomes passages: one for each utterance, long ones cut where sentences end.

Cues are short, so they are indexed as they are: a citation then has exact times. Only a
recogniser's run-on turn is cut, because a long passage blurs what search finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from core.domain import Channel, Deal, Passage, Role, Transcript, Utterance
from core.text.language import language_of
from core.text.normalise import normalise
from core.text.sentences import sentences
from transcripts.speakers import UNKNOWN, role_in_meeting

# About a minute and a half of Chinese speech, forty seconds of English.
LONGEST_PASSAGE = 600

_SOUND = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"(.)\1+")
# Signs of listening. Short answers (yes, no, 行, 不行, 可以) are not among them: they may agree.
_BACK_CHANNELS = frozenset(
    "嗯 嗯哼 哦 噢 喔 啊 呃 额 唔 诶 欸 哎 唉 喂 哈 呵 嘿 嗨 对 好 好的 是的 您说 你说 拜 再见"
    " 你好 您好 ok okay k kay mm mhm hm hmm mmhmm uh um uhhuh huh ah oh er erm yeah yep right sure"
    " hi hey hello bye byebye haha thanks".split()
)


def meeting_passages(
    transcript: Transcript,
    *,
    deal: Deal | None,
    started_at: datetime | None,
    participants: Sequence[Any] = (),
) -> list[Passage]:
    """In the transcript's order, `transcript.text[p.start:p.end] == p.text`, nothing left out.

    Participants have `.name` and `.email`. Without a deal every role is UNKNOWN. The pieces of a
    cut utterance keep its times: where in between a sentence fell is not known.
    """
    speakers = {u.speaker for u in transcript.utterances}
    roles = {
        speaker: role_in_meeting(speaker, deal=deal, participants=participants) if deal else UNKNOWN
        for speaker in speakers
    }
    return [
        _passage(transcript, utterance, start, end, roles[utterance.speaker], started_at)
        for utterance in transcript.utterances
        for start, end in _pieces(utterance)
    ]


def is_back_channel(text: str) -> bool:
    """Whether the words only show that someone listens, or are none at all."""
    sound = _SOUND.sub("", normalise(text, casefold=True).text)
    return not sound or sound in _BACK_CHANNELS or _REPEATED.sub(r"\1", sound) in _BACK_CHANNELS


def _pieces(utterance: Utterance) -> Iterator[tuple[int, int]]:
    """Spans of at most LONGEST_PASSAGE, in code points of the transcript's text."""
    if utterance.end - utterance.start <= LONGEST_PASSAGE:
        yield utterance.start, utterance.end
        return
    first, last = -1, -1
    for start, end in sentences(utterance.text):
        if first >= 0 and end - first > LONGEST_PASSAGE:
            yield utterance.start + first, utterance.start + last
            first = -1
        first, last = (start if first < 0 else first), end
    if first >= 0:
        yield utterance.start + first, utterance.start + last


def _passage(
    transcript: Transcript,
    utterance: Utterance,
    start: int,
    end: int,
    who: tuple[Role, Any],
    started_at: datetime | None,
) -> Passage:
    text = transcript.text[start:end]
    return Passage(
        text=text,
        start=start,
        end=end,
        channel=Channel.MEETING,
        role=who[0],
        speaker=utterance.speaker,
        contact_id=who[1],
        start_ms=utterance.start_ms,
        end_ms=utterance.end_ms,
        occurred_at=started_at,
        language=language_of(text),
        carries_intent=not is_back_channel(text),
    )
