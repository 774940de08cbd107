"""Rules of the taxonomy that are logic rather than wording, applied to the model's probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain import IntentId
from core.ports import Vectors

PREFERENCE = IntentId("competition.preference")
MENTION = IntentId("competition.mention")


def adjust(surfaces: Sequence[str], p: Vectors, intents: Sequence[IntentId]) -> Vectors:
    """(n, n_intents): `p` with the rules applied; the given array is left as it is.

    `surfaces` are the normalised, lower-case texts of the rows.
    """
    adjusted = np.array(p, dtype=np.float32)
    preference, mention = intents.index(PREFERENCE), intents.index(MENTION)
    # Nobody can prefer another option without bringing it up.
    adjusted[:, mention] = np.maximum(adjusted[:, mention], adjusted[:, preference])
    return adjusted
