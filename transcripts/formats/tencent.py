"""Tencent Meeting's transcript details: minutes.paragraphs[].sentences[].words[].text.

The JSON is not what anyone said, so the original text is made here: each paragraph's words joined,
one paragraph a line. Live answers drift (times as numbers or strings, objects where lists are
documented), so shapes are tolerated but a file without paragraphs is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Utterance
from core.errors import InvalidInput
from transcripts.formats.lines import in_time_order

_MILLISECONDS = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
# NUL and lone surrogates can be written as JSON escapes, but no database stores them.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINE_BREAK = re.compile("[\r\n]+")
_ONLY_PARAGRAPHS = "Export the transcript details (minutes.paragraphs) from Tencent Meeting again."


@dataclass(frozen=True, slots=True)
class Minutes:
    """`text` has one paragraph a line. `is_complete` is False where the API announced more."""

    text: str
    utterances: tuple[Utterance, ...]
    is_complete: bool


def read_minutes(source: str, *, name: str) -> Minutes:
    """Raises InvalidInput when the text is no JSON or holds no paragraphs."""
    pages = _pages(_loaded(source, name), name)
    lines: list[str] = []
    utterances: list[Utterance] = []
    at = 0
    for minutes in pages:
        # 0: the service has not told the speakers apart yet, so its names mean nothing.
        is_separated = str(minutes.get("audio_detect", 1)) not in ("0", "False")
        for paragraph in _objects(minutes.get("paragraphs")):
            line = _line(paragraph)
            if not line:
                continue
            speaker = _speaker(paragraph) if is_separated else None
            times = _times(paragraph)
            utterances.append(Utterance(line, at, at + len(line), speaker, *times))
            lines.append(line)
            at += len(line) + 1
    is_complete = not any(minutes.get("more") is True for minutes in pages)
    return Minutes("\n".join(lines), in_time_order(utterances), is_complete)


def _loaded(source: str, name: str) -> Any:
    try:
        return json.loads(source)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{name} is broken JSON at line {error.lineno}, column {error.colno}.",
            remedy=_ONLY_PARAGRAPHS,
        ) from error
    except (RecursionError, ValueError) as error:
        raise InvalidInput(f"{name} is JSON beyond reading.", remedy=_ONLY_PARAGRAPHS) from error


def _pages(loaded: Any, name: str) -> list[dict[str, Any]]:
    """The minutes of one answer, or of a list of answers saved together."""
    pages: list[dict[str, Any]] = []
    for answer in loaded if isinstance(loaded, list) else [loaded]:
        if not isinstance(answer, Mapping):
            continue
        minutes = answer.get("minutes", answer)
        if isinstance(minutes, Mapping) and isinstance(minutes.get("paragraphs"), (list, dict)):
            pages.append({**minutes, "more": answer.get("more")})
    if not pages:
        raise InvalidInput(f"{name} holds no minutes.paragraphs.", remedy=_ONLY_PARAGRAPHS)
    return pages


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a list, in an object keyed by number, or the one object itself."""
    if isinstance(value, Mapping):
        is_keyed = bool(value) and all(isinstance(v, Mapping) for v in value.values())
        value = list(value.values()) if is_keyed else [value]
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def _line(paragraph: Mapping[str, Any]) -> str:
    said = "".join(_sentence(s) for s in _objects(paragraph.get("sentences")))
    if not said.strip():
        said = _text(paragraph)
    said = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", said)
    return _LINE_BREAK.sub(" ", said).strip()


def _sentence(sentence: Mapping[str, Any]) -> str:
    said = "".join(_text(word) for word in _objects(sentence.get("words")))
    return said if said.strip() else _text(sentence)


def _text(node: Mapping[str, Any]) -> str:
    text = node.get("text")
    return text if isinstance(text, str) else ""


def _speaker(paragraph: Mapping[str, Any]) -> str | None:
    named = paragraph.get("speaker_info")
    if isinstance(named, str):
        username: Any = named
    else:
        username = next((info.get("username") for info in _objects(named)), None)
    if not isinstance(username, str):
        return None
    return " ".join(_UNSTORABLE.sub("", username).split()) or None


def _times(paragraph: Mapping[str, Any]) -> tuple[int | None, int | None]:
    sentences = list(_objects(paragraph.get("sentences")))
    start_ms = _milliseconds(paragraph.get("start_time"))
    end_ms = _milliseconds(paragraph.get("end_time"))
    if start_ms is None and sentences:
        start_ms = _milliseconds(sentences[0].get("start_time"))
    if end_ms is None and sentences:
        end_ms = _milliseconds(sentences[-1].get("end_time"))
    if start_ms is not None and end_ms is not None and end_ms < start_ms:
        end_ms = None
    return start_ms, end_ms


def _milliseconds(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    written = str(value).strip()
    return int(float(written)) if _MILLISECONDS.fullmatch(written) else None
