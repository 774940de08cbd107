"""Plain text: the line forms, the exports, and what is no transcript."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import Transcript
from core.errors import InvalidInput
from transcripts.parse import parse_transcript


def parse(text: str) -> Transcript:
    transcript = parse_transcript(text.encode(), name="m.txt")
    assert transcript.text == text
    for utterance in transcript.utterances:
        assert text[utterance.start : utterance.end] == utterance.text
    return transcript


TWO = [("王建国", "预算冻结了。", 2000), ("Li Min", "Until when?", 67000)]


@pytest.mark.parametrize(
    "text",
    [
        "00:00:02 王建国: 预算冻结了。\n00:01:07 Li Min: Until when?\n",
        "00:00:02 王建国：预算冻结了。\r\n00:01:07 Li Min: Until when?\r\n",
        "[00:00:02] 王建国: 预算冻结了。\n[00:01:07] Li Min: Until when?",
        "【00:00:02】王建国：预算冻结了。\n【00:01:07】Li Min：Until when?",
        "[00:02] 王建国: 预算冻结了。\n[01:07] Li Min: Until when?",
        "00:02 王建国: 预算冻结了。\n01:07 Li Min: Until when?",
        "王建国 00:00:02\n预算冻结了。\n\nLi Min 00:01:07\nUntil when?\n",
        "王建国  00:02\n\n预算冻结了。\n\nLi Min  01:07\nUntil when?\n",
        "王建国(00:00:02): 预算冻结了。\nLi Min(00:01:07): Until when?\n",
        "王建国（00：00：02）：预算冻结了。\nLi Min（00：01：07）：\nUntil when?\n",
        "[王建国] 00:00:02\n预算冻结了。\n[Li Min] 00:01:07\nUntil when?\n",
        "00:00:02 - 00:00:05 王建国: 预算冻结了。\n00:01:07 - 00:01:09 Li Min: Until when?",
        "00:00:02 | 王建国: 预算冻结了。\n00:01:07 | Li Min: Until when?",
    ],
)
def test_every_written_form_gives_the_same_turns(text: str) -> None:
    found = [(u.speaker, u.text, u.start_ms) for u in parse(text).utterances]
    assert found == TWO


def test_an_utterance_ends_where_the_next_one_starts() -> None:
    transcript = parse("00:00:02 Ann: a\n00:00:02 Ben: b\n00:00:09 Ann: c\n")
    assert [u.end_ms for u in transcript.utterances] == [9000, 9000, None]


def test_a_feishu_export_has_title_and_preamble_before_the_words() -> None:
    text = (
        "蓝启云续约沟通会\n2026年11月19日 下午 3:00|5分钟 15秒\n\n"
        "关键词:\n续约、绩效\n\n文字记录:\n"
        "苏晴 00:00:02\n沈总好。\n\n沈岚 00:00:07\n第一句。\n第二句。\n\n另起一段。\n"
    )
    transcript = parse(text)
    assert transcript.title == "蓝启云续约沟通会"
    assert [(u.speaker, u.text) for u in transcript.utterances] == [
        ("苏晴", "沈总好。"),
        ("沈岚", "第一句。\n第二句。"),
        ("沈岚", "另起一段。"),
    ]


def test_wrapped_lines_belong_to_the_turn_but_a_footer_to_nobody() -> None:
    transcript = parse("00:00:02 Ann: one\ntwo\n\nMade by software\n")
    assert [(u.speaker, u.text, u.start_ms) for u in transcript.utterances] == [
        ("Ann", "one\ntwo", 2000),
        (None, "Made by software", None),
    ]


def test_a_name_beside_the_time_with_the_words_below_is_read_where_it_recurs() -> None:
    text = (
        "00:00:02 王建国\n预算冻结了。\n00:00:05 李敏\n行。\n"
        "00:00:08 王建国\n好。\n00:00:11 李敏\n嗯。\n"
    )
    assert [u.speaker for u in parse(text).utterances] == ["王建国", "李敏", "王建国", "李敏"]


def test_a_timed_line_without_name_has_no_speaker() -> None:
    transcript = parse("00:00:02 Ann: hi\n00:00:05 So here's the thing: no.\n00:00:07 Fine.\n")
    assert [(u.speaker, u.text) for u in transcript.utterances] == [
        ("Ann", "hi"),
        (None, "So here's the thing: no."),
        (None, "Fine."),
    ]


def test_a_time_that_someone_speaks_is_no_new_turn() -> None:
    transcript = parse("00:00:02 Ann: see you\n10:30 Meeting: budget\nat 11:00\n")
    (utterance,) = transcript.utterances
    assert utterance.text == "see you\n10:30 Meeting: budget\nat 11:00"


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nplease find the offer.\n",
        "10:30 Meeting: budget\n11:00 Lunch: pizza\n",
        "Call me at 10:30:00\nthanks",
        "Updated: 2026-11-19 10:30:00\nnothing here",
        "价格：三十万\n周期：两个月\n",
    ],
)
def test_text_that_is_no_transcript_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"m\.txt holds no utterance.*WebVTT"):
        parse(text)


lines = st.lists(
    st.sampled_from(
        [
            "Ann: hi",
            "00:00:01 Ann: a",
            "王建国 00:00:07",
            "(00:00:03) b",
            "",
            " ",
            "好。",
            "李敏(00:09): c",
        ]
    )
    | st.text(st.sampled_from("a 好:：0123()[]-.\u2028\x0c"), max_size=20),
    max_size=12,
)


@given(lines=lines, newline=st.sampled_from(["\n", "\r\n", "\r"]))
def test_offsets_lead_back_to_the_words_and_never_overlap(lines: list[str], newline: str) -> None:
    transcript = parse(newline.join(["00:00:00 Zoe: start", *lines]))
    spans = sorted((u.start, u.end) for u in transcript.utterances)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(u.text == u.text.strip() and u.text for u in transcript.utterances)
