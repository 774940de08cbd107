"""What every peer looks like from outside, so that one loop tunes and scores them all.

`build(passages, embedder)` indexes once and returns `search(queries, k, choice)`. A choice is one
way to set the peer up that a user could pick, such as a pair of weights; a peer as it comes has one
choice. What both choices share, the answers of each arm, is asked for once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.ports import Embedder

Ranking = list[tuple[str, float]]
Choice = Mapping[str, Any]
Search = Callable[[Sequence[str], int, Choice], list[Ranking]]
Build = Callable[[Mapping[str, str], Embedder], Search]
Words = Callable[[str], list[str]]

# What each arm proposes before fusion: well beyond the 20 that are scored.
DEPTH = 50
KEYWORD_WEIGHTS = tuple(tenth / 10 for tenth in range(1, 10))


@dataclass(frozen=True, slots=True)
class Peer:
    """`choices` are tried on the dev split, the first is what the library does by itself."""

    build: Build
    choices: tuple[Choice, ...] = ({},)
    tuned: bool = False


def once_each(ask: Callable[[str], Any]) -> Callable[[str], Any]:
    """`ask`, with its answers kept by query for as long as the peer lives."""
    answers: dict[str, Any] = {}

    def asked(query: str) -> Any:
        if query not in answers:
            answers[query] = ask(query)
        return answers[query]

    return asked
