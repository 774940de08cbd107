"""One ranking out of two: a convex sum of each arm's score, with a gate on the dense arm.

Score fusion with bounds known in advance, not ranks: Bruch, Gai and Ingber (2023, "An Analysis of
Fusion Functions for Hybrid Retrieval") find it better than reciprocal rank fusion, and here RRF
fell below keywords alone. Keywords arrive as a share of the most that any passage could score,
cosines are cut at 0, so both live in [0, 1] and scores of two scopes can be merged.

nDCG@10 with the embedded encoder (keywords / vectors / RRF / fused):

    CMRC 2018 trial, 1,002 Chinese questions    .982 / .853 / .946 / .985
    product manuals, 500 Chinese headings       .791 / .634 / .744 / .793
    product manuals, 500 English headings       .671 / .476 / .589 / .653
    sales tool's manual, 400 English headings   .477 / .298 / .403 / .469
    Chinese sentence to its English twin, 500   .313 / .998 / .507 / .998

Headings repeat their section's words, so in English keywords alone lead there by .01 to .02: the
price of finding the other language. Weights .3 to .8 were tried in steps of .1. Where few words of
the query occur in the scope at all (a question in the other language) the keyword share is small by
construction and the vectors decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from core.ports import Ids, Vectors

KEYWORD_WEIGHT = 0.8
VECTOR_WEIGHT = 1 - KEYWORD_WEIGHT

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


def fuse(keywords: Ranking, vectors: Ranking) -> list[Fused]:
    """Every id of either arm, best first, ties by id; scores in [0, 1].

    Each arm is ids and scores, best first. A passage that an arm did not return counts 0 there.
    """
    shares: dict[int, dict[str, float]] = {}
    _add(shares, KEYWORDS, KEYWORD_WEIGHT, keywords)
    if not gate_closes(keywords, vectors):
        _add(shares, VECTORS, VECTOR_WEIGHT, vectors)
    fused = [Fused(id, sum(found_by.values()), found_by) for id, found_by in shares.items()]
    return sorted(fused, key=lambda one: (-one.score, one.id))


def gate_closes(keywords: Ranking, vectors: Ranking) -> bool:
    """Whether the dense arm would only add noise to what the keywords found."""
    keyword_ids, _ = keywords
    vector_ids, cosines = vectors
    if not len(keyword_ids) or not len(vector_ids) or cosines[0] >= GATE_COSINE:
        return False
    return not set(keyword_ids[:GATE_DEPTH].tolist()) & set(vector_ids[:GATE_DEPTH].tolist())


def _add(shares: dict[int, dict[str, float]], arm: str, weight: float, ranking: Ranking) -> None:
    for id, score in zip(ranking[0].tolist(), ranking[1].tolist(), strict=True):
        if score > 0:
            shares.setdefault(id, {})[arm] = weight * min(score, 1.0)
