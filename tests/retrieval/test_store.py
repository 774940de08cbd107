from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlmodel import Session

from core.database import Database
from core.domain import (
    AccountId,
    Channel,
    ContactId,
    DealId,
    Passage,
    Role,
    Source,
    SourceId,
    TenantId,
)
from core.errors import Conflict, InvalidInput, NotFound
from core.ports import Vectors
from retrieval import store
from retrieval.rows import NewSignal

Plant = Callable[..., list[Passage]]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TEXT = "预算批下来了。\nWe sign in December."


def a_source(id: str = "s-1", *, text: str = TEXT, tenant_id: str = "t-1") -> Source:
    return Source(
        id=SourceId(id),
        tenant_id=TenantId(tenant_id),
        channel=Channel.MEETING,
        path="meetings/1.vtt",
        sha256="ab" * 32,
        text=text,
        title="Review",
        account_id=AccountId("acc-1"),
        deal_id=DealId("d-1"),
        occurred_at=NOW,
        meta={"said_on": "2026-11-25", "format": "vtt"},
    )


def two_passages() -> list[Passage]:
    first = Passage(
        text="预算批下来了。",
        start=0,
        end=7,
        channel=Channel.MEETING,
        role=Role.CUSTOMER,
        speaker="王建国",
        contact_id=ContactId("c-1"),
        start_ms=1000,
        end_ms=2500,
        occurred_at=NOW,
        language="zh",
    )
    second = Passage(
        text="We sign in December.",
        start=8,
        end=28,
        channel=Channel.MEETING,
        occurred_at=NOW,
        carries_intent=False,
    )
    return [first, second]


