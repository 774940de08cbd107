"""Decoding, choosing the format, turns, and the sample meetings."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from transcripts.parse import decode, parse_transcript, turns

SAMPLES = Path(__file__).parents[2] / "evals" / "samples"
MEETINGS = sorted(
    path for path in SAMPLES.glob("*/meetings/*") if not path.name.endswith(".meta.json")
)

CHINESE = "00:00:02 王建国: 预算冻结了，下季度再说。\r\n00:00:05 李敏: 好的\r\n"
WESTERN = "00:00:02 Siobhán Keane: It’s too dear.\n00:00:05 Björn: Why?\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
def test_chinese_files_of_every_usual_encoding_give_the_same_text(encoding: str) -> None:
    assert decode(CHINESE.encode(encoding)) == CHINESE


def test_western_files_are_not_read_as_chinese() -> None:
    assert decode(WESTERN.encode("cp1252")) == WESTERN


@pytest.mark.parametrize(
    "raw",
    [
        b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00",
        bytes(range(256)),
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\x81\x20\xff\xff",
        "no byte order mark".encode("utf-16-le"),
        b"\xef\xbb\xbf\xff\xff",
    ],
)
def test_binary_content_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="binary"):
        decode(raw)


@pytest.mark.parametrize("raw", [b"", b" \r\n", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_an_empty_file_says_so(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"m\.vtt is empty"):
        parse_transcript(raw, name="m.vtt")


def test_a_vtt_without_cues_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"a/m\.vtt holds no utterance"):
        parse_transcript(b"WEBVTT\n\nNOTE nothing\n", name="a/m.vtt")


def test_the_content_decides_where_the_ending_is_wrong() -> None:
    vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n"
    tencent = b'{"minutes":{"paragraphs":[{"sentences":[{"words":[{"text":"hi"}]}]}]}}'
    assert parse_transcript(vtt, name="m.txt").format == "vtt"
    assert parse_transcript(vtt, name="m.json").format == "vtt"
    assert parse_transcript(tencent, name="m.txt").format == "tencent"
    assert parse_transcript(b"00:00:01 Ann: hi", name="m.vtt").format == "plain"
    assert parse_transcript(b"[00:00:01] Ann: hi", name="m").format == "plain"


def test_turns_join_neighbours_of_one_speaker_and_leave_the_nameless_alone() -> None:
    text = "00:00:01 Ann: a\n00:00:02 Ann: b\n00:00:03 Ben: c\n00:00:04 d\n00:00:05 e\n"
    grouped = turns(parse_transcript(text.encode(), name="m.txt"))
    assert [[u.text for u in turn] for turn in grouped] == [["a", "b"], ["c"], ["d"], ["e"]]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_transcript_or_invalid_input(raw: bytes) -> None:
    try:
        transcript = parse_transcript(raw, name="m.txt")
    except InvalidInput:
        return
    for utterance in transcript.utterances:
        assert transcript.text[utterance.start : utterance.end] == utterance.text


@pytest.mark.skipif(not MEETINGS, reason="evals/samples holds no meetings")
def test_every_sample_meeting_parses_with_the_speakers_of_its_sidecar() -> None:
    for path in MEETINGS:
        transcript = parse_transcript(path.read_bytes(), name=path.name)
        sidecar = path.with_name(path.stem + ".meta.json")
        listed = {p["name"] for p in json.loads(sidecar.read_bytes())["participants"]}
        assert {u.speaker for u in transcript.utterances} <= listed, path
        assert len(transcript.utterances) >= 20, path
        for utterance in transcript.utterances:
            assert transcript.text[utterance.start : utterance.end] == utterance.text


@pytest.mark.skipif(not MEETINGS, reason="evals/samples holds no meetings")
def test_every_expected_quote_lies_in_one_utterance() -> None:
    for path in MEETINGS:
        transcript = parse_transcript(path.read_bytes(), name=path.name)
        deal = path.parents[1]
        expected = json.loads((deal / "expected.json").read_bytes())
        for quote in _quotes(expected, path.relative_to(deal).as_posix()):
            assert any(quote in u.text for u in transcript.utterances), (path, quote)


def _quotes(node: object, file: str) -> list[str]:
    if isinstance(node, list):
        return [quote for item in node for quote in _quotes(item, file)]
    if not isinstance(node, dict):
        return []
    own = [node["quote"]] if node.get("file") == file and "quote" in node else []
    return own + [quote for item in node.values() for quote in _quotes(item, file)]
