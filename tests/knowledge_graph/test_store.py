from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.database import Database
from core.domain import DealId, Stage
from core.errors import NotFound
from knowledge_graph import store
from knowledge_graph.crm.record import parse_record

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def record(deal_id: str = "o-1", account: str = "acc-1", **opportunity: Any) -> dict[str, Any]:
    return {
        "account": {"id": account, "name": f"Firma {account}", "industry": "制造业", "x": "甲"},
        "rep": {"id": "rep-7", "name": "Sam Ray"},
        "opportunity": {
            "id": deal_id,
            "name": "Line 3",
            "stage": "demo",
            "amount": "480000.00",
            "currency": "CNY",
            **opportunity,
        },
        "unknown": {"kept": True},
    }


def save(database: Database, tenant_id: str, content: dict[str, Any], now: datetime = NOW) -> None:
    with database.write() as session:
        store.ensure_tenant(session, tenant_id, now)
        store.save_deal(
            session,
            tenant_id=tenant_id,
            deal=parse_record(content, fallback_id="folder").deal,
            record=content,
            source_id="src-1",
            now=now,
        )


def test_a_stored_deal_reads_back_as_it_was_parsed(database: Database) -> None:
    content = record()
    save(database, "t", content)
    with database.read() as session:
        found = store.deal(session, tenant_id="t", deal_id=DealId("o-1"))
    assert found == parse_record(content, fallback_id="folder").deal
    assert found.extra["unknown"] == {"kept": True}


def test_saving_again_replaces_the_deal_and_its_account(database: Database) -> None:
    save(database, "t", record())
    later = NOW + timedelta(hours=1)
    changed = record(stage="poc", account_note="n")
    changed["account"]["name"] = "Neue Firma"
    save(database, "t", changed, later)
    with database.read() as session:
        (summary,) = store.deals(session, tenant_id="t")
        assert store.account_ids(session, tenant_id="t") == ["acc-1"]
    assert summary.stage is Stage.POC
    assert summary.account_name == "Neue Firma"
    assert summary.synced_at == later


def test_a_summary_says_what_a_list_of_deals_shows(database: Database) -> None:
    save(database, "t", record())
    with database.read() as session:
        (summary,) = store.deals(session, tenant_id="t")
    assert summary == store.DealSummary(
        id=DealId("o-1"),
        name="Line 3",
        account_id="acc-1",  # type: ignore[arg-type]
        account_name="Firma acc-1",
        industry="manufacturing",
        stage=Stage.DEMO,
        amount=Decimal("480000.00"),
        currency="CNY",
        rep="Sam Ray",
        synced_at=NOW,
    )


def test_deals_are_listed_by_account_and_name(database: Database) -> None:
    for deal_id, account, name in (("o-3", "b", "Z"), ("o-1", "b", "A"), ("o-2", "a", "Q")):
        save(database, "t", record(deal_id, account, name=name))
    with database.read() as session:
        assert [s.id for s in store.deals(session, tenant_id="t")] == ["o-2", "o-1", "o-3"]
        assert store.account_ids(session, tenant_id="t") == ["a", "b"]


def test_tenants_with_equal_ids_do_not_see_each_other(database: Database) -> None:
    save(database, "t1", record(name="ours"))
    save(database, "t2", record(name="theirs"))
    save(database, "t2", record("o-9", "acc-9"))
    with database.read() as session:
        ours = store.deal(session, tenant_id="t1", deal_id=DealId("o-1"))
        assert ours.opportunity.name == "ours"
        assert [s.id for s in store.deals(session, tenant_id="t1")] == ["o-1"]
        assert store.account_ids(session, tenant_id="t1") == ["acc-1"]
        with pytest.raises(NotFound, match="o-9"):
            store.deal(session, tenant_id="t1", deal_id=DealId("o-9"))
        assert store.deals(session, tenant_id="nobody") == []


def test_a_tenant_is_created_once(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            store.ensure_tenant(session, "t", NOW)


def test_a_deal_named_by_its_folder_is_found_by_that_name(database: Database) -> None:
    save(database, "t", {"account": {"name": "A"}})
    with database.read() as session:
        found = store.deal(session, tenant_id="t", deal_id=DealId("folder"))
    assert (
        found.account.id == parse_record({"account": {"name": "A"}}, fallback_id="x")[0].account.id
    )


def test_a_save_that_is_rolled_back_leaves_nothing(database: Database) -> None:
    def save_and_fail() -> None:
        content = record()
        with database.write() as session:
            store.save_deal(
                session,
                tenant_id="t",
                deal=parse_record(content, fallback_id="f").deal,
                record=content,
                source_id="s",
                now=NOW,
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    with database.read() as session:
        assert store.deals(session, tenant_id="t") == []


def test_texts_that_a_database_cannot_hold_are_stored_all_the_same(database: Database) -> None:
    content = record(name="a\x00b", next_step="\ud800", note="\x00\ud800")
    save(database, "t", content)
    with database.read() as session:
        found = store.deal(session, tenant_id="t", deal_id=DealId("o-1"))
    assert found.opportunity.name == "a\ufffdb"
