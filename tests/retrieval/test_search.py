from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from core.database import Database
from core.domain import Passage
from core.ports import Embedder, Vectors
from retrieval import store
from retrieval.filters import Filter
from retrieval.search import Search
from retrieval.tokenize import Tokenizer

Plant = Callable[..., list[Passage]]

LINES = [
    "预算已经批下来了，四十八万以内我们可以定。",
    "交货期能不能提前到十二月中旬？",
    "Please send the security questionnaire before Friday.",
    "PLC-1200 的接口文档还没有收到。",
]


@pytest.fixture
def search(database: Database, encoder: Embedder) -> Search:
    return Search(database, embedder=encoder, tokenizer=Tokenizer())


def found(
    search: Search, query: str, *, account_id: str | None = "acc-1", k: int = 10
) -> list[str]:
    hits = search.search(query, tenant_id="t-1", account_id=account_id, k=k)
    return [hit.passage.text for hit in hits]


def test_the_passage_that_answers_comes_first(
    database: Database, plant: Plant, search: Search
) -> None:
    plant(database, LINES)
    assert found(search, "预算批了吗")[0] == LINES[0]
    assert found(search, "plc1200 接口")[0] == LINES[3]
    assert found(search, "security questionnaires")[0] == LINES[2]


def test_a_question_in_the_other_language_finds_the_passage(
    database: Database, plant: Plant, search: Search
) -> None:
    plant(database, LINES)
    assert found(search, "请在周五之前发来安全问卷")[0] == LINES[2]
    assert found(search, "Can delivery be moved up to mid December?")[0] == LINES[1]


def test_hits_carry_their_stored_passage_and_each_arms_share(
    database: Database, plant: Plant, search: Search
) -> None:
    stored = plant(database, LINES)
    hit = search.search("预算批了吗", tenant_id="t-1", account_id="acc-1")[0]
    assert hit.passage == stored[0]
    assert set(hit.found_by) == {"keywords", "vectors"}
    assert hit.score == pytest.approx(sum(hit.found_by.values()))


def test_an_upsert_is_found_at_once_and_the_old_text_no_more(
    database: Database, plant: Plant, search: Search
) -> None:
    plant(database, LINES)
    assert found(search, "预算")[0] == LINES[0]
    plant(database, ["预算被冻结了。"])
    assert found(search, "预算") == ["预算被冻结了。"]


def test_shared_knowledge_is_found_beside_the_account_and_without_one(
    database: Database, plant: Plant, search: Search
) -> None:
    plant(database, LINES)
    plant(database, ["预算审批流程说明。"], account_id=None)
    assert "预算审批流程说明。" in found(search, "预算审批")
    assert LINES[0] in found(search, "预算审批")
    assert found(search, "预算审批", account_id=None) == ["预算审批流程说明。"]


@pytest.mark.parametrize("query", ["", "   \n"])
def test_a_query_without_words_finds_nothing(
    database: Database, plant: Plant, search: Search, query: str
) -> None:
    plant(database, LINES)
    assert found(search, query) == []


def test_an_empty_scope_finds_nothing(search: Search) -> None:
    assert found(search, "预算") == []


def test_many_queries_get_what_each_alone_would(
    database: Database, plant: Plant, search: Search
) -> None:
    plant(database, LINES)
    queries = ["预算", "", "security", "预算"]
    many = search.search_many(queries, tenant_id="t-1", account_id="acc-1", k=2)
    assert [[hit.passage.text for hit in hits] for hits in many] == [
        found(search, query, k=2) for query in queries
    ]


def test_a_filter_chooses_before_the_best_are_taken(
    database: Database, plant: Plant, search: Search
) -> None:
    plant(database, LINES, deal_id="d-1")
    plant(database, ["预算还要再等等。"], deal_id="d-2")
    (hits,) = search.search_many(
        ["预算批下来"],
        tenant_id="t-1",
        account_id="acc-1",
        k=1,
        wanted=Filter(deals=frozenset({"d-2"})),
    )
    assert [hit.passage.text for hit in hits] == ["预算还要再等等。"]


def test_alike_scores_by_meaning_alone(database: Database, plant: Plant, search: Search) -> None:
    plant(database, LINES)
    (hits,) = search.alike(
        ["Could the delivery date move to the middle of December?"],
        tenant_id="t-1",
        account_id="acc-1",
        k=2,
    )
    assert hits[0].passage.text == LINES[1]
    assert hits[0].score == hits[0].found_by["vectors"] > hits[1].score


def test_expansion_finds_the_trades_other_word(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    plant(database, [*LINES, "The MES must talk to our ERP."])

    def expand(query: str) -> dict[str, float]:
        return {"MES": 0.5} if "制造执行系统" in query else {}

    expanded = Search(database, embedder=encoder, tokenizer=Tokenizer(["MES"]), expand=expand)
    hit = expanded.search("制造执行系统", tenant_id="t-1", account_id="acc-1", k=1)[0]
    assert hit.passage.text == "The MES must talk to our ERP."
    assert hit.found_by["keywords"] > 0


class OtherEmbedder:
    name = "other@1"
    n_dimensions = 4

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))


def test_passages_of_another_embedder_are_encoded_anew_once(
    database: Database, plant: Plant, search: Search, encoder: Embedder
) -> None:
    plant(database, LINES[:2], embedder=OtherEmbedder())
    hit = search.search("预算", tenant_id="t-1", account_id="acc-1")[0]
    assert hit.passage.text == LINES[0]
    assert set(hit.found_by) == {"keywords", "vectors"}
    with database.read() as session:
        _, vectors = store.passages_of_scope(
            session, tenant_id="t-1", scope="acc-1", embedder=encoder.name
        )
    assert vectors.any(axis=1).all()


def test_a_small_cache_changes_nothing_but_speed(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    search = Search(database, embedder=encoder, tokenizer=Tokenizer(), max_cached_passages=1)
    for n in range(3):
        plant(database, [f"第{n}家的预算"], account_id=f"acc-{n}")
    for n in (0, 1, 2, 0):
        assert found(search, "预算", account_id=f"acc-{n}") == [f"第{n}家的预算"]
