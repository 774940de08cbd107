"""Both arms over the passages of one scope, kept up to date while others search.

`passages` is the only way from an id to words, so an id that an arm returns but the scope does not
hold (taken out a moment ago) comes back as nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np

from core.domain import Hit, Language, Passage
from core.ports import Ids, Vectors, VectorStore
from core.text.language import language_of
from retrieval.filters import EVERYTHING, Columns, Filter
from retrieval.fusion import VECTORS, Ranking, alone, fuse
from retrieval.keywords import Keywords, new_folder
from retrieval.tokenize import Tokenizer

Arm = Literal["keywords", "vectors"]
Expand = Callable[[str], Mapping[str, float]]

BOTH: frozenset[Arm] = frozenset(("keywords", "vectors"))
# How many passages each arm proposes. Fusion needs more than it shows: what one arm ranks tenth
# the other may rank hundredth.
DEPTH = 200
# From here on the keyword index lives in a folder: it can be written into a snapshot, and its pages
# leave memory when nobody reads them.
IN_FOLDER_FROM = 5_000
# Words of passages that left still weigh in idf; past this share the keywords are made anew.
MOST_GONE = 0.2
# A passage opens with what it is about: its first tokens count twice. With 20 or 40 of them nDCG@10
# of manuals rises by .010 to .019; encyclopedia and meetings stay as they are.
LEAD = 30

_NOTHING: Ranking = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)


def no_expansion(_: str) -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, slots=True)
class Query:
    """A question prepared once for every index that it is put to.

    `weights` are its own tokens, `added` those of labels that the term graph adds. `vector` is
    None for a question without words.
    """

    text: str
    language: Language
    weights: Mapping[str, float]
    added: Mapping[str, float]
    vector: Vectors | None


def prepare(text: str, vector: Vectors | None, *, tokenizer: Tokenizer, expand: Expand) -> Query:
    """The query with its tokens; the tokens of an added label share the label's weight."""
    weights = tokenizer.query_weights(text)
    added: dict[str, float] = {}
    for label, weight in expand(text).items():
        tokens = [token for token in tokenizer.tokens(label) if token not in weights]
        for token in tokens:
            added[token] = max(added.get(token, 0.0), weight / len(tokens))
    return Query(text, language_of(text), weights, added, vector)


class ScopeIndex:
    """One scope. Any number of threads may search; `lock` is held by the one that changes it.

    `state` is whatever its owner compares with the database, None before the first filling.
    """

    def __init__(self, vectors: VectorStore, *, tokenizer: Tokenizer) -> None:
        self.state: int | None = None
        self.lock = threading.Lock()
        self.passages: dict[int, Passage] = {}
        self.vectors = vectors
        self.keywords = Keywords()
        self._tokenizer = tokenizer
        self._n_updates = 0
        self._columns: tuple[int, Columns] | None = None

    def update(
        self, added: Sequence[Passage], vectors: Vectors, *, removed: Iterable[int] = ()
    ) -> None:
        """Takes passages out and in; `vectors` is (n, d) float32, a row for each one added."""
        gone = [id for id in removed if id in self.passages]
        new = {int(p.id): p for p in added if p.id is not None}
        # The words first and the arms later on the way in, the other way round on the way out: an
        # arm that names a passage without words loses a hit.
        self.passages.update(new)
        self.vectors.add(np.fromiter(new, dtype=np.int64, count=len(new)), vectors)
        self._update_keywords(new, gone)
        self.vectors.remove(np.array(gone, dtype=np.int64))
        for id in gone:
            del self.passages[id]
        self._n_updates += 1

    def _update_keywords(self, new: Mapping[int, Passage], gone: Sequence[int]) -> None:
        n_left = len(self.passages) - len(gone)
        outgrows_memory = self.is_large and not self.keywords.is_in_folder
        if not outgrows_memory and self.keywords.n_gone + len(gone) <= MOST_GONE * n_left:
            self.keywords.update(self._tokens(new), removed=gone)
            return
        left = self.passages.keys() - frozenset(gone)
        keywords = Keywords(new_folder() if self.is_large else None)
        keywords.update(self._tokens({id: self.passages[id] for id in left}))
        self.keywords = keywords

    @property
    def is_large(self) -> bool:
        return len(self.passages) >= IN_FOLDER_FROM

    def adopt(
        self,
        passages: Mapping[int, Passage],
        vectors: VectorStore,
        keywords: Keywords,
    ) -> None:
        """Takes over what an index like this one held."""
        self.vectors = vectors
        self.keywords = keywords
        self.passages = dict(passages)
        self._n_updates += 1

    def _tokens(self, passages: Mapping[int, Passage]) -> Iterable[tuple[int, list[str]]]:
        for id in sorted(passages):
            tokens = self._tokenizer.tokens(passages[id].text)
            yield id, tokens + tokens[:LEAD] if len(tokens) > 2 * LEAD else tokens

    def search(
        self,
        query: Query,
        *,
        k: int,
        wanted: Filter = EVERYTHING,
        arms: frozenset[Arm] = BOTH,
    ) -> list[Hit]:
        """At most k hits, best first, ties by id."""
        only = self._only(wanted)
        rankings: dict[Arm, Ranking] = {}
        if "keywords" in arms:
            rankings["keywords"] = self.keywords.search(
                query.weights, k=DEPTH, added=query.added, only=only
            )
        if "vectors" in arms:
            rankings["vectors"] = self._nearest(query.vector, DEPTH, only)
        if len(rankings) == 2:
            fused = fuse(
                rankings["keywords"],
                rankings["vectors"],
                k=k,
                crosses=self._crosses(query.language),
            )
        else:
            fused = [one for arm, ranking in rankings.items() for one in alone(arm, ranking)]
        hits = (
            Hit(passage, one.score, one.found_by)
            for one in fused
            if (passage := self.passages.get(one.id)) is not None
        )
        return list(islice(hits, k))

    def _crosses(self, language: Language) -> Callable[[int], bool]:
        passages = self.passages

        def crosses(id: int) -> bool:
            passage = passages.get(id)
            return passage is not None and passage.language != language

        return crosses

    def alike(self, vector: Vectors | None, *, k: int, wanted: Filter = EVERYTHING) -> list[Hit]:
        """At most k passages by cosine alone, those above 0."""
        ids, cosines = self._nearest(vector, k, self._only(wanted))
        return [
            Hit(passage, cosine, {VECTORS: cosine})
            for id, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)
            if cosine > 0 and (passage := self.passages.get(id)) is not None
        ]

    def _nearest(self, vector: Vectors | None, k: int, only: Ids | None) -> Ranking:
        if vector is None or not self.passages:
            return _NOTHING
        return self.vectors.search(vector, k=k, only=only)

    def _only(self, wanted: Filter) -> Ids | None:
        if not wanted:
            return None
        n_updates, kept = self._n_updates, self._columns
        if kept is None or kept[0] != n_updates:
            kept = n_updates, Columns(dict(self.passages))
            self._columns = kept
        return kept[1].ids(wanted)
