"""Tencent Meeting's transcript details."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from transcripts.parse import parse_transcript


def paragraph(speaker: Any, *sentences: list[str], start: Any = 1000, end: Any = 2000) -> Any:
    return {
        "pid": "0",
        "start_time": start,
        "end_time": end,
        "speaker_info": speaker,
        "sentences": [{"sid": "0", "words": [{"text": w} for w in words]} for words in sentences],
    }


def details(*paragraphs: Any, **minutes: Any) -> bytes:
    return json.dumps({"minutes": {"paragraphs": paragraphs, **minutes}}).encode()


def test_words_are_joined_and_each_paragraph_is_one_line() -> None:
    raw = details(
        paragraph(
            {"userid": "u1", "username": "王建国"},
            ["预算", "冻结", "了", "。"],
            ["下", "季度", "再说"],
        ),
        paragraph({"userid": "u2", "username": "陈思远"}, ["好", "的"], start="2500", end="3000"),
    )
    transcript = parse_transcript(raw, name="m.json")
    assert transcript.text == "预算冻结了。下季度再说\n好的"
    assert transcript.format == "tencent"
    first, second = transcript.utterances
    assert (first.speaker, first.start, first.end) == ("王建国", 0, 11)
    assert (second.start_ms, second.end_ms) == (2500, 3000)
    assert transcript.text[second.start : second.end] == second.text == "好的"


def test_speakers_that_are_not_told_apart_yet_are_unknown() -> None:
    raw = details(paragraph({"username": "三楼会议室"}, ["喂"]), audio_detect=0)
    assert parse_transcript(raw, name="m.json").utterances[0].speaker is None


def test_objects_where_lists_are_documented_are_read() -> None:
    keyed = {
        "minutes": {
            "paragraphs": {
                "0": {
                    "speaker_info": [{"username": "李敏"}],
                    "sentences": {
                        "sid": "0",
                        "start_time": "7",
                        "words": {"wid": "0", "text": "行"},
                    },
                }
            }
        }
    }
    (utterance,) = parse_transcript(json.dumps(keyed).encode(), name="m.json").utterances
    assert (utterance.speaker, utterance.text, utterance.start_ms) == ("李敏", "行", 7)


def test_answers_saved_as_a_list_follow_each_other() -> None:
    pages = [json.loads(details(paragraph({"username": "a"}, [w]))) for w in ("one", "two")]
    assert parse_transcript(json.dumps(pages).encode(), name="m.json").text == "one\ntwo"


def test_empty_paragraphs_make_no_line_and_odd_times_are_none() -> None:
    raw = details(
        paragraph(None, [" "]), paragraph({}, ["a\nb"], start="soon", end=True), {"sentences": 3}
    )
    transcript = parse_transcript(raw, name="m.json")
    assert transcript.text == "a b"
    assert transcript.utterances[0].start_ms is None
    assert transcript.utterances[0].end_ms is None


def test_what_no_database_can_store_is_replaced() -> None:
    raw = b'{"minutes":{"paragraphs":[{"sentences":[{"words":[{"text":"a\\u0000\\ud800b"}]}]}]}}'
    assert parse_transcript(raw, name="m.json").text == "a\ufffd\ufffdb"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"minutes": {"paragraphs": [', "broken JSON at line 1"),
        (b'{"minutes": {}}', r"no minutes\.paragraphs"),
        (b"[1, 2]", r"no minutes\.paragraphs"),
        (b'{"minutes": {"paragraphs": []}}', "holds no utterance"),
        (b"[" * 100_000, "JSON beyond reading"),
    ],
)
def test_other_json_is_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        parse_transcript(raw, name="m.json")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["speaker_info", "sentences", "words", "text", "start_time", "username"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_any_shape_inside_is_read_or_refused_but_never_crashes(node: Any) -> None:
    try:
        transcript = parse_transcript(details(node, node), name="m.json")
    except InvalidInput:
        return
    lines = transcript.text.split("\n")
    assert sorted(u.text for u in transcript.utterances) == sorted(lines)
    for utterance in transcript.utterances:
        assert transcript.text[utterance.start : utterance.end] == utterance.text
