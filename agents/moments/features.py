"""What makes a sentence matter, measured without knowing who speaks: a few named features.

Continuous features are standardised within the meeting, because only the order inside one meeting
counts and lengths and cosines differ between languages and microphones. Words around a sentence say
as much as the sentence: a short "yes" inside the discussion of a decision belongs to it, so the
mean over a neighbourhood stands beside the sentence's own value. Centrality: Erkan & Radev 2004
(LexRank) use a graph; the cosine to the weighted centroid (Radev et al. 2004, MEAD) ranks alike.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from core.domain import Channel, Role
from core.ports import Vectors
from core.text.normalise import normalise

Numbers = NDArray[np.float64]

CUES_FILE = Path(__file__).with_name("cues.yaml")
# Half-widths, in units, of the neighbourhoods: one exchange, and one topic.
NEAR, WIDE = 4, 20

_NOISE = re.compile(r"\{[a-z]+\}|<[a-z]+>")  # {vocalsound}, <laugh> of public transcripts
_TOKEN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]|[a-z][a-z'’-]*|\d[\d.,]*%?")
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z]")
_FIGURE = re.compile(
    r"\d|[¥$€£%]|[一二两三四五六七八九十百千万亿]{1,6}(?=[个天周月年家台套人席块元点成号万亿倍])"
    r"|百分之|(?<![a-z])(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty"
    r"|hundred|thousand|million|per ?cent|euros?|dollars?|pounds?)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, or one short utterance, of source; the smallest thing that is ranked.

    `index` is the position of its utterance (mails: of its passage) in the source, 0-based.
    [start, end) lies in the source's text.
    """

    index: int
    text: str
    start: int
    end: int
    channel: Channel = Channel.MEETING
    role: Role = Role.UNKNOWN
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None


@cache
def _cue_words() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
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
    joined = words.replace("\n", " ")
    return [entry.strip() for entry in joined.split(" | ") if entry.strip()]


def surface(text: str) -> str:
    """Normalised lower-case text without a transcript's marks of sounds."""
    return _NOISE.sub(" ", normalise(text).text.lower())


def tokens(text: str) -> list[str]:
    """Of `surface(text)`: Han characters, Latin words, numbers, in order."""
    return _TOKEN.findall(text)


def is_han(token: str) -> bool:
    return _HAN.match(token) is not None


def cue_flags(text: str) -> list[float]:
    has_han, has_latin = _HAN.search(text) is not None, _LATIN.search(text) is not None
    found = [
        float(bool((has_han and zh.search(text)) or (has_latin and en.search(text))))
        for _, zh, en in _cue_words()
    ]
    return [*found, float(_FIGURE.search(text) is not None), float("?" in text)]


@cache
def feature_names() -> tuple[str, ...]:
    """The columns of `features`, in order."""
    continuous = ("length", "centrality", "tfidf", "rarity", "nearness", "novelty", "cued", "graph")
    return (
        *continuous,
        *(f"{name}_near" for name in continuous),
        *(f"{name}_wide" for name in continuous),
        "own_turn", "turn_length", "speaker_share", "turn_start", "after_question",
        "position", "opening", "beginning", "closing", "ending", "short",
        *(name for name, _, _ in _cue_words()),
        "figure", "question_mark",
    )  # fmt: skip


def features(units: Sequence[Unit], vectors: Vectors) -> Numbers:
    """(n, n_features) as `feature_names` says; `vectors` (n, d) as `encoding.encoded` gives."""
    n = len(units)
    if vectors.shape[0] != n:
        raise ValueError(f"{vectors.shape[0]} vectors for {n} units")
    if n == 0:
        return np.zeros((0, len(feature_names())))
    surfaces = [surface(unit.text) for unit in units]
    words = [tokens(text) for text in surfaces]
    n_words = np.array([len(w) for w in words], dtype=np.float64)
    weights = np.sqrt(n_words)
    flags = np.array([cue_flags(text) for text in surfaces])
    v = vectors.astype(np.float64)
    tfidf, rarity = _tfidf(words)
    own = np.column_stack(
        [
            np.log1p(n_words),
            _cosines(v, _centroid(v, weights)),
            tfidf,
            rarity,
            _neighbour_cosines(v, weights),
            _novelty(v),
            flags[:, :7].sum(axis=1),
            _degree(v),
        ]
    )
    own = _standardised(own)
    blocks = [own] + [_standardised(_smoothed(own, width)) for width in (NEAR, WIDE)]
    return np.hstack([*blocks, _turns(units, n_words, flags[:, -1]), _places(n, n_words), flags])


def _centroid(v: Numbers, weights: Numbers) -> Numbers:
    return np.asarray(weights @ v)


def _cosines(v: Numbers, to: Numbers) -> Numbers:
    length = float(np.linalg.norm(to))
    return np.asarray(v @ to / length) if length else np.zeros(len(v))


def tfidf_centrality(words: Sequence[Sequence[str]]) -> Numbers:
    """(n,) cosine of each unit's TF-IDF row to the source's centroid."""
    return _tfidf(words)[0]


