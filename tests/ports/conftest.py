"""PostgreSQL with passages of given ids, for stores whose rows refer to passages."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator

import pytest
from sqlmodel import insert

from core.database import Database
from core.tables.registry import metadata
from tests.conftest import NOW, PostgresServer


@pytest.fixture
def pg_database(postgres_server: PostgresServer) -> Iterator[Database]:
    name = f"test_{uuid.uuid4().hex}"
    postgres_server.create(name, template="junshi_template")
    opened = Database(postgres_server.url(name))
    yield opened
    opened.dispose()
    postgres_server.drop(name)


@pytest.fixture
def add_passages() -> Callable[..., None]:
    def add(database: Database, ids: Iterable[int], *, scope: str, tenant_id: str = "t-1") -> None:
        source = {
            "id": uuid.uuid4().hex,
            "tenant_id": tenant_id,
            "scope": scope,
            "origin": scope,
            "path": "emails/1.eml",
            "channel": "email",
            "sha256": "",
            "text": "",
            "title": "",
            "version": 1,
            "meta": {},
            "ingested_at": NOW,
        }
        passage = {
            "tenant_id": tenant_id,
            "scope": scope,
            "source_id": source["id"],
            "channel": "email",
            "role": "customer",
            "start": 0,
            "end": 0,
            "text": "",
            "language": "en",
            "carries_intent": True,
            "embedder": "e",
            "vector": b"",
        }
        with database.write() as session:
            session.execute(insert(metadata.tables["source"]), [source])
            session.execute(
                insert(metadata.tables["passage"]), [passage | {"id": id} for id in ids]
            )

    return add
