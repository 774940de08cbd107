"""Ranking on sentences written by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agents.moments.encoding import centred, encoded
from agents.moments.features import Unit, surface
from agents.moments.rank import LONGEST_QUOTE, rank
from agents.moments.read import units_of
from agents.moments.titles import title_of
from agents.moments.words import settles_when
from core.domain import Channel, IntentId, Passage, Role
from core.ports import Vectors

DOUBT = IntentId("money.budget_doubt")
TRIAL = IntentId("decision.trial")


def spoken(*texts: str, role: Role = Role.CUSTOMER) -> tuple[list[Unit], str]:
    """One utterance a text, and the source that holds them."""
    units, at = [], 0
    for index, text in enumerate(texts):
        units.append(Unit(index, text, at, at + len(text), role=role, start_ms=index * 1000))
        at += len(text) + 1
    return units, "\n".join(texts)


def test_a_customers_intent_comes_before_salience_alone_and_the_quote_is_exact() -> None:
    units, text = spoken("今天天气不错。", "预算还没有批下来。", "我们总结一下要点。")
    found = rank(units, np.array([0.1, 0.3, 0.9]), {1: (DOUBT, 0.9)}, text=text)
    assert [m.index for m in found] == [1, 2, 0]
    assert found[0].title.zh == "客户提出预算质疑"
    assert all(m.quote == text[m.start : m.end] and 0 <= m.score <= 1 for m in found)


def test_a_faint_intent_comes_before_the_most_salient_words_without_one() -> None:
    units, text = spoken("the meeting is about tills", "the money is not there")
    found = rank(units, np.array([1.0, 0.0]), {1: (DOUBT, 0.5)}, text=text)
    assert [m.intent for m in found] == [DOUBT, None]


def test_a_near_repeat_is_left_out_and_one_utterances_sentences_are_one_moment() -> None:
    text = "we sign the contract on friday. a second sentence here. we sign the contract on friday."
    units = [Unit(0, text[:31], 0, 31), Unit(0, text[32:55], 32, 55), Unit(1, text[56:], 56, 87)]
    found = rank(units, np.array([0.9, 0.5, 0.4]), {}, text=text)
    assert [(m.start, m.end) for m in found] == [(0, 55)]


def test_a_long_speech_is_several_moments_that_can_each_be_read_at_a_glance() -> None:
    sentences = [f"{c}one {c}two {c}three {c}four {c}five {c}six {c}seven." for c in "abcdefghi"]
    units, text = spoken(*sentences)
    units = [Unit(0, u.text, u.start, u.end) for u in units]
    found = rank(units, np.full(9, 0.5), {}, text=text)
    assert len(found) > 1
    assert all(len(m.quote) <= LONGEST_QUOTE for m in found)


def test_a_customers_day_or_sum_is_worth_a_little_and_a_reps_nothing_more() -> None:
    plain, dated = "the contract is what we talk of", "we sign the contract on 3 december"
    units, text = spoken(plain, dated)
    assert [m.index for m in rank(units, np.full(2, 0.5), {}, text=text)] == [1, 0]
    units, text = spoken(plain, dated, role=Role.REP)
    assert [m.index for m in rank(units, np.full(2, 0.5), {}, text=text)] == [0, 1]


def test_the_first_of_another_intent_comes_before_the_third_of_one() -> None:
    units, text = spoken("no money here", "still no funds", "nothing in the purse", "a test run")
    intents = {0: (DOUBT, 0.8), 1: (DOUBT, 0.8), 2: (DOUBT, 0.8), 3: (TRIAL, 0.75)}
    found = rank(units, np.zeros(4), intents, text=text)
    assert [m.index for m in found] == [0, 3, 1, 2]


@pytest.mark.parametrize(
    ("said", "is_window"),
    [
        ("POC 就按十一月二号到十六号，放 A 线末端。", True),
        ("试用期两周可以，从十二月一号开始。", True),
        ("Okay, we'll start the pilot on November second.", True),
        ("能不能先试用两周？", False),
        ("两周试用不够。", False),
        ("We'd like a four-week pilot in January.", False),
        ("A pilot. A real one, with our own data, in two depots.", False),
    ],
)
def test_a_trial_window_is_agreed_only_where_the_words_settle_a_time(
    said: str, is_window: bool
) -> None:
    assert settles_when(surface(said)) is is_window
    title = title_of(TRIAL, Role.CUSTOMER, said=surface(said))
    assert title.zh == ("确认 POC 时间窗口" if is_window else "客户要求试用")


def test_a_demo_is_not_called_a_trial() -> None:
    said = surface("Could we see a demo some time in November?")
    assert title_of(TRIAL, Role.CUSTOMER, said=said).zh == "客户要看演示"


def test_nobody_unknown_is_called_the_customer() -> None:
    assert "客户" not in title_of(TRIAL, Role.UNKNOWN, said="poc 定在下周三").zh


def test_nothing_said_gives_no_moment() -> None:
    assert rank([], np.zeros(0), {}, text="") == []


class CountingEmbedder:
    name = "counting"
    n_dimensions = 2

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.array([[1, 0], [0, 1]] * len(texts), dtype=np.float32)[: len(texts)]


def test_equal_sentences_are_encoded_once_and_a_word_or_two_only_where_asked() -> None:
    embedder = CountingEmbedder()
    long, other = "the price is too high for us", "这个价格我们接受不了"
    vectors = encoded([long, "yeah", "可以。", other, long], embedder, always={2})
    assert embedder.seen == [long, "可以。", other]
    assert vectors.tolist() == [[1, 0], [0, 0], [0, 1], [1, 0], [1, 0]]


def test_the_meetings_topic_is_taken_off_what_was_encoded_only() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32)
    assert centred(vectors).tolist() == [[0.5, -0.5], [-0.5, 0.5], [0, 0]]


def test_pieces_of_one_long_utterance_share_its_index_and_blocks_of_one_speaker_do_not() -> None:
    long = "我" * 598 + "。"
    text = f"{long}{long}\n\n好的。"
    spans = [(0, 599), (599, 1198), (1200, 1203)]
    passages = [Passage(text[a:b], a, b, Channel.MEETING, start_ms=0, end_ms=9) for a, b in spans]
    *pieces, block = (unit.index for unit in units_of(passages, text))
    assert set(pieces) == {0}
    assert block == 1
