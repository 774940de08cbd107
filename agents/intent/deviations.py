"""Where the CRM record and the customer's latest words disagree, field by field.

The latest words on a field win. Where two people contradict each other on the same day and one of
them agrees with the record, the record is not called wrong: the field stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from agents.intent import fact_signals
from agents.intent.fact_competitors import NOBODY, same_vendor
from agents.intent.fact_people import LEFT
from agents.intent.fact_said import days_of, span
from agents.intent.facts import ObservedFact
from core.domain import Deal, Deviation, DeviationReport, Evidence, Severity, Stage

FIELDS = (
    "budget_status",
    "decision_maker",
    "expected_close",
    "competitors",
    "trial_window",
    "amount",
    "stage",
    "next_step",
)
# A forecast date is a guess to the fortnight; beyond it another month's forecast is wrong.
CLOSE_TOLERANCE_DAYS = 14
# A quarter lost is a forecast lost.
CLOSE_HIGH_DAYS = 60
CLOSE_MEDIUM_DAYS = 30
# Rooms and engineers are booked by the day; one day is a weekend's rounding.
TRIAL_TOLERANCE_DAYS = 2
AMOUNT_TOLERANCE = Decimal("0.05")
AMOUNT_HIGH = Decimal("0.20")
MOST_WITNESSES = 3
# Weaker words do not contradict a record that merely does not know.
PLAIN_FROM = 0.7
# A month or more said without days ("in January") is a period, not a window.
_PERIOD_DAYS = 27
_WHOLE_YEAR_DAYS = 300
_OPEN_STAGES = (
    Stage.LEAD,
    Stage.QUALIFIED,
    Stage.DEMO,
    Stage.POC,
    Stage.PROPOSAL,
    Stage.NEGOTIATION,
)


class CrmValueLike(Protocol):
    """What the record says of one field, with the words in deal.json."""

    @property
    def value(self) -> str: ...

    @property
    def evidence(self) -> Evidence | None: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """How one fact stands to the record. `severity` None: they agree."""

    severity: Severity | None
    observed: str = ""
    proposed: str | None = None


Judge = Callable[[Deal, ObservedFact], Finding | None]


def check_deviations(
    deal: Deal,
    facts: Sequence[ObservedFact],
    *,
    crm: Mapping[str, CrmValueLike],
    make_evidence: Callable[[ObservedFact], Evidence],
) -> DeviationReport:
    """Every one of FIELDS in exactly one of the report's three lists.

    `facts` come latest first, as observe_facts gives them; `crm` maps a field to its shown value.
    """
    deviations: list[Deviation] = []
    consistent: list[str] = []
    undecided: list[str] = []
    for field in FIELDS:
        mine = [fact for fact in facts if fact.field == field]
        decided = _decide(field, deal, mine)
        if decided is None:
            undecided.append(field)
            continue
        finding, witnesses = decided
        if finding.severity is None:
            consistent.append(field)
            continue
        on_record = crm.get(field)
        deviations.append(
            Deviation(
                field=field,
                crm=on_record.value if on_record else None,
                observed=finding.observed,
                severity=finding.severity,
                crm_evidence=on_record.evidence if on_record else None,
                evidence=tuple(make_evidence(fact) for fact in witnesses),
                proposed=finding.proposed,
            )
        )
    return DeviationReport(tuple(deviations), tuple(consistent), tuple(undecided))


def _decide(
    field: str, deal: Deal, facts: Sequence[ObservedFact]
) -> tuple[Finding, tuple[ObservedFact, ...]] | None:
    if field == "competitors":
        return _competitors(deal, facts)
    facts = _without_guesses(facts)
    if field == "decision_maker":
        facts = _without_stale_departures(facts)
    if field == "trial_window":
        facts = _with_both_ends(facts)
    if field == "stage":
        facts = _without_echoes(facts)
    if field == "next_step":
        facts = _refusals_first(facts)
    judge = _JUDGES[field]
    judged = [(fact, finding) for fact in facts if (finding := judge(deal, fact)) is not None]
    if not judged:
        return None
    fact, finding = judged[0]
    if _is_contradicted(judged):
        return None
    alike = [
        f for f, other in judged if other.observed == finding.observed or f.value == fact.value
    ]
    witnesses = sorted(_distinct([fact, *alike]), key=lambda f: -f.strength)
    return finding, tuple(witnesses[:MOST_WITNESSES])


def _without_guesses(facts: Sequence[ObservedFact]) -> list[ObservedFact]:
    """What the intent model suggests counts where no plain words of that day do."""
    if any(fact.strength > fact_signals.ECHO for fact in facts):
        facts = [fact for fact in facts if fact.strength > fact_signals.ECHO]
    plain = {_day(fact) for fact in facts if fact.strength > fact_signals.STRENGTH}
    return [f for f in facts if f.strength > fact_signals.STRENGTH or _day(f) not in plain]


def _is_contradicted(judged: Sequence[tuple[ObservedFact, Finding]]) -> bool:
    """Another speaker on the same day, elsewhere, said the opposite."""
    fact, finding = judged[0]
    if finding.severity is None:
        return False
    day = _day(fact)
    return day is not None and any(
        _day(other) == day
        and other.passage.source_id != fact.passage.source_id
        and other.passage.speaker != fact.passage.speaker
        and verdict.severity is None
        and other.strength >= fact.strength
        for other, verdict in judged[1:]
    )


def _distinct(facts: Sequence[ObservedFact]) -> list[ObservedFact]:
    seen: dict[tuple[str, int], ObservedFact] = {}
    for fact in facts:
        seen.setdefault((fact.passage.source_id, fact.start), fact)
    return list(seen.values())


def _day(fact: ObservedFact) -> date | None:
    return fact.passage.occurred_at.date() if fact.passage.occurred_at else None


def _budget(deal: Deal, fact: ObservedFact) -> Finding | None:
    known = deal.opportunity.budget_status
    if known == fact.value:
        return Finding(None)
    if known in (None, "", "unknown"):
        return Finding("low", fact.value, fact.value) if fact.strength >= PLAIN_FROM else None
    return Finding("high", fact.value, fact.value)


def _without_echoes(facts: Sequence[ObservedFact]) -> Sequence[ObservedFact]:
    """Signs that fit the record's stage prove nothing once plain words told of another."""
    plain = [fact for fact in facts if fact.strength >= PLAIN_FROM]
    return plain or facts


