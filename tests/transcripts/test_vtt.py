"""WebVTT and SubRip: worked cases, one for each trap."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import Transcript
from transcripts.parse import parse_transcript


def parse(text: str, name: str = "m.vtt") -> Transcript:
    transcript = parse_transcript(text.encode(), name=name)
    for utterance in transcript.utterances:
        assert transcript.text[utterance.start : utterance.end] == utterance.text
    return transcript


def said(text: str, name: str = "m.vtt") -> list[tuple[str | None, str]]:
    return [(u.speaker, u.text) for u in parse(text, name).utterances]


ZOOM = """WEBVTT

1
00:00:02.300 --> 00:00:04.995
Denise Kowalczyk: The budget is frozen.

2
00:00:05.884 --> 00:00:12.945
王建国: 预算冻结了。
"""


def test_zoom_names_stand_before_the_colon_and_outside_the_words() -> None:
    transcript = parse(ZOOM)
    first, second = transcript.utterances
    assert (first.speaker, first.text) == ("Denise Kowalczyk", "The budget is frozen.")
    assert (first.start_ms, first.end_ms) == (2300, 4995)
    assert (second.speaker, second.text) == ("王建国", "预算冻结了。")
    assert transcript.text == ZOOM
    assert transcript.format == "vtt"


def test_teams_voices_name_the_speaker_and_the_closing_tag_is_optional() -> None:
    text = (
        "WEBVTT\n\nc9185734/6-0\n00:00:01.000 --> 00:00:02.000\n<v 郭雨晴>下午好</v>\n\n"
        "00:00:03.000 --> 00:00:04.000\n<v.loud Anna &amp; Bob>We agree.\n"
    )
    assert said(text) == [("郭雨晴", "下午好"), ("Anna & Bob", "We agree.")]


def test_two_voices_in_one_cue_are_two_utterances_of_the_same_time() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Yes.</v>\n<v Ben>No.</v> [noise]\n"
    assert said(text) == [("Ann", "Yes."), ("Ben", "No."), (None, "[noise]")]
    assert {u.start_ms for u in parse(text).utterances} == {1000}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end_of_the_standard_is_one_and_is_kept(newline: str) -> None:
    text = ZOOM.replace("\n", newline)
    transcript = parse(text)
    assert transcript.text == text
    assert [u.speaker for u in transcript.utterances] == ["Denise Kowalczyk", "王建国"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse("\ufeff" + ZOOM).text == ZOOM


def test_hours_are_optional_and_settings_are_no_words() -> None:
    text = "WEBVTT\n\n01:02.500 --> 01:03.000 align:start position:0%\nhello there\n"
    (utterance,) = parse(text).utterances
    assert (utterance.text, utterance.start_ms, utterance.end_ms) == ("hello there", 62500, 63000)


def test_one_digit_times_as_stream_writes_them_are_read() -> None:
    (utterance,) = parse("WEBVTT\n\n0:0:3.57 --> 0:0:8.6\nhi all\n").utterances
    assert (utterance.start_ms, utterance.end_ms) == (3570, 8600)


def test_notes_styles_and_regions_hold_no_words() -> None:
    text = (
        "WEBVTT - Kickoff\nKind: captions\n\nSTYLE\n::cue { color: lime }\n\nREGION\nid:fred\n\n"
        "NOTE\nNobody: said this\n\nNOTE one line\n\n00:01.000 --> 00:02.000\nAnn: NOTE that.\n"
    )
    transcript = parse(text)
    assert [(u.speaker, u.text) for u in transcript.utterances] == [("Ann", "NOTE that.")]
    assert transcript.title == "Kickoff"


def test_a_cue_identifier_may_begin_with_note() -> None:
    assert said("WEBVTT\n\nNOTES-1\n00:01.000 --> 00:02.000\nhello\n") == [(None, "hello")]


def test_a_cue_inside_a_note_was_taken_out_by_its_author() -> None:
    text = "WEBVTT\n\nNOTE\n00:01.000 --> 00:02.000\nwithdrawn\n\n00:03.000 --> 00:04.000\nkept\n"
    assert said(text) == [(None, "kept")]


def test_a_spoken_arrow_is_no_timing_line() -> None:
    text = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnn: We go\nA --> B\nthen C\n"
    assert said(text) == [("Ann", "We go\nA --> B\nthen C")]


def test_a_clock_time_is_no_speaker() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: hi\n\n"
        "00:03.000 --> 00:04.000\n10:30 Meeting: budget\n"
    )
    assert said(text) == [("Ann", "hi"), (None, "10:30 Meeting: budget")]


@pytest.mark.parametrize(
    "words",
    [
        "So here's the thing: we can't.",
        "The problem is: no budget",
        "我的意思是：先不签",
        "第一点：价格太高",
        "see https://example.com for it",
        "Note: we agreed",
        "What I want, really: a date",
    ],
)
def test_a_clause_with_a_colon_is_no_speaker(words: str) -> None:
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: hi\n\n00:03.000 --> 00:04.000\n{words}\n"
    assert said(text)[1] == (None, words)


@pytest.mark.parametrize(
    "name",
    [
        "J. Smith",
        "Wang, Jianguo",
        "王建国 | 星源",
        "王建国-采购部",
        "HQ Conf Room B",
        "三楼会议室",
        "marcus hale",
        "O’Brien (Host)",
        "+1 555***1234567",
        "Do Thi Ha",
        "说话人 1",
    ],
)
def test_display_names_of_every_kind_are_speakers(name: str) -> None:
    assert said(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{name}: fine words\n") == [
        (name, "fine words")
    ]


def test_captions_without_speakers_stay_without_in_spite_of_a_stray_colon() -> None:
    cues = [f"00:{i:02d}.000 --> 00:{i:02d}.900\nplain words {i}\n" for i in range(20)]
    cues.append("00:30.000 --> 00:31.000\nDelivery: four weeks\n")
    assert {speaker for speaker, _ in said("WEBVTT\n\n" + "\n".join(cues))} == {None}


def test_a_second_known_name_in_one_cue_starts_a_new_utterance() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nBen: hi\n\n"
        "00:03.000 --> 00:04.000\nAnn: one\nBen: two\nScope: three\n"
    )
    assert said(text) == [("Ben", "hi"), ("Ann", "one"), ("Ben", "two\nScope: three")]


def test_empty_cues_are_dropped() -> None:
    text = (
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n\n2\n00:02.000 --> 00:03.000\n<i> </i>&nbsp;\n\n"
        "3\n00:03.000 --> 00:04.000\nAnn: \n\n4\n00:04.000 --> 00:05.000\nAnn: there\n"
    )
    assert said(text) == [("Ann", "there")]


def test_overlapping_and_disordered_cues_come_in_time_order() -> None:
    text = (
        "WEBVTT\n\n00:05.000 --> 00:09.000\nlate\n\n00:01.000 --> 00:06.000\nearly\n\n"
        "00:07.000 --> 00:03.000\nbackwards\n"
    )
    assert [(u.text, u.end_ms) for u in parse(text).utterances] == [
        ("early", 6000),
        ("late", 9000),
        ("backwards", None),
    ]


def test_inner_tags_and_entities_stay_as_they_are_written() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<i>R&amp;D <b>won't</b> pay</i>\n"
    assert said(text) == [(None, "R&amp;D <b>won't</b> pay")]


def test_the_last_cue_may_lack_its_words_or_its_line_end() -> None:
    assert said("WEBVTT\n\n00:01.000 --> 00:02.000\nhello") == [(None, "hello")]
    assert said("WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n\n00:03.000 --> 00:04.000") == [
        (None, "hello")
    ]


SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\n王建国：价格太高\n"
    "2\n00:00:03,000 --> 00:00:04,500\n李敏: 行\n"
)


@pytest.mark.parametrize("name", ["m.srt", "m.txt"])
def test_subrip_has_commas_and_may_lack_the_empty_line(name: str) -> None:
    transcript = parse(SRT, name)
    assert [(u.speaker, u.text) for u in transcript.utterances] == [
        ("王建国", "价格太高"),
        ("李敏", "行"),
    ]
    assert (transcript.format, transcript.utterances[1].end_ms) == ("srt", 4500)


def test_a_line_of_blanks_inside_a_cue_does_not_end_it() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\none\n \ntwo\n \n2\n00:03.000 --> 00:04.000\nthree\n"
    assert said(text) == [(None, "one\n \ntwo"), (None, "three")]


words = st.text(
    st.sampled_from("ab 好，。:：<>/&-v!\u2028\u3000\x0c.0123"), min_size=1, max_size=30
)


@given(
    cues=st.lists(st.tuples(st.integers(0, 9_000), words), min_size=1, max_size=8),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    form=st.sampled_from(["{}", "Ann: {}", "<v Ann>{}</v>", "<v 王建国>{}"]),
)
def test_offsets_always_lead_back_to_the_same_words(
    cues: list[tuple[int, str]], newline: str, form: str
) -> None:
    blocks = [
        f"{i}{newline}00:{ms // 1000:02d}.{ms % 1000:03d} --> 00:59.000{newline}{form.format(said)}"
        for i, (ms, said) in enumerate(cues)
    ]
    text = f"WEBVTT{newline * 2}" + (newline * 2).join([*blocks, "00:01.000 --> 00:02.000", ""])
    text = text.rstrip("\r\n") + f"{newline}end"
    transcript = parse(text)
    assert transcript.text == text
    starts = [u.start_ms or 0 for u in transcript.utterances]
    assert starts == sorted(starts)
    assert all(u.text == u.text.strip() and u.text for u in transcript.utterances)
    spans = sorted((u.start, u.end) for u in transcript.utterances)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
