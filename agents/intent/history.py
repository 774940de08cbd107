"""What a customer said on one topic over time, what they took back, and whether channels agree.

A topic has two sides, and later words of one side take back all earlier words of the other: what a
deal rests on is what was said last, but the earlier words stay visible with the ones that replaced
them. Order is by time; within one original it is by place, so that a speaker can correct himself.
Two originals of the same instant, or without any, are in no order and take nothing back.

Channels are compared like two raters who each say of every intent whether it was shown: Cohen's
kappa, κ = (p_o − p_e) / (1 − p_e), is the observed agreement beyond what both would reach by chance
(Cohen 1960, "A coefficient of agreement for nominal scales"); of more than two channels the mean
over the pairs (Light 1971). Most of the intents are absent everywhere, so κ alone is lenient on
silence: coverage counts only what was shown at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

from agents.intent.pooling import MOSTLY_REPORTED_P
from agents.intent.taxonomy import load_taxonomy
from core.domain import Channel, Evidence, IntentId, Signal, SourceId

# A signal from here on is more likely there than not.
SHOWN_P = 0.5
# "They changed their mind" is shown to a rep only where both sides of it are clear: in the sample
# deals the flips between 0.5 and 0.7 were the recogniser's, in talk about who writes what down.
CLEAR_P = 0.7
# Evidence counts as passed on where such words make up at least this share of it.
MOST_OF_IT = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """Intents on one matter. `against` contradicts `towards`; intents of one side get along."""

    towards: frozenset[IntentId]
    against: frozenset[IntentId]


def _topic(towards: Iterable[str], against: Iterable[str]) -> Topic:
    return Topic(
        frozenset(IntentId(intent) for intent in towards),
        frozenset(IntentId(intent) for intent in against),
    )


# For a price the taxonomy has no opposite ("the price is fine" is no intent): nothing takes an
# objection back, and the timeline only shows how it went on.
TOPICS: Mapping[str, Topic] = {
    "budget": _topic(["money.budget_ready"], ["money.budget_doubt"]),
    "decision": _topic(["decision.commitment"], ["decision.stall", "decision.rejection"]),
    "stay": _topic(["lifecycle.renewal", "lifecycle.expansion"], ["lifecycle.churn_risk"]),
    "price": _topic([], ["money.price_objection", "money.discount_request"]),
}
_TOPIC_OF = {
    intent: name for name, topic in TOPICS.items() for intent in topic.towards | topic.against
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One intent on one day. `p`, `reported` and `mood` are those of the words in `evidence`.

    `overrules`: the latest earlier entry that it takes back; `stands`: nothing later took it back.
    """

    topic: str
    intent: IntentId
    said_at: datetime | None
    p: float
    evidence: Evidence
    reported: float | None = None
    mood: float | None = None
    overrules: TimelineEntry | None = None
    stands: bool = True


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two channels over `n_compared` intents; None where the figure is undefined.

    `coverage`: of the intents that either shows, the share that both do. `kappa` is undefined
    where both show no intent, or all of them: agreement by chance is then certain.
    """

    channels: tuple[Channel, Channel]
    kappa: float | None
    coverage: float | None
    n_compared: int


@dataclass(frozen=True, slots=True)
class ChannelAgreement:
    """All channels of a deal, in order of their names, and each pair of them.

    `kappa`: mean over the pairs where it is defined. `coverage`: of the intents that any channel
    shows, the share that at least two do. `n_compared`: intents that a pair is compared on, 0 with
    fewer than two channels. None where a figure is undefined.
    """

    kappa: float | None
    coverage: float | None
    n_compared: int
    channels: tuple[Channel, ...]
    pairs: tuple[PairAgreement, ...] = ()


# ---- timeline ----------------------------------------------------------------------------------


def timeline(signals: Iterable[Signal]) -> tuple[TimelineEntry, ...]:
    """What was said on each topic, latest first, undated words last; ties as in the original.

    Signals with p < 0.5, or of an intent without a topic, make no entry. The same intent several
    times on one day is one entry with its strongest words, unless the opposite came in between.
    """
    shown = sorted((s for s in signals if s.p >= SHOWN_P and s.intent in _TOPIC_OF), key=_order)
    found: list[TimelineEntry] = []
    for topic in TOPICS:
        entries = _entries(topic, [s for s in shown if _TOPIC_OF[s.intent] == topic])
        found += _settled(entries)
    return tuple(sorted(found, key=lambda entry: _place(entry.evidence), reverse=True))


def changed_intents(entries: Sequence[TimelineEntry]) -> dict[IntentId, TimelineEntry]:
    """For each intent that took something back and stands: its latest entry that did so.

    `entries` as `timeline` gives them, latest first; both it and what it took back have p >= 0.7.
    """
    changed: dict[IntentId, TimelineEntry] = {}
    for entry in entries:
        earlier = entry.overrules
        if entry.stands and earlier is not None and min(entry.p, earlier.p) >= CLEAR_P:
            changed.setdefault(entry.intent, entry)
    return changed


def _entries(topic: str, signals: Sequence[Signal]) -> list[TimelineEntry]:
    """Oldest first; `overrules` and `stands` are not decided yet."""
    entries: list[TimelineEntry] = []
    latest: dict[IntentId, int] = {}
    for signal in signals:
        made = TimelineEntry(
            topic=topic,
            intent=signal.intent,
            said_at=signal.evidence.occurred_at,
            p=signal.p,
            evidence=signal.evidence,
            reported=signal.reported,
            mood=signal.mood,
        )
        at = latest.get(signal.intent)
        if at is not None and _is_same_occasion(entries[at], made):
            if made.p >= entries[at].p:
                entries[at] = made
            continue
        for other in [i for i in latest if _are_opposite(topic, i, signal.intent)]:
            # What the opposite interrupted is an entry of its own when it comes again.
            del latest[other]
        latest[signal.intent] = len(entries)
        entries.append(made)
    return entries


def _settled(entries: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """Oldest first, with `stands` and `overrules`. An entry is taken back once, by the first."""
    taken_back: dict[int, int] = {}
    overrules: dict[int, int] = {}
    for at, entry in enumerate(entries):
        for before in range(at):
            if before in taken_back or not _contradicts(entries[before], entry):
                continue
            taken_back[before] = at
            overrules[at] = before
    settled: list[TimelineEntry] = []
    for at, entry in enumerate(entries):
        earlier = settled[overrules[at]] if at in overrules else None
        settled.append(replace(entry, overrules=earlier, stands=at not in taken_back))
    return settled


def _contradicts(earlier: TimelineEntry, later: TimelineEntry) -> bool:
    if not _are_opposite(later.topic, earlier.intent, later.intent):
        return False
    one, other = earlier.evidence, later.evidence
    if one.source_id == other.source_id:
        return _place(one) < _place(other)
    if one.occurred_at is None or other.occurred_at is None:
        return False
    return one.occurred_at < other.occurred_at


def _are_opposite(topic: str, one: IntentId, other: IntentId) -> bool:
    towards = TOPICS[topic].towards
    return (one in towards) != (other in towards)


def _is_same_occasion(one: TimelineEntry, other: TimelineEntry) -> bool:
    """The same calendar day, or the same original where no day is known."""
    mine, theirs = _day(one.evidence), _day(other.evidence)
    if mine is None or theirs is None:
        return one.evidence.source_id == other.evidence.source_id
    return mine == theirs


def _day(evidence: Evidence) -> date | None:
    if evidence.said_on is not None:
        return evidence.said_on
    return evidence.occurred_at.date() if evidence.occurred_at is not None else None


def _order(signal: Signal) -> tuple[tuple[float, str, int, int], IntentId]:
    return _place(signal.evidence), signal.intent


def _place(evidence: Evidence) -> tuple[float, str, int, int]:
    """By time, undated first; then by original and place in it."""
    at = evidence.occurred_at.timestamp() if evidence.occurred_at is not None else float("-inf")
    return at, evidence.source_id, evidence.start, evidence.end


# ---- agreement ---------------------------------------------------------------------------------


def agreement(
    signals: Iterable[Signal], *, heard: Collection[Channel] | None = None
) -> ChannelAgreement:
    """How far a deal's channels show the same intents, over the whole taxonomy.

    An intent is shown where a signal has p >= 0.5, however old: fading tells how much it counts
    today, not whether it was said there. `heard` names the channels in which the customer said
    anything; left out, those with a signal.
    """
    by_channel: dict[Channel, set[IntentId]] = {channel: set() for channel in heard or ()}
    for signal in signals:
        mine = by_channel.setdefault(signal.evidence.channel, set())
        if signal.p >= SHOWN_P:
            mine.add(signal.intent)
    channels = tuple(sorted(by_channel))
    intents = load_taxonomy().ids
    pairs = tuple(
        _compared(one, other, by_channel, intents) for one, other in combinations(channels, 2)
    )
    kappas = [pair.kappa for pair in pairs if pair.kappa is not None]
    n_showing = [sum(intent in mine for mine in by_channel.values()) for intent in intents]
    return ChannelAgreement(
        kappa=sum(kappas) / len(kappas) if kappas else None,
        coverage=_share(sum(n >= 2 for n in n_showing), sum(n >= 1 for n in n_showing))
        if pairs
        else None,
        n_compared=len(intents) if pairs else 0,
        channels=channels,
        pairs=pairs,
    )


def cohens_kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """In [-1, 1]; None where agreement by chance is certain, or nothing was rated.

    Raises ValueError when the raters' lengths differ.
    """
    n = len(one)
    if n != len(other):
        raise ValueError(f"{n} ratings against {len(other)}")
    if n == 0:
        return None
    n_agreed = sum(a == b for a, b in zip(one, other, strict=True))
    # Over n², in whole numbers: whether chance is certain must not hang on rounding.
    by_chance = sum(one) * sum(other) + (n - sum(one)) * (n - sum(other))
    if by_chance == n * n:
        return None
    return (n_agreed * n - by_chance) / (n * n - by_chance)


def _compared(
    one: Channel,
    other: Channel,
    by_channel: Mapping[Channel, Collection[IntentId]],
    intents: Sequence[IntentId],
) -> PairAgreement:
    first = [intent in by_channel[one] for intent in intents]
    second = [intent in by_channel[other] for intent in intents]
    n_both = sum(a and b for a, b in zip(first, second, strict=True))
    n_any = sum(a or b for a, b in zip(first, second, strict=True))
    return PairAgreement(
        channels=(one, other),
        kappa=cohens_kappa(first, second),
        coverage=_share(n_both, n_any),
        n_compared=len(intents),
    )


def _share(n: int, of: int) -> float | None:
    return n / of if of else None


# ---- reported speech ---------------------------------------------------------------------------


class PassedOn:
    """Which words of a deal pass on somebody else's; built once, asked for each evidence."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._spans: dict[SourceId, dict[tuple[int, int], float]] = {}
        for signal in signals:
            if signal.reported is not None and signal.reported >= MOSTLY_REPORTED_P:
                said = signal.evidence
                self._spans.setdefault(said.source_id, {})[said.start, said.end] = signal.reported

    def p(self, evidence: Evidence) -> float | None:
        """The highest p of such words that make up half of the evidence or more, else None."""
        length = evidence.end - evidence.start
        found = [
            p
            for (start, end), p in self._spans.get(evidence.source_id, {}).items()
            if min(end, evidence.end) - max(start, evidence.start) >= MOST_OF_IT * length > 0
        ]
        return max(found, default=None)
