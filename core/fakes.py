"""Fakes that tests and evaluations share; none of them is chosen by a setting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import CoachError


class FixedClock:
    """Always the same instant."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


class ScriptedModel:
    """A language model that answers what it was given, or raises it."""

    name = "scripted"

    def __init__(self, answer: dict[str, Any] | CoachError) -> None:
        self._answer = answer
        self.asked: list[tuple[str, str, Mapping[str, Any]]] = []

    def complete(self, *, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((system, user, schema))
        if isinstance(self._answer, CoachError):
            raise self._answer
        return self._answer
