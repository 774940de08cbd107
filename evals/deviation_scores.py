"""How well the deviation check finds what the CRM record has wrong, on deals written by hand.

A case is a deal, what its customer said, the fields that deviate and those that agree. Recall is
over the deviating fields; a false alarm is any other field that the check reports, and its rate is
over all fields that do not deviate, silent ones included: each was a chance to be wrong. The
signals are left out, so that the figures are those of the words alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agents.intent.deviations import FIELDS, check_deviations
from agents.intent.facts import ObservedFact, observe_facts
from core.domain import (
    Channel,
    Deal,
    DeviationReport,
    Evidence,
    Passage,
    PassageId,
    Role,
    SourceId,
)
from core.errors import InvalidInput
from core.text.language import language_of
from knowledge_graph.crm.record import parse_record

CASES = Path(__file__).parent / "datasets" / "deviations.jsonl"

Check = Callable[[Deal, Sequence[Passage]], DeviationReport]


@dataclass(frozen=True, slots=True)
class Case:
    """One deal. `deviations` maps a deviating field to what the customer said of it."""

    id: str
    language: str
    half: str
    deal: Deal
    passages: tuple[Passage, ...]
    deviations: Mapping[str, str]
    consistent: tuple[str, ...]


@dataclass(slots=True)
class FieldScore:
    n_expected: int = 0
    n_found: int = 0
    n_quiet: int = 0
    n_false: int = 0

    @property
    def recall(self) -> float:
        """1 where nothing was to be found."""
        return self.n_found / self.n_expected if self.n_expected else 1.0

    @property
    def false_alarm_rate(self) -> float:
        return self.n_false / self.n_quiet if self.n_quiet else 0.0


@dataclass(slots=True)
class DeviationScores:
    """`missed` and `false` name (case, field); `agreed` is the share of consistent fields found.

    `false_share` is the share of all reported deviations that are false.
    """

    recall: float
    false_alarm_rate: float
    false_share: float
    agreed: float
    fields: Mapping[str, FieldScore]
    missed: tuple[tuple[str, str], ...]
    false: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Tally:
    fields: dict[str, FieldScore] = field(default_factory=lambda: {f: FieldScore() for f in FIELDS})
    missed: list[tuple[str, str]] = field(default_factory=list)
    false: list[tuple[str, str]] = field(default_factory=list)
    agreed: Counter[bool] = field(default_factory=Counter)


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSON Lines file in order. Raises InvalidInput naming a wrong line."""
    return list(_cases(path))


def score(cases: Sequence[Case], *, check: Check | None = None) -> DeviationScores:
    """Recall, false alarms and fields over the cases; `check` defaults to the product's own."""
    run = check or check_words
    tally = _Tally()
    for case in cases:
        _count(case, run(case.deal, case.passages), tally)
    total = FieldScore()
    for one in tally.fields.values():
        total.n_expected += one.n_expected
        total.n_found += one.n_found
        total.n_quiet += one.n_quiet
        total.n_false += one.n_false
    n_reported = total.n_found + total.n_false
    n_agreeing = sum(tally.agreed.values())
    return DeviationScores(
        recall=total.recall,
        false_alarm_rate=total.false_alarm_rate,
        false_share=total.n_false / n_reported if n_reported else 0.0,
        agreed=tally.agreed[True] / n_agreeing if n_agreeing else 1.0,
        fields=tally.fields,
        missed=tuple(tally.missed),
        false=tuple(tally.false),
    )


def check_words(deal: Deal, passages: Sequence[Passage]) -> DeviationReport:
    """The check on words alone, without signals or CRM evidence."""
    facts = observe_facts(passages, deal=deal, signals=())
    return check_deviations(deal, facts, crm={}, make_evidence=_evidence)


def _count(case: Case, report: DeviationReport, tally: _Tally) -> None:
    reported = {d.field for d in report.deviations}
    for name, counts in tally.fields.items():
        if name in case.deviations:
            counts.n_expected += 1
            counts.n_found += name in reported
            if name not in reported:
                tally.missed.append((case.id, name))
        else:
            counts.n_quiet += 1
            counts.n_false += name in reported
            if name in reported:
                tally.false.append((case.id, name))
    for name in case.consistent:
        tally.agreed[name in report.consistent] += 1


def _cases(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            yield _case(entry)
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                f"{path.name}, line {number}: {error!r}.", remedy="Correct that line."
            ) from error


def _case(entry: Mapping[str, Any]) -> Case:
    deal = parse_record(entry["deal"], fallback_id=entry["id"]).deal
    unknown = {d["field"] for d in entry["deviations"]} | set(entry["consistent"])
    if unknown - set(FIELDS):
        raise ValueError(f"unknown fields {sorted(unknown - set(FIELDS))}")
    return Case(
        id=entry["id"],
        language=entry["lang"],
        half=entry.get("half", ""),
        deal=deal,
        passages=tuple(_passages(entry["utterances"], deal)),
        deviations={d["field"]: str(d["observed"]) for d in entry["deviations"]},
        consistent=tuple(entry["consistent"]),
    )


def _passages(utterances: Sequence[Mapping[str, str]], deal: Deal) -> Iterator[Passage]:
    """One source a channel and day, as a mail or a meeting is."""
    ends: Counter[str] = Counter()
    by_name = {contact.name: contact.id for contact in deal.contacts}
    for number, said in enumerate(utterances):
        source = f"{said['channel']} {said['date']}"
        start = ends[source]
        ends[source] = start + len(said["text"]) + 1
        yield Passage(
            text=said["text"],
            start=start,
            end=start + len(said["text"]),
            channel=Channel(said["channel"]),
            role=Role(said["role"]),
            speaker=said["speaker"],
            contact_id=by_name.get(said["speaker"]),
            occurred_at=datetime.fromisoformat(said["date"]).replace(hour=9, tzinfo=UTC),
            language=language_of(said["text"]),
            source_id=SourceId(source),
            deal_id=deal.id,
            id=PassageId(number + 1),
        )


def _evidence(fact: ObservedFact) -> Evidence:
    passage = fact.passage
    return Evidence(
        source_id=passage.source_id,
        source_sha256="",
        file=passage.source_id,
        channel=passage.channel,
        start=fact.start,
        end=fact.end,
        quote=passage.text[fact.start - passage.start : fact.end - passage.start],
        speaker=passage.speaker,
        role=passage.role,
        occurred_at=passage.occurred_at,
    )
