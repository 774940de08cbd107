from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.domain import Channel, Passage, Role
from retrieval.passages import (
    LONGEST_EMAIL_PASSAGE,
    LONGEST_KNOWLEDGE_PASSAGE,
    email_passages,
    knowledge_passages,
)

SENT_AT = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)


def cut(
    text: str, *, regions: list[tuple[str, int, int]] | None = None, automatic: bool = False
) -> list[Passage]:
    return email_passages(
        text,
        [("body", 0, len(text))] if regions is None else regions,
        role=Role.CUSTOMER,
        speaker="王建国",
        contact_id="c-1",
        occurred_at=SENT_AT,
        automatic=automatic,
    )


def words(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def test_a_mail_is_cut_at_blank_lines() -> None:
    text = "张经理：\n\n预算批下来了。\n下周签。\n\n  \n王建国\n"
    passages = cut(text)
    assert words(passages) == ["张经理：", "预算批下来了。\n下周签。", "王建国"]
    assert passages[1].start == text.index("预算")
    assert passages[1].channel is Channel.EMAIL
    assert passages[1].role is Role.CUSTOMER
    assert passages[1].contact_id == "c-1"
    assert passages[1].occurred_at == SENT_AT
    assert passages[1].language == "zh"
    assert passages[1].carries_intent


def test_list_items_are_kept_apart() -> None:
    text = "Three questions:\n1. Is SSO included?\n2) What about\n   data residency?\n- The price"
    assert words(cut(text)) == [
        "Three questions:",
        "1. Is SSO included?",
        "2) What about\n   data residency?",
        "- The price",
    ]


def test_a_figure_at_the_start_of_a_line_is_no_list_item() -> None:
    assert words(cut("the discount is\n3.5 percent")) == ["the discount is\n3.5 percent"]


def test_only_the_body_is_indexed() -> None:
    text = "Agreed.\n> Shall we sign?\nCall me.\n-- \nAnna"
    quoted = text.index(">")
    back = text.index("Call")
    signature = text.index("-- ")
    regions = [
        ("body", 0, quoted),
        ("quoted", quoted, back),
        ("body", back, signature),
        ("signature", signature, len(text)),
    ]
    assert words(cut(text, regions=regions)) == ["Agreed.", "Call me."]


def test_a_robots_mail_carries_no_intent() -> None:
    assert [p.carries_intent for p in cut("I am out of office.", automatic=True)] == [False]


def test_long_paragraphs_are_cut_at_sentence_ends() -> None:
    sentence = "我们希望系统在年底之前上线并且完成全部门店的培训。"
    passages = cut(sentence * 60)
    assert len(passages) > 1
    assert all(len(p.text) <= LONGEST_EMAIL_PASSAGE and p.text.endswith("。") for p in passages)
    assert "".join(words(passages)) == sentence * 60


def test_knowledge_is_cut_by_headings_and_keeps_them() -> None:
    discounts = "## Discounts\nUp to 5 %.\n\n```\n# no heading\n```"
    text = f"# Pricing\n\nOur list.\n\n{discounts}\n## 付款\n月结"
    assert words(knowledge_passages(text, title="Pricing")) == [
        "Our list.",
        discounts,
        "## 付款\n月结",
    ]


def test_a_heading_without_words_goes_with_the_next_section() -> None:
    text = "Intro\n\n# Security\n\n## Access\n\nSSO is included.\n\nPlans\n-----\n\nThree."
    assert words(knowledge_passages(text, title="")) == [
        "Intro",
        "# Security\n\n## Access\n\nSSO is included.",
        "Plans\n-----\n\nThree.",
    ]


def test_chinese_chapters_are_headings() -> None:
    text = "第一章 总则\n适用范围。\n一、定义\n本办法所称客户。"
    assert words(knowledge_passages(text, title="x")) == [
        "第一章 总则\n适用范围。",
        "一、定义\n本办法所称客户。",
    ]


def test_knowledge_carries_no_intent_and_has_no_speaker() -> None:
    (passage,) = knowledge_passages("Our warranty is two years.", title="Warranty")
    assert passage.channel is Channel.KNOWLEDGE
    assert passage.role is Role.UNKNOWN
    assert not passage.carries_intent


@given(st.text(alphabet="ab。.\n -1#中\t=", max_size=400), st.integers(0, 400), st.integers(0, 400))
def test_passages_are_exact_slices_in_order_and_short_enough(text: str, a: int, b: int) -> None:
    first, last = sorted((min(a, len(text)), min(b, len(text))))
    end = first
    for passage in cut(text, regions=[("body", first, last), ("quoted", last, len(text))]):
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert end <= passage.start < passage.end <= last
        assert len(passage.text) <= LONGEST_EMAIL_PASSAGE
        end = passage.end


@given(st.text(alphabet="ab。.\n -1#中`=", max_size=3000))
def test_knowledge_passages_are_exact_slices_too(text: str) -> None:
    end = 0
    for passage in knowledge_passages(text, title="a"):
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert end <= passage.start < passage.end
        assert len(passage.text) <= LONGEST_KNOWLEDGE_PASSAGE
        end = passage.end
