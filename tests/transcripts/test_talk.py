"""Who held the floor, from times alone."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import Role, Utterance
from transcripts.parse import parse_transcript
from transcripts.questions import asks
from transcripts.talk import Monologue, Pauses, talk_figures


def said(*lines: tuple[str | None, int | None, int | None, str]) -> list[Utterance]:
    """(speaker, start, end, words) a line."""
    return [Utterance(text, 0, len(text), who, start, end) for who, start, end, text in lines]


MEETING = said(
    ("Ann", 0, 10_000, "What would you need to see first?"),
    ("王建国", 9_000, 20_000, "我们要先看数据,预算还没批。"),
    ("Ann", 20_500, 21_000, "Mm-hm."),
    ("王建国", 21_000, 29_000, "年底之前定不下来。"),
    ("Ann", 31_000, 32_000, "明白吗?"),
)


def test_the_figures_of_a_short_meeting_worked_by_hand() -> None:
    roles = {"Ann": Role.REP, "王建国": Role.CUSTOMER}
    figures = talk_figures(MEETING, roles=roles)
    assert (figures.timing, figures.duration_ms) == ("measured", 32_000)
    assert (figures.n_utterances, figures.n_turns) == (5, 5)
    ann, wang = figures.speakers
    assert (ann.speaker, ann.talk_ms, ann.n_turns) == ("Ann", 11_500, 3)
    assert (wang.speaker, wang.talk_ms, wang.n_turns) == ("王建国", 19_000, 2)
    assert ann.share == pytest.approx(11_500 / 30_500, abs=1e-4)
    assert figures.role_shares == {Role.REP: ann.share, Role.CUSTOMER: wang.share}
    assert figures.overlap_ms == 1_000
    assert figures.pauses == Pauses(n_long=1, median_ms=1_250, longest_ms=2_000)
    # "Mm-hm." shows that Ann listens: 王建国 keeps the floor.
    assert figures.longest_monologue == Monologue("王建国", 9_000, 20_000)
    assert figures.question_rate == 0.4
    assert ann.question_rate == pytest.approx(2 / 3, abs=1e-4)


def test_pace_counts_han_characters_and_english_words_apart() -> None:
    figures = talk_figures(
        said(
            ("a", 0, 30_000, "我们用 ERP 三年了。"), ("b", 30_500, 45_500, "Well, that's 3 years.")
        )
    )
    assert figures.pace.zh_characters_per_min == 14.0  # 我们用 + ERP + 三年了 in half a minute
    assert figures.pace.en_words_per_min == 16.0


def test_too_little_speech_has_no_pace() -> None:
    pace = talk_figures(said(("a", 0, 9_000, "好的没问题"))).pace
    assert (pace.zh_characters_per_min, pace.en_words_per_min) == (None, None)


def test_starts_alone_tell_neither_pauses_nor_overlap() -> None:
    text = "00:00:02 王建国: 预算冻结了。\n00:00:15 Ann: Why?\n00:00:18 王建国: 嗯\n"
    figures = talk_figures(parse_transcript(text.encode(), name="m.txt").utterances)
    assert (figures.timing, figures.pauses, figures.overlap_ms) == ("until_next", None, None)
    assert figures.speakers[0].talk_ms == 13_000


def test_without_times_turns_and_questions_remain() -> None:
    figures = talk_figures(said(("a", None, None, "Why now?"), ("b", None, None, "因为要过审。")))
    assert (figures.timing, figures.duration_ms, figures.pauses) == ("none", None, None)
    assert (figures.longest_monologue, figures.role_shares) == (None, {})
    assert (figures.n_turns, figures.question_rate) == (2, 0.5)
    assert [s.share for s in figures.speakers] == [None, None]


def test_nameless_utterances_are_pooled_and_neither_overlap_nor_hold_the_floor() -> None:
    figures = talk_figures(said((None, 0, 4_000, "一二三"), (None, 3_000, 9_000, "四五六")))
    assert (figures.speakers[0].speaker, figures.speakers[0].talk_ms) == (None, 9_000)
    assert (figures.overlap_ms, figures.longest_monologue, figures.n_turns) == (0, None, 2)


def test_of_nothing_the_figures_are_empty() -> None:
    figures = talk_figures([])
    assert (figures.timing, figures.speakers, figures.question_rate) == ("none", (), 0.0)


def test_the_figures_are_json() -> None:
    shape = talk_figures(MEETING, roles={"Ann": Role.REP}).to_json()
    assert json.loads(json.dumps(shape, ensure_ascii=False, allow_nan=False)) == json.loads(
        json.dumps(shape)
    )
    assert [s["role"] for s in shape["speakers"]] == ["rep", "unknown"]
    assert set(shape["role_shares"]) == {"rep", "unknown"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", None]),
            st.integers(0, 50_000),
            st.integers(0, 20_000),
        ),
        max_size=20,
    )
)
def test_speech_and_silence_fill_the_meeting_and_shares_add_to_one(
    drawn: list[tuple[str | None, int, int]],
) -> None:
    lines = [
        (who, start, start + ms, "words") for who, start, ms in sorted(drawn, key=lambda d: d[1])
    ]
    figures = talk_figures(said(*lines))
    talk_ms = [s.talk_ms or 0 for s in figures.speakers]
    if sum(talk_ms):
        assert sum(s.share or 0.0 for s in figures.speakers) == pytest.approx(1, abs=1e-3)
    if figures.timing == "measured":
        assert figures.overlap_ms is not None
        assert 0 <= figures.overlap_ms <= (figures.duration_ms or 0)
        longest = figures.pauses.longest_ms if figures.pauses else None
        starts = sorted({start for _, start, end, _ in lines if end > start})
        assert (longest or 0) <= max((b - a for a, b in pairwise(starts)), default=0)


@pytest.mark.parametrize(
    "text",
    [
        "预算定了吗",
        "这个价格能不能再谈谈。",
        "那上线时间呢",
        "什么时候可以签?",
        "So what is your timeline",
        "Could you send us the contract.",
        "Do you have a budget",
        "How much does it cost",
        "Okay. And who's going to sign",
        "<v Ann>Right?</v>",
    ],
)
def test_questions_are_known_by_mark_or_form(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "我们不知道多少钱。",
        "先看能不能过审。",
        "现在还早呢。",
        "What we need is a pilot.",
        "I will ask when you are back.",
        "We have the budget.",
        "见 https://example.com/?a=1",
    ],
)
def test_statements_with_question_words_ask_nothing(text: str) -> None:
    assert not asks(text)
