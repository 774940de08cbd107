"""One size of store, planted and then measured, each step in a fresh interpreter.

A step is a function of a `Store` that returns plain figures, so that it can be sent to another
interpreter: memory is then what the step needs and no one else's, and a restart is a real one. The
search is the product's own, as `agents.backends` opens it; parts of a query are timed by standing
in for the functions of its arms, which costs a microsecond each.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sqlmodel import Session

from agents.backends import Backends, open_backends
from core.domain import AccountId, Channel, Passage, Source, SourceId, TenantId
from core.ports import Vectors
from core.settings import Settings
from core.text.language import language_of
from evals.bench_texts import make_vectors, read_lines
from retrieval import saved_index, scope_index, search, store
from retrieval.keywords import Keywords
from retrieval.search import MAX_CACHED_PASSAGES, Search
from retrieval.vector_stores.faiss_index import FaissVectors

Json = dict[str, Any]
Layout = Literal["account", "global"]

TENANT = TenantId("bench")
K = 10
N_WARM_UP = 40
SOURCES_A_COMMIT = 10
# Beside the accounts, as a tenant with a few shared pages would have.
N_SHARED = 200
# Of what search keeps in memory at most; beyond it an account is built again when it is asked.
WORKING_SET_SHARE = 0.9
_STRIDE = 7_919  # a prime: neighbouring queries go to accounts far apart


@dataclass(frozen=True, slots=True)
class Store:
    """`folder` is the state of this store alone; the other paths are shared by all of them."""

    folder: Path
    passages: Path
    vectors: Path
    questions: Path
    layout: Layout
    n: int
    n_queries: int
    n_upserts: int
    an_account: tuple[int, int] = (1_000, 2_000)
    a_source: int = 300

    def accounts(self) -> list[tuple[str, int]]:
        """(id, passages) of accounts, n in all; sizes go round between the two bounds."""
        least, most = self.an_account
        accounts: list[tuple[str, int]] = []
        left = self.n
        while left:
            size = min(left, least + (len(accounts) * 377) % (most - least + 1))
            accounts.append((f"account-{len(accounts)}", size))
            left -= size
        return accounts

    def scopes(self) -> list[tuple[str | None, int]]:
        """(account or None for shared, passages) in the order of planting."""
        if self.layout == "global":
            return [(None, self.n)]
        return [*self.accounts(), (None, min(N_SHARED, self.n))]

    def open(self) -> Backends:
        """The product with its default parts, over this store's folder."""
        return open_backends(
            Settings(home=self.folder, database_url="", embedder="use", vector_store="faiss")
        )


# ---- steps: each runs in an interpreter of its own -----------------------------------------------


def plant(at: Store) -> Json:
    """Stores every passage with its vector, some sources a transaction."""
    scopes = at.scopes()
    n = sum(size for _, size in scopes)
    texts = read_lines(at.passages, n)
    vectors = make_vectors(texts, at.vectors)
    opened = at.open()
    started = time.perf_counter()
    pending: list[tuple[str | None, int, int]] = []
    place = 0
    for account, size in scopes:
        end = place + size
        pending += [
            (account, start, min(start + at.a_source, end))
            for start in range(place, end, at.a_source)
        ]
        place = end
    for batch in range(0, len(pending), SOURCES_A_COMMIT):
        with opened.database.write() as session:
            for account, start, end in pending[batch : batch + SOURCES_A_COMMIT]:
                rows = slice(start, end)
                add_texts(session, opened, texts[rows], vectors[rows], account, f"s-{start}")
    seconds = time.perf_counter() - started
    # Compiled once for each state; `measure` is to start as every later start does.
    opened.terms.labels()
    opened.database.dispose()
    return {"n_passages": n, "stored_per_s": round(n / seconds)}


def measure(at: Store) -> Json:
    """First searches, warm ones, upserts, and memory between them."""
    questions = read_lines(at.questions, 2 * N_WARM_UP + at.n_queries)
    opened = at.open()
    ready = _with_models(opened)
    figures: Json = {"rss_models_mib": resident_mib()}
    accounts = _working_set(at)
    with _parts() as parts:
        first = [
            _timed(ready, question, account)[0]
            for account, question in zip(accounts, cycle(questions[:N_WARM_UP]), strict=False)
        ]
        save_s = sum(parts["save"])
    if at.layout == "global":
        figures["built_s"] = round(sum(first) - save_s, 2)
        figures["snapshot_written_s"] = round(save_s, 2)
    else:
        figures["n_accounts"], figures["n_accounts_warm"] = len(at.accounts()), len(accounts)
        figures["first_search_ms"] = percentiles_ms(first)
    for number, question in enumerate(questions[N_WARM_UP : 2 * N_WARM_UP]):
        _timed(ready, question, accounts[number % len(accounts)])
    figures["rss_indexed_mib"] = resident_mib()
    asked = questions[2 * N_WARM_UP :]
    with _parts() as parts:
        warm = [
            _timed(ready, question, accounts[number * _STRIDE % len(accounts)])
            for number, question in enumerate(asked)
        ]
    figures["search_ms"] = percentiles_ms([wall for wall, _ in warm])
    # What the machine's other work cannot lengthen by taking the core away.
    figures["search_cpu_ms"] = percentiles_ms([cpu for _, cpu in warm])
    figures["parts"] = _shares(parts, [wall for wall, _ in warm])
    figures["rss_searched_mib"] = resident_mib()
    figures |= _upserts(opened, ready, accounts[0], at.n_upserts)
    opened.database.dispose()
    return figures


