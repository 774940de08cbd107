"""Pooling over a deal: one witness, several, two channels, old words, contradictions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.intent.pooling import HALF_LIFE_DAYS, PRIOR_P, channel_agreement, pool
from core.domain import Channel, Evidence, IntentId, Signal, SourceId

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _signal(
    intent: str = "money.price_objection",
    p: float = 0.6,
    *,
    channel: Channel = Channel.EMAIL,
    days_ago: float | None = 0.0,
    source: str = "s1",
    start: int = 0,
    reported: float | None = None,
) -> Signal:
    at = None if days_ago is None else NOW - timedelta(days=days_ago)
    evidence = Evidence(
        source_id=SourceId(source),
        source_sha256="",
        file=f"{source}.eml",
        channel=channel,
        start=start,
        end=start + 5,
        quote="quote",
        occurred_at=at,
    )
    return Signal(IntentId(intent), p, evidence, reported=reported)


def test_nothing_said_is_nothing_pooled():
    assert pool([], now=NOW) == ()


def test_one_fresh_mail_keeps_its_own_probability():
    (found,) = pool([_signal(p=0.6)], now=NOW)
    assert found.p == pytest.approx(0.6)
    assert found.by_channel == {"email": pytest.approx(0.6)}
    assert found.last_seen_at == NOW


def test_a_second_time_says_more_and_a_second_channel_more_still():
    once = pool([_signal()], now=NOW)[0]
    twice = pool([_signal(), _signal(start=50)], now=NOW)[0]
    both = pool([_signal(), _signal(channel=Channel.MEETING, source="m1")], now=NOW)[0]
    assert once.p < twice.p < both.p
    assert set(both.by_channel) == {"email", "meeting"}


def test_after_a_half_life_half_of_the_weight_is_left():
    # logit 0.5 is 0, logit of the prior 0.04 is -3.178: half of the weight leaves -1.589.
    (found,) = pool([_signal(p=0.5, days_ago=HALF_LIFE_DAYS)], now=NOW)
    assert found.p == pytest.approx(0.1695, abs=1e-3)


def test_words_passed_on_weigh_a_tenth_less_and_still_count():
    own, unsure, passed_on = (pool([_signal(reported=r)], now=NOW)[0].p for r in (None, 0.4, 0.5))
    assert own == unsure
    # logit 0.6 is 0.405, of the prior −3.178: 0.9 · 3.584 − 3.178 = 0.047.
    assert passed_on == pytest.approx(0.512, abs=1e-3)


def test_words_from_tomorrow_weigh_no_more_than_words_of_today():
    ahead, today = (pool([_signal(days_ago=days)], now=NOW)[0].p for days in (-1.0, 0.0))
    assert ahead == pytest.approx(today)


def test_the_later_of_two_contradicting_intents_wins():
    doubt = _signal("money.budget_doubt", 0.8, days_ago=10)
    ready = _signal("money.budget_ready", 0.7, days_ago=1, source="s2")
    found = {one.id: one for one in pool([doubt, ready], now=NOW)}
    alone = pool([doubt], now=NOW)[0]
    assert found["money.budget_ready"].p > 0.5 > found["money.budget_doubt"].p
    assert found["money.budget_doubt"].p < alone.p
    assert found["money.budget_doubt"].by_channel["email"] < alone.by_channel["email"]


def test_contradictions_of_the_same_moment_both_stand():
    signals = [
        _signal("decision.commitment", 0.7),
        _signal("decision.rejection", 0.7, start=40),
    ]
    assert {round(one.p, 3) for one in pool(signals, now=NOW)} == {0.7}


def test_at_most_five_pieces_of_evidence_strongest_first_each_once():
    signals = [_signal(p=0.5 + n / 20, start=n * 10) for n in range(7)]
    (found,) = pool([*signals, signals[-1]], now=NOW)
    assert [e.start for e in found.evidence] == [60, 50, 40, 30, 20]


def test_undated_words_count_and_have_no_last_time():
    (found,) = pool([_signal(days_ago=None)], now=NOW)
    assert found.last_seen_at is None
    assert PRIOR_P < found.p < 0.6


def test_channels_agree_as_far_as_the_weaker_goes():
    alone = pool([_signal()], now=NOW)[0]
    both = pool([_signal(p=0.8), _signal(p=0.4, channel=Channel.MEETING, source="m1")], now=NOW)[0]
    assert channel_agreement(alone) == 0.0
    assert 0.3 < channel_agreement(both) < 0.6


_signals = st.builds(
    _signal,
    st.sampled_from(["need.pain", "money.budget_ready", "money.budget_doubt"]),
    st.floats(0, 1),
    channel=st.sampled_from([Channel.EMAIL, Channel.MEETING, Channel.CHAT]),
    days_ago=st.one_of(st.none(), st.floats(-5, 4000)),
    source=st.sampled_from(["s1", "s2"]),
    start=st.integers(0, 500),
)


@given(st.lists(_signals, max_size=12))
def test_pools_are_probabilities_in_falling_order_whatever_the_order_of_the_signals(signals):
    found = pool(signals, now=NOW)
    assert [one.p for one in found] == sorted((one.p for one in found), reverse=True)
    assert all(0 < one.p < 1 and 1 <= len(one.evidence) <= 5 for one in found)
    turned = {one.id: one.p for one in pool(signals[::-1], now=NOW)}
    assert turned == {one.id: pytest.approx(one.p) for one in found}
