"""Search over one account and the tenant's shared knowledge, and nothing else.

Isolation is by construction. An index is built from the rows of one (tenant, scope) and holds only
their passages; a query opens the index of its account and the shared one, and whatever id an arm
returns is looked up among that index's own passages. No parameter reaches across accounts.

The database is the truth. Each query asks for the scope's state, an index-only count, and rebuilds
what changed, so an upsert is found at once; tokens of passages that stayed are kept. Indexes and
the vectors of recent queries live in memory, least recently used ones leave first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from sys import intern

import numpy as np
import structlog

from core.database import Database
from core.domain import Hit, Passage
from core.ports import Embedder, Ids, Vectors, VectorStore
from retrieval import store
from retrieval.fusion import VECTORS, fuse
from retrieval.keywords import Keywords
from retrieval.tokenize import Tokenizer
from retrieval.vector_stores.flat import FlatVectors

log = structlog.get_logger(__name__)

Expand = Callable[[str], Mapping[str, float]]
Keep = Callable[[Passage], bool]
NewVectorStore = Callable[[int], VectorStore]
State = tuple[int, int]

# How many passages each arm proposes. Fusion needs more than it shows: what one arm ranks tenth
# the other may rank hundredth.
DEPTH = 200
# About 5 KB a passage with its vector, tokens and scores: some 250 MB when full.
MAX_CACHED_PASSAGES = 50_000
# A coach asks the same things about the same deals; 2 KB each.
MAX_CACHED_QUERIES = 4_096


def no_expansion(_: str) -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, slots=True)
class ScopeIndex:
    """Both arms over one scope; `passages` is the only way from an id to words."""

    state: State
    passages: Mapping[int, Passage]
    tokens: Mapping[int, list[str]]
    keywords: Keywords
    vectors: VectorStore | None


class Search:
    """A `core.ports.Retriever` over the database; safe to share between threads.

    `expand` gives labels to add to a query with weights below 1: synonyms, the other language's
    word. It is injected because term graphs live in another package.
    """

    def __init__(
        self,
        database: Database,
        *,
        embedder: Embedder,
        tokenizer: Tokenizer,
        expand: Expand = no_expansion,
        new_vector_store: NewVectorStore = FlatVectors,
        max_cached_passages: int = MAX_CACHED_PASSAGES,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._tokenizer = tokenizer
        self._expand = expand
        self._new_vector_store = new_vector_store
        self._max_cached_passages = max_cached_passages
        self._indexes: OrderedDict[tuple[str, str], ScopeIndex] = OrderedDict()
        self._query_vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def search(
        self, query: str, *, tenant_id: str, account_id: str | None, k: int = 10
    ) -> list[Hit]:
        """At most k hits, best first, from this account and the tenant's shared knowledge only."""
        return self.search_many([query], tenant_id=tenant_id, account_id=account_id, k=k)[0]

    def search_many(
        self,
        queries: Sequence[str],
        *,
        tenant_id: str,
        account_id: str | None,
        k: int = 10,
        keep: Keep | None = None,
    ) -> list[list[Hit]]:
        """One list of hits a query, as `search` gives them; the queries are encoded together.

        `keep` chooses passages before the best k are taken, for example one deal's or the
        customer's. A query without words finds nothing.
        """
        indexes = self._open(tenant_id, account_id)
        vectors = self._encode(queries)
        return [
            self._best(
                [hit for index in indexes for hit in self._hits(index, query, vector, keep, k)], k
            )
            for query, vector in zip(queries, vectors, strict=True)
        ]

    def alike(
        self,
        texts: Sequence[str],
        *,
        tenant_id: str,
        account_id: str | None,
        k: int = 10,
        keep: Keep | None = None,
    ) -> list[list[Hit]]:
        """Passages that mean much the same as each text, in either language; `score` is the cosine.

        For corroboration: unlike a fused score it does not ask for the same words.
        """
        indexes = self._open(tenant_id, account_id)
        found = []
        for vector in self._encode(texts):
            hits: list[Hit] = []
            for index in indexes:
                hits += [
                    Hit(passage, cosine, {VECTORS: cosine})
                    for id, cosine in _pairs(_nearest(index, vector))
                    if (passage := index.passages.get(id)) is not None
                    and cosine > 0
                    and (keep is None or keep(passage))
                ]
            found.append(self._best(hits, k))
        return found

    def _hits(
        self, index: ScopeIndex, query: str, vector: Vectors | None, keep: Keep | None, k: int
    ) -> list[Hit]:
        weights = dict.fromkeys(self._tokenizer.tokens(query), 1.0)
        by_keywords = index.keywords.search(weights, k=DEPTH, added=self._added(query, weights))
        hits = (
            Hit(passage, fused.score, fused.found_by)
            for fused in fuse(by_keywords, _nearest(index, vector))
            if (passage := index.passages.get(fused.id)) is not None
            and (keep is None or keep(passage))
        )
        return list(islice(hits, k))

    def _added(self, query: str, weights: Mapping[str, float]) -> dict[str, float]:
        """Tokens of the labels that `expand` adds; a label's tokens share its weight."""
        added: dict[str, float] = {}
        for label, weight in self._expand(query).items():
            tokens = [token for token in self._tokenizer.tokens(label) if token not in weights]
            for token in tokens:
                added[token] = max(added.get(token, 0.0), weight / len(tokens))
        return added

    @staticmethod
    def _best(hits: list[Hit], k: int) -> list[Hit]:
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id or 0))[:k]

    # ---- what is kept in memory ----------------------------------------------------------------

    def _open(self, tenant_id: str, account_id: str | None) -> list[ScopeIndex]:
        scopes = list(dict.fromkeys((store.scope_of(account_id), store.SHARED_SCOPE)))
        indexes = {scope: self._cached(tenant_id, scope) for scope in scopes}
        changed: dict[str, tuple[list[Passage], Vectors]] = {}
        with self._database.read() as session:
            for scope, index in indexes.items():
                state = store.scope_state(session, tenant_id=tenant_id, scope=scope)
                if index is None or index.state != state:
                    changed[scope] = store.passages_of_scope(
                        session, tenant_id=tenant_id, scope=scope, embedder=self._embedder.name
                    )
        opened = []
        for scope, before in indexes.items():
            index = before
            if scope in changed:
                passages, vectors = changed[scope]
                vectors = self._completed(tenant_id, passages, vectors)
                index = self._build(passages, vectors, before)
            assert index is not None
            self._remember(tenant_id, scope, index)
            opened.append(index)
        return opened

    def _build(
        self, passages: Sequence[Passage], vectors: Vectors, before: ScopeIndex | None
    ) -> ScopeIndex:
        by_id = {int(p.id): p for p in passages if p.id is not None}
        known: Mapping[int, list[str]] = before.tokens if before is not None else {}
        tokens = {
            # One string for each word of the scope, not one for each place where it stands.
            id: known[id]
            if id in known
            else list(map(intern, self._tokenizer.tokens(passage.text)))
            for id, passage in by_id.items()
        }
        ids = np.fromiter(by_id, dtype=np.int64, count=len(by_id))
        return ScopeIndex(
            state=(len(by_id), max(by_id, default=0)),
            passages=by_id,
            tokens=tokens,
            keywords=Keywords(ids, list(tokens.values())),
            vectors=self._vector_store(ids, vectors),
        )

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

    def _vector_store(self, ids: Ids, vectors: Vectors) -> VectorStore | None:
        if not len(ids):
            return None
        vector_store = self._new_vector_store(vectors.shape[1])
        vector_store.add(ids, vectors)
        return vector_store

    def _cached(self, tenant_id: str, scope: str) -> ScopeIndex | None:
        with self._lock:
            return self._indexes.get((tenant_id, scope))

    def _remember(self, tenant_id: str, scope: str, index: ScopeIndex) -> None:
        with self._lock:
            self._indexes[tenant_id, scope] = index
            self._indexes.move_to_end((tenant_id, scope))
            n_cached = sum(len(one.passages) for one in self._indexes.values())
            while n_cached > self._max_cached_passages and len(self._indexes) > 1:
                _, gone = self._indexes.popitem(last=False)
                n_cached -= len(gone.passages)

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


def _nearest(index: ScopeIndex, vector: Vectors | None) -> tuple[Ids, Vectors]:
    if vector is None or index.vectors is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return index.vectors.search(vector, k=DEPTH)


def _pairs(ranking: tuple[Ids, Vectors]) -> list[tuple[int, float]]:
    return list(zip(ranking[0].tolist(), ranking[1].tolist(), strict=True))
