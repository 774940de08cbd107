"""Bytes become a transcript whose utterances point into the original text letter by letter.

The content decides the format and the file's ending only where the content is silent: exports are
renamed by hand all the time.
"""

from __future__ import annotations

import codecs
import re
from itertools import groupby
from pathlib import PurePath

import structlog

from core.domain import Transcript, Utterance
from core.errors import InvalidInput
from transcripts.formats.plain import read_plain
from transcripts.formats.tencent import read_minutes
from transcripts.formats.vtt import has_cues, is_webvtt, read_cues

log = structlog.get_logger(__name__)

_FORMS_READ = (
    "Junshi reads WebVTT, SubRip, Tencent Meeting JSON, and text lines such as"
    " '00:01:02 Name: words' or 'Name 00:01:02' above the words."
)
_SAVE_AS_TEXT = "Save it as UTF-8 text and try again."
# Text has tabs, line ends, form feeds; a stray escape or DOS end-of-file mark is tolerated.
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_JSON_START = re.compile(r"\s*(?:\{|\[\s*[{\]])")


def decode(raw: bytes, *, name: str = "The file") -> str:
    """The text, with line ends as they are and without one leading byte order mark.

    UTF-8, else UTF-16 by its mark, else GB 18030, except where single high bytes stand between
    ASCII ones: Chinese comes in pairs, so that is a Western file in Windows-1252.

    Raises InvalidInput for binary content.
    """
    text = _decoded(raw)
    if text is None or "\x00" in text:
        raise InvalidInput(f"{name} is binary, not text.", remedy=_SAVE_AS_TEXT)
    if len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise InvalidInput(f"{name} is binary, not text.", remedy=_SAVE_AS_TEXT)
    return text


def _decoded(raw: bytes) -> str | None:
    if raw.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "cp1252" if _is_western(raw) else "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_western(raw: bytes) -> bool:
    runs = [len(run) for run in _HIGH_RUN.findall(raw)]
    # A Chinese run is of pairs; only the rare GBK characters end in an ASCII byte.
    return 2 * runs.count(1) > len(runs)


def parse_transcript(raw: bytes, *, name: str) -> Transcript:
    """Utterances in time order, each `transcript.text[start:end] == utterance.text`.

    Raises InvalidInput, naming the file and the reason, when it is no transcript.
    """
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise InvalidInput(f"{name} is empty.", remedy="Export the transcript again.")
    text = decode(raw, name=name)
    transcript = _read(text, name)
    if not transcript.utterances:
        raise InvalidInput(f"{name} holds no utterance.", remedy=_FORMS_READ)
    return transcript


def _read(text: str, name: str) -> Transcript:
    suffix = PurePath(name).suffix.lower()
    if is_webvtt(text) or has_cues(text):
        return _from_cues(text, suffix)
    if suffix == ".json" or _JSON_START.match(text):
        minutes = read_minutes(text, name=name)
        if not minutes.is_complete:
            log.warning("transcript_incomplete", n_utterances=len(minutes.utterances))
        return Transcript(minutes.text, minutes.utterances, format="tencent")
    plain = read_plain(text)
    return Transcript(text, plain.utterances, format="plain", title=plain.title)


def _from_cues(text: str, suffix: str) -> Transcript:
    cues = read_cues(text)
    if cues.n_skipped_lines:
        log.info("transcript_lines_skipped", n_lines=cues.n_skipped_lines)
    is_vtt = is_webvtt(text) or suffix == ".vtt"
    return Transcript(text, cues.utterances, format="vtt" if is_vtt else "srt", title=cues.title)


def turns(transcript: Transcript) -> list[tuple[Utterance, ...]]:
    """Neighbouring utterances of one speaker together; those without speaker stay alone.

    Two nameless cues may be two people, and offsets of one turn need not be contiguous.
    """
    keyed = enumerate(transcript.utterances)
    grouped = groupby(keyed, key=lambda pair: pair[1].speaker or pair[0])
    return [tuple(utterance for _, utterance in pairs) for _, pairs in grouped]
