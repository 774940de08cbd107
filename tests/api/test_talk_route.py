"""How meetings were spoken, over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from typer.testing import CliRunner

import evals
from api.cli import app as cli
from api.routes.talk import EXAMPLE, SpokenModel

SAMPLES = Path(evals.__file__).parent / "samples"


def test_each_meeting_has_its_figures_and_strangers_see_none(
    client: TestClient, stranger: TestClient
) -> None:
    (meeting,) = client.get("/v1/deals/opp-renhe-pacs/talk").json()
    assert meeting["file"].startswith("meetings/")
    assert meeting["source_id"]
    assert sum(meeting["talk"]["role_shares"].values()) > 0.99
    assert (meeting["prosody"], meeting["degraded"]) == (None, [])
    assert stranger.get("/v1/deals/opp-renhe-pacs/talk").status_code == 404


def test_a_deal_without_meetings_has_an_empty_list(client: TestClient) -> None:
    assert client.get("/v1/deals/opp-silent/talk").json() == []


def test_the_example_fits_its_model_and_leaves_nothing_out() -> None:
    adapter = TypeAdapter(SpokenModel)
    assert adapter.dump_python(adapter.validate_python(EXAMPLE), mode="json") == EXAMPLE


def test_the_command_shows_a_file_as_json_and_as_text(tmp_path: Path) -> None:
    (file,) = (SAMPLES / "harbor-retail-pos" / "meetings").glob("*.vtt")
    environment = {"JUNSHI_HOME": str(tmp_path)}
    shown = CliRunner().invoke(cli, ["talk", str(file), "--json"], env=environment)
    (meeting,) = json.loads(shown.stdout)
    assert (meeting["file"], meeting["prosody"]) == (f"meetings/{file.name}", None)
    assert meeting["talk"]["timing"] == "measured"
    text = CliRunner().invoke(cli, ["talk", str(file)], env=environment).stdout
    assert "longest monologue" in text
