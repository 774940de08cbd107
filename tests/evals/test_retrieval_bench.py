"""The growth bench at tiny sizes: every step runs, and its texts are what they claim to be."""

import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from core.settings import Settings
from core.text.language import language_of
from evals import bench_texts
from evals.bench_picture import growth_svg
from evals.bench_rates import LENGTHS, lexical_rate, texts_of
from evals.bench_scale import Store
from evals.retrieval_bench import Extent, run_apart, run_retrieval_bench, show_retrieval

SHARED = Settings().shared
needs_texts = pytest.mark.skipif(
    bool(bench_texts.missing_files(SHARED)), reason="no public texts here"
)

TINY = Extent(
    sizes=(120,),
    n_queries=6,
    n_upserts=2,
    an_account=(40, 60),
    a_source=30,
    with_rates=False,
)


@pytest.fixture
def few_texts(monkeypatch):
    """The two smallest files: the large ones take seconds to read."""
    names = ("meetings/vcsum_meetings.jsonl", "knowledge/salescopilot_en_docs.jsonl")
    monkeypatch.setattr(bench_texts, "TEXTS", {name: bench_texts.TEXTS[name] for name in names})


@needs_texts
def test_each_size_is_measured_as_accounts_and_as_one_scope(few_texts, capsys):
    figures = run_retrieval_bench(
        SHARED, extent=TINY, tell=lambda _: None, run=lambda step, *args: step(*args)
    )
    assert not figures["skipped"]
    assert [row["n"] for row in figures["by_size"]] == [120]
    for row in figures["by_size"]:
        for layout in ("account", "global"):
            at = row[layout]
            assert at["search_ms"]["n"] == at["search_cpu_ms"]["n"] == 6
            assert {"encode", "tokenise", "keywords", "vectors", "fuse"} <= at["parts"].keys()
            assert sum(part["share"] for part in at["parts"].values()) == pytest.approx(1, abs=0.01)
            assert at["upsert_found_ms"]["n"] == 2
        assert row["global"]["n_passages"] == row["n"]
        assert row["account"]["n_accounts"] == row["account"]["n_accounts_warm"] > 1
    show_retrieval(figures)
    assert "mixtures" in capsys.readouterr().out


def test_the_picture_is_well_formed_and_names_every_line():
    one = {"search_ms": {"p50": 2.0, "p99": 4.5}, "rss_searched_mib": 350.0}
    untold = one | {"rss_searched_mib": None}
    drawn = growth_svg([{"n": n, "account": one, "global": untold} for n in (500, 50_000)])
    root = ElementTree.fromstring(drawn)
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"one account, p99", "all in one scope, p50", "500", "50k"} <= texts


def test_without_the_public_texts_it_says_what_is_skipped(tmp_path, capsys):
    skipped = run_retrieval_bench(tmp_path, tell=lambda _: None)
    assert not skipped["by_size"]
    show_retrieval(skipped)
    assert "cmrc2018" in capsys.readouterr().out


def test_a_step_runs_in_an_interpreter_of_its_own():
    assert run_apart(os.getpid) != os.getpid()


def test_accounts_add_up_to_the_whole_and_keep_to_their_bounds():
    nowhere = Path()
    store = Store(nowhere, nowhere, nowhere, nowhere, "account", 50_000, n_queries=1, n_upserts=1)
    sizes = [size for _, size in store.accounts()]
    assert sum(sizes) == 50_000
    assert all(1_000 <= size <= 2_000 for size in sizes[:-1])


@needs_texts
def test_passages_are_distinct_of_the_named_length_and_half_chinese(few_texts):
    passages = bench_texts.make_passages(SHARED, 2_000)
    assert len(set(passages)) == len(passages) == 2_000
    assert bench_texts.make_passages(SHARED, 2_000) == passages
    assert all(bench_texts.SHORTEST <= len(text) <= bench_texts.LONGEST for text in passages)
    assert sum(language_of(text) == "zh" for text in passages) == pytest.approx(1_000, abs=20)


@needs_texts
def test_questions_are_distinct():
    questions = bench_texts.make_questions(SHARED, 1_100)
    assert len(set(questions)) == 1_100


def test_vectors_are_unit_rows_that_open_with_the_encoded_ones(tmp_path):
    random_numbers = np.random.default_rng(1)
    real = random_numbers.standard_normal((10, 8)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    np.save(tmp_path / "real.npy", real)
    vectors = bench_texts.make_vectors(["text"] * 50, tmp_path / "real.npy")
    assert vectors.shape == (50, 8)
    assert np.array_equal(vectors[:10], real)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("length", LENGTHS)
def test_texts_for_the_dense_rate_have_exactly_the_length(length):
    texts = texts_of(length, ["预算批了吗。" * 20, "The budget. " * 12] * 100, 16)
    assert [len(text) for text in texts] == [length] * 16
    assert [language_of(text) for text in texts[:4]] == ["zh", "en", "zh", "en"]


def test_the_lexical_rate_counts_what_was_indexed(tmp_path):
    bench_texts.write_lines(["预算批了", "The budget is approved"], tmp_path / "lines")
    assert lexical_rate(tmp_path / "lines")["n"] == 2
