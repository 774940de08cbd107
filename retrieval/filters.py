"""Which passages a search may return: channel, speaker's role, language, deal and time.

The account is no filter: it decides which index is opened. Filters apply inside each arm, before
the best are taken, so ten hits of a narrow filter are its ten best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.domain import Channel, Language, Passage, Role
from core.ports import Ids

Mask = NDArray[np.bool_]

_NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty fields let everything pass. `since` is included, `until` is not; both are aware.

    A passage without a time passes no time window.
    """

    channels: frozenset[Channel] = frozenset()
    roles: frozenset[Role] = frozenset()
    languages: frozenset[Language] = frozenset()
    deals: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING = Filter()


class Columns:
    """What filters ask, one array a field, over passages in ascending order of id."""

    def __init__(self, passages: Mapping[int, Passage]) -> None:
        ordered = [passages[id] for id in sorted(passages)]
        self._ids: Ids = np.array(sorted(passages), dtype=np.int64)
        self._fields = {
            "channels": _Codes(p.channel for p in ordered),
            "roles": _Codes(p.role for p in ordered),
            "languages": _Codes(p.language for p in ordered),
            "deals": _Codes(p.deal_id or "" for p in ordered),
        }
        times = [_NEVER if p.occurred_at is None else _instant(p.occurred_at) for p in ordered]
        self._times = np.array(times, dtype="datetime64[us]")

    def ids(self, wanted: Filter) -> Ids:
        """The ids that pass, ascending."""
        mask: Mask = np.ones(len(self._ids), dtype=np.bool_)
        for name, codes in self._fields.items():
            allowed: frozenset[str] = getattr(wanted, name)
            if allowed:
                mask &= codes.among(allowed)
        if wanted.since is not None:
            mask &= self._times >= _instant(wanted.since)
        if wanted.until is not None:
            mask &= self._times < _instant(wanted.until)
        return self._ids[mask]


class _Codes:
    def __init__(self, texts: Iterable[str]) -> None:
        self._codes: dict[str, int] = {}
        numbers: Sequence[int] = [self._codes.setdefault(t, len(self._codes)) for t in texts]
        self._numbers = np.array(numbers, dtype=np.int32)

    def among(self, allowed: Iterable[str]) -> Mask:
        wanted = [self._codes[text] for text in allowed if text in self._codes]
        return np.isin(self._numbers, wanted)


def _instant(at: datetime) -> np.datetime64:
    if at.tzinfo is None:
        raise ValueError(f"a filter's time needs a zone: {at}")
    return np.datetime64(round(at.timestamp() * 1_000_000), "us")
