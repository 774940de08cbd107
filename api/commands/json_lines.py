"""JSON lines in and out for commands that outside sets are run through.

Lines are read one at a time. A file is written under another name and renamed when the last line
was good: a failed run leaves no half of an answer behind.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from core.errors import InvalidInput

T = TypeVar("T")


def read_lines(source: Path, read: Callable[[int, str], T]) -> Iterator[T]:
    """What `read(number, line)` makes of each line that is not blank, counted from 1.

    `-` is stdin. Raises InvalidInput for a file that cannot be read or is not UTF-8.
    """
    try:
        with _opened(source) as lines:
            for number, raw in enumerate(lines, start=1):
                line = _decoded(raw, number)
                if line.strip():
                    yield read(number, line)
    except OSError as error:
        raise InvalidInput(
            f"{source} cannot be read: {error}.", remedy="Name a UTF-8 file of JSON lines."
        ) from error


@contextmanager
def line_writer(out: Path) -> Iterator[Callable[[Any], None]]:
    """A function that writes one value as a line, to `out` or, for `-`, to stdout."""
    if str(out) == "-":
        yield lambda shape: print(json.dumps(shape, ensure_ascii=False))
        return
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as sink:
            yield lambda shape: _write(sink, shape)
        unfinished.replace(out)
    except OSError as error:
        raise InvalidInput(f"{out} cannot be written: {error}.", remedy="Name another.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _write(sink: IO[str], shape: Any) -> None:
    sink.write(json.dumps(shape, ensure_ascii=False) + "\n")


@contextmanager
def _opened(source: Path) -> Iterator[IO[bytes]]:
    if str(source) == "-":
        yield sys.stdin.buffer
        return
    with source.open("rb") as opened:
        yield opened


def _decoded(raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"Line {number} is not UTF-8.", remedy="Save the file as UTF-8."
        ) from error
