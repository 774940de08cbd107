"""The sentence vectors that salience reads, with as little encoding as it needs.

Encoding is two thirds of the time that a meeting takes. A sentence said twice is encoded once. One
of under four words ("yeah, exactly") says nothing by itself that a vector would tell: it keeps a
zero row, which every feature reads as "about nothing", and stands or falls with what is around it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from agents.moments.features import Numbers, is_han, surface, tokens
from core.ports import Embedder, Vectors

FEWEST_WORDS = 4
FEWEST_CHARACTERS = 6


def encoded(texts: Sequence[str], embedder: Embedder, *, always: Collection[int] = ()) -> Vectors:
    """(n, d) float32 unit rows; zero for a text of too few words, unless its number is in `always`.

    Equal texts have equal rows.
    """
    wanted = [at for at, text in enumerate(texts) if at in always or is_telling(text)]
    rows = {text: row for row, text in enumerate(dict.fromkeys(texts[at] for at in wanted))}
    found = np.zeros((len(texts), embedder.n_dimensions), dtype=np.float32)
    if wanted:
        found[wanted] = embedder.encode(list(rows))[[rows[texts[at]] for at in wanted]]
    return found


def is_telling(text: str) -> bool:
    """Whether it has words enough to be about something."""
    words = tokens(surface(text))
    return len(words) >= (FEWEST_CHARACTERS if any(map(is_han, words)) else FEWEST_WORDS)


def centred(vectors: Vectors) -> Numbers:
    """The vectors less the meeting's mean, zero rows left zero: what is left is not the topic."""
    v = vectors.astype(np.float64)
    is_known = v.any(axis=1)
    if is_known.any():
        v[is_known] -= v[is_known].mean(axis=0)
    return v
