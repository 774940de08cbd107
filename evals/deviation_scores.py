"""How well the deviation check finds what the CRM record has wrong, on deals written by hand.

A case is a deal, what its customer said, the fields that deviate and those that agree. Recall is
over the deviating fields; a false alarm is any other field that the check reports, and its rate is
over all fields that do not deviate, silent ones included: each was a chance to be wrong. The check
is handed in: evals.deviation_signals makes the product's own, `check_words` leaves its signals out.
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
from evals.intervals import wilson
from knowledge_graph.crm.record import parse_record

CASES = Path(__file__).parent / "datasets" / "deviations.jsonl"
# Deals that no rule was ever written against; scored in aggregate only.
UNSEEN = Path(__file__).parent / "datasets" / "deviations_test.jsonl"

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
    n_agreeing: int = 0
    n_agreed: int = 0
    n_denied: int = 0

    @property
    def coverage(self) -> float:
        """The share of the agreeing fields that were found to agree."""
        return self.n_agreed / self.n_agreeing if self.n_agreeing else 1.0

    @property
    def consistency(self) -> float:
        """Of the agreeing fields that were decided, the share found to agree."""
        n_decided = self.n_agreed + self.n_denied
        return self.n_agreed / n_decided if n_decided else 1.0

    def add(self, other: FieldScore) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

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

    `false_share` is the share of all reported deviations that are false; `total` sums `fields`.
    """

    recall: float
    false_alarm_rate: float
    false_share: float
    agreed: float
    fields: Mapping[str, FieldScore]
    total: FieldScore
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
    """Recall, false alarms and fields over the cases; `check` defaults to the words alone."""
    run = check or check_words
    tally = _Tally()
    for case in cases:
        _count(case, run(case.deal, case.passages), tally)
    total = FieldScore()
    for one in tally.fields.values():
        total.add(one)
    n_reported = total.n_found + total.n_false
    n_agreeing = sum(tally.agreed.values())
    return DeviationScores(
        recall=total.recall,
        false_alarm_rate=total.false_alarm_rate,
        false_share=total.n_false / n_reported if n_reported else 0.0,
        agreed=tally.agreed[True] / n_agreeing if n_agreeing else 1.0,
        fields=tally.fields,
        total=total,
        missed=tuple(tally.missed),
        false=tuple(tally.false),
    )


def figures(cases: Sequence[Case], *, check: Check | None = None) -> dict[str, str]:
    """Readable figures of a set: the whole, each language, each field."""
    whole = score(cases, check=check)
    shown = {"all": _shown(whole.total)}
    for language in sorted({case.language for case in cases}):
        part = score([case for case in cases if case.language == language], check=check)
        shown[language] = _shown(part.total)
    return shown | {name: _shown(one) for name, one in whole.fields.items()}


def _shown(one: FieldScore) -> str:
    n_decided = one.n_agreed + one.n_denied
    return "; ".join(
        (
            _share("recall", one.n_found, one.n_expected),
            _share("false alarms", one.n_false, one.n_quiet),
            _share("consistency", one.n_agreed, n_decided),
            _share("coverage", one.n_agreed, one.n_agreeing),
        )
    )


def _share(name: str, n_hit: int, n: int) -> str:
    if n == 0:
        return f"{name} -"
    low, high = wilson(n_hit, n)
    return f"{name} {100 * n_hit / n:.1f} % of {n} [{100 * low:.1f}, {100 * high:.1f}]"


def check_words(deal: Deal, passages: Sequence[Passage]) -> DeviationReport:
    """The check on words alone, without signals or CRM evidence."""
    facts = observe_facts(passages, deal=deal, signals=())
    return check_deviations(deal, facts, crm={}, make_evidence=evidence_of)


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
        counts = tally.fields[name]
        counts.n_agreeing += 1
        counts.n_agreed += name in report.consistent
        counts.n_denied += name in reported


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


def evidence_of(fact: ObservedFact) -> Evidence:
    """Where a fact of a case stands; a case has no files, so nothing to hash."""
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
