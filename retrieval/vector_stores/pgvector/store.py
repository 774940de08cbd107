"""The `VectorStore` port on PostgreSQL's extension pgvector: one copy for all processes.

It searches in milliseconds where FAISS in memory takes fractions of one, and spares each process
the memory and the start. Vectors go as text, `[0.1,…]`: no driver extension is needed for that.

A scope is scanned exactly until it is large, then it gets an HNSW index of its own: a partial one,
because an index over all tenants would find their neighbours first and filter them away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.database import Database
from core.errors import BackendFailed, InvalidInput
from core.ports import Ids, Vectors
from core.tables.passage_vectors import PASSAGE_VECTOR, create_passage_vector

log = structlog.get_logger(__name__)

# An exact scan of so many rows takes some ten milliseconds; the index takes a fraction of that.
INDEX_FROM = 10_000
# pgvector's indexes take halfvec of up to so many dimensions.
MAX_INDEXED_DIMENSIONS = 4_000
# How many neighbours HNSW keeps in sight; 1000 is the most that pgvector takes.
EF_SEARCH = 400
MAX_EF_SEARCH = 1_000
# The default of 64 MB makes the build spill at some 30,000 rows and then crawl.
BUILD_MEMORY = "512MB"
ROWS_A_STATEMENT = 1_000

# S608: the name in them is a constant of ours, all values are bound.
_MINE = "tenant_id = :tenant_id AND scope = :scope AND embedder = :embedder"
# The join keeps out an id of another tenant or scope, and one that was retired meanwhile.
_ADD = text(f"""
    INSERT INTO {PASSAGE_VECTOR} (passage_id, embedder, tenant_id, scope, vector)
    SELECT passage.id, :embedder, passage.tenant_id, passage.scope, given.vector::halfvec
    FROM unnest(CAST(:ids AS integer[]), CAST(:vectors AS text[])) AS given (id, vector)
    JOIN passage ON passage.id = given.id
        AND passage.tenant_id = :tenant_id AND passage.scope = :scope
    ON CONFLICT (passage_id, embedder) DO UPDATE SET vector = excluded.vector
""")  # noqa: S608
_REMOVE = text(
    f"DELETE FROM {PASSAGE_VECTOR} WHERE {_MINE} AND passage_id = ANY(CAST(:ids AS integer[]))"  # noqa: S608
)
_THERE = text(
    f"SELECT passage_id FROM {PASSAGE_VECTOR} WHERE {_MINE} "  # noqa: S608
    "AND passage_id = ANY(CAST(:ids AS integer[]))"
)
_COUNT = text(f"SELECT count(*) FROM {PASSAGE_VECTOR} WHERE {_MINE}")  # noqa: S608

# A plan for unknown values could not use an index that is for one scope. Iterative scans go on
# where k is more than HNSW keeps in sight.
_TUNE = text("""
    SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
        set_config('hnsw.iterative_scan', 'strict_order', true),
        set_config('hnsw.ef_search', :ef, true)
