"""Plays, the strategies as data: loaded from agents/playbooks/*.yaml and checked strictly.

A play is only as good as its evidence: it names the slots that must be filled before it may be
shown, and its texts may speak of nothing but what those slots hold.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.domain import Bilingual
from core.errors import InvalidInput

FOLDER = Path(__file__).parents[1] / "playbooks"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\.([a-z_]+)\}")

SlotKind = Literal["intent", "crm", "deviation", "signal"]
OFFERS: Mapping[SlotKind, frozenset[str]] = {
    "intent": frozenset({"quote", "speaker", "when", "channel"}),
    "crm": frozenset({"value", "label"}),
    "deviation": frozenset({"crm", "observed", "quote", "speaker", "when", "channel"}),
    "signal": frozenset({"value", "when"}),
}
FORBIDDEN_MOVES = frozenset(
    {
        "gift_public_buyer",
        "unapproved_discount",
        "unapproved_promise",
        "disparage_competitor",
        "bypass_procurement",
        "false_urgency",
        "share_other_customer_data",
    }
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Strict):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def bilingual(self) -> Bilingual:
        return Bilingual(zh=self.zh, en=self.en)


class When(_Strict):
    """All given conditions must hold; `deviations` and `any_intents` need one of theirs."""

    any_intents: tuple[str, ...] = ()
    no_intents: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


class Slot(_Strict):
    """Exactly one of the four kinds."""

    intent: str | None = None
    crm: str | None = None
    deviation: str | None = None
    signal: str | None = None
    optional: bool = False

    @property
    def kind(self) -> SlotKind:
        return next(k for k in OFFERS if getattr(self, k) is not None)

    @property
    def key(self) -> str:
        return str(getattr(self, self.kind))

    @model_validator(mode="after")
    def _one_kind(self) -> Slot:
        if sum(getattr(self, kind) is not None for kind in OFFERS) != 1:
            raise ValueError("a slot names exactly one of intent, crm, deviation, signal")
        return self


class ClaimTemplate(Wording):
    slot: str


class Play(_Strict):
    id: str
    title: Wording
    when: When
    slots: dict[str, Slot]
    move: Wording
    claims: tuple[ClaimTemplate, ...] = Field(min_length=1)
    wrong_if: Wording
    forbidden: tuple[str, ...] = ()
    weight: float = Field(ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _texts_fit_slots(self) -> Play:
        when = self.when
        if not (when.any_intents or when.deviations or when.signals):
            raise ValueError("a play needs any_intents, deviations or signals")
        if all(slot.optional for slot in self.slots.values()):
            raise ValueError("a play needs at least one required slot")
        if unknown := set(self.forbidden) - FORBIDDEN_MOVES:
            raise ValueError(f"unknown forbidden move {sorted(unknown)}")
        for wording in (self.move, *self.claims):
            if placeholders(wording.zh) != placeholders(wording.en):
                raise ValueError("zh and en use different placeholders")
            for slot, attribute in placeholders(wording.zh):
                if slot not in self.slots or attribute not in OFFERS[self.slots[slot].kind]:
                    raise ValueError(f"{{{slot}.{attribute}}} is not offered by this play's slots")
        if missing := {c.slot for c in self.claims} - set(self.slots):
            raise ValueError(f"claims name unknown slots {sorted(missing)}")
        return self


class PlaybookFile(_Strict):
    version: int
    plays: tuple[Play, ...]


@dataclass(frozen=True, slots=True)
class Playbook:
    """Plays in a fixed order (by id); `version` is a hash of the files."""

    plays: tuple[Play, ...]
    version: str

    def play(self, play_id: str) -> Play | None:
        return next((p for p in self.plays if p.id == play_id), None)


def placeholders(text: str) -> frozenset[tuple[str, str]]:
    """(slot, attribute) pairs that the text wants filled."""
    return frozenset((m[1], m[2]) for m in PLACEHOLDER.finditer(text))


def load_playbook(folder: Path = FOLDER) -> Playbook:
    """Every play of the folder. Raises InvalidInput naming file and reason."""
    files = sorted(folder.glob("*.yaml"))
    return _load(tuple((str(f), f.read_text(encoding="utf-8")) for f in files))


@lru_cache(maxsize=4)
def _load(files: tuple[tuple[str, str], ...]) -> Playbook:
    plays: dict[str, Play] = {}
    for name, text in files:
        try:
            parsed = PlaybookFile.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
        except (yaml.YAMLError, ValidationError) as error:
            raise InvalidInput(
                f"Playbook {Path(name).name} is not valid: {error}",
                remedy="Correct the file; docs/playbook.md gives the format.",
            ) from error
        for play in parsed.plays:
            if play.id in plays:
                raise InvalidInput(
                    f"Play {play.id} stands twice, again in {Path(name).name}.",
                    remedy="Give each play an id of its own.",
                )
            plays[play.id] = play
    digest = hashlib.sha256("\0".join(text for _, text in files).encode()).hexdigest()
    return Playbook(
        plays=tuple(plays[key] for key in sorted(plays)), version=f"playbook@{digest[:12]}"
    )
