"""Shown suggestions after an edit of a file: they move along, or they fall with a reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import evals
from agents.backends import Backends, open_backends
from agents.coach.graph import Coach
from agents.ingestion.ingest import ingest
from agents.provenance import read_provenance
from core.domain import CoachAnswer, Evidence
from core.errors import NotFound
from core.fakes import FixedClock
from core.settings import Settings
from evals.provenance_check import problems_of
from feedback import store as feedback_store

SAMPLES = Path(evals.__file__).parent / "samples"
TENANT = "demo"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def backends(tmp_path: Path) -> Iterator[Backends]:
    opened = open_backends(Settings(home=tmp_path / "home", database_url=""), clock=FixedClock(NOW))
    yield opened
    opened.database.dispose()


@pytest.fixture
def deal(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLES / "xingyuan-mes", tmp_path / "deal"))


def coached(backends: Backends, deal: Path) -> CoachAnswer:
    report = ingest(backends, deal, tenant_id=TENANT)
    return Coach(backends).suggest(tenant_id=TENANT, deal_id=report.deals[0])


def meeting_evidence(answer: CoachAnswer) -> Evidence:
    return next(
        e
        for s in answer.suggestions
        for c in s.claims
        for e in c.evidence
        if e.file.endswith(".vtt")
    )


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_beside_the_words_leaves_suggestions_fresh_under_their_ids(
    backends: Backends, deal: Path
) -> None:
    shown = coached(backends, deal)
    cited = meeting_evidence(shown)
    edit(deal / cited.file, "WEBVTT", "WEBVTT\n\nNOTE corrected by the office")
    report = ingest(backends, deal, tenant_id=TENANT)
    assert (report.n_replaced, report.n_stale_suggestions) == (1, 0)
    assert report.n_reanchored_suggestions > 0
    again = Coach(backends).suggest(tenant_id=TENANT, deal_id=shown.deal_id)
    assert [s.id for s in again.suggestions] == [s.id for s in shown.suggestions]
    for suggestion in again.suggestions:
        for claim in suggestion.claims:
            assert [problems_of(e, deal) for e in claim.evidence] == [[]] * len(claim.evidence)


def test_what_was_shown_before_the_edit_stays_readable(backends: Backends, deal: Path) -> None:
    shown = coached(backends, deal)
    cited = meeting_evidence(shown)
    edit(deal / cited.file, "WEBVTT", "WEBVTT\n\nNOTE corrected")
    ingest(backends, deal, tenant_id=TENANT)
    with backends.database.read() as session:
        stored = feedback_store.suggestions_of_deal(
            session, tenant_id=TENANT, deal_id=shown.deal_id
        )
    resting = next(s for s in shown.suggestions if any(cited in c.evidence for c in s.claims))
    now = next(s for s in stored if s.id == resting.id)
    assert not now.stale
    assert cited not in [e for c in now.claims for e in c.evidence]
    found = read_provenance(backends, tenant_id=TENANT, suggestion_id=resting.id)
    assert found.shown_since_moved
    assert all(claim.holds for claim in found.claims)


def test_lost_words_take_their_claim_and_the_suggestion_along(
    backends: Backends, deal: Path
) -> None:
    shown = coached(backends, deal)
    cited = meeting_evidence(shown)
    edit(deal / cited.file, cited.quote, "我们再看看吧。")
    report = ingest(backends, deal, tenant_id=TENANT)
    resting = [s for s in shown.suggestions if any(cited in c.evidence for c in s.claims)]
    assert report.n_stale_suggestions >= len(resting) > 0
    found = read_provenance(backends, tenant_id=TENANT, suggestion_id=resting[0].id)
    assert found.reason == "evidence_lost"
    fallen = [c for c in found.claims if not c.holds]
    assert any(cited in c.claim.evidence for c in fallen)
    lost = next(e for c in fallen for e in c.evidence if e.evidence == cited)
    assert (lost.holds, lost.now) == ("lost", None)


def test_words_that_somebody_else_says_now_are_lost(backends: Backends, deal: Path) -> None:
    shown = coached(backends, deal)
    cited = meeting_evidence(shown)
    file = deal / cited.file
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if cited.quote[:8] in line)
    assert cited.speaker is not None
    while cited.speaker not in lines[at]:
        at -= 1
    lines[at] = lines[at].replace(cited.speaker, "陈思远", 1)
    file.write_text("".join(lines), encoding="utf-8")
    assert ingest(backends, deal, tenant_id=TENANT).n_stale_suggestions > 0


def test_a_crm_value_is_followed_by_its_field(backends: Backends, deal: Path) -> None:
    shown = coached(backends, deal)
    cites_crm = [
        s for s in shown.suggestions if any(e.crm_field for c in s.claims for e in c.evidence)
    ]
    if not cites_crm:
        pytest.skip("no suggestion of this deal cites the record")
    record = json.loads((deal / "deal.json").read_text(encoding="utf-8"))
    text = json.dumps(dict(reversed(record.items())), ensure_ascii=False, indent=4)
    (deal / "deal.json").write_text(text, encoding="utf-8")
    assert ingest(backends, deal, tenant_id=TENANT).n_stale_suggestions == 0


def test_a_vanished_file_makes_what_rested_on_it_stale(backends: Backends, deal: Path) -> None:
    shown = coached(backends, deal)
    cited = meeting_evidence(shown)
    (deal / cited.file).unlink()
    assert ingest(backends, deal, tenant_id=TENANT).n_stale_suggestions > 0
    resting = next(s for s in shown.suggestions if any(cited in c.evidence for c in s.claims))
    found = read_provenance(backends, tenant_id=TENANT, suggestion_id=resting.id)
    assert found.reason == "source_gone"
    assert {e.holds for c in found.claims for e in c.evidence if e.evidence == cited} == {"gone"}


def test_another_tenant_cannot_ask_where_a_suggestion_comes_from(
    backends: Backends, deal: Path
) -> None:
    shown = coached(backends, deal)
    with pytest.raises(NotFound):
        read_provenance(backends, tenant_id="rival", suggestion_id=shown.suggestions[0].id)
