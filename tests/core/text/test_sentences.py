"""Where sentences end, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.sentences import LONGEST_SENTENCE, sentences


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预算批了。明天签！真的？好；行", ["预算批了。", "明天签！", "真的？", "好；", "行"]),
        ("嗯……我想想。", ["嗯……", "我想想。"]),
        ("他说：“可以。”然后走了。", ["他说：“可以。”", "然后走了。"]),
        ("（见附件。）下一步呢？！", ["（见附件。）", "下一步呢？！"]),
        ("It works. We like it! Really? Yes.", ["It works.", "We like it!", "Really?", "Yes."]),
        ('He said "stop." Then left.', ['He said "stop."', "Then left."]),
        ("(See below.) Next.", ["(See below.)", "Next."]),
        ("好.我们走", ["好.", "我们走"]),
        ("价格是3.5万。版本v1.2可以。", ["价格是3.5万。", "版本v1.2可以。"]),
        ("Growth of 3.5 percent. Use v1.2 now.", ["Growth of 3.5 percent.", "Use v1.2 now."]),
        ("Mr. Li of Acme Inc. signed.", ["Mr. Li of Acme Inc. signed."]),
        ("Acme Inc. They agreed.", ["Acme Inc.", "They agreed."]),
        ("Use e.g. the U.S. plant, i.e. ours.", ["Use e.g. the U.S. plant, i.e. ours."]),
        ("See No. 5 first. No. We cannot.", ["See No. 5 first.", "No.", "We cannot."]),
        ("Ask J. Smith at 3 p.m. today.", ["Ask J. Smith at 3 p.m. today."]),
        ("Open https://a.io/x?y=1!z. Then go.", ["Open https://a.io/x?y=1!z.", "Then go."]),
        ("Mail t.li@acme.com.cn today. Bye.", ["Mail t.li@acme.com.cn today.", "Bye."]),
        ("请看https://a.io/x?y=1。谢谢", ["请看https://a.io/x?y=1。", "谢谢"]),
        ("Well... Maybe not.", ["Well...", "Maybe not."]),
        ("a；b;c", ["a；", "b;c"]),
        ("", []),
        (" \n\u3000\n ", []),
        ("!!!", ["!!!"]),
        ("- one\n", ["- one"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert _split(text) == expected


def test_a_wrapped_line_of_latin_text_goes_on() -> None:
    text = "we would like to receive\nthe offer by Friday. Thanks\n\nBest regards\r\n\r\nTom"
    assert _split(text) == [
        "we would like to receive\nthe offer by Friday.",
        "Thanks",
        "Best regards",
        "Tom",
    ]


def test_a_chinese_line_is_a_sentence() -> None:
    assert _split("各位好\n附件是报价，\n请查收") == ["各位好", "附件是报价，", "请查收"]


def test_list_items_are_sentences() -> None:
    text = "Next steps:\n- send the offer\n- call Tom\n1. price\n2) delivery"
    assert _split(text) == [
        "Next steps:",
        "- send the offer",
        "- call Tom",
        "1. price",
        "2) delivery",
    ]


def test_a_long_run_is_cut_at_a_comma_then_at_a_space_then_hard() -> None:
    commas = "这个系统用起来还可以，" * 60
    assert all(part.endswith("，") for part in _split(commas))
    words = "and then we said that " * 40
    assert all(
        not part.endswith(" ") and part.split()[0] in words.split() for part in _split(words)
    )
    assert [len(part) for part in _split("啊" * 900)] == [400, 400, 100]


def test_spans_are_code_points_of_the_original() -> None:
    text = "😀 好。　Ｏｋ！"
    assert [text[a:b] for a, b in sentences(text)] == ["😀 好。", "Ｏｋ！"]


_MIXED = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("。！？；….!?;\n\r \t\"'”）)aA我1-@:/w，,Inc"),
    ),
    max_size=300,
)


@given(st.one_of(_MIXED, _MIXED.map(lambda text: text * 8)))
def test_spans_cover_all_but_white_space_in_order(text: str) -> None:
    spans = sentences(text)
    position = 0
    for start, end in spans:
        assert start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert end - start <= LONGEST_SENTENCE
        position = end
    assert not text[position:].strip()
