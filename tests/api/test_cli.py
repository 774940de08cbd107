"""The command as a program sees it: shapes, exit codes, clear errors, state under JUNSHI_HOME."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import evals
from core.settings import Settings, child_environment

SAMPLES = Path(evals.__file__).parent / "samples"


class Junshi:
    """Runs `junshi` with a state of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = child_environment(Settings(home=self.home, database_url=""))
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def junshi(tmp_path_factory: pytest.TempPathFactory) -> Junshi:
    return Junshi(tmp_path_factory.mktemp("home"))


def test_help_lists_every_command(junshi: Junshi) -> None:
    shown = junshi.run("--help").stdout
    for name in ("demo", "serve", "ingest", "suggest", "search", "intents", "deviations", "eval",
                 "bench"):  # fmt: skip
        assert name in shown


def test_a_folder_given_to_suggest_is_ingested_first(junshi: Junshi) -> None:
    answer = junshi.json("suggest", str(SAMPLES / "xingyuan-mes"))
    assert answer["deal_id"] == "opp-xingyuan-mes"
    assert 1 <= len(answer["suggestions"]) <= 5
    for suggestion in answer["suggestions"]:
        assert set(suggestion["move"]) == {"zh", "en"}
        for claim in suggestion["claims"]:
            for evidence in claim["evidence"]:
                start, end = evidence["span"]
                assert end - start == len(evidence["quote"])
    fields = {d["field"] for d in answer["deviations"]}
    assert not fields & set(answer["consistent"])
    assert not fields & set(answer["undecided"])


def test_a_known_deal_is_named_by_its_id(junshi: Junshi) -> None:
    junshi.json("ingest", str(SAMPLES / "huatai-vision"))
    report = junshi.json("deviations", "opp-huatai-vision")
    assert {d["field"] for d in report["deviations"]} == {"trial_window", "decision_maker"}


def test_ingest_counts_add_up_and_a_second_run_changes_nothing(junshi: Junshi) -> None:
    path = str(SAMPLES / "stclare-monitoring")
    first, second = junshi.json("ingest", path), junshi.json("ingest", path)
    assert first["n_files"] == first["n_new"] + len(first["failures"])
    assert second["n_unchanged"] == first["n_new"]
    assert second["n_new"] == second["n_replaced"] == 0


def test_search_reads_one_account_only(junshi: Junshi) -> None:
    junshi.json("ingest", str(SAMPLES / "xingyuan-mes"))
    inside = junshi.json("search", "冻结", "--deal", "opp-xingyuan-mes")
    assert any("冻结" in hit["text"] for hit in inside["hits"])
    outside = junshi.json("search", "冻结")
    assert not any("冻结" in hit["text"] for hit in outside["hits"])


def test_a_loose_folder_is_searched_by_its_name(junshi: Junshi, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.eml").write_text(
        "From: a@x.example\nSubject: s\n\nThe boiler is leaking again.\n", encoding="utf-8"
    )
    junshi.json("ingest", str(folder))
    found = junshi.json("search", "leaking boiler", "--in", "letters")
    assert [hit["text"] for hit in found["hits"]] == ["The boiler is leaking again."]


def test_a_search_is_narrowed_by_channel_side_language_and_day(junshi: Junshi) -> None:
    junshi.json("ingest", str(SAMPLES / "xingyuan-mes"))
    asked = ("search", "预算", "--deal", "opp-xingyuan-mes")
    hits = junshi.json(*asked, "--channel", "meeting", "--role", "customer")["hits"]
    assert {(hit["channel"], hit["role"]) for hit in hits} == {("meeting", "customer")}
    assert junshi.json(*asked, "--until", "2001-01-01")["hits"] == []
    wrong = junshi.run(*asked, "--channel", "pigeon")
    assert wrong.returncode == 1
    assert "pigeon" in wrong.stderr


def test_a_corpus_and_questions_give_a_run(junshi: Junshi, tmp_path: Path) -> None:
    passages, queries, out = tmp_path / "p.jsonl", tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    rows = [
        {"id": "p1", "title": "预算", "text": "四十八万以内可以定。"},
        {"id": "p2", "text": "Delivery slips to December."},
    ]
    passages.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    queries.write_text(
        '{"id": 7, "query": "预算有多少"}\n{"id": 8, "query": "交货推迟到什么时候"}\n', "utf-8"
    )
    asked = ("retrieve", "--passages", str(passages), "--queries", str(queries), "--out", str(out))
    done = junshi.run(*asked, "-k", "1")
    assert done.returncode == 0, done.stderr
    run = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(one["id"], one["hits"][0]["passage"]) for one in run] == [(7, "p1"), (8, "p2")]
    assert set(run[0]["hits"][0]) == {"passage", "score", "found_by"}
    assert junshi.run(*asked, "--lexical-only", "--dense-only").returncode == 1
    queries.write_text('{"id": 7}\n', "utf-8")
    wrong = junshi.run(*asked)
    assert wrong.returncode == 1
    assert "Line 1" in wrong.stderr


def test_intents_go_in_and_out_as_json_lines(junshi: Junshi, tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": "你们的报价太贵了", "speaker": "customer", "channel": "meeting"},
        {"id": "b", "text": "你们的报价太贵了", "speaker": "rep", "channel": "email"},
    ]
    source, out = tmp_path / "u.jsonl", tmp_path / "p.jsonl"
    source.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    done = junshi.run("intents", "--input", str(source), "--out", str(out))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [a["id"] for a in answers] == [1, "b"]
    assert answers[0]["labels"][0]["id"] == "money.price_objection"
    assert answers[1] == {
        "id": "b",
        "labels": [],
        "unsure": False,
        "reported": None,
        "sentiment": None,
    }


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("suggest", "opp-nowhere"), "opp-nowhere"),
        (("ingest", "no/such/place"), "no/such/place"),
        (("intents", "--input", "missing.jsonl"), "missing.jsonl"),
        (("eval", "run", "nothing"), "nothing"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_errors_name_the_thing_on_one_line(
    junshi: Junshi, arguments: tuple[str, ...], named: str
) -> None:
    done = junshi.run(*arguments)
    assert done.returncode == 1
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_errors_are_objects_for_programs(junshi: Junshi) -> None:
    done = junshi.run("suggest", "opp-nowhere", "--json")
    error = json.loads(done.stderr)["error"]
    assert error["code"] == "not_found"
    assert error["remedy"]


def test_a_wrong_line_is_named_and_nothing_is_written(junshi: Junshi, tmp_path: Path) -> None:
    source, out = tmp_path / "u.jsonl", tmp_path / "p.jsonl"
    source.write_text('{"id": 1, "text": "ok"}\n{"id": 2}\n', encoding="utf-8")
    done = junshi.run("intents", "--input", str(source), "--out", str(out))
    assert done.returncode == 1
    assert "Line 2" in done.stderr
    assert not out.exists()