def _refusals_first(facts: Sequence[ObservedFact]) -> Sequence[ObservedFact]:
    """A step that was refused is not wanted again because its things are spoken of again."""
    return sorted(facts, key=lambda fact: fact.value != "overtaken")


def _with_both_ends(facts: Sequence[ObservedFact]) -> Sequence[ObservedFact]:
    """The latest words on the trial, with the end that they leave open as it was last said."""
    if not facts:
        return facts
    first, last = days_of(facts[0].value)
    for earlier in facts[1:]:
        start, end = days_of(earlier.value)
        first, last = first or start, last or end
    if first and last and first <= last:
        return [replace(facts[0], value=span(first, last)), *facts[1:]]
    return facts


def _without_stale_departures(facts: Sequence[ObservedFact]) -> list[ObservedFact]:
    """Somebody said to have left decides nothing, whatever was said before."""
    gone: set[str] = set()
    kept = []
    for fact in facts:
        if fact.value.startswith(LEFT):
            gone.add(fact.value.removeprefix(LEFT))
            kept.append(fact)
        elif fact.value not in gone:
            kept.append(fact)
    # A named successor says more than the departure, if both stand in the same words.
    return sorted(kept, key=lambda f: (_source_rank(f, kept), f.value.startswith(LEFT)))


def _source_rank(fact: ObservedFact, facts: Sequence[ObservedFact]) -> int:
    """Facts of one source count as said together."""
    return next(i for i, f in enumerate(facts) if f.passage.source_id == fact.passage.source_id)


def _decision_maker(deal: Deal, fact: ObservedFact) -> Finding | None:
    known = deal.opportunity.decision_maker
    if fact.value.startswith(LEFT):
        gone = fact.value.removeprefix(LEFT)
        return Finding("high", fact.shown) if gone == known else None
    if fact.value == known:
        return Finding(None)
    contact = deal.contact(fact.value)
    shown = contact.name if contact else fact.value
    severity: Severity = "high" if known else "low"
    return Finding(severity, shown, shown)


def _expected_close(deal: Deal, fact: ObservedFact) -> Finding | None:
    known = deal.opportunity.expected_close
    first, last = days_of(fact.value)
    if known is None:
        return Finding("low", fact.shown, _iso(last or first))
    off = _days_off(known, first, last)
    is_vague = first and last and (last - first).days > _WHOLE_YEAR_DAYS
    if off <= (0 if is_vague else CLOSE_TOLERANCE_DAYS):
        return Finding(None)
    severity: Severity = "low"
    if off > CLOSE_MEDIUM_DAYS:
        severity = "high" if off > CLOSE_HIGH_DAYS else "medium"
    return Finding(severity, fact.shown, _iso(last or first))


