"""The meeting card's moments over HTTP, and those of a file without ingesting it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import evals
from agents.backends import Backends
from agents.moments.read import moments_of_file
from core.domain import Role
from core.errors import InvalidInput, NotFound

DEAL = Path(evals.__file__).parent / "samples" / "xingyuan-mes"
MEETING = DEAL / "meetings" / "2026-10-22-quote-review.vtt"


def test_each_source_gives_at_most_k_moments_and_strangers_see_none(
    client: TestClient, stranger: TestClient
) -> None:
    found = client.get("/v1/deals/opp-renhe-pacs/moments?k=2").json()
    assert isinstance(found, list), found
    assert found
    for source in found:
        scores = [moment["score"] for moment in source["moments"]]
        assert 1 <= len(scores) <= 2
        assert scores == sorted(scores, reverse=True)
    assert stranger.get("/v1/deals/opp-renhe-pacs/moments").status_code == 404


def test_a_meeting_in_a_deal_folder_knows_its_customer(backends: Backends) -> None:
    found = moments_of_file(backends, MEETING)
    best = found[0].moment
    assert best.role is Role.CUSTOMER
    assert best.intent is not None
    assert found[0].source.text[best.start : best.end] == best.quote
    assert all(one.moment.intent is None for one in found if one.moment.role is not Role.CUSTOMER)


def test_the_same_meeting_alone_names_nobody_the_customer(
    backends: Backends, tmp_path: Path
) -> None:
    alone = shutil.copy(MEETING, tmp_path)
    found = moments_of_file(backends, Path(alone))
    assert found
    assert {(one.moment.role, one.moment.intent) for one in found} == {(Role.UNKNOWN, None)}


def test_a_meetings_sidecar_is_refused_with_the_name_of_the_meeting(backends: Backends) -> None:
    with pytest.raises(InvalidInput, match=r"quote-review\.vtt"):
        moments_of_file(backends, MEETING.with_name("2026-10-22-quote-review.meta.json"))


def test_a_record_is_no_meeting(backends: Backends) -> None:
    with pytest.raises(NotFound, match=r"deal\.json"):
        moments_of_file(backends, DEAL / "deal.json")
