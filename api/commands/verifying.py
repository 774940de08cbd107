"""`verify`: JSON lines in, JSON lines out, one claim a line; a state or a database is not needed.

In:  {"id", "claim", "evidence": [{"text", "date"?, "speaker"?, "role"?}]}
Out: {"id", "supported", "reasons"}, same order. `role` is customer or rep, in either language.

Lines are read, checked and written one at a time: memory does not grow with the file. A file is
written under another name and renamed when the last line was good.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from core.errors import InvalidInput
from retrieval.claim_lines import verify_line
from retrieval.meaning import EmbeddedRelatedness


def verify_file(source: Path, out: Path) -> dict[str, int]:
    """Counts {"n", "n_supported"}. Raises InvalidInput naming the first line that is wrong."""
    relatedness = EmbeddedRelatedness.of_package()
    counts = {"n": 0, "n_supported": 0}
    with _lines(source) as lines, _writer(out) as sink:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            row_id, verified = verify_line(line, number=number, relatedness=relatedness)
            counts["n"] += 1
            counts["n_supported"] += verified.supported
            shape = {
                "id": row_id,
                "supported": verified.supported,
                "reasons": list(verified.reasons),
            }
            sink.write(json.dumps(shape, ensure_ascii=False) + "\n")
    return counts


@contextmanager
def _lines(source: Path) -> Iterator[Iterator[str]]:
    if str(source) == "-":
        yield sys.stdin
        return
    try:
        with source.open("rb") as opened:
            yield _decoded(opened)
    except OSError as error:
        raise InvalidInput(
            f"{source} cannot be read: {error}.", remedy="Name a UTF-8 file of JSON lines."
        ) from error


def _decoded(opened: Any) -> Iterator[str]:
    for number, raw in enumerate(opened, start=1):
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InvalidInput(
                f"Line {number} is not UTF-8.", remedy="Save the file as UTF-8."
            ) from error


@contextmanager
def _writer(out: Path) -> Iterator[TextIO]:
    """stdout, or a file that appears under its name only when every line was good."""
    if str(out) == "-":
        yield sys.stdout
        return
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as sink:
            yield sink
        unfinished.replace(out)
    except OSError as error:
        raise InvalidInput(f"{out} cannot be written: {error}.", remedy="Name another.") from error
    finally:
        unfinished.unlink(missing_ok=True)
