"""The table of pgvector's rows, on PostgreSQL with the extension `vector` only.

It stands outside `metadata`: SQLite and servers without the extension do not have it. Both the
migration and the first use after the extension was installed create it, hence IF NOT EXISTS.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

PASSAGE_VECTOR = "passage_vector"
EXTENSION = "vector"

_STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS vector",
    # Half precision as in `passage`. No fixed dimension: each embedder has its own.
    f"""
    CREATE TABLE IF NOT EXISTS {PASSAGE_VECTOR} (
        passage_id INTEGER NOT NULL REFERENCES passage (id) ON DELETE CASCADE,
        embedder TEXT NOT NULL,
        tenant_id TEXT NOT NULL,
        scope TEXT NOT NULL,
        vector halfvec NOT NULL,
        PRIMARY KEY (passage_id, embedder)
    )
    """,
    f"""
    CREATE INDEX IF NOT EXISTS ix_{PASSAGE_VECTOR}_scope
        ON {PASSAGE_VECTOR} (tenant_id, scope, embedder)
    """,
)


def create_passage_vector(connection: Connection) -> bool:
    """Whether the table is there now. A server that lacks the extension is left as it was."""
    known = text("SELECT count(*) FROM pg_available_extensions WHERE name = :name")
    if not connection.execute(known, {"name": EXTENSION}).scalar_one():
        return False
    try:
        with connection.begin_nested():
            for statement in _STATEMENTS:
                connection.execute(text(statement))
    except DBAPIError:
        # Not allowed to create an extension, or one from before halfvec (pgvector 0.7).
        return False
    return True
