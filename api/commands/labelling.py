"""`intents`: JSON lines in, JSON lines out, so that any outside set can be run.

In:  {"id", "text", "lang"?, "speaker"?: customer|rep|unknown, "channel"?: email|meeting|chat}
Out: {"id", "labels": [{"id", "p"}], "unsure"}, same order. Without `speaker` the words are taken
as the customer's: whoever sends a bare utterance asks what it means.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from api.commands.opening import backends
from core.domain import Channel, Recognition, Role
from core.errors import InvalidInput
from core.ports import IntentRecogniser

BATCH = 256


def label_file(source: Path, out: Path) -> dict[str, int]:
    """Raises InvalidInput naming the first line that is wrong; nothing is written then."""
    recogniser = backends().recogniser
    rows = [_row(number, line) for number, line in enumerate(_lines(source), 1) if line.strip()]
    n_unsure = 0
    with _writer(out) as sink:
        for at in range(0, len(rows), BATCH):
            batch = rows[at : at + BATCH]
            for row, found in zip(batch, recognise(recogniser, batch), strict=True):
                n_unsure += found.unsure
                sink.write(json.dumps(to_json(row["id"], found), ensure_ascii=False) + "\n")
    return {"n": len(rows), "n_unsure": n_unsure}


def recognise(recogniser: IntentRecogniser, rows: list[dict[str, Any]]) -> list[Recognition]:
    return recogniser.recognise(
        [row["text"] for row in rows],
        roles=[row["speaker"] for row in rows],
        channels=[row["channel"] for row in rows],
    )


def to_json(row_id: Any, found: Recognition) -> dict[str, Any]:
    labels = [{"id": s.id, "p": round(s.p, 4)} for s in found.scores]
    return {"id": row_id, "labels": labels, "unsure": found.unsure}


def _lines(source: Path) -> list[str]:
    if str(source) == "-":
        return sys.stdin.read().splitlines()
    try:
        return source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{source} cannot be read: {error}.", remedy="Name a UTF-8 file of JSON lines."
        ) from error


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        return {
            "id": row["id"],
            "text": str(row["text"]),
            "speaker": Role(row.get("speaker") or Role.CUSTOMER),
            "channel": Channel(row.get("channel") or Channel.MEETING),
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"Line {number} is no utterance: {error!r}.",
            remedy='Each line is {"id", "text", "speaker"?, "channel"?}; see docs/cli.md.',
        ) from error


@contextmanager
def _writer(out: Path) -> Iterator[TextIO]:
    if str(out) == "-":
        yield sys.stdout
        return
    with out.open("w", encoding="utf-8") as sink:
        yield sink
