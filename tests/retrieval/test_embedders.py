from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from core.errors import BackendFailed
from core.ports import Embedder
from retrieval.embedders.openai_compatible import BATCH_SIZE, OpenAiCompatibleEmbedder
from retrieval.embedders.sentence_transformers import SentenceTransformerEmbedder
from retrieval.embedders.use import LONGEST_TEXT, UniversalSentenceEncoder

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


def vectors_for(texts: list[str]) -> list[dict[str, Any]]:
    return [
        {"index": index, "embedding": [float(len(text)), 1.0, 0.0]}
        for index, text in enumerate(texts)
    ]


class Recorder:
    """A scripted endpoint that remembers what it was asked."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.answer: Answer = lambda body: (200, {"data": vectors_for(body["input"])})

    def __call__(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.bodies.append(body)
        return self.answer(body)


@pytest.fixture
def endpoint() -> Recorder:
    return Recorder()


@pytest.fixture
def remote(
    endpoint: Recorder, serve_json: Callable[[Answer], str]
) -> Iterator[OpenAiCompatibleEmbedder]:
    embedder = OpenAiCompatibleEmbedder(base_url=serve_json(endpoint), model="bge-m3")
    yield embedder
    embedder.close()


def test_the_endpoint_is_asked_in_batches_and_rows_become_unit_vectors(
    remote: OpenAiCompatibleEmbedder, endpoint: Recorder
) -> None:
    texts = ["a" * n for n in range(BATCH_SIZE + 1)]
    vectors = remote.encode(texts)
    assert [len(body["input"]) for body in endpoint.bodies] == [BATCH_SIZE, 1]
    assert endpoint.bodies[0]["model"] == "bge-m3"
    assert endpoint.bodies[0]["input"][0] == " "  # servers refuse an empty input
    assert vectors.shape == (BATCH_SIZE + 1, 3)
    np.testing.assert_allclose(vectors[3], np.array([3, 1, 0]) / np.sqrt(10), rtol=1e-6)


def test_rows_are_put_in_order_by_their_index(
    remote: OpenAiCompatibleEmbedder, endpoint: Recorder
) -> None:
    endpoint.answer = lambda body: (200, {"data": vectors_for(body["input"])[::-1]})
    vectors = remote.encode(["a", "aaa"])
    assert vectors[0, 0] < vectors[1, 0]


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"data": []}),
        (200, {"error": "no"}),
        (200, []),
        (200, {"data": [{"index": 0, "embedding": [0.0, 0.0]}]}),
        (200, {"data": [{"index": 0, "embedding": ["x"]}]}),
        (200, {"data": [{"index": 0, "embedding": 1.0}]}),
        (200, {"data": [{"index": 7, "embedding": [1.0]}]}),
        (200, {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}]}),
        (200, "not json"),
        (401, {"error": "key"}),
        (500, {"error": "busy"}),
    ],
)
def test_anything_but_vectors_is_a_failed_backend(
    remote: OpenAiCompatibleEmbedder, endpoint: Recorder, answer: tuple[int, Any]
) -> None:
    endpoint.answer = lambda _: answer
    with pytest.raises(BackendFailed, match="bge-m3") as raised:
        remote.encode(["customer's words"])
    assert raised.value.remedy
    assert "customer" not in str(raised.value)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:1/v1", "http://[bad/v1", "nothing"])
def test_an_endpoint_that_is_away_is_a_failed_backend(base_url: str) -> None:
    with pytest.raises(BackendFailed, match="bge-m3"):
        OpenAiCompatibleEmbedder(base_url=base_url, model="bge-m3", timeout_s=1).encode(["a"])


def test_sentence_transformers_without_the_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(BackendFailed, match="models extra"):
        SentenceTransformerEmbedder("BAAI/bge-m3").encode(["a"])


def test_the_embedded_encoder_reads_a_long_text_up_to_its_limit(encoder: Embedder) -> None:
    text = "预算批下来了。" * LONGEST_TEXT
    np.testing.assert_array_equal(encoder.encode([text]), encoder.encode([text[:LONGEST_TEXT]]))


def test_the_embedded_encoder_knows_both_languages(encoder: Embedder) -> None:
    chinese, english, other = encoder.encode(
        ["交货期能不能提前？", "Can you deliver earlier?", "The canteen has fish today."]
    )
    assert float(chinese @ english) > 0.5 > float(chinese @ other)


def test_the_embedded_encoder_may_be_shared_between_threads() -> None:
    encoder = UniversalSentenceEncoder()
    texts = [f"第{n}条" for n in range(8)]
    expected = UniversalSentenceEncoder().encode(texts)
    found: dict[int, np.ndarray] = {}

    def encode(n: int) -> None:
        found[n] = encoder.encode([texts[n]])[0]

    threads = [threading.Thread(target=encode, args=(n,)) for n in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, row in enumerate(expected):
        np.testing.assert_allclose(found[n], row, atol=1e-4)
