"""Evidence holds exactly where its words stand, and nowhere else."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.domain import Channel, Passage, PassageId, Role, Source, SourceId, TenantId
from retrieval.provenance import check_evidence, context_of, make_evidence

TEXT = "00:00:01 王建国: 能不能再让三个点?\n00:00:09 陈磊: 我问一下。"
SOURCE = Source(
    id=SourceId("src-1"),
    tenant_id=TenantId("t-1"),
    channel=Channel.MEETING,
    path="meetings/a.txt",
    sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
    text=TEXT,
    occurred_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC),
    meta={"said_on": "2026-11-03"},
)
START = TEXT.index("能")
PASSAGE = Passage(
    text="能不能再让三个点?",
    start=START,
    end=START + 9,
    channel=Channel.MEETING,
    role=Role.CUSTOMER,
    speaker="王建国",
    start_ms=1_000,
    end_ms=4_000,
    id=PassageId(5),
)


def test_evidence_carries_words_place_speaker_time_and_local_day() -> None:
    made = make_evidence(SOURCE, PASSAGE, start=START, end=START + 9)
    assert made.quote == "能不能再让三个点?"
    assert (made.speaker, made.role) == ("王建国", Role.CUSTOMER)
    assert (made.start_ms, made.end_ms, made.passage_id) == (1_000, 4_000, 5)
    assert made.occurred_at == SOURCE.occurred_at
    assert made.said_on == date(2026, 11, 3)
    assert (made.file, made.source_id, made.source_sha256) == (
        SOURCE.path,
        SOURCE.id,
        SOURCE.sha256,
    )
    assert check_evidence(made, text=TEXT, sha256=SOURCE.sha256) == ()


def test_a_passages_own_time_goes_before_the_sources() -> None:
    later = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
    made = make_evidence(SOURCE, replace(PASSAGE, occurred_at=later), start=START, end=START + 2)
    assert made.occurred_at == later


def test_a_source_without_a_local_day_gives_none() -> None:
    made = make_evidence(replace(SOURCE, meta={}), PASSAGE, start=START, end=START + 2)
    assert made.said_on is None


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2), (0, len(TEXT) + 1)])
def test_an_impossible_span_is_a_programming_mistake(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        make_evidence(SOURCE, PASSAGE, start=start, end=end)


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"source_sha256": "other"}, ("hash",)),
        ({"start": START + 1, "end": START + 10}, ("quote",)),
        ({"quote": "能不能再让五个点?"}, ("quote",)),
        ({"end": 10_000}, ("span",)),
        ({"start": -4}, ("span",)),
        ({"start": 8, "end": 9, "quote": " "}, ("blank",)),
        ({"start": 9, "end": 9, "quote": ""}, ("span", "blank")),
        ({"source_sha256": "other", "quote": "x"}, ("hash", "quote")),
    ],
)
def test_what_does_not_hold_says_why(change: dict, reasons: tuple[str, ...]) -> None:
    made = make_evidence(SOURCE, PASSAGE, start=START, end=START + 9)
    assert check_evidence(replace(made, **change), text=TEXT, sha256=SOURCE.sha256) == reasons


@given(st.text(min_size=1, max_size=40), st.data())
def test_any_span_that_is_not_blank_holds(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    source = replace(SOURCE, text=text)
    made = make_evidence(source, PASSAGE, start=start, end=end)
    assert check_evidence(made, text=text, sha256=source.sha256) == ()
    assume(text[start] != "\x00")
    edited = text[:start] + "\x00" + text[start + 1 :]
    assert check_evidence(made, text=edited, sha256=source.sha256)


def test_context_is_cut_at_the_texts_ends() -> None:
    assert context_of("abcdef", 2, 4, n=1) == ("b", "cd", "e")
    assert context_of("abcdef", 0, 6) == ("", "abcdef", "")
    with pytest.raises(ValueError, match="outside"):
        context_of("abc", 2, 9)