def unit_rows(n: int, *, n_dimensions: int = 8) -> Vectors:
    rows = np.random.default_rng(1).normal(size=(n, n_dimensions)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def add(
    session: Session,
    source: Source | None = None,
    passages: Sequence[Passage] | None = None,
    *,
    now: datetime = NOW,
) -> list[Passage]:
    passages = two_passages() if passages is None else passages
    return store.add_source(
        session,
        source or a_source(),
        raw=b"WEBVTT",
        origin="d-1",
        passages=passages,
        vectors=unit_rows(len(passages)),
        embedder="test@1",
        now=now,
    )


def test_a_source_comes_back_as_it_went_in(database: Database) -> None:
    with database.write() as session:
        stored = add(session)
    with database.read() as session:
        found = store.find_source(session, tenant_id="t-1", origin="d-1", path="meetings/1.vtt")
        assert found == a_source()
        assert store.source(session, tenant_id="t-1", source_id="s-1") == a_source()
        assert store.sources_of(session, tenant_id="t-1", origin="d-1") == {
            "meetings/1.vtt": a_source()
        }
        assert store.raw_of(session, tenant_id="t-1", source_id="s-1") == b"WEBVTT"
        assert store.passages_of_source(session, tenant_id="t-1", source_id="s-1") == stored
        assert store.passages_of_deal(session, tenant_id="t-1", deal_id="d-1") == stored
    assert [p.text for p in stored] == TEXT.split("\n")
    assert all(p.id is not None and p.account_id == "acc-1" for p in stored)


def test_vectors_come_back_in_order_as_unit_rows_to_half_precision(database: Database) -> None:
    with database.write() as session:
        stored = add(session)
    with database.read() as session:
        passages, vectors = store.passages_of_scope(
            session, tenant_id="t-1", scope="acc-1", embedder="test@1"
        )
    assert passages == stored
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(vectors, unit_rows(2), atol=1e-3)


def test_vectors_of_another_embedder_are_left_out(database: Database) -> None:
    with database.write() as session:
        add(session)
    with database.read() as session:
        passages, vectors = store.passages_of_scope(
            session, tenant_id="t-1", scope="acc-1", embedder="other@1"
        )
    assert len(passages) == 2
    assert vectors.shape == (2, 0)


def test_an_edited_file_is_the_next_version_and_the_old_text_stays(database: Database) -> None:
    with database.write() as session:
        old = add(session)
        add_signal(session, old)
        new = add(session, a_source("s-2", text="改了"), [], now=NOW + timedelta(hours=1))
    with database.read() as session:
        found = store.find_source(session, tenant_id="t-1", origin="d-1", path="meetings/1.vtt")
        assert found is not None
        assert (found.id, found.version) == ("s-2", 2)
        assert store.source(session, tenant_id="t-1", source_id="s-1").text == TEXT
        assert store.passages_of_source(session, tenant_id="t-1", source_id="s-1") == []
        assert store.signals_of_deal(session, tenant_id="t-1", deal_id="d-1") == []
    assert new == []


def test_a_retired_source_leaves_search_and_can_come_back(database: Database) -> None:
    with database.write() as session:
        add(session)
        store.retire_source(session, tenant_id="t-1", source_id="s-1", now=NOW)
        store.retire_source(session, tenant_id="t-1", source_id="s-1", now=NOW)
    with database.read() as session:
        assert store.sources_of(session, tenant_id="t-1", origin="d-1") == {}
        assert store.passages_of_deal(session, tenant_id="t-1", deal_id="d-1") == []
        assert store.raw_of(session, tenant_id="t-1", source_id="s-1") == b"WEBVTT"
    with database.write() as session:
        add(session, a_source("s-3"))
    with database.read() as session:
        assert store.source(session, tenant_id="t-1", source_id="s-3").version == 2


def test_the_state_of_a_scope_tells_every_change(database: Database) -> None:
    states = []

    def note() -> None:
        with database.read() as session:
            found = store.scope_states(session, tenant_id="t-1", scope="acc-1")
            states.append(found.get("acc-1", 0))

    note()
    for id in ("s-1", "s-2"):  # the second replaces as many passages as it brings
        with database.write() as session:
            add(session, a_source(id))
        note()
    with database.write() as session:
        store.retire_source(session, tenant_id="t-1", source_id="s-2", now=NOW)
    note()
    with database.write() as session:
        add(session, a_source("s-3"))
    note()
    assert states[0] == 0
    assert states == sorted(set(states))


def test_passage_ids_are_never_used_again(database: Database) -> None:
    with database.write() as session:
        old = add(session)
        new = add(session, a_source("s-2"))
    assert {p.id for p in old}.isdisjoint(p.id for p in new)


def add_signal(session: Session, passages: Sequence[Passage]) -> None:
    store.add_signals(
        session,
        tenant_id="t-1",
        deal_id="d-1",
        source_id="s-1",
        recogniser="r@1",
        signals=[
            NewSignal(passages[0].id, "money.budget_ready", 0.9, 0, 6, reported=0.8, mood=-0.25)
        ],
    )


def test_signals_come_back_with_the_words_that_show_them(database: Database) -> None:
    with database.write() as session:
        passages = add(session)
        add_signal(session, passages)
    with database.read() as session:
        (signal,) = store.signals_of_deal(session, tenant_id="t-1", deal_id="d-1")
        assert store.signals_of_deal(session, tenant_id="t-2", deal_id="d-1") == []
    evidence = signal.evidence
    assert (signal.intent, signal.p) == ("money.budget_ready", pytest.approx(0.9))
    assert (signal.reported, signal.mood) == (pytest.approx(0.8), pytest.approx(-0.25))
    assert evidence.quote == TEXT[evidence.start : evidence.end] == "预算批下来了"
    assert (evidence.source_id, evidence.source_sha256) == ("s-1", "ab" * 32)
    assert (evidence.file, evidence.channel) == ("meetings/1.vtt", Channel.MEETING)
    assert (evidence.speaker, evidence.role) == ("王建国", Role.CUSTOMER)
    assert (evidence.start_ms, evidence.end_ms) == (1000, 2500)
    assert (evidence.occurred_at, evidence.said_on) == (NOW, date(2026, 11, 25))
    assert evidence.passage_id == passages[0].id


def test_a_signal_needs_a_stored_passage(database: Database) -> None:
    with database.write() as session, pytest.raises(ValueError, match="not stored"):
        add_signal(session, two_passages())


def test_thousands_of_passages_keep_their_order(database: Database) -> None:
    many = [Passage(text=str(n), start=n, end=n + 1, channel=Channel.MEETING) for n in range(3_000)]
    with database.write() as session:
        stored = add(session, None, many)
    with database.read() as session:
        found = store.passages_of_source(session, tenant_id="t-1", source_id="s-1")
    assert [p.text for p in found] == [p.text for p in stored] == [str(n) for n in range(3_000)]
    assert found == stored


@pytest.mark.parametrize("source_id", ["nothing", "s-1"])
def test_another_tenants_source_is_not_found(database: Database, source_id: str) -> None:
    with database.write() as session:
        add(session)
    with database.write() as session:
        for ask in (store.source, store.raw_of):
            with pytest.raises(NotFound, match=source_id):
                ask(session, tenant_id="t-2", source_id=source_id)
        with pytest.raises(NotFound, match=source_id):
            store.retire_source(session, tenant_id="t-2", source_id=source_id, now=NOW)
        assert store.passages_of_deal(session, tenant_id="t-2", deal_id="d-1") == []
        assert store.passages_of_source(session, tenant_id="t-2", source_id="s-1") == []
        assert store.find_source(session, tenant_id="t-2", origin="d-1", path="x") is None
        assert store.scope_states(session, tenant_id="t-2", scope="acc-1") == {}


def test_a_source_id_is_taken_once(database: Database) -> None:
    with database.write() as session:
        add(session)
    other = replace(a_source(), path="meetings/2.vtt")
    with pytest.raises(Conflict, match=r"2\.vtt"), database.write() as session:
        add(session, other)


@pytest.mark.parametrize("text", ["NUL \0 inside", "half \ud83d of a pair"])
def test_text_that_no_database_keeps_is_refused(database: Database, text: str) -> None:
    with database.write() as session, pytest.raises(InvalidInput, match=r"1\.vtt"):
        add(session, a_source(text=text), [])


def test_each_passage_needs_its_vector(database: Database) -> None:
    with database.write() as session, pytest.raises(ValueError, match="1 vectors for 2"):
        store.add_source(
            session,
            a_source(),
            raw=b"",
            origin="d-1",
            passages=two_passages(),
            vectors=unit_rows(1),
            embedder="test@1",
            now=NOW,
        )
