"""A quote after an edit: where its characters went, or nowhere; never at another place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound
from core.settings import Settings
from evals.anchor_edits import EDITS, real_texts, run
from retrieval.anchors import Alignment, Anchor
from retrieval.reanchor import reanchor

LETTER = (
    "王总您好，\n上次提到的报价我们已经看过。\n四季度的预算全部冻结了。\n"
    "试点要等到明年二月再谈。\n贵公司的售后响应比较快。\n祝好\n"
)
QUOTE = "四季度的预算全部冻结了。"


def place(after: str, quote: str = QUOTE, before: str = LETTER) -> Anchor | None:
    start = before.index(quote)
    return reanchor(before, after, start=start, end=start + len(quote))


def words_at(after: str, anchor: Anchor | None) -> str | None:
    return None if anchor is None else after[anchor.start : anchor.end]


def test_an_unchanged_text_keeps_its_place() -> None:
    anchor = place(LETTER)
    assert anchor is not None
    assert (anchor.start, anchor.how) == (LETTER.index(QUOTE), "position")


def test_a_line_before_it_shifts_the_quote() -> None:
    after = "转发:\n" + LETTER
    anchor = place(after)
    assert anchor is not None
    assert (anchor.start, anchor.how) == (after.index(QUOTE), "shifted")


def test_edits_on_both_sides_leave_it_between_certain_neighbours() -> None:
    after = LETTER.replace("王总", "王经理").replace("比较快", "慢")
    anchor = place(after)
    assert anchor is not None
    assert anchor.start == after.index(QUOTE)


def test_a_deleted_quote_is_gone_although_other_words_like_it_stand_elsewhere() -> None:
    assert place(LETTER.replace(QUOTE, "")) is None
    assert place(LETTER.replace(QUOTE, "") + "另外，" + QUOTE + "这是别人说的。") is None


def test_a_copy_elsewhere_does_not_draw_the_quote_away() -> None:
    after = QUOTE + "\n" + LETTER
    anchor = place(after)
    assert anchor is not None
    assert anchor.start == after.rindex(QUOTE)


def test_an_edited_quote_is_not_found_in_its_copy() -> None:
    edited = LETTER.replace(QUOTE, "四季度的预算部分冻结了。")
    assert place(edited + "此处引用：" + QUOTE) is None


def test_of_two_equal_neighbours_one_deleted_neither_is_certain() -> None:
    before, after = "开头。好的好的。好的好的。结尾。", "开头。好的好的。结尾。"
    assert reanchor(before, after, start=3, end=8) is None


def test_a_block_that_moved_takes_the_quote_along() -> None:
    lines = LETTER.splitlines(keepends=True)
    after = "".join([lines[0], *lines[3:5], *lines[1:3], lines[5]])
    anchor = place(after)
    assert words_at(after, anchor) == QUOTE


@pytest.mark.parametrize(
    "after_quote",
    ["四季度的预算\n全部冻结了。", "四季度的预算 全部冻结了。", "四季度的预算全部冻结了｡"],
)
def test_the_same_words_written_otherwise_are_found_with_their_new_letters(
    after_quote: str,
) -> None:
    after = LETTER.replace(QUOTE, after_quote)
    anchor = place(after)
    assert anchor is not None
    assert anchor.quote == after_quote
    assert anchor.how == "respelled"


@pytest.mark.parametrize(
    ("old", "new"), [("1 5 percent", "15 percent"), ("10² units", "102 units")]
)
def test_other_numbers_are_no_other_spelling(old: str, new: str) -> None:
    before, after = f"We said {old} off.\nRegards\n", f"We said {new} off.\nRegards\n"
    assert reanchor(before, after, start=8, end=8 + len(old)) is None


def test_a_span_outside_the_text_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="outside"):
        reanchor("abc", "abc", start=2, end=9)


TEXTS = st.text(alphabet="ab。\n 好", min_size=1, max_size=40)


@given(TEXTS, TEXTS, st.data())
def test_what_is_found_are_the_quotes_words(before: str, after: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before) - 1))
    end = data.draw(st.integers(start + 1, len(before)))
    anchor = Alignment(before, after).place(start, end)
    if anchor is not None:
        assert after[anchor.start : anchor.end] == anchor.quote
        bare = ["".join(text.split()) for text in (anchor.quote, before[start:end])]
        assert bare[0] == bare[1]


@given(TEXTS, st.data())
def test_an_insertion_outside_never_misplaces_a_unique_quote(
    words: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(LETTER)))
    start = LETTER.index(QUOTE)
    if start < at < start + len(QUOTE):
        return
    after = LETTER[:at] + words + LETTER[at:]
    anchor = place(after)
    assert anchor is not None
    assert anchor.start == after.index(QUOTE)


@given(TEXTS, st.integers(2, 40), st.data())
def test_of_many_equal_lines_none_is_taken_for_another(
    before: str, n: int, data: st.DataObject
) -> None:
    text = "好的好的\n" * n
    gone = data.draw(st.integers(0, n - 1)) * 5
    anchor = reanchor(text, text[:gone] + text[gone + 5 :], start=gone, end=gone + 4)
    assert anchor is None
    kept = before + text
    shifted = reanchor(text, kept, start=gone, end=gone + 4)
    assert shifted is None or shifted.start == gone + len(before)


@pytest.mark.parametrize("put", ["👍🏽 ", "e\u0301 ", "x"])
def test_signs_of_several_code_points_before_it_shift_the_quote(put: str) -> None:
    assert words_at(put + LETTER, place(put + LETTER)) == QUOTE
    assert place("") is None


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    try:
        real_texts(Settings().shared)
    except NotFound as missing:
        pytest.skip(missing.message)
    return run(n_edits=1_500)


def test_random_edits_of_real_texts_lead_to_no_wrong_place(figures: dict[str, object]) -> None:
    assert figures["n_wrong_places"] == 0
    assert float(str(figures["found_again"])) >= 0.99
    assert figures["n_gone_but_found"] == 0
    assert len(EDITS) == 8


@pytest.mark.parametrize("line_end", ["\r\n", "\n\n", "\r", " \n"])
def test_other_line_ends_lose_no_quote(line_end: str) -> None:
    after = LETTER.replace("\n", line_end)
    assert words_at(after, place(after)) == QUOTE
    assert words_at(LETTER, place(LETTER, before=after)) == QUOTE
    both = LETTER[LETTER.index(QUOTE) :].split("\n")[:2]
    found = words_at(after, place(after, "\n".join(both)))
    assert found == line_end.join(both)


def test_other_line_ends_hide_no_loss() -> None:
    after = LETTER.replace(QUOTE, "四季度的预算批了。").replace("\n", "\r\n")
    assert place(after) is None
