"""Facts about the deal's situation that no single sentence states, each with evidence all the same.

A situation holds only when it can point at words: the customer's last mail, a CRM value. What
cannot be pointed at is not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain import Channel, Deal, Evidence, Passage, Role

SILENT_DAYS = (14, 30)
CLOSE_SOON_DAYS = 30
REP_TALK_SHARE = 0.65  # above it, discovery calls lose: the customer hardly gets a word in
MIN_MEETING_CHARACTERS = 400  # talk shares of shorter meetings say nothing

_QUESTION = re.compile(r"[??]\s*$|[吗呢么][。.]?\s*$")
_PUBLIC_BUYER = re.compile(
    r"人民医院|中心医院|中医院|附属.{0,8}医院|公立|大学|学院|中学|小学|幼儿园|教育局|卫健委|政府|事业单位|研究院"
    r"|第[一二三四五六七八九十]+.{0,4}医院|\b(?:university|public|county|city of|state of"
    r"|school district|department of|ministry|municipal|nhs)\b",
    re.IGNORECASE,
)

EvidenceOf = Callable[[Passage], Evidence]


@dataclass(frozen=True, slots=True)
class Situation:
    """A computed signal: the words to show for it and where they stand."""

    value: str
    evidence: Evidence


def situations(
    *,
    deal: Deal,
    crm_evidence: Mapping[str, Evidence],
    passages: Sequence[Passage],
    now: datetime,
    evidence_of: EvidenceOf,
) -> dict[str, Situation]:
    """Name → situation, for those that hold. `passages` in time order."""
    return {
        **_of_contact(passages, now, evidence_of, deal),
        **_of_meeting(passages, evidence_of),
        **_of_crm(deal, crm_evidence, now.date()),
    }


def _of_contact(
    passages: Sequence[Passage], now: datetime, evidence_of: EvidenceOf, deal: Deal
) -> dict[str, Situation]:
    found: dict[str, Situation] = {}
    theirs = [p for p in passages if p.role is Role.CUSTOMER and p.occurred_at]
    if not theirs:
        return found
    last = max(theirs, key=lambda p: (p.occurred_at, p.start))
    evidence = evidence_of(last)
    said_on = evidence.said_on or last.occurred_at.date()  # type: ignore[union-attr]
    for days in SILENT_DAYS:
        if now - last.occurred_at >= timedelta(days=days):  # type: ignore[operator]
            found[f"silent_{days}d"] = Situation(said_on.isoformat(), evidence)

    channels: dict[str, set[Channel]] = {}
    latest: dict[str, Passage] = {}
    for passage in theirs:
        if passage.contact_id:
            channels.setdefault(passage.contact_id, set()).add(passage.channel)
            latest[passage.contact_id] = passage
    if len(channels) == 1 and len(deal.contacts) > 1:
        (only,) = channels
        found["single_threaded"] = Situation(_name(deal, only), evidence_of(latest[only]))
    active = [c for c, used in channels.items() if len(used) > 1]
    if active:
        first = min(active)
        found["champion_active"] = Situation(_name(deal, first), evidence_of(latest[first]))

    question = _unanswered(passages)
    if question is not None:
        found["unanswered_question"] = Situation(question.text, evidence_of(question))
    return found


def _unanswered(passages: Sequence[Passage]) -> Passage | None:
    """The customer's last question, if the rep has said nothing after it."""
    for passage in reversed(passages):
        if passage.role is Role.REP:
            return None
        asked = passage.role is Role.CUSTOMER and passage.carries_intent
        if asked and _QUESTION.search(passage.text):
            return passage
    return None


def _of_meeting(passages: Sequence[Passage], evidence_of: EvidenceOf) -> dict[str, Situation]:
    meetings = [p for p in passages if p.channel is Channel.MEETING and p.occurred_at]
    if not meetings:
        return {}
    last_source = max(meetings, key=lambda p: (p.occurred_at, p.source_id)).source_id
    talk = [p for p in meetings if p.source_id == last_source]
    total = sum(len(p.text) for p in talk)
    by_rep = [p for p in talk if p.role is Role.REP]
    if total < MIN_MEETING_CHARACTERS or sum(len(p.text) for p in by_rep) <= REP_TALK_SHARE * total:
        return {}
    longest = max(by_rep, key=lambda p: len(p.text))
    return {"rep_talks_most": Situation(longest.speaker or "", evidence_of(longest))}


def _of_crm(deal: Deal, crm_evidence: Mapping[str, Evidence], today: date) -> dict[str, Situation]:
    found: dict[str, Situation] = {}

    def note(name: str, value: str, field: str, *, holds: bool) -> None:
        if holds and field in crm_evidence:
            found[name] = Situation(value, crm_evidence[field])

    record = deal.opportunity
    if close := record.expected_close:
        days = (close - today).days
        note(
            "close_soon_30d",
            close.isoformat(),
            "expected_close",
            holds=0 <= days <= CLOSE_SOON_DAYS,
        )
        note("close_date_past", close.isoformat(), "expected_close", holds=days < 0)
    if record.trial_start and record.trial_end:
        shown = f"{record.trial_start.isoformat()}/{record.trial_end.isoformat()}"
        running = record.trial_start <= today <= record.trial_end
        note("trial_running", shown, "trial_window", holds=running)
        note("trial_over", shown, "trial_window", holds=today > record.trial_end)
    note("no_next_step", "", "no_next_step", holds=not record.next_step)
    public = bool(_PUBLIC_BUYER.search(deal.account.name))
    note("public_buyer", deal.account.name, "account", holds=public)
    names = ", ".join(record.competitors)
    note("many_competitors", names, "competitors", holds=len(record.competitors) > 1)
    return found


def _name(deal: Deal, contact_id: str) -> str:
    contact = deal.contact(contact_id)
    return contact.name if contact else contact_id
