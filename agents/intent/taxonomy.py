"""The 26 intents, read from `taxonomy.yaml` beside this file: the file is the source of truth.

Code, data sets and reports name an intent by its id, `<group>.<name>`; the order of the file is
the order of every vector of scores. Rules that are logic, not wording, live in `rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.domain import Bilingual, IntentId
from core.errors import InvalidInput

TAXONOMY_FILE = Path(__file__).with_name("taxonomy.yaml")


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Intent ids in the file's order, what each one means, and the labelling rules."""

    version: int
    meanings: dict[IntentId, Bilingual]
    rules: tuple[str, ...]

    @property
    def ids(self) -> tuple[IntentId, ...]:
        return tuple(self.meanings)


@cache
def load_taxonomy(file: Path = TAXONOMY_FILE) -> Taxonomy:
    """Raises InvalidInput when the file is missing, malformed or names an intent twice."""
    try:
        return _taxonomy(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"The intent taxonomy {file.name} cannot be used: {error}.",
            remedy="Restore agents/intent/taxonomy.yaml.",
        ) from error


def _taxonomy(content: Any) -> Taxonomy:
    meanings: dict[IntentId, Bilingual] = {}
    for group, intents in content["groups"].items():
        for intent in intents:
            intent_id = IntentId(intent["id"])
            if intent_id in meanings:
                raise ValueError(f"{intent_id} is listed twice")
            if not intent_id.startswith(f"{group}."):
                raise ValueError(f"{intent_id} is not of the group {group}")
            meanings[intent_id] = Bilingual(zh=intent["zh"], en=intent["en"])
    if not meanings:
        raise ValueError("it lists no intent")
    return Taxonomy(int(content["version"]), meanings, tuple(content["rules"]))
