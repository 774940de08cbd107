from __future__ import annotations

import random
from collections.abc import Callable

from core.database import Database
from core.domain import Passage
from core.ports import Embedder
from retrieval.search import Search
from retrieval.tokenize import Tokenizer

Plant = Callable[..., list[Passage]]

WORDS = (
    "预算 批下来 报价 折扣 交货期 十二月 合同 法务 总经理 拍板 接口 PLC-1200 MES 上线 试用 竞品 "
    "budget approved discount security questionnaire contract legal pilot renewal delivery price"
).split()
N_QUERIES = 200


def sentences(n: int, seed: int) -> list[str]:
    chooser = random.Random(seed)
    return [" ".join(chooser.sample(WORDS, 5)) for _ in range(n)]


def test_no_query_reaches_another_account_or_tenant(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    """The others hold the very same words, so only isolation can keep them out."""
    same = sentences(40, seed=1)
    mine = {p.id for p in plant(database, same, account_id="acc-1")}
    shared = {p.id for p in plant(database, same[:5], account_id=None)}
    plant(database, same, account_id="acc-2")
    plant(database, same, tenant_id="t-2", account_id="acc-1")
    plant(database, same, tenant_id="t-2", account_id=None)

    search = Search(database, embedder=encoder, tokenizer=Tokenizer())
    search.search(WORDS[0], tenant_id="t-2", account_id="acc-1")  # the others' indexes are warm
    search.search(WORDS[0], tenant_id="t-1", account_id="acc-2")

    queries = [*sentences(N_QUERIES // 2, seed=2), *same, *WORDS][:N_QUERIES]
    queries += sentences(N_QUERIES - len(queries), seed=3)
    many = search.search_many(queries, tenant_id="t-1", account_id="acc-1", k=500)
    alike = search.alike(queries, tenant_id="t-1", account_id="acc-1", k=500)
    without = search.search_many(queries, tenant_id="t-1", account_id=None, k=500)
    assert len(queries) == N_QUERIES
    assert all(many)
    assert all(alike)
    assert {hit.passage.id for hits in many for hit in hits} == mine | shared
    assert {hit.passage.id for hits in alike for hit in hits} <= mine | shared
    assert {hit.passage.id for hits in without for hit in hits} <= shared


def test_an_account_id_is_compared_whole(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    plant(database, ["预算批下来了"], account_id="acc-10")
    search = Search(database, embedder=encoder, tokenizer=Tokenizer())
    for account_id in ("acc-1", "acc-1%", "ACC-10", "acc-10 ", "", None):
        assert search.search("预算批下来了", tenant_id="t-1", account_id=account_id) == []
    assert search.search("预算批下来了", tenant_id="t-1", account_id="acc-10")
    assert search.search("预算批下来了", tenant_id="t", account_id="acc-10") == []
