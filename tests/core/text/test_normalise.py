"""One spelling, and the way back to the original characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.normalise import Normalised, normalise, normalised, without_trailing_invisible

_TRICKY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "４８万\u200b\u00ad\ufeff\u202e“”‘’ﬁ㎏…ｶﾞe\u0301가각ᄀ\u1161İß％￥\U000e0041\ufe0f"
        ),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("plain ASCII", "plain ASCII"),
        ("普通的中文，句子。", "普通的中文,句子。"),
        ("４８万％", "48万%"),
        ("4\u200b8\u00ad万", "48万"),
        ("\ufeffBOM", "BOM"),
        ("a\u202eb\u2066c", "abc"),
        ("“quoted” ‘it’s’", "\"quoted\" 'it's'"),
        ("ﬁne 5㎏", "fine 5kg"),
        ("wait…", "wait..."),
        ("cafe\u0301", "café"),
        ("ｶﾞ", "ガ"),
        ("￥100", "¥100"),
        ("", ""),
    ],
)
def test_different_spellings_become_one(original: str, expected: str) -> None:
    assert normalise(original).text == expected


def test_case_is_folded_only_on_request() -> None:
    assert normalise("PLC Straße").text == "PLC Straße"
    assert normalise("PLC Straße", casefold=True).text == "plc strasse"
    assert normalise("ＰＬＣ", casefold=True).text == "plc"


def test_a_span_maps_back_over_invisible_and_expanded_characters() -> None:
    original = "预算\u200b４８㎏吧"
    normalised = normalise(original)
    start = normalised.text.index("48kg")
    assert normalised.to_original(start, start + 4) == (3, 6)
    assert original[3:6] == "４８㎏"
    k = normalised.text.index("k")
    assert normalised.to_original(k, k + 1) == (5, 6)
    assert normalised.to_original(2, 2) == (3, 3)


def test_offsets_end_with_the_length_of_the_original() -> None:
    assert normalise("ab\u200b").offsets == (0, 1, 3)
    assert normalise("").offsets == (0,)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, 4), (2, 1)])
def test_a_span_outside_the_text_is_a_mistake(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        Normalised("abc", (0, 1, 2, 3)).to_original(start, end)


def test_trailing_invisible_characters_are_cut() -> None:
    assert without_trailing_invisible("48\u200b\u200b", 0, 4) == 2


@given(_TRICKY, st.booleans())
def test_offsets_are_ordered_and_inside_the_original(text: str, casefold: bool) -> None:
    normalised = normalise(text, casefold=casefold)
    assert len(normalised.offsets) == len(normalised.text) + 1
    assert list(normalised.offsets) == sorted(normalised.offsets)
    assert normalised.offsets[-1] == len(text)


@given(_TRICKY, st.data())
def test_the_original_of_a_span_normalises_to_the_span(text: str, data: st.DataObject) -> None:
    normalised = normalise(text)
    n = len(normalised.text)
    start = data.draw(st.integers(0, n))
    end = data.draw(st.integers(start, n))
    first, last = normalised.to_original(start, end)
    again = normalise(text[first:last]).text
    assert normalised.text[start:end] in again
    # Equal, unless the span cuts the expansion of one character.
    offsets = normalised.offsets
    begins_whole = start == 0 or offsets[start - 1] < offsets[start]
    ends_whole = end == n or offsets[end - 1] < offsets[end]
    if begins_whole and ends_whole and start < end:
        assert again == normalised.text[start:end]


@given(
    st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cf", "Cn"]), max_size=30)
)
def test_normalised_text_is_nfkc(text: str) -> None:
    quotes = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")
    invisible = dict.fromkeys(map(ord, "\u034f"))
    expected = unicodedata.normalize("NFKC", text.translate(invisible)).translate(quotes)
    assert normalise(text).text == expected


@given(_TRICKY)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(st.text(max_size=80))
def test_the_text_alone_is_the_same_text(text: str) -> None:
    assert normalised(text) == normalise(text).text


def test_the_text_alone_of_ordinary_talk() -> None:
    talk = "预算４８万（含税），“先试点”…\u200b ㎏ café™"
    assert normalised(talk) == normalise(talk).text
