"""One database handle: read and write transactions that commit at the edge.

SQLite runs with WAL and synchronous=FULL (NORMAL loses acknowledged commits at a power cut) and
writers begin IMMEDIATE, so that two of them queue instead of failing in the middle.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from core.errors import BackendFailed, InvalidInput

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_BUSY_TIMEOUT_MS = 30_000


class Database:
    """`read()` and `write()` give a session whose transaction ends with the block."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.is_sqlite = make_url(self.url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            path = make_url(self.url).database
            if path and path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(self.url, pool_pre_ping=not self.is_sqlite)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_pragmas)
            event.listen(self.engine, "begin", _begin)
        self._writer = self.engine.execution_options(junshi_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits when the block ends, rolls back when it raises."""
        with Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()

    def migrate(self) -> None:
        """Brings the schema to the newest revision; a second call finds nothing to do."""
        script = ScriptDirectory(str(MIGRATIONS))
        try:
            with self.engine.connect() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
            if current == script.get_current_head():
                return
            with self._writer.connect() as connection:
                if not self.is_sqlite:
                    # Two workers may start together; the advisory lock lets one migrate.
                    connection.execute(text("SELECT pg_advisory_xact_lock(7208)"))
                config = Config()
                config.set_main_option("script_location", str(MIGRATIONS))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except SQLAlchemyError as error:
            raise BackendFailed(
                f"The database at {self.safe_url} did not open: {type(error).__name__}.",
                remedy="Check JUNSHI_DATABASE_URL and that the server is running.",
            ) from error

    def ping(self) -> None:
        """Raises BackendFailed when the database does not answer."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            raise BackendFailed(
                "The database does not answer.", remedy="Check that its server is running."
            ) from error

    @property
    def safe_url(self) -> str:
        return make_url(self.url).render_as_string(hide_password=True)

    def dispose(self) -> None:
        self.engine.dispose()


def _with_driver(url: str) -> str:
    """postgres:// and postgresql:// mean psycopg 3 here."""
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise InvalidInput(
            "JUNSHI_DATABASE_URL is not a database address.",
            remedy="Use sqlite:///path or postgresql://user:password@host/name.",
        ) from error
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return url


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # None hands transaction control to the "begin" event below.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={SQLITE_BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("junshi_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def restrict_to_owner(path: Path) -> None:
    """Customers' words are other people's secrets: the state folder is for its owner only."""
    path.mkdir(parents=True, exist_ok=True)
    os.chmod(path, 0o700)
