"""Reading one JSON object field by field: the right type or None, and a problem in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

# Shown values are cut, so that one broken field does not fill a screen.
_MAX_SHOWN = 40
# No deal is worth a quadrillion: such a figure is a slip, and printing it would take pages.
_MAX_AMOUNT = Decimal(10) ** 15
_MAX_ID_NUMBER = 10**30

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_LISTED = re.compile(r"[,,、;;\n]")
# NUL and lone surrogates are legal in JSON, but no database stores them as text.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


_Parsed = TypeVar("_Parsed", date, datetime)


class FieldReader:
    """One object of the record. `path` names it in problems; a missing object reads as empty."""

    def __init__(self, fields: Mapping[str, Any], *, path: str, problems: list[str]) -> None:
        self.fields = fields
        self.path = path
        self._problems = problems

    def note(self, key: str, fault: str) -> None:
        """Adds the problem "<path>.<key> <value> <fault>"."""
        shown = repr(self.fields.get(key))
        if len(shown) > _MAX_SHOWN:
            shown = f"{shown[:_MAX_SHOWN]}…"
        where = f"{self.path}.{key}" if self.path else key
        self._problems.append(f"{where} {shown} {fault}")

    def unknown(self, known: frozenset[str]) -> dict[str, Any]:
        """The fields that the format does not name."""
        return {key: content for key, content in self.fields.items() if key not in known}

    def child(self, key: str) -> FieldReader:
        content = self.fields.get(key)
        if content is not None and not isinstance(content, Mapping):
            self.note(key, "is no object")
            content = None
        path = f"{self.path}.{key}" if self.path else key
        return FieldReader(content or {}, path=path, problems=self._problems)

    def children(self, key: str) -> Iterator[FieldReader]:
        """The objects of a list, in order; anything else in it is noted."""
        content = self.fields.get(key)
        if content is None:
            return
        if not isinstance(content, list):
            self.note(key, "is no list")
            return
        path = f"{self.path}.{key}" if self.path else key
        for number, item in enumerate(content):
            if isinstance(item, Mapping):
                yield FieldReader(item, path=f"{path}[{number}]", problems=self._problems)
            else:
                self._problems.append(f"{path}[{number}] is no object")

    def text(self, key: str, *, also_number: bool = False) -> str | None:
        """Stripped; None for an empty one. `also_number`: a whole number is taken as written."""
        content = self.fields.get(key)
        if content is None:
            return None
        if also_number and _is_whole(content) and abs(content) < _MAX_ID_NUMBER:
            return str(content)
        if not isinstance(content, str):
            self.note(key, "is no text")
            return None
        if _NO_TEXT.search(content):
            self.note(key, "holds characters that are no text")
            content = storable(content)
        return content.strip() or None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, of objects with a name, or one text with separators; each once."""
        content = self.fields.get(key)
        if content is None:
            return ()
        if isinstance(content, str):
            whole = self.text(key) or ""
            return tuple(dict.fromkeys(one.strip() for one in _LISTED.split(whole) if one.strip()))
        if not isinstance(content, list):
            self.note(key, "is no list")
            return ()
        found: dict[str, None] = {}
        for number, item in enumerate(content):
            named = item if isinstance(item, Mapping) else {"name": item}
            path = f"{self.path}.{key}[{number}]" if self.path else f"{key}[{number}]"
            text = FieldReader(named, path=path, problems=self._problems).text("name")
            if text:
                found[text] = None
        return tuple(found)

    def amount(self, key: str) -> Decimal | None:
        """A sum of money, not negative; separators of thousands are tolerated."""
        number = self._number(key)
        if number is None:
            return None
        if not 0 <= number < _MAX_AMOUNT:
            self.note(key, "is out of range for a sum of money")
            return None
        return number

    def real(self, key: str) -> float | None:
        number = self._number(key)
        if number is None:
            return None
        if not math.isfinite(converted := float(number)):
            self.note(key, "is out of range")
            return None
        return converted

    def count(self, key: str) -> int | None:
        """A whole number, not negative."""
        number = self._number(key)
        if number is None:
            return None
        if not 0 <= number < _MAX_AMOUNT or number != number.to_integral_value():
            self.note(key, "is no count")
            return None
        return int(number)

    def day(self, key: str) -> date | None:
        """A calendar day; of a date and time the day as written, wherever that was."""
        return self._parsed(key, _parse_day, "is no date")

    def instant(self, key: str) -> datetime | None:
        """In UTC; a time without a zone is taken to be in UTC."""
        return self._parsed(key, _parse_instant, "is no time")

    def _number(self, key: str) -> Decimal | None:
        content = self.fields.get(key)
        if content is None or (isinstance(content, str) and not content.strip()):
            return None
        number: Decimal | None = None
        if isinstance(content, str):
            number = _decimal(content.strip().replace(",", ""))
        elif isinstance(content, int | float | Decimal) and not isinstance(content, bool):
            number = Decimal(content) if _is_whole(content) else _decimal(str(content))
        if number is None or not number.is_finite():
            self.note(key, "is not a number")
            return None
        return number

    def _parsed(self, key: str, parse: Callable[[str], _Parsed], fault: str) -> _Parsed | None:
        text = self.text(key)
        if text is None:
            return None
        try:
            return parse(text)
        except (ValueError, OverflowError):
            self.note(key, fault)
            return None


def storable(text: str) -> str:
    """The text with U+FFFD for what no database stores."""
    return _NO_TEXT.sub("\ufffd", text)


def _is_whole(content: object) -> bool:
    return isinstance(content, int) and not isinstance(content, bool)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _parse_day(text: str) -> date:
    if match := _DAY.fullmatch(text):
        return date(*map(int, match.groups()))
    return datetime.fromisoformat(text).date()


def _parse_instant(text: str) -> datetime:
    if _DAY.fullmatch(text):
        return datetime.combine(_parse_day(text), time(), tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
