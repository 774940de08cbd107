"""`intents`: JSON lines in, JSON lines out, so that any outside set can be run.

In:  {"id", "text", "lang"?, "speaker"?: customer|rep|unknown, "channel"?: email|meeting|chat,
"before"?: what the other side said just before}
Out: {"id", "labels": [{"id", "p"}], "unsure", "reported", "sentiment": {"negative", "positive"}},
same order. Without `speaker` the words are taken as the customer's: whoever sends a bare utterance
asks what it means.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from api.commands.json_lines import line_writer, read_lines
from api.commands.opening import backends
from api.schemas.answers import labelled_to_json
from core.domain import Channel, Recognition, Role
from core.errors import InvalidInput
from core.ports import IntentRecogniser

BATCH = 256


def label_file(source: Path, out: Path) -> dict[str, int]:
    """Raises InvalidInput naming the first line that is wrong; nothing is written then."""
    recogniser = backends().recogniser
    rows = list(read_lines(source, _row))
    n_unsure = 0
    with line_writer(out) as write:
        for at in range(0, len(rows), BATCH):
            batch = rows[at : at + BATCH]
            for row, found in zip(batch, recognise(recogniser, batch), strict=True):
                n_unsure += found.unsure
                write(labelled_to_json(row["id"], found))
    return {"n": len(rows), "n_unsure": n_unsure}


def recognise(recogniser: IntentRecogniser, rows: list[dict[str, Any]]) -> list[Recognition]:
    return recogniser.recognise(
        [row["text"] for row in rows],
        roles=[row["speaker"] for row in rows],
        channels=[row["channel"] for row in rows],
        before=[row["before"] for row in rows],
    )


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        return {
            "id": row["id"],
            "text": str(row["text"]),
            "speaker": Role(row.get("speaker") or Role.CUSTOMER),
            "channel": Channel(row.get("channel") or Channel.MEETING),
            "before": str(row.get("before") or ""),
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"Line {number} is no utterance: {error!r}.",
            remedy='Lines are {"id", "text", "speaker"?, "channel"?, "before"?}; see docs/cli.md.',
        ) from error
