"""The words that a skilled user gives a keyword library for Chinese and English text.

jieba in search mode (long words and the words inside them), in lower case, punctuation and spaces
left out; English by its Porter2 stem without the commonest stop words. Every tuned peer takes these
same words.
"""

from __future__ import annotations

import re
from functools import lru_cache

import jieba
import Stemmer

jieba.setLogLevel("WARNING")

_WORD = re.compile(r"\w")
_STOP_WORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then"
    " there these they this to was will with 的 了 是 在 和 与 及 或 也 都 就 吗 呢".split()
)
_STEMMER = Stemmer.Stemmer("english")


@lru_cache(maxsize=50_000)
def jieba_words(text: str) -> tuple[str, ...]:
    """Words in the order of the text, repeats kept."""
    return tuple(
        _STEMMER.stemWord(word) if word.isascii() else word
        for word in jieba.cut_for_search(text.lower())
        if _WORD.search(word) and word not in _STOP_WORDS
    )
