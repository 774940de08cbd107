"""What an ingestion did, file by file, in counts that add up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Failure:
    path: str
    reason: str


@dataclass(slots=True)
class IngestReport:
    """`n_files` = new + replaced + unchanged + failed. `n_retired` files were there before."""

    deals: list[str] = field(default_factory=list)
    n_files: int = 0
    n_new: int = 0
    n_replaced: int = 0
    n_unchanged: int = 0
    n_retired: int = 0
    n_emails: int = 0
    n_meetings: int = 0
    n_utterances: int = 0
    n_passages: int = 0
    n_signals: int = 0
    n_stale_suggestions: int = 0
    n_reanchored_suggestions: int = 0
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "n_deals": len(self.deals)}
