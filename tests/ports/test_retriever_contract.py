"""What every `core.ports.Retriever` promises."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.database import Database
from core.domain import Passage
from core.ports import Embedder, Retriever
from retrieval.search import Search
from retrieval.tokenize import Tokenizer

Plant = Callable[..., list[Passage]]

MINE = [f"预算第{n}期批下来了，budget part {n} is approved." for n in range(12)]


@pytest.fixture(params=["search"])
def retriever(database: Database, plant: Plant, encoder: Embedder) -> Retriever:
    plant(database, MINE)
    plant(database, ["Our price list for budget approval."], account_id=None)
    plant(database, ["The rival's budget is approved."], account_id="acc-2")
    plant(database, ["Another tenant's budget is approved."], tenant_id="t-2")
    return Search(database, embedder=encoder, tokenizer=Tokenizer())


def test_hits_come_best_first_and_no_more_than_asked(retriever: Retriever) -> None:
    hits = retriever.search("budget approved", tenant_id="t-1", account_id="acc-1", k=5)
    assert len(hits) == 5
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.id for hit in hits}) == 5


def test_ten_come_back_unless_another_number_is_asked(retriever: Retriever) -> None:
    assert len(retriever.search("预算批下来", tenant_id="t-1", account_id="acc-1")) == 10


def test_hits_are_stored_passages_with_the_arms_that_found_them(retriever: Retriever) -> None:
    for hit in retriever.search("budget approved", tenant_id="t-1", account_id="acc-1"):
        assert hit.passage.id is not None
        assert hit.passage.source_id
        assert hit.found_by
        assert hit.score == pytest.approx(sum(hit.found_by.values()))


def test_only_the_account_and_shared_knowledge_are_searched(retriever: Retriever) -> None:
    hits = retriever.search("budget approved", tenant_id="t-1", account_id="acc-1", k=100)
    assert {hit.passage.account_id for hit in hits} == {"acc-1", None}
    texts = {hit.passage.text for hit in hits}
    assert "The rival's budget is approved." not in texts
    assert "Another tenant's budget is approved." not in texts


def test_without_an_account_only_shared_knowledge_is_searched(retriever: Retriever) -> None:
    hits = retriever.search("budget approved", tenant_id="t-1", account_id=None, k=100)
    assert [hit.passage.text for hit in hits] == ["Our price list for budget approval."]


def test_the_same_question_gets_the_same_answer(retriever: Retriever) -> None:
    once, again = (
        retriever.search("budget 批下来", tenant_id="t-1", account_id="acc-1") for _ in range(2)
    )
    assert once == again


@pytest.mark.parametrize("query", ["", "  ", "？！"])
def test_odd_queries_are_no_error(retriever: Retriever, query: str) -> None:
    assert isinstance(retriever.search(query, tenant_id="t-1", account_id="acc-1"), list)


def test_unknown_tenants_and_accounts_hold_nothing(retriever: Retriever) -> None:
    assert retriever.search("budget", tenant_id="nobody", account_id="acc-1") == []
    hits = retriever.search("budget", tenant_id="t-1", account_id="nobody")
    assert {hit.passage.account_id for hit in hits} == {None}
