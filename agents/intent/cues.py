"""Cues: plain words and signs that an average of word meanings blurs, as features.

An embedding of a whole utterance loses who denies, asks or supposes, and what single trade word
("等保", "net 60") was dropped in passing. The words are data, in `cues.yaml`.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from core.ports import Vectors
from core.text.language import language_of

CUES_FILE = Path(__file__).with_name("cues.yaml")

_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z]")
# Beside the words: is it Chinese, how long is it, which kinds of figures and marks does it hold.
_SIGNS = (
    (
        "figure",
        re.compile(r"\d|[一二两三四五六七八九十百千万]{1,6}(?=[个天周月年家台套人席万块元点成])"),
    ),
    ("question_mark", re.compile(r"\?")),
    ("percent", re.compile(r"%|百分之|个点|per ?cent")),
    (
        "sum",
        re.compile(
            r"[¥$€£]|\d+ ?[万亿k]|[一二三四五六七八九十百千]+[万亿]|元|块|\b(?:usd|eur|rmb|grand)\b"
        ),
    ),
    ("exclaimed", re.compile(r"!")),
    ("acronym", re.compile(r"(?<![a-z])[a-z]{2,4}\d?(?![a-z])")),
)


@cache
def _words() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    entries = yaml.safe_load(CUES_FILE.read_text(encoding="utf-8"))
    return tuple(
        (
            name,
            re.compile("|".join(_entries(words["zh"]))),
            re.compile(rf"(?<![a-z])(?:{'|'.join(_entries(words['en']))})(?![a-z])"),
        )
        for name, words in entries.items()
    )


def _entries(words: str) -> list[str]:
    return [entry for line in words.split(" | ") if (entry := line.strip(" |"))]


@cache
def cue_names() -> tuple[str, ...]:
    """The names of the columns of `cues`, in order."""
    return (*(name for name, _, _ in _words()), *(name for name, _ in _SIGNS), "zh", "length")


def cues(text: str) -> Vectors:
    """(n_cues,) float32 in [0, 1], as `cue_names` says; `text` is normalised and lower-case."""
    has_han = _HAN.search(text) is not None
    has_latin = _LATIN.search(text) is not None
    values = [
        float(bool((has_han and zh.search(text)) or (has_latin and en.search(text))))
        for _, zh, en in _words()
    ]
    values += [float(pattern.search(text) is not None) for _, pattern in _SIGNS]
    is_zh = language_of(text) == "zh"
    # Chinese says in one character what takes English about three.
    length = len(text) * (3 if is_zh else 1)
    values += [float(is_zh), min(1.0, math.log1p(length) / 6)]
    return np.array(values, dtype=np.float32)