def _neighbour_cosines(v: Numbers, weights: Numbers) -> Numbers:
    """The cosine to the topic around: WIDE units either side, without the unit itself."""
    around = _window_sums(v * weights[:, None], WIDE) - v * weights[:, None]
    length = np.linalg.norm(around, axis=1)
    return np.asarray((v * around).sum(axis=1) / np.where(length > 0, length, 1))


def _novelty(v: Numbers) -> Numbers:
    """One minus the cosine to the nearest of the NEAR units before."""
    nearest = np.full(len(v), 0.0)
    for back in range(1, NEAR + 1):
        if back < len(v):
            nearest[back:] = np.maximum(nearest[back:], (v[back:] * v[:-back]).sum(axis=1))
    return np.asarray(1 - nearest)


def _degree(v: Numbers) -> Numbers:
    """Mean similarity to the most similar tenth of the meeting (a continuous LexRank degree)."""
    s = v.astype(np.float32)
    k = max(1, len(v) // 10)
    similar = s @ s.T
    np.fill_diagonal(similar, 0)
    return np.asarray(
        np.partition(similar, len(v) - k, axis=1)[:, len(v) - k :].mean(axis=1), dtype=np.float64
    )


def _window_sums(x: Numbers, width: int) -> Numbers:
    """(n, d): the sum over the rows at most `width` away, the row itself among them."""
    n = len(x)
    sums = np.vstack([np.zeros((1, x.shape[1])), np.cumsum(x, axis=0)])
    at = np.arange(n)
    return np.asarray(sums[np.minimum(n, at + width + 1)] - sums[np.maximum(0, at - width)])


def _smoothed(x: Numbers, width: int) -> Numbers:
    ones = _window_sums(np.ones((len(x), 1)), width)
    return np.asarray(_window_sums(x, width) / ones)


def _standardised(x: Numbers) -> Numbers:
    spread = x.std(axis=0)
    return np.asarray((x - x.mean(axis=0)) / np.where(spread > 1e-9, spread, 1))


def _tfidf(words: Sequence[Sequence[str]]) -> tuple[Numbers, Numbers]:
    """Each unit's TF-IDF cosine to the meeting's centroid, and the mean idf of its words."""
    grams = [Counter(_grams(w)) for w in words]
    n = len(words)
    seen = Counter(gram for one in grams for gram in one)
    idf = {gram: math.log((1 + n) / (1 + count)) + 1 for gram, count in seen.items()}
    centroid: dict[str, float] = defaultdict(float)
    rows: list[dict[str, float]] = []
    for one in grams:
        row = {gram: count * idf[gram] for gram, count in one.items()}
        length = math.sqrt(sum(x * x for x in row.values())) or 1.0
        row = {gram: x / length for gram, x in row.items()}
        rows.append(row)
        for gram, x in row.items():
            centroid[gram] += x
    size = math.sqrt(sum(x * x for x in centroid.values())) or 1.0
    cosine = [sum(x * centroid[g] for g, x in row.items()) / size for row in rows]
    rarity = [sum(idf[g] for g in one) / len(one) if one else 0.0 for one in grams]
    return np.array(cosine), np.array(rarity)


def _grams(words: Sequence[str]) -> list[str]:
    """Latin words and numbers, and pairs of neighbouring Han characters."""
    found = [w for w in words if not _HAN.match(w)]
    found += [a + b for a, b in pairwise(words) if _HAN.match(a) and _HAN.match(b)]
    return found


def _turns(units: Sequence[Unit], n_words: Numbers, asked: Numbers) -> Numbers:
    n = len(units)
    turn = np.zeros(n, dtype=int)
    for at in range(1, n):
        same = units[at].speaker is not None and units[at].speaker == units[at - 1].speaker
        same = same or units[at].index == units[at - 1].index
        turn[at] = turn[at - 1] + (not same)
    size = np.bincount(turn, weights=n_words)
    speakers = [unit.speaker or "" for unit in units]
    said: dict[str, float] = defaultdict(float)
    for who, count in zip(speakers, n_words, strict=True):
        said[who] += count
    total = float(n_words.sum()) or 1.0
    start = np.array([at == 0 or turn[at] != turn[at - 1] for at in range(n)], dtype=np.float64)
    after = np.zeros(n)
    last_asked = {t: 0.0 for t in range(turn[-1] + 1)}
    for at in range(n):
        last_asked[turn[at]] = max(last_asked[turn[at]], asked[at])
    for at in range(n):
        after[at] = last_asked.get(turn[at] - 1, 0.0)
    mine = size[turn]
    return np.column_stack(
        [
            np.where(mine > 0, n_words / np.maximum(mine, 1), 0),
            _standardised(np.log1p(mine)[:, None])[:, 0],
            np.array([said[who] / total for who in speakers]),
            start,
            after,
        ]
    )


def _places(n: int, n_words: Numbers) -> Numbers:
    """Where in the source: openings and closings are chat; as shares."""
    at = (np.arange(n) + 0.5) / n
    return np.column_stack(
        [at, np.exp(-at / 0.02), np.exp(-at / 0.08), np.exp((at - 1) / 0.02),
         np.exp((at - 1) / 0.08), n_words <= 4]
    ).astype(np.float64)  # fmt: skip
