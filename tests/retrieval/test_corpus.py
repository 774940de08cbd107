"""Any corpus is searched as an account is."""

from __future__ import annotations

import pytest

from core.ports import Embedder
from retrieval.corpus import Corpus
from retrieval.tokenize import Tokenizer

PASSAGES = [
    ("a", "预算已经批下来了，四十八万以内我们可以定。"),
    ("b", "Please send the security questionnaire before Friday."),
    ("c", "PLC-1200 的接口文档还没有收到。"),
]


def test_the_passage_that_answers_comes_first_in_either_language(encoder: Embedder) -> None:
    corpus = Corpus(PASSAGES, embedder=encoder, tokenizer=Tokenizer())
    found = corpus.search(["预算批了吗", "请在周五之前发来安全问卷", "plc1200", " "], k=2)
    assert [hits[0].passage for hits in found[:3]] == ["a", "b", "c"]
    assert found[3] == []
    assert found[0][0].score == pytest.approx(sum(found[0][0].found_by.values()))


def test_an_arm_that_is_left_out_finds_nothing(encoder: Embedder) -> None:
    keywords = Corpus(
        PASSAGES, embedder=encoder, tokenizer=Tokenizer(), arms=frozenset({"keywords"})
    )
    assert keywords.search(["安全问卷"], k=3) == [[]]
    vectors = Corpus(PASSAGES, embedder=encoder, tokenizer=Tokenizer(), arms=frozenset({"vectors"}))
    (hits,) = vectors.search(["安全问卷"], k=3)
    assert hits[0].passage == "b"
    assert set(hits[0].found_by) == {"vectors"}


def test_ids_are_given_once(encoder: Embedder) -> None:
    with pytest.raises(ValueError, match="same id"):
        Corpus([PASSAGES[0], PASSAGES[0]], embedder=encoder, tokenizer=Tokenizer())