def restart(at: Store) -> Json:
    """The first search of a new start with the snapshot that `measure` left, upserts since."""
    questions = read_lines(at.questions, 1)
    opened = at.open()
    ready = _with_models(opened)
    first, _ = _timed(ready, questions[0], None)
    files = [path for path in (at.folder / "indexes").rglob("*") if path.is_file()]
    opened.database.dispose()
    return {
        "restored_s": round(first, 2),
        "rss_restored_mib": resident_mib(),
        "snapshot_mib": round(sum(path.stat().st_size for path in files) / 2**20, 1),
    }


# ---- parts of the steps --------------------------------------------------------------------------


def add_texts(
    session: Session,
    opened: Backends,
    texts: Sequence[str],
    vectors: Vectors,
    account: str | None,
    name: str,
) -> None:
    """One source of these passages, a line break between them."""
    channel = Channel.KNOWLEDGE if account is None else Channel.EMAIL
    passages, place = [], 0
    for text in texts:
        passages.append(
            Passage(text, place, place + len(text), channel, language=language_of(text))
        )
        place += len(text) + 1
    whole = "\n".join(texts)
    raw = whole.encode()
    source = Source(
        id=SourceId(name),
        tenant_id=TENANT,
        channel=channel,
        path=name,
        sha256=sha256(raw).hexdigest(),
        text=whole,
        account_id=None if account is None else AccountId(account),
    )
    store.add_source(
        session,
        source,
        raw=raw,
        origin="bench",
        passages=passages,
        vectors=vectors,
        embedder=opened.embedder.name,
        now=opened.clock.now(),
    )


def _with_models(opened: Backends) -> Search:
    """The product's search with encoder, tokenizer and terms loaded, and no index yet."""
    opened.search.search("预算 budget", tenant_id="nobody", account_id=None, k=K)
    return opened.search


def _working_set(at: Store) -> list[str | None]:
    if at.layout == "global":
        return [None]
    chosen: list[str | None] = []
    n_passages = 0
    for account, size in at.accounts():
        n_passages += size
        if chosen and n_passages > WORKING_SET_SHARE * MAX_CACHED_PASSAGES:
            break
        chosen.append(account)
    return chosen


def _upserts(opened: Backends, ready: Search, account: str | None, n: int) -> Json:
    """From text in hand to found: encoded, stored and committed, then searched for by its code."""
    stored, found = [], []
    for number in range(n):
        code = f"QX-{48_000 + number}"
        text = f"Order {code}: the customer asked to move the delivery of item {number} to May."
        started = time.perf_counter()
        vectors = opened.embedder.encode([text])
        with opened.database.write() as session:
            add_texts(session, opened, [text], vectors, account, f"upsert-{number}")
        stored.append(time.perf_counter() - started)
        hits = ready.search(f"What about {code}?", tenant_id=TENANT, account_id=account, k=K)
        found.append(time.perf_counter() - started)
        if not any(hit.passage.text == text for hit in hits):
            raise RuntimeError(f"an upsert was not found among {K} hits")
    return {"upsert_stored_ms": percentiles_ms(stored), "upsert_found_ms": percentiles_ms(found)}


def _timed(ready: Search, question: str, account: str | None) -> tuple[float, float]:
    """Seconds of one search: by the clock, and of the processor."""
    started, worked = time.perf_counter(), time.process_time()
    ready.search(question, tenant_id=TENANT, account_id=account, k=K)
    return time.perf_counter() - started, time.process_time() - worked


@contextmanager
def _parts() -> Iterator[dict[str, list[float]]]:
    """Seconds of each call, by part, of all searches in the block."""
    from retrieval.embedders.use import UniversalSentenceEncoder

    places: list[tuple[str, Any, str]] = [
        ("encode", UniversalSentenceEncoder, "encode"),
        ("tokenise", search, "prepare"),
        ("keywords", Keywords, "search"),
        ("vectors", FaissVectors, "search"),
        ("fuse", scope_index, "fuse"),
        ("state", store, "scope_states"),
        ("save", saved_index.SavedIndexes, "save"),
    ]
    seconds: dict[str, list[float]] = defaultdict(list)
    originals = [(owner, name, getattr(owner, name)) for _, owner, name in places]
    for part, owner, name in places:
        setattr(owner, name, _clocked(getattr(owner, name), seconds[part]))
    try:
        yield seconds
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _clocked(call: Callable[..., Any], seconds: list[float]) -> Callable[..., Any]:
    @wraps(call)
    def clocked(*args: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return call(*args, **options)
        finally:
            seconds.append(time.perf_counter() - started)

    return clocked


def _shares(parts: Mapping[str, Sequence[float]], searches: Sequence[float]) -> Json:
    """By part: its mean a search, its share of all their time, and percentiles of its calls."""
    total = sum(searches)
    sums = {part: sum(seconds) for part, seconds in parts.items() if seconds}
    figures = {part: percentiles_ms(parts[part]) for part in sums}
    figures["rest"], sums["rest"] = {}, total - sum(sums.values())
    for part, seconds in sums.items():
        figures[part]["mean"] = round(1_000 * seconds / len(searches), 3)
        figures[part]["share"] = round(seconds / total, 3)
    return figures


def percentiles_ms(seconds: Sequence[float]) -> Json:
    ms = 1_000 * np.array(seconds)
    figures: Json = {"n": len(seconds)}
    for name, at in (("p50", 50), ("p99", 99), ("max", 100)):
        figures[name] = round(float(np.percentile(ms, at)), 2)
    return figures


def resident_mib() -> float | None:
    """What of this interpreter is in memory now; None where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kib = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), None)
    return None if kib is None else round(kib / 1_024, 1)
