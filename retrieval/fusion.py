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

Ranking = tuple[Ids, Vectors]


class Fused(NamedTuple):
    """`found_by` holds what each arm that found the passage adds to `score`."""

    id: int
    score: float
    found_by: Mapping[str, float]


def fuse(
    keywords: Ranking, vectors: Ranking, *, crosses: Callable[[int], bool] = lambda _: False
) -> list[Fused]:
    """Every id of either arm, best first, ties by id; scores in [0, 1].

    Each arm is ids and scores, best first. A passage that an arm did not return counts 0 there.
    `crosses` tells whether the passage is in another language than the query.
    """
    shares: dict[int, dict[str, float]] = {}
    arms = {KEYWORDS: keywords}
    if not gate_closes(keywords, vectors):
        arms[VECTORS] = vectors
    for arm, (ids, scores) in arms.items():
        for id, score in zip(ids.tolist(), scores.tolist(), strict=True):
            if score > 0:
                weight = CROSSING_KEYWORD_WEIGHT if crosses(id) else KEYWORD_WEIGHT
                if arm == VECTORS:
                    weight = 1 - weight
                shares.setdefault(id, {})[arm] = weight * min(score, 1.0)
    fused = [Fused(id, sum(found_by.values()), found_by) for id, found_by in shares.items()]
    return sorted(fused, key=lambda one: (-one.score, one.id))


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
