"""One ranking out of two: a convex sum of each arm's score, with a gate on the dense arm.

Score fusion with bounds known in advance, not ranks: Bruch, Gai and Ingber (2023, "An Analysis of
Fusion Functions for Hybrid Retrieval") find it better than reciprocal rank fusion, and here RRF
fell below keywords alone. Keywords arrive as a share of the most that any passage could score,
cosines are cut at 0, so both live in [0, 1] and scores of two scopes can be merged.

Where query and passage are in different languages only names and translated labels can match, so
their keyword share is small and says little: there the vectors weigh more.
nDCG@10 with the embedded encoder over all queries (one weight everywhere / this rule):

    CMRC 2018 trial, Chinese questions          .987 / .987
    product manuals, Chinese and English        .552 / .553
    meetings (QMSum), English questions         .165 / .165
    Chinese heading to its English twin         .920 / .925
    English heading to its Chinese twin         .807 / .919

The weights are flat near their best: .7 or .8 in one language, .3 to .6 across. A ranker over 20
cheap features (LambdaMART) on top gained on queries of the manuals that it was trained on and lost
on sets it had not seen, at 3 to 10 ms a query: docs/decisions/0006-ranking.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.ports import Ids, Vectors

KEYWORD_WEIGHT = 0.8
CROSSING_KEYWORD_WEIGHT = 0.4

# The gate: with no passage in common among each arm's first ten and a best cosine below 0.4, the
# encoder has not understood the query. On the sets above it acts on 27 of 2,902 queries and
# costs nothing; it is there for encoders that are weaker on a language.
GATE_DEPTH = 10
GATE_COSINE = 0.4

KEYWORDS = "keywords"
VECTORS = "vectors"
ARMS = (KEYWORDS, VECTORS)

Ranking = tuple[Ids, Vectors]


class Fused(NamedTuple):
    """`found_by` holds what each arm that found the passage adds to `score`."""

    id: int
    score: float
    found_by: Mapping[str, float]


def fuse(
    keywords: Ranking,
    vectors: Ranking,
    *,
    k: int | None = None,
    crosses: Callable[[int], bool] = lambda _: False,
) -> list[Fused]:
    """The best k ids of either arm (all, for None), best first, ties by id; scores in [0, 1].

    Each arm is ids and scores, best first. A passage that an arm did not return counts 0 there.
    `crosses` tells whether the passage is in another language than the query.
    """
    if gate_closes(keywords, vectors):
        vectors = vectors[0][:0], vectors[1][:0]
    ids = np.union1d(keywords[0], vectors[0])
    crossing = np.array([crosses(id) for id in ids.tolist()], dtype=np.bool_)
    weights = np.where(crossing, CROSSING_KEYWORD_WEIGHT, KEYWORD_WEIGHT)
    by_keywords = weights * _scores_of(ids, keywords)
    by_vectors = (1 - weights) * _scores_of(ids, vectors)
    scores = by_keywords + by_vectors
    best = np.lexsort((ids, -scores))[:k]
    columns = (ids, scores, by_keywords, by_vectors)
    rows = zip(*(column[best].tolist() for column in columns), strict=True)
    return [
        Fused(id, score, {arm: share for arm, share in zip(ARMS, shares, strict=True) if share > 0})
        for id, score, *shares in rows
        if score > 0
    ]


def _scores_of(ids: Ids, ranking: Ranking) -> NDArray[np.float64]:
    """The ranking's score for each of `ids`, cut at 0 and 1; 0 where it has none."""
    scores = np.zeros(len(ids))
    scores[np.searchsorted(ids, ranking[0])] = np.clip(ranking[1], 0, 1)
    return scores


def alone(arm: str, ranking: Ranking) -> list[Fused]:
    """One arm's ranking as it is, its scores cut at 0 and 1."""
    pairs = zip(ranking[0].tolist(), ranking[1].tolist(), strict=True)
    found = [(id, min(score, 1.0)) for id, score in pairs if score > 0]
    return [Fused(id, score, {arm: score}) for id, score in found]


def gate_closes(keywords: Ranking, vectors: Ranking) -> bool:
    """Whether the dense arm would only add noise to what the keywords found."""
    keyword_ids, _ = keywords
    vector_ids, cosines = vectors
    if not len(keyword_ids) or not len(vector_ids) or cosines[0] >= GATE_COSINE:
        return False
    return not set(keyword_ids[:GATE_DEPTH].tolist()) & set(vector_ids[:GATE_DEPTH].tolist())
