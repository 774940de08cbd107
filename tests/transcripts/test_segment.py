"""Passages of a meeting."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import (
    Account,
    AccountId,
    Channel,
    Contact,
    ContactId,
    Deal,
    DealId,
    Opportunity,
    Role,
    Transcript,
    Utterance,
)
from transcripts.parse import parse_transcript
from transcripts.segment import LONGEST_PASSAGE, is_back_channel, meeting_passages

DEAL = Deal(
    account=Account(id=AccountId("acc-1"), name="星源"),
    opportunity=Opportunity(id=DealId("opp-1"), name="MES"),
    contacts=(Contact(id=ContactId("c-1"), name="王建国"),),
)
STARTED = datetime(2026, 11, 19, 5, 20, tzinfo=UTC)


def test_each_utterance_is_a_passage_with_its_speaker_and_times() -> None:
    text = "00:00:02 王建国: 预算冻结了。\n00:00:05 Ann: Why?\n00:00:08 王建国: 嗯\n"
    transcript = parse_transcript(text.encode(), name="m.txt")
    first, second, third = meeting_passages(
        transcript, deal=DEAL, started_at=STARTED, participants=()
    )
    assert (first.role, first.contact_id, first.speaker) == (Role.CUSTOMER, "c-1", "王建国")
    assert (first.start_ms, first.end_ms, first.occurred_at) == (2000, 5000, STARTED)
    assert (first.language, first.channel, first.carries_intent) == ("zh", Channel.MEETING, True)
    assert text[first.start : first.end] == first.text == "预算冻结了。"
    assert (second.role, second.language, second.carries_intent) == (Role.UNKNOWN, "en", True)
    assert third.carries_intent is False


def test_without_a_deal_nobody_is_known_and_without_a_start_no_time_is() -> None:
    transcript = parse_transcript(b"00:00:02 Ann: hi there", name="m.txt")
    (passage,) = meeting_passages(transcript, deal=None, started_at=None, participants=())
    assert (passage.role, passage.contact_id, passage.occurred_at) == (Role.UNKNOWN, None, None)


@pytest.mark.parametrize(
    "text",
    ["嗯", "嗯嗯嗯。", "OK.", "Mm-hmm.", "uh-huh", "哈哈哈", "……", "好的。", "ＯＫ", "Yeah."],
)
def test_signs_of_listening_carry_no_intent(text: str) -> None:
    assert is_back_channel(text)


@pytest.mark.parametrize(
    "text", ["不行", "可以", "No.", "Yes", "行。", "好贵", "OK, send it", "30万"]
)
def test_short_answers_may_carry_one(text: str) -> None:
    assert not is_back_channel(text)


def test_a_long_turn_is_cut_where_sentences_end_and_keeps_its_times() -> None:
    said = "我们今年的预算已经定了。" * 120
    transcript = Transcript(said, (Utterance(said, 0, len(said), "王建国", 5, 9),), format="plain")
    passages = meeting_passages(transcript, deal=DEAL, started_at=None, participants=())
    assert "".join(p.text for p in passages) == said
    assert all(p.text.endswith("。") and len(p.text) <= LONGEST_PASSAGE for p in passages)
    assert {(p.start_ms, p.end_ms) for p in passages} == {(5, 9)}
    assert len(passages) == 3


@given(st.text(st.sampled_from("ab 好，。!?\n."), min_size=1, max_size=2500), st.integers(0, 20))
def test_pieces_keep_every_word_in_its_place(said: str, at: int) -> None:
    said = said.strip()
    text = "-" * at + said + "-"
    transcript = Transcript(text, (Utterance(said, at, at + len(said)),), format="plain")
    passages = meeting_passages(transcript, deal=None, started_at=None, participants=())
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert all(len(p.text) <= LONGEST_PASSAGE for p in passages)
    assert "".join("".join(p.text.split()) for p in passages) == "".join(said.split())
