"""CRM, mail and meeting side by side, field by field. Pure; the coach's own rules judge.

That two channels contradict each other is found by the same judges that compare with the record:
the earlier channel's words are put where the record stands, the later channel's are held against
them. So tolerances (a fortnight, five percent) are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from agents.coach.state import DealMaterial
from agents.deviation_check.state import ChannelSays, FieldByChannel
from agents.intent.deviations import FIELDS, check_deviations
from agents.intent.fact_competitors import NOBODY, same_vendor
from agents.intent.fact_people import LEFT
from agents.intent.fact_said import days_of
from agents.intent.facts import ObservedFact
from core.domain import Channel, ContactId, Deal, DeviationReport, Evidence, Opportunity, Stage
from retrieval.provenance import make_evidence

CHANNELS = (Channel.EMAIL, Channel.MEETING)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def compare_with_record(material: DealMaterial) -> DeviationReport:
    """Where the record and the customer's latest words disagree: what the coach shows too."""
    return check_deviations(
        material.deal,
        material.facts,
        crm=material.crm,
        make_evidence=lambda fact: _evidence(fact, material),
    )


def compare_between_channels(material: DealMaterial) -> tuple[FieldByChannel, ...]:
    """The fields of which a mail or a meeting speaks, in the order of FIELDS."""
    rows = []
    for field in FIELDS:
        facts = {
            channel: [
                fact
                for fact in material.facts
                if fact.field == field and fact.passage.channel is channel and fact.value != NOBODY
            ]
            for channel in CHANNELS
        }
        said = {
            channel: ChannelSays(_value(mine, material.deal), _evidence(mine[0], material))
            for channel, mine in facts.items()
            if mine
        }
        if said:
            on_record = material.crm.get(field)
            rows.append(
                FieldByChannel(
                    field=field,
                    crm=on_record.value if on_record else None,
                    said=said,
                    agree=_agree(field, material, *facts.values()),
                )
            )
    return tuple(rows)


def _evidence(fact: ObservedFact, material: DealMaterial) -> Evidence:
    source = material.sources[fact.passage.source_id]
    return make_evidence(source, fact.passage, start=fact.start, end=fact.end)


def _value(facts: Sequence[ObservedFact], deal: Deal) -> str:
    """The channel's latest value in the record's terms; every rival that it names."""
    latest = facts[0]
    if latest.field == "competitors":
        names: list[str] = []
        for fact in reversed(facts):
            if not any(same_vendor(fact.value, name) for name in names):
                names.append(fact.value)
        return ", ".join(names)
    if latest.field == "next_step" or latest.value.startswith(LEFT):
        return latest.shown
    contact = deal.contact(latest.value) if latest.field == "decision_maker" else None
    return contact.name if contact else latest.value


def _agree(
    field: str, material: DealMaterial, one: list[ObservedFact], other: list[ObservedFact]
) -> bool | None:
    if not one or not other:
        return None
    earlier, later = sorted((one, other), key=_when)
    as_said = _RECORD_OF.get(field)
    opportunity = as_said(material.deal.opportunity, earlier[0].value) if as_said else None
    if opportunity is None:
        return None
    report = check_deviations(
        replace(material.deal, opportunity=opportunity),
        later,
        crm={},
        make_evidence=lambda fact: _evidence(fact, material),
    )
    if any(one.field == field for one in report.deviations):
        return False
    return True if field in report.consistent else None


def _when(facts: Sequence[ObservedFact]) -> datetime:
    return facts[0].passage.occurred_at or _BEFORE_ALL


def _close(before: Opportunity, value: str) -> Opportunity:
    first, last = days_of(value)
    return replace(before, expected_close=last or first)


def _trial(before: Opportunity, value: str) -> Opportunity:
    first, last = days_of(value)
    return replace(before, trial_start=first, trial_end=last)


def _decider(before: Opportunity, value: str) -> Opportunity | None:
    # Who has left says nothing of who decides now.
    return None if value.startswith(LEFT) else replace(before, decision_maker=ContactId(value))


# Rivals add up and next steps follow one another: there the channels cannot contradict.
_RECORD_OF: dict[str, Callable[[Opportunity, str], Opportunity | None]] = {
    "budget_status": lambda before, value: replace(before, budget_status=value),
    "decision_maker": _decider,
    "expected_close": _close,
    "trial_window": _trial,
    "amount": lambda before, value: replace(before, amount=Decimal(value)),
    "stage": lambda before, value: replace(before, stage=Stage(value)),
}
