"""Which house language a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.language import language_of


@pytest.mark.parametrize(
    "text",
    ["预算还没批", "我们的PLC-1200和MES要对接", "先做 POC，再谈 license 的价格", "〇", "CRM系统"],
)
def test_a_fifth_of_han_letters_makes_a_text_chinese(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    ["The budget is approved", "", "480,000", "Please call 张 about the renewal of the contract"],
)
def test_other_texts_are_english(text: str) -> None:
    assert language_of(text) == "en"


def test_the_share_is_counted_among_letters_only() -> None:
    assert language_of("中 1234567890 !!!!!!!!!! abcd") == "zh"
    assert language_of("中abcde") == "en"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in ("zh", "en")