def _days_off(known: date, first: date | None, last: date | None) -> int:
    """Days between the record's date and the said range; a deadline counts as its last day."""
    if first is None and last is not None:
        return abs((known - last).days)
    if first is not None and known < first:
        return (first - known).days
    if last is not None and known > last:
        return (known - last).days
    return 0


def _trial_window(deal: Deal, fact: ObservedFact) -> Finding | None:
    first, last = days_of(fact.value)
    start, end = deal.opportunity.trial_start, deal.opportunity.trial_end
    if start is None and end is None:
        return Finding("low", fact.value, fact.value) if first and last else None
    proposed = f"{_iso(first or start) or ''}/{_iso(last or end) or ''}"
    finding = Finding("medium", fact.shown or fact.value, proposed)
    if first and last and _is_period(first, last):
        overlaps = (start is None or start <= last) and (end is None or end >= first)
        return Finding(None) if overlaps else finding
    apart = [
        abs((said - known).days)
        for said, known in ((first, start), (last, end))
        if said is not None and known is not None
    ]
    if not apart:
        return None
    return finding if max(apart) >= TRIAL_TOLERANCE_DAYS else Finding(None)


def _is_period(first: date, last: date) -> bool:
    whole_months = first.day == 1 and (last - first).days >= _PERIOD_DAYS and (last.day >= 28)
    whole_week = first.weekday() == 0 and last.weekday() == 6 and (last - first).days == 6
    return whole_months or whole_week


def _amount(deal: Deal, fact: ObservedFact) -> Finding | None:
    known = deal.opportunity.amount
    said = Decimal(fact.value)
    if known is None:
        return Finding("low", fact.shown, fact.value)
    if known == 0:
        return None
    share = abs(said - known) / known
    if share <= AMOUNT_TOLERANCE:
        return Finding(None)
    return Finding("high" if share > AMOUNT_HIGH else "medium", fact.shown, fact.value)


def _stage(deal: Deal, fact: ObservedFact) -> Finding | None:
    known = deal.opportunity.stage
    said = Stage(fact.value)
    if known is None:
        return None
    if known is said:
        return Finding(None)
    if known not in _OPEN_STAGES:
        return None
    if said in (Stage.LOST, Stage.WON):
        return Finding("high", fact.shown, said.value)
    if said is Stage.QUALIFIED:
        early = known in (Stage.PROPOSAL, Stage.NEGOTIATION)
        return Finding("medium", fact.shown, said.value) if early else None
    ahead = _OPEN_STAGES.index(said) > _OPEN_STAGES.index(known)
    return Finding("medium", fact.shown, said.value) if ahead else Finding(None)


def _next_step(deal: Deal, fact: ObservedFact) -> Finding | None:
    updated, day = deal.opportunity.updated_at, _day(fact)
    if updated is not None and day is not None and day < updated.date():
        return None  # The record was written knowing these words.
    if fact.value == "asked":
        return Finding("low", fact.shown, fact.shown)
    if fact.value == "agrees":
        return Finding(None)
    return Finding("medium", fact.shown, fact.shown)


def _competitors(
    deal: Deal, facts: Sequence[ObservedFact]
) -> tuple[Finding, tuple[ObservedFact, ...]] | None:
    """Any rival named at any time that the record lacks."""
    known = deal.opportunity.competitors
    named = [fact for fact in facts if fact.value != NOBODY]
    new = [fact for fact in named if not any(same_vendor(fact.value, name) for name in known)]
    if not facts:
        return None
    if not new:
        return Finding(None), ()
    names: list[str] = []
    for fact in new:
        if not any(same_vendor(fact.value, name) for name in names):
            names.append(fact.value)
    finding = Finding("medium", ", ".join(names), ", ".join((*known, *names)))
    return finding, tuple(_distinct(new)[:MOST_WITNESSES])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


_JUDGES: Mapping[str, Judge] = {
    "budget_status": _budget,
    "decision_maker": _decision_maker,
    "expected_close": _expected_close,
    "trial_window": _trial_window,
    "amount": _amount,
    "stage": _stage,
    "next_step": _next_step,
}
