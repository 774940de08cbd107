"""What PgVectors owes to the database beside it: isolation, cascade, clear refusals."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from core.database import Database
from core.errors import BackendFailed, InvalidInput
from core.ports import Embedder
from retrieval import store
from retrieval.search import Search
from retrieval.tokenize import Tokenizer
from retrieval.vector_stores.pgvector.store import PgVectors
from tests.conftest import NOW, Plant, PostgresServer


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[Database]:
    name = f"test_{uuid.uuid4().hex}"
    postgres_server.create(name, template="junshi_template")
    opened = Database(postgres_server.url(name))
    yield opened
    opened.dispose()
    postgres_server.drop(name)


def vectors_of(
    database: Database, encoder: Embedder, *, tenant_id: str = "t-1", scope: str = "acc-1"
) -> PgVectors:
    return PgVectors(
        database,
        tenant_id=tenant_id,
        scope=scope,
        embedder=encoder.name,
        n_dimensions=encoder.n_dimensions,
        index_from=1,
    )


def test_another_tenants_or_accounts_passages_are_neither_taken_nor_found(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    mine = plant(database, ["the price is high"])
    theirs = plant(database, ["the price is too high"], tenant_id="t-2")
    other = plant(database, ["a price"], account_id="acc-2", path="emails/2.eml")
    ids = np.array([p[0].id for p in (mine, theirs, other)], dtype=np.int64)
    rows = encoder.encode(["the price is high", "the price is too high", "a price"])
    stores = [
        vectors_of(database, encoder),
        vectors_of(database, encoder, tenant_id="t-2"),
        vectors_of(database, encoder, scope="acc-2"),
    ]
    for one in stores:
        one.add(ids, rows)
    assert [one.search(rows[0], k=9)[0].tolist() for one in stores] == [[id] for id in ids.tolist()]
    stores[0].remove(ids)
    assert [len(one) for one in stores] == [0, 1, 1]


def test_a_vector_leaves_with_its_passage(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    passages = plant(database, ["one", "two"])
    one = vectors_of(database, encoder)
    one.add(np.array([p.id for p in passages], dtype=np.int64), encoder.encode(["one", "two"]))
    assert len(one) == 2
    with database.write() as session:
        store.retire_source(session, tenant_id="t-1", source_id=passages[0].source_id, now=NOW)
    assert len(one) == 0


def test_a_large_scope_is_searched_through_an_index_of_its_own(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    rows = np.random.default_rng(1).normal(size=(300, encoder.n_dimensions)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    passages = plant(database, [f"passage {n}" for n in range(300)])
    one = vectors_of(database, encoder)
    ids = np.array([p.id for p in passages], dtype=np.int64)
    one.add(ids, rows)
    with database.read() as session:
        definitions = session.execute(
            text("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%hnsw%'")
        ).scalars()
        assert ["'acc-1'" in definition for definition in definitions] == [True]
    hits = [one.search(row, k=5)[0][0] for row in rows[:20]]
    assert hits == ids[:20].tolist()
    # More than HNSW keeps in sight is still complete.
    assert len(one.search(rows[0], k=300)[0]) == 300


def test_sqlite_is_refused_with_the_way_out(tmp_path: Path, encoder: Embedder) -> None:
    with pytest.raises(InvalidInput, match="JUNSHI_VECTOR_STORE=faiss"):
        vectors_of(Database(f"sqlite:///{tmp_path / 'a.db'}"), encoder)


def test_a_server_without_the_extension_migrates_and_says_what_is_missing(
    postgres_server: PostgresServer, encoder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"test_{uuid.uuid4().hex}"
    postgres_server.create(name)
    opened = Database(postgres_server.url(name))
    with monkeypatch.context() as without:
        without.setattr("core.tables.passage_vectors.EXTENSION", "no_such_extension")
        opened.migrate()
        with pytest.raises(BackendFailed, match="CREATE EXTENSION"):
            vectors_of(opened, encoder)
    # It was installed meanwhile.
    assert len(vectors_of(opened, encoder)) == 0
    opened.dispose()
    postgres_server.drop(name)


def test_search_over_pgvector_finds_what_faiss_finds_and_follows_every_change(
    database: Database, plant: Plant, encoder: Embedder
) -> None:
    def pgvector(tenant_id: str, scope: str) -> PgVectors:
        return PgVectors(
            database,
            tenant_id=tenant_id,
            scope=scope,
            embedder=encoder.name,
            n_dimensions=encoder.n_dimensions,
            keeps=True,
        )

    def opened(new: Callable[[str, str], PgVectors] | None) -> Search:
        return Search(database, embedder=encoder, tokenizer=Tokenizer(), new_vector_store=new)

    def found(search: Search, query: str) -> list[tuple[int, float]]:
        hits = search.search(query, tenant_id="t-1", account_id="acc-1", k=5)
        return [(int(hit.passage.id or 0), round(hit.score, 3)) for hit in hits]

    plant(database, ["the price is high", "delivery in December", "安全问卷还没有收到"])
    first, second, faiss = opened(pgvector), opened(pgvector), opened(None)
    for query in ("price", "security questionnaire", "交货期"):
        assert found(first, query) == found(second, query) == found(faiss, query)
    plant(database, ["the warranty is five years"])
    assert found(second, "warranty") == found(first, "warranty") == found(faiss, "warranty")
    assert len(found(first, "price")) == 1
