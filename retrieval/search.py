"""Search over one account and the tenant's shared knowledge, and nothing else.

Isolation is by construction. An index is built from the rows of one (tenant, scope) and holds only
their passages; a query opens the index of its account and the shared one, and whatever id an arm
returns is looked up among that index's own passages. No parameter reaches across accounts.

The database is the truth. Each query asks for the scope's state, one row by key, and takes over
what changed, so an upsert is found at once. Indexes and the vectors of recent queries live in
memory, least recently used ones leave first; a large scope's index also in a snapshot, which is
compared with the database passage by passage when it is opened.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import structlog
from sqlmodel import Session

from core.database import Database
from core.domain import Hit, Passage
from core.ports import Embedder, Ids, Vectors, VectorStore
from retrieval import store
from retrieval.filters import EVERYTHING, Filter
from retrieval.saved_index import SavedIndexes
from retrieval.scope_index import (
    BOTH,
    IN_FOLDER_FROM,
    Arm,
    Expand,
    Query,
    ScopeIndex,
    no_expansion,
    prepare,
)
from retrieval.tokenize import Tokenizer
from retrieval.vector_stores.faiss_index import FaissVectors

log = structlog.get_logger(__name__)

NewVectorStore = Callable[[str, str], VectorStore]

# Beside the largest scope, which stays: shared knowledge must not push the accounts out. About
# 3 KB a passage with its vector.
MAX_CACHED_PASSAGES = 100_000
# A snapshot is written anew when a start had to catch up with so much of it.
SAVE_AFTER_SHARE = 0.1
# A coach asks the same things about the same deals; 2 KB each.
MAX_CACHED_QUERIES = 4_096


class Search:
    """A `core.ports.Retriever` over the database; safe to share between threads.

    `expand` gives labels to add to a query with weights below 1: synonyms, the other language's
    word. It is injected because term graphs live in another package. `new_vector_store` makes the
    store of one (tenant, scope), FAISS when left out. `snapshots` is the folder where large scopes'
    indexes wait for the next start.
    """

    def __init__(
        self,
        database: Database,
        *,
        embedder: Embedder,
        tokenizer: Tokenizer,
        expand: Expand = no_expansion,
        new_vector_store: NewVectorStore | None = None,
        snapshots: Path | None = None,
        max_cached_passages: int = MAX_CACHED_PASSAGES,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._tokenizer = tokenizer
        self._expand = expand
        self._new_vector_store = new_vector_store or self._faiss
        self._snapshots = snapshots
        self._max_cached_passages = max_cached_passages
        self._indexes: OrderedDict[tuple[str, str], ScopeIndex] = OrderedDict()
        self._query_vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def search(
        self,
        query: str,
        *,
        tenant_id: str,
        account_id: str | None,
        k: int = 10,
        wanted: Filter = EVERYTHING,
    ) -> list[Hit]:
        """At most k hits, best first, from this account and the tenant's shared knowledge only."""
        return self.search_many(
            [query], tenant_id=tenant_id, account_id=account_id, k=k, wanted=wanted
        )[0]

    def added_labels(self, query: str) -> dict[str, float]:
        """The labels that the term graph adds to a query, with their weights, heaviest first."""
        return dict(self._expand(query))

    def search_many(
        self,
        queries: Sequence[str],
        *,
        tenant_id: str,
        account_id: str | None,
        k: int = 10,
        wanted: Filter = EVERYTHING,
        arms: frozenset[Arm] = BOTH,
    ) -> list[list[Hit]]:
        """One list of hits a query, as `search` gives them; the queries are encoded together.

        `wanted` chooses passages before the best k are taken, for example one deal's or the
        customer's. A query without words finds nothing.
        """
        indexes = self._open(tenant_id, account_id)
        return [
            _best((index.search(query, k=k, wanted=wanted, arms=arms) for index in indexes), k)
            for query in self._prepare(queries)
        ]

    def alike(
        self,
        texts: Sequence[str],
        *,
        tenant_id: str,
        account_id: str | None,
        k: int = 10,
        wanted: Filter = EVERYTHING,
    ) -> list[list[Hit]]:
        """Passages that mean much the same as each text, in either language; `score` is the cosine.

        For corroboration: unlike a fused score it does not ask for the same words.
        """
        indexes = self._open(tenant_id, account_id)
        return [
            _best((index.alike(vector, k=k, wanted=wanted) for index in indexes), k)
            for vector in self._encode(texts)
        ]

    def _prepare(self, queries: Sequence[str]) -> list[Query]:
        vectors = self._encode(queries)
        return [
            prepare(query, vector, tokenizer=self._tokenizer, expand=self._expand)
            for query, vector in zip(queries, vectors, strict=True)
        ]

    # ---- what is kept in memory ----------------------------------------------------------------

    def _open(self, tenant_id: str, account_id: str | None) -> list[ScopeIndex]:
        scopes = list(dict.fromkeys((store.scope_of(account_id), store.SHARED_SCOPE)))
        indexes = {scope: self._kept(tenant_id, scope) for scope in scopes}
        with self._database.read() as session:
            states = store.scope_states(session, tenant_id=tenant_id, scope=scopes[0])
        for scope, index in indexes.items():
            if index.state != states.get(scope, 0):
                self._bring_up_to_date(index, tenant_id, scope)
        return list(indexes.values())

    def _kept(self, tenant_id: str, scope: str) -> ScopeIndex:
        """The scope's index, perhaps an empty one; the least recently used others may leave."""
        with self._lock:
            index = self._indexes.get((tenant_id, scope))
            if index is None:
                vectors = self._new_vector_store(tenant_id, scope)
                index = ScopeIndex(vectors, tokenizer=self._tokenizer)
                self._indexes[tenant_id, scope] = index
            self._indexes.move_to_end((tenant_id, scope))
            return index

    def _faiss(self, _tenant_id: str, _scope: str) -> VectorStore:
        return FaissVectors(self._embedder.n_dimensions)

    @cached_property
    def _saved(self) -> SavedIndexes | None:
        if self._snapshots is None:
            return None
        return SavedIndexes(
            self._snapshots, embedder=self._embedder.name, tokenizer=self._tokenizer.name
        )

    def _leave_room(self) -> None:
        with self._lock:
            sizes = [len(one.passages) for one in self._indexes.values()]
            n_cached = sum(sizes) - max(sizes, default=0)
            while n_cached > self._max_cached_passages and len(self._indexes) > 1:
                _, gone = self._indexes.popitem(last=False)
                n_cached -= len(gone.passages)

    def _bring_up_to_date(self, index: ScopeIndex, tenant_id: str, scope: str) -> None:
        """Takes over what changed since; an index that fails on the way is thrown away."""
        with index.lock:
            with self._database.read() as session:
                states = store.scope_states(session, tenant_id=tenant_id, scope=scope)
                state = states.get(scope, 0)
                if index.state == state:
                    return
                is_new = index.state is None
                if is_new:
                    self._restore(session, index, tenant_id, scope)
                removed, passages, vectors = self._changes(session, index, tenant_id, scope)
            try:
                vectors = self._completed(tenant_id, passages, vectors)
                index.update(passages, vectors, removed=removed)
            except BaseException:
                with self._lock:
                    self._indexes.pop((tenant_id, scope), None)
                raise
            index.state = state
            has_news = len(passages) > SAVE_AFTER_SHARE * len(index.passages)
            if is_new and has_news and index.is_large and self._saved is not None:
                self._saved.save(index, tenant_id=tenant_id, scope=scope)
        self._leave_room()

    def _restore(self, session: Session, index: ScopeIndex, tenant_id: str, scope: str) -> None:
        if self._saved is None or not isinstance(index.vectors, FaissVectors):
            return
        if store.n_passages(session, tenant_id=tenant_id, scope=scope) >= IN_FOLDER_FROM:
            passages, _ = store.passages_of_scope(
                session, tenant_id=tenant_id, scope=scope, embedder=None
            )
            self._saved.restore(index, passages, tenant_id=tenant_id, scope=scope)

    def _changes(
        self, session: Session, index: ScopeIndex, tenant_id: str, scope: str
    ) -> tuple[Iterable[int], list[Passage], Vectors]:
        """(ids that left, passages that came, their vectors): ids are never used twice."""
        ids: Ids | None = None
        removed: Iterable[int] = ()
        if index.passages:
            ids = store.passage_ids(
                session, tenant_id=tenant_id, scope=scope, after=max(index.passages)
            )
            n_stored = store.n_passages(session, tenant_id=tenant_id, scope=scope)
            # Where only new ones came, which is the rule, the others need not be compared.
            if len(index.passages) + len(ids) != n_stored:
                held = np.fromiter(index.passages, dtype=np.int64)
                stored = store.passage_ids(session, tenant_id=tenant_id, scope=scope)
                ids = np.setdiff1d(stored, held, assume_unique=True)
                removed = np.setdiff1d(held, stored, assume_unique=True).tolist()
        passages, vectors = store.passages_of_scope(
            session, tenant_id=tenant_id, scope=scope, embedder=self._embedder.name, ids=ids
        )
        return removed, passages, vectors

    def _completed(self, tenant_id: str, passages: Sequence[Passage], vectors: Vectors) -> Vectors:
        """The vectors with none missing; what had to be encoded is stored for the next process.

        A loose collection is ingested without vectors, and another embedder's mean nothing here.
        """
        full = np.zeros((len(passages), self._embedder.n_dimensions), dtype=np.float32)
        full[:, : vectors.shape[1]] = vectors
        missing = np.flatnonzero(~full.any(axis=1)).tolist()
        if not missing:
            return full
        full[missing] = self._embedder.encode([passages[at].text for at in missing])
        with self._database.write() as session:
            store.save_vectors(
                session,
                tenant_id=tenant_id,
                ids=[int(passages[at].id or 0) for at in missing],
                vectors=full[missing],
                embedder=self._embedder.name,
            )
        log.info("vectors_encoded", embedder=self._embedder.name, n_passages=len(missing))
        return full

    def _encode(self, queries: Sequence[str]) -> list[Vectors | None]:
        """One unit vector a query, None for one without words."""
        with self._lock:
            known = {q: self._query_vectors[q] for q in queries if q in self._query_vectors}
        missing = [q for q in dict.fromkeys(queries) if q not in known and q.strip()]
        if missing:
            known.update(zip(missing, self._embedder.encode(missing), strict=True))
        with self._lock:
            for query, vector in known.items():
                self._query_vectors[query] = vector
                self._query_vectors.move_to_end(query)
            while len(self._query_vectors) > MAX_CACHED_QUERIES:
                self._query_vectors.popitem(last=False)
        return [known.get(query) for query in queries]


def _best(found: Iterable[list[Hit]], k: int) -> list[Hit]:
    hits = [hit for one in found for hit in one]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id or 0))[:k]
