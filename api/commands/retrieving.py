"""`retrieve`: a corpus and questions in, a run out, by the product's own retrieval.

Passages {"id", "text", "title"?}, queries {"id", "query"}; out, in the order of the queries:
{"id", "hits": [{"passage", "score", "found_by"}]}, best first. A title is indexed with the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from api.commands.json_lines import line_writer, read_lines
from api.commands.opening import backends
from core.errors import InvalidInput
from retrieval.corpus import Corpus
from retrieval.scope_index import BOTH, Arm

BATCH = 256


def arms_of(*, lexical_only: bool, dense_only: bool) -> frozenset[Arm]:
    """Raises InvalidInput when both are asked for."""
    if lexical_only and dense_only:
        raise InvalidInput(
            "--lexical-only and --dense-only exclude each other.", remedy="Leave one out."
        )
    if lexical_only:
        return frozenset(("keywords",))
    return frozenset(("vectors",)) if dense_only else BOTH


def retrieve_file(
    passages: Path, queries: Path, out: Path, *, k: int, arms: frozenset[Arm], quiet: bool
) -> dict[str, int]:
    """Counts {"n_passages", "n_queries"}. Raises InvalidInput naming the first wrong line."""
    opened = backends()
    asked = list(read_lines(queries, _query))
    rows = list(_distinct(read_lines(passages, _passage)))
    with Progress(console=Console(stderr=True), disable=quiet, transient=True) as progress:
        shown = progress.add_task("Encoding", total=len(rows) if "vectors" in arms else 0)
        corpus = Corpus(
            rows,
            embedder=opened.embedder,
            tokenizer=opened.tokenizer,
            expand=opened.terms.expand,
            arms=arms,
            tell=lambda n: progress.advance(shown, n),
        )
    with line_writer(out) as write:
        for at in range(0, len(asked), BATCH):
            batch = asked[at : at + BATCH]
            found = corpus.search([query for _, query in batch], k=k)
            for (query_id, _), hits in zip(batch, found, strict=True):
                write({"id": query_id, "hits": [_hit(*hit) for hit in hits]})
    return {"n_passages": len(corpus), "n_queries": len(asked)}


def _hit(passage: str, score: float, found_by: dict[str, float]) -> dict[str, Any]:
    shares = {arm: round(share, 6) for arm, share in found_by.items()}
    return {"passage": passage, "score": round(score, 6), "found_by": shares}


def _distinct(passages: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, (id, text) in enumerate(passages, start=1):
        if id in seen:
            raise InvalidInput(
                f"Passage {number} has the id {id!r} of an earlier one.",
                remedy="Give each passage an id of its own.",
            )
        seen.add(id)
        yield id, text


def _passage(number: int, line: str) -> tuple[str, str]:
    row = _row(number, line, '{"id", "text", "title"?}', "id", "text")
    title = str(row.get("title") or "")
    return row["id"], f"{title}\n{row['text']}" if title else str(row["text"])


def _query(number: int, line: str) -> tuple[Any, str]:
    row = _row(number, line, '{"id", "query"}', "id", "query")
    return row["id"], str(row["query"])


def _row(number: int, line: str, shape: str, *wanted: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        missing = [name for name in wanted if row[name] is None]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput(
            f"Line {number} is not {shape}: {error!r}.", remedy="See docs/cli.md."
        ) from error
    if missing:
        raise InvalidInput(
            f"Line {number} has no {missing[0]}.", remedy=f"Each line is {shape}; see docs/cli.md."
        )
    return dict(row)
