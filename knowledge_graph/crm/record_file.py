"""Reading deal.json from disk, refusing with a reason what no CRM export would hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.errors import InvalidInput

RECORD_NAME = "deal.json"
# A CRM record is a page of text. One of 256 KiB is something else.
MAX_RECORD_BYTES = 256 * 1024
MAX_RECORD_DEPTH = 32
_TOO_DEEP = f"it is nested more than {MAX_RECORD_DEPTH} levels deep"


def read_record(root: Path) -> tuple[bytes, str, dict[str, Any]]:
    """deal.json of the resolved folder: its bytes, its text, its object. Raises InvalidInput."""
    path = root / RECORD_NAME
    if not path.resolve().is_relative_to(root):
        raise _broken(
            path, "it is a link that leads out of the folder", "Put the file itself there."
        )
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_RECORD_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _broken(path, reason.lower(), "Check its permissions.") from error
    if len(raw) > MAX_RECORD_BYTES:
        raise _broken(
            path, f"it is larger than {MAX_RECORD_BYTES:,} bytes", "Export one deal a file."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken(path, f"byte {error.start} is not UTF-8", "Save it as UTF-8.") from error
    try:
        record = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _broken(path, _TOO_DEEP, "Export one deal a file.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise _broken(path, f"it is no JSON ({where})", "Correct that place.") from error
    except ValueError as error:
        raise _broken(path, f"it is no JSON ({error})", "Correct that number.") from error
    if not isinstance(record, dict):
        raise _broken(
            path, "it holds no JSON object", "Write one object with account and opportunity."
        )
    if _depth(record) > MAX_RECORD_DEPTH:
        raise _broken(path, _TOO_DEEP, "Export one deal a file.")
    return raw, text, record


def _depth(record: Any) -> int:
    depth, level = 0, [record]
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _broken(path: Path, reason: str, remedy: str) -> InvalidInput:
    return InvalidInput(f"{path} cannot be read: {reason}.", remedy=remedy)
