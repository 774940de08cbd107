"""Where a value of a JSON text stands, so that it can be cited letter by letter.

json_source_map gives the place of every value. Its pointers keep keys as they are spelled in the
text, escapes and slashes included, so two keys can share a pointer; each place is therefore
compared with the value that the standard JSON reader finds by walking the keys. A key spelled with
escapes is therefore not found; encoders escape no key of the deal format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import json_source_map

MISSING = object()


def locate(record_text: str, pointer: str) -> tuple[int, int] | None:
    """Code points of the value, inside the quotation marks of a text.

    None where the key is missing and for an empty text, list or object.
    """
    record, places = decoded(record_text)
    content = at(record, pointer)
    place = places.get(pointer)
    if place is None or content is MISSING:
        return None
    start, end = place.value_start.position, place.value_end.position
    if json.loads(record_text[start:end]) != content:
        return None
    if isinstance(content, str):
        return (start + 1, end - 1) if content.strip() else None
    return None if content in ([], {}) else (start, end)


def at(record: Any, pointer: str) -> Any:
    """What a JSON pointer without escapes names (RFC 6901), or MISSING."""
    for step in pointer.split("/")[1:]:
        if isinstance(record, Mapping) and step in record:
            record = record[step]
        elif isinstance(record, list) and step.isdecimal() and int(step) < len(record):
            record = record[int(step)]
        else:
            return MISSING
    return record


@lru_cache(maxsize=16)
def decoded(record_text: str) -> tuple[Any, Mapping[str, Any]]:
    """The decoded record and the place of each value; the same few records are cited repeatedly."""
    return json.loads(record_text), json_source_map.calculate(record_text)
