"""A filter passes what it names, and search gives the best of what it passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.database import Database
from core.domain import Channel, DealId, Passage, PassageId, Role
from core.ports import Embedder
from retrieval.filters import EVERYTHING, Columns, Filter
from retrieval.search import Search
from retrieval.tokenize import Tokenizer

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
MAIL = Passage(
    "预算批了", 0, 4, Channel.EMAIL, Role.CUSTOMER, language="zh", occurred_at=MONDAY,
    deal_id=DealId("d-1"), id=PassageId(1),
)  # fmt: skip
CALL = replace(
    MAIL, channel=Channel.MEETING, role=Role.REP, language="en", deal_id=DealId("d-2"),
    occurred_at=MONDAY + timedelta(days=1), id=PassageId(2),
)  # fmt: skip
NOTE = replace(MAIL, channel=Channel.KNOWLEDGE, deal_id=None, occurred_at=None, id=PassageId(7))
COLUMNS = Columns({int(p.id or 0): p for p in (NOTE, CALL, MAIL)})


@pytest.mark.parametrize(
    ("wanted", "passed"),
    [
        (EVERYTHING, [1, 2, 7]),
        (Filter(channels=frozenset({Channel.EMAIL, Channel.KNOWLEDGE})), [1, 7]),
        (Filter(roles=frozenset({Role.REP})), [2]),
        (Filter(languages=frozenset({"zh"})), [1, 7]),
        (Filter(deals=frozenset({"d-2", "d-9"})), [2]),
        (Filter(channels=frozenset({Channel.CHAT})), []),
        (Filter(since=MONDAY), [1, 2]),
        (Filter(until=MONDAY), []),
        (Filter(since=MONDAY, until=MONDAY + timedelta(seconds=1)), [1]),
        (Filter(since=MONDAY, roles=frozenset({Role.REP})), [2]),
    ],
)
def test_a_filter_passes_what_it_names(wanted: Filter, passed: list[int]) -> None:
    assert COLUMNS.ids(wanted).tolist() == passed


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        COLUMNS.ids(Filter(since=datetime(2026, 11, 23)))  # noqa: DTZ001


def test_a_filter_after_a_change_sees_the_change(
    database: Database, plant: Callable[..., list[Passage]], encoder: Embedder
) -> None:
    search = Search(database, embedder=encoder, tokenizer=Tokenizer())
    mails = Filter(channels=frozenset({Channel.EMAIL}))
    for text in ("预算批了", "预算冻结了"):
        plant(database, [text])
        hits = search.search("预算", tenant_id="t-1", account_id="acc-1", wanted=mails)
        assert [hit.passage.text for hit in hits] == [text]
    calls = Filter(channels=frozenset({Channel.MEETING}))
    assert search.search("预算", tenant_id="t-1", account_id="acc-1", wanted=calls) == []
