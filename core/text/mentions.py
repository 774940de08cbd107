"""What the readers of quantities hand to each other: mentions in normalised text, and the slate.

Each reader takes its mentions off the slate, so that a later one cannot see 2026 in a date as a
number. A mention without a value only keeps others away (a telephone number, "every Friday").
"""

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["number", "money", "percent", "date", "date_range", "duration", "code", "time"]
Value = Decimal | date | tuple[date, date] | str

# Not white space, not a word character, in no pattern.
_TAKEN = "\x00"


class Mention(NamedTuple):
    """A span [start, end) of the slate; value None when it is taken but says nothing."""

    start: int
    end: int
    kind: Kind
    value: Value | None
    unit: str | None = None
    approximate: bool = False


class Slate(NamedTuple):
    """Normalised text, the same with ASCII in lower case (equal length), and today's date."""

    text: str
    low: str
    reference: date | None
    is_han: bool

    def without(self, mentions: list[Mention]) -> "Slate":
        """The slate with the mentions' characters taken off; lengths stay."""
        if not mentions:
            return self
        return self._replace(text=_blank(self.text, mentions), low=_blank(self.low, mentions))


def _blank(text: str, mentions: list[Mention]) -> str:
    pieces: list[str] = []
    position = 0
    for mention in sorted(mentions):
        start = max(position, mention.start)
        if mention.end > start:
            pieces.append(text[position:start])
            pieces.append(_TAKEN * (mention.end - start))
            position = mention.end
    pieces.append(text[position:])
    return "".join(pieces)