""")


class PgVectors:
    """A `core.ports.VectorStore` over the rows of one tenant, scope and embedder.

    It uses transactions of its own: the passages must be committed before their vectors are added,
    and an id that is no passage of this scope is passed over. Vectors leave with their passages.
    `keeps`: an id that is there already is left as it is, so that the second process to open a
    scope sends nothing.
    Raises InvalidInput on SQLite, BackendFailed where the extension is missing.
    """

    def __init__(
        self,
        database: Database,
        *,
        tenant_id: str,
        scope: str,
        embedder: str,
        n_dimensions: int,
        index_from: int = INDEX_FROM,
        keeps: bool = False,
    ) -> None:
        if database.is_sqlite:
            raise InvalidInput(
                "pgvector needs PostgreSQL, and the database is SQLite.",
                remedy="Set JUNSHI_DATABASE_URL to a PostgreSQL, or JUNSHI_VECTOR_STORE=faiss.",
            )
        self.n_dimensions = n_dimensions
        self._database = database
        self._whose = {"tenant_id": tenant_id, "scope": scope, "embedder": embedder}
        self._index_from = index_from
        self._keeps = keeps
        # The cast names the dimension, without which a column has no index of this kind.
        distance = f"vector::halfvec({n_dimensions:d}) <#> CAST(:query AS halfvec)"
        self._nearest = text(f"""
            SELECT passage_id, {distance} AS d FROM {PASSAGE_VECTOR} WHERE {_MINE}
            ORDER BY {distance} LIMIT :k
        """)  # noqa: S608
        # MATERIALIZED keeps HNSW out, which gives up a search whose filter rejects too many.
        self._nearest_exactly = text(f"""
            WITH mine AS MATERIALIZED (
                SELECT passage_id, {distance} AS d FROM {PASSAGE_VECTOR}
                WHERE {_MINE} AND (:all OR passage_id = ANY(CAST(:only AS integer[])))
            )
            SELECT passage_id, d FROM mine ORDER BY d, passage_id LIMIT :k
        """)  # noqa: S608
        with self._transaction() as connection:
            if not _is_there(connection, PASSAGE_VECTOR) and not create_passage_vector(connection):
                raise BackendFailed(
                    "The PostgreSQL server has no usable extension 'vector'.",
                    remedy=(
                        "Install pgvector 0.7 or newer and run CREATE EXTENSION vector there as "
                        "an administrator, or set JUNSHI_VECTOR_STORE=faiss."
                    ),
                )

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds unit rows, (n, n_dimensions) float32; an id that is there already is replaced.

        The call that makes the scope large also builds its index: other writers wait, searches do
        not.
        """
        if vectors.shape != (len(ids), self.n_dimensions):
            raise ValueError(
                f"vectors of shape {vectors.shape} for {len(ids)} ids of {self.n_dimensions}"
            )
        if len(np.unique(ids)) != len(ids):
            raise ValueError("an id is given twice")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds a number that is not finite")
        if not len(ids):
            return
        with self._transaction() as connection:
            if self._keeps:
                there = connection.execute(_THERE, self._whose | {"ids": ids.tolist()}).scalars()
                missing = ~np.isin(ids, list(there))
                ids, vectors = ids[missing], vectors[missing]
            for start in range(0, len(ids), ROWS_A_STATEMENT):
                part = slice(start, start + ROWS_A_STATEMENT)
                values = {
                    "ids": ids[part].tolist(),
                    "vectors": [_literal(v) for v in vectors[part]],
                }
                connection.execute(_ADD, self._whose | values)
        self._index_where_large()

    def remove(self, ids: Ids) -> None:
        """Forgets these ids; unknown ones are no error."""
        if len(ids):
            with self._transaction() as connection:
                connection.execute(_REMOVE, self._whose | {"ids": ids.tolist()})

    def search(self, query: Vectors, *, k: int, only: Ids | None = None) -> tuple[Ids, Vectors]:
        """(k,) ids and cosines of one query vector, best first, ties by id.

        `only`, ascending, names the ids that may come back; among them the answer is exact.
        """
        if query.shape != (self.n_dimensions,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.n_dimensions},)")
        if k < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        values = self._whose | {"query": _literal(query), "k": k}
        rows: Sequence[Any] = ()
        with self._transaction() as connection:
            if only is None:
                connection.execute(_TUNE, {"ef": str(min(max(EF_SEARCH, 2 * k), MAX_EF_SEARCH))})
                rows = connection.execute(self._nearest, values).all()
            if len(rows) < k:
                # Only these ids, or too few came: the scope is small, or HNSW lost its way.
                among = [] if only is None else only.tolist()
                rows = connection.execute(
                    self._nearest_exactly, values | {"all": only is None, "only": among}
                ).all()
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        cosines = -np.array([row[1] for row in rows], dtype=np.float32)
        order = np.lexsort((ids, -cosines))
        return ids[order], cosines[order]

    def __len__(self) -> int:
        with self._transaction() as connection:
            return int(connection.execute(_COUNT, self._whose).scalar_one())

    def _index_where_large(self) -> None:
        if self.n_dimensions > MAX_INDEXED_DIMENSIONS or len(self) < self._index_from:
            return
        key = repr((*self._whose.values(), self.n_dimensions))
        name = f"ix_{PASSAGE_VECTOR}_{hashlib.sha256(key.encode()).hexdigest()[:24]}"
        with self._transaction() as connection:
            if _is_there(connection, name):
                return
            quoted = {
                column: connection.execute(text("SELECT quote_literal(:v)"), {"v": v}).scalar_one()
                for column, v in self._whose.items()
            }
            mine = " AND ".join(f"{column} = {literal}" for column, literal in quoted.items())
            connection.execute(
                text("SELECT set_config('maintenance_work_mem', :memory, true)"),
                {"memory": BUILD_MEMORY},
            )
            # DDL takes no bound values; exec_driver_sql leaves colons in a name alone.
            connection.exec_driver_sql(
                f"CREATE INDEX IF NOT EXISTS {name} ON {PASSAGE_VECTOR} USING hnsw "
                f"((vector::halfvec({self.n_dimensions:d})) halfvec_ip_ops) WHERE "
                + mine.replace("%", "%%")
            )
        log.info("vector_index_built", index=name, n_dimensions=self.n_dimensions)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._database.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise BackendFailed(
                f"PostgreSQL did not do its part for the vectors: {type(error.orig).__name__}.",
                remedy="Check the server's log and that its extension 'vector' is 0.8 or newer.",
            ) from error


def _is_there(connection: Connection, name: str) -> bool:
    found = connection.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar()
    return found is not None


def _literal(vector: Vectors) -> str:
    """Rounded to float16 here, so that five digits say all and the statement stays short."""
    halves = vector.astype(np.float16).tolist()
    return "[" + ",".join(f"{number:.5g}" for number in halves) + "]"
