"""Corrections over time, and the agreement of channels: cases by hand, properties, peers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.intent.history import (
    TOPICS,
    PassedOn,
    agreement,
    changed_intents,
    cohens_kappa,
    timeline,
)
from agents.intent.taxonomy import load_taxonomy
from core.domain import Channel, Evidence, IntentId, Role, Signal, SourceId

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
READY, DOUBT = "money.budget_ready", "money.budget_doubt"
TOPIC_INTENTS = sorted(i for topic in TOPICS.values() for i in topic.towards | topic.against)


def signal(
    intent: str = READY,
    p: float = 0.9,
    *,
    days_ago: float | None = 0.0,
    quote: str = "预算批了",
    source: str = "",
    start: int = 0,
    channel: Channel = Channel.EMAIL,
    reported: float | None = None,
    mood: float | None = None,
    said_on: date | None = None,
) -> Signal:
    at = None if days_ago is None else NOW - timedelta(days=days_ago)
    evidence = Evidence(
        source_id=SourceId(source or f"s{days_ago}"),
        source_sha256="",
        file="1.eml",
        channel=channel,
        start=start,
        end=start + len(quote),
        quote=quote,
        role=Role.CUSTOMER,
        occurred_at=at,
        said_on=said_on,
    )
    return Signal(IntentId(intent), p, evidence, reported=reported, mood=mood)


# ---- timeline ----------------------------------------------------------------------------------


def test_an_approved_budget_takes_back_that_there_was_none_latest_first() -> None:
    no = signal(DOUBT, quote="预算没批", days_ago=9)
    yes = signal(READY, days_ago=2, reported=0.7, mood=0.5)
    later, earlier = timeline([yes, no])
    assert (later.topic, later.intent, later.stands) == ("budget", READY, True)
    assert (earlier.intent, earlier.stands, earlier.overrules) == (DOUBT, False, None)
    assert later.overrules == earlier
    assert (later.said_at, later.p) == (NOW - timedelta(days=2), 0.9)
    assert (later.reported, later.mood, later.evidence.quote) == (0.7, 0.5, "预算批了")


def test_every_earlier_word_of_the_other_side_falls_and_the_latest_is_named() -> None:
    back_and_forth = [
        signal(DOUBT, days_ago=30),
        signal(DOUBT, days_ago=20),
        signal(READY, days_ago=10),
        signal(DOUBT, days_ago=1),
    ]
    found = timeline(back_and_forth)
    assert [(e.intent, e.stands) for e in found] == [
        (DOUBT, True),
        (READY, False),
        (DOUBT, False),
        (DOUBT, False),
    ]
    assert found[0].overrules == found[1]
    assert found[1].overrules == found[2]
    assert found[2].overrules is found[3].overrules is None


def test_a_commitment_is_taken_back_by_a_stall_but_a_stall_not_by_a_rejection() -> None:
    said = [
        signal("decision.commitment", days_ago=20),
        signal("decision.stall", days_ago=10),
        signal("decision.rejection", days_ago=1),
    ]
    rejection, stall, commitment = timeline(said)
    assert stall.overrules == commitment
    assert stall.stands
    assert rejection.overrules is None


@pytest.mark.parametrize("intent", ["lifecycle.renewal", "lifecycle.expansion"])
def test_who_wants_to_leave_no_longer_stays(intent: str) -> None:
    leaves, stays = timeline([signal(intent, days_ago=5), signal("lifecycle.churn_risk")])
    assert leaves.overrules == stays
    assert not stays.stands


def test_topics_do_not_take_each_other_back_and_a_price_has_no_opposite() -> None:
    said = [signal(DOUBT, days_ago=5), signal("decision.commitment", days_ago=4)]
    said += [signal("money.price_objection", days_ago=3), signal("money.discount_request")]
    assert all(e.stands and e.overrules is None for e in timeline(said))


def test_weak_signals_and_other_intents_make_no_entry() -> None:
    said = [signal(p=0.49), signal("need.pain", 0.99), signal(DOUBT, 0.5, days_ago=3)]
    assert [e.intent for e in timeline(said)] == [DOUBT]


def test_the_same_on_one_day_is_one_entry_with_the_strongest_words() -> None:
    day = date(2026, 11, 24)
    said = [
        signal(p=0.7, said_on=day, quote="批了", source="a"),
        signal(p=0.9, said_on=day, quote="预算批下来了", source="b", days_ago=0.1),
        signal(p=0.8, said_on=day - timedelta(days=1), source="c", days_ago=0.5),
    ]
    today, yesterday = timeline(said)
    assert (today.p, today.evidence.quote) == (0.9, "预算批下来了")
    assert yesterday.p == 0.8


def test_a_speaker_who_corrects_himself_within_a_meeting_is_heard() -> None:
    said = [
        signal(DOUBT, source="m", start=0),
        signal(READY, source="m", start=50),
        signal(DOUBT, source="m", start=90, p=0.6),
    ]
    assert [(e.intent, e.stands) for e in timeline(said)] == [
        (DOUBT, True),
        (READY, False),
        (DOUBT, False),
    ]


@pytest.mark.parametrize("days_ago", [3.0, None])
def test_without_an_order_nothing_is_taken_back(days_ago: float | None) -> None:
    said = [
        signal(DOUBT, source="a", days_ago=days_ago),
        signal(READY, source="b", days_ago=days_ago),
    ]
    assert all(e.stands and e.overrules is None for e in timeline(said))


def test_undated_words_come_last_and_take_nothing_back() -> None:
    found = timeline([signal(DOUBT, days_ago=None), signal(READY, days_ago=400)])
    assert [(e.intent, e.stands) for e in found] == [(READY, True), (DOUBT, True)]


def test_an_intent_shows_its_latest_change_only_while_it_stands() -> None:
    said = [signal(DOUBT, days_ago=20), signal(READY, days_ago=10)]
    assert list(changed_intents(timeline(said))) == [READY]
    found = changed_intents(timeline([*said, signal(DOUBT, days_ago=1)]))
    assert list(found) == [DOUBT]
    assert not changed_intents(timeline([signal(DOUBT, 0.6, days_ago=20), signal(READY)]))
    assert found[IntentId(DOUBT)].overrules.intent == READY


_signals = st.builds(
    signal,
    st.sampled_from(TOPIC_INTENTS),
    st.floats(0, 1),
    days_ago=st.one_of(st.none(), st.sampled_from([0.0, 0.25, 3.0, 40.0])),
    source=st.sampled_from(["a", "b", "c"]),
    start=st.integers(0, 50),
)


@settings(deadline=None)
@given(st.lists(_signals, max_size=12))
def test_an_entry_falls_exactly_when_a_later_one_contradicts_it(signals: list[Signal]) -> None:
    found = timeline(signals)
    assert timeline(signals[::-1]) == found
    times = [e.said_at.timestamp() if e.said_at else float("-inf") for e in found]
    assert all(one >= other for one, other in pairwise(times))
    for at, entry in enumerate(found):
        if entry.overrules is not None:
            assert entry.overrules in found[at + 1 :]
            assert not entry.overrules.stands
        if not entry.stands:
            sides = TOPICS[entry.topic]
            others = sides.against if entry.intent in sides.towards else sides.towards
            assert any(later.intent in others for later in found[:at])


# ---- agreement ---------------------------------------------------------------------------------


def test_two_channels_over_26_intents_by_hand() -> None:
    said = [
        signal(READY),
        signal("need.pain"),
        signal(READY, channel=Channel.MEETING),
        signal("decision.trial", channel=Channel.MEETING),
        signal("need.pain", 0.4, channel=Channel.MEETING),
    ]
    found = agreement(said)
    # Both show READY, one each shows another: p_o = 24/26, p_e = (2·2 + 24·24)/26² = 580/676.
    assert found.kappa == pytest.approx((24 / 26 - 580 / 676) / (1 - 580 / 676))
    assert found.coverage == pytest.approx(1 / 3)
    assert (found.channels, found.n_compared) == ((Channel.EMAIL, Channel.MEETING), 26)
    (pair,) = found.pairs
    assert (pair.kappa, pair.coverage, pair.channels) == (
        found.kappa,
        found.coverage,
        found.channels,
    )


def test_one_channel_agrees_with_nobody() -> None:
    found = agreement([signal()])
    assert (found.kappa, found.coverage, found.n_compared) == (None, None, 0)
    assert (found.channels, found.pairs) == ((Channel.EMAIL,), ())
    assert agreement([]).channels == ()


def test_two_silent_channels_have_no_kappa_and_a_heard_one_counts_as_silent() -> None:
    found = agreement([signal(p=0.3), signal(p=0.3, channel=Channel.MEETING)])
    assert (found.kappa, found.coverage, found.n_compared) == (None, None, 26)
    heard = agreement([signal()], heard={Channel.EMAIL, Channel.CHAT})
    assert (heard.kappa, heard.coverage) == (0.0, 0.0)


def test_three_channels_have_the_mean_of_the_pairs_that_have_one() -> None:
    said = [signal(), signal(channel=Channel.MEETING)]
    found = agreement(said, heard={Channel.CHAT})
    assert [pair.kappa for pair in found.pairs] == [0.0, 0.0, 1.0]
    assert found.kappa == pytest.approx(1 / 3)
    assert found.coverage == 1.0


ratings = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40)


@settings(deadline=None)
@given(ratings)
def test_kappa_is_scikit_learns(pairs: list[tuple[bool, bool]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    one, other = (list(side) for side in zip(*pairs, strict=True))
    mine = cohens_kappa(one, other)
    assert cohens_kappa(other, one) == mine
    if mine is None:
        assert len({*one, *other}) == 1
    else:
        assert mine == pytest.approx(metrics.cohen_kappa_score(one, other))


def test_kappa_needs_raters_of_one_length_and_something_to_rate() -> None:
    assert cohens_kappa([], []) is None
    with pytest.raises(ValueError, match="1 ratings against 2"):
        cohens_kappa([True], [True, False])


def test_every_topics_intents_are_in_the_taxonomy_and_in_one_topic_only() -> None:
    assert set(TOPIC_INTENTS) <= set(load_taxonomy().ids)
    assert len(TOPIC_INTENTS) == len(set(TOPIC_INTENTS))


# ---- reported speech ---------------------------------------------------------------------------


def test_evidence_is_passed_on_where_half_of_it_or_more_is() -> None:
    told = signal(source="m", start=10, quote="总监说预算已经批了", reported=0.8)
    passed_on = PassedOn([told, signal(source="n", reported=0.4), signal(source="o")])
    assert passed_on.p(told.evidence) == 0.8
    assert (
        passed_on.p(signal(source="m", start=4, quote="嗯嗯,总监说预算已经批了吧。").evidence)
        == 0.8
    )
    assert passed_on.p(signal(source="m", start=0, quote="字" * 40).evidence) is None
    assert passed_on.p(signal(source="m", start=19).evidence) is None
    assert passed_on.p(signal(source="n").evidence) is None
