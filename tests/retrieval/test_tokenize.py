from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.tokenize import Tokenizer

TERMS = ("可编程逻辑控制器", "控制器", "设备联网率", "Programmable Logic Controller", "SOC 2", "ai")


def test_chinese_gives_words_and_bigrams_and_a_word_of_two_characters_counts_once() -> None:
    tokens = Tokenizer().tokens("预算批下来了")
    assert "批下来" in tokens
    assert "下来" in tokens
    assert "算批" in tokens
    assert tokens.count("预算") == 1


def test_a_label_is_kept_whole_with_the_labels_inside_it() -> None:
    tokens = Tokenizer(TERMS).tokens("可编程逻辑控制器的设备联网率")
    assert tokens[0] == "可编程逻辑控制器"
    assert "控制器" in tokens
    assert "设备联网率" in tokens


def test_latin_labels_count_at_word_boundaries_and_in_the_plural() -> None:
    tokenizer = Tokenizer(TERMS)
    assert "programmable logic controller" in tokenizer.tokens("Two programmable logic controllers")
    assert "ai" not in tokenizer.tokens("He said the airline agreed")
    assert "ai" in tokenizer.tokens("我们的AI项目")


def test_english_words_meet_by_their_stem() -> None:
    tokenizer = Tokenizer()
    assert set(tokenizer.tokens("Approved budgets")) == set(
        tokenizer.tokens("approving the budget")
    )


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("PLC-1200", "plc1200", "plc1200"),
        ("PLC-1200", "the PLC", "plc"),
        ("SOC 2 Type II", "soc2", "soc2"),
        ("ISO 27001", "ISO27001", "iso27001"),
        ("ＭＥＳ系统", "mes", "mes"),
        ("e-mail", "email", "email"),
        ("the customer's plan", "customers", "custom"),
    ],
)
def test_codes_are_found_whole_joined_and_in_parts(one: str, other: str, shared: str) -> None:
    tokenizer = Tokenizer()
    assert shared in tokenizer.tokens(one)
    assert shared in tokenizer.tokens(other)


def test_words_that_only_ask_are_left_out() -> None:
    assert Tokenizer().tokens("What is the") == []
    assert Tokenizer().tokens("？！ …") == []


def test_invisible_characters_split_no_word() -> None:
    assert "预算" in Tokenizer().tokens("预\u200b算")


def test_jieba_cuts_as_rjieba_does() -> None:
    text = "我们星源汽配的可编程逻辑控制器下个月要上线"
    assert Tokenizer(segmenter="jieba").tokens(text) == Tokenizer().tokens(text)


def test_jieba_takes_over_where_rjieba_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    assert "批下来" in Tokenizer().tokens("预算批下来了")


@given(st.text(max_size=200))
def test_any_text_gives_lower_case_tokens_without_white_space_around(text: str) -> None:
    for token in Tokenizer(TERMS).tokens(text):
        assert token
        assert token == token.strip()


def test_traditional_characters_count_as_simplified_ones() -> None:
    assert Tokenizer().tokens("預算審批") == Tokenizer().tokens("预算审批")
    assert "制造执行系统" in Tokenizer(["製造執行系統"]).tokens("我們要上制造执行系统")


def test_words_that_only_ask_weigh_half_in_a_question() -> None:
    weights = Tokenizer().query_weights("Summarize the discussion about budget")
    assert weights == {"summar": 0.5, "discuss": 0.5, "budget": 1.0}
    assert Tokenizer().query_weights("客户认为预算够吗")["认为"] == 0.5
