"""How likely a deal is once half of a haggling dialogue is heard: CraigslistBargain.

The corpus is of He et al. (2018), 643 dialogues of it. Only what a listener knows counts: the first
half of the turns and the listing, never the bargainers' secret targets. Most failed dialogues are
short ones that somebody left at once, so that the number of turns heard tells most by itself:
figures with it, without it and for the longer dialogues alone stand side by side. Dialogues on one
listing stay in one fold, and each probability comes from a model that has not seen its listing.
Gradient boosting (Friedman 2001), a few seeds averaged. It was chosen on these same folds, so that
its lead over others is a little flattered: logistic regression ranked as well (.847) but was less
calibrated (ECE .06), and the last words' embeddings added nothing (.853 against .852).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.intent.recogniser import Recogniser
from core.domain import Channel, Role
from core.errors import BackendFailed, NotFound
from core.settings import Settings
from evals.intent_scores import expected_calibration_error

Json = dict[str, Any]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

N_FOLDS = 5
N_RESAMPLES = 1000
SEED = 20_181
# From this many turns on a dialogue has been a negotiation: each side spoke, and then answered.
LONG_TURNS = 6
N_SEEDS = 4
TREES = {
    "n_estimators": 80,
    "max_depth": 2,
    "learning_rate": 0.05,
    "subsample": 0.6,
    "max_features": 0.4,
}
# Beside the turns heard, what grows with them.
LENGTHS = ("n_turns", "n_words", "n_prices")
# A number this far from the list price is a year, a mileage or a number of rooms.
LOWEST_SHARE, HIGHEST_SHARE = 0.3, 1.6
CATEGORIES = ("bike", "car", "electronics", "furniture", "housing", "phone")
SIDES = ("buyer", "seller")

_NUMBER = re.compile(
    r"(?<![\w.])\$?\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s?(k\b)?", re.IGNORECASE
)
_SIGNS: Mapping[str, re.Pattern[str]] = {
    "refuses": re.compile(
        r"\b(?:can'?t|cannot|won'?t|no thanks?|too (?:low|high|much)|not (?:willing|able)"
        r"|unable|lowest|highest|firm|sorry|insult\w*|way (?:low|high|less|more))\b"
    ),
    "agrees": re.compile(
        r"\b(?:deal|sounds? (?:good|fair|great)|agreed?|works? for me|i'?ll take|perfect"
        r"|fair enough|we can do|i can do|that works|accept)\b"
    ),
    "polite": re.compile(r"\b(?:please|thanks?|thank you|appreciate|hello|hi|hey|great|nice)\b"),
    "seeks_middle": re.compile(r"\b(?:meet|middle|how about|what about|negotia\w*|compromise)\b"),
    "sweetens": re.compile(r"\b(?:throw in|include|deliver\w*|pick (?:it )?up|cash|today|extra)\b"),
    "asks": re.compile(r"\?"),
    "doubts": re.compile(r"\b(?:scratch\w*|broken|old|damage\w*|problems?|worn|condition|used)\b"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: words, or an act of the form (offer, accept, reject, quit) with "" as text."""

    side: str
    text: str = ""
    act: str = ""
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Bargain:
    """One dialogue about one listing, and whether it ended in a deal."""

    listing: str
    category: str
    list_price: float
    turns: tuple[Turn, ...]
    is_deal: bool

    @property
    def heard(self) -> tuple[Turn, ...]:
        """The first half of the turns, the shorter one where they are odd."""
        return self.turns[: len(self.turns) // 2]

    @property
    def fold(self) -> int:
        return hashlib.sha256(self.listing.encode()).digest()[0] % N_FOLDS


def read_bargains(shared: Path) -> list[Bargain]:
    """All dialogues, in the file's order. Raises NotFound where the file is missing."""
    file = shared / "data" / "dialogues" / "craigslist_bargain.jsonl"
    if not file.is_file():
        raise NotFound(f"{file} is not there.", remedy="Point JUNSHI_SHARED to the public data.")
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return [
        Bargain(
            listing=f"{row['title']} {row['list_price']}",
            category=row["category"],
            list_price=float(row["list_price"]),
            turns=tuple(_turn(turn) for turn in row["turns"]),
            is_deal=bool(row["outcome"]["reward"]),
        )
        for row in rows
    ]


def _turn(turn: Json) -> Turn:
    price = (turn.get("data") or {}).get("price")
    return Turn(
        turn["role"],
        turn.get("text") or "",
        turn.get("action") or "",
        None if price is None else float(price),
    )


def prices(text: str, list_price: float) -> list[float]:
    """The numbers that can be prices of this listing, as shares of its list price, in order."""
    found = []
    for match in _NUMBER.finditer(text):
        number = float(f"{match[1].replace(',', '')}.{match[2] or 0}")
        share = number * (1000 if match[3] else 1) / max(1.0, list_price)
        if LOWEST_SHARE <= share <= HIGHEST_SHARE:
            found.append(share)
    return found


def features(bargain: Bargain) -> tuple[list[str], list[float]]:
    """Names and values of what the heard half shows; a side without an offer counts as at 0.75
    (buyer) or 1 (seller) of the list price, where they commonly open."""
    found: dict[str, float] = {"n_turns": float(np.log1p(len(bargain.heard)))}
    found["list_price"] = float(np.log10(max(1.0, bargain.list_price)))
    found |= {f"is_{one}": float(bargain.category == one) for one in CATEGORIES}
    last: dict[str, float] = {}
    for side, usual in zip(SIDES, (0.75, 1.0), strict=True):
        mine = [turn for turn in bargain.heard if turn.side == side]
        offers = [one for turn in mine for one in _offers(turn, bargain.list_price)]
        last[side] = offers[-1] if offers else usual
        found[f"{side}_has_price"] = float(bool(offers))
        found[f"{side}_price"] = last[side]
        found[f"{side}_concession"] = offers[-1] - offers[0] if offers else 0.0
        found[f"{side}_n_prices"] = float(np.log1p(len(offers)))
        words = " ".join(turn.text.lower() for turn in mine)
        found[f"{side}_n_words"] = float(np.log1p(len(words.split())) / 3)
        found |= {f"{side}_{sign}": float(bool(p.search(words))) for sign, p in _SIGNS.items()}
        found |= {
            f"{side}_{act}s": float(any(turn.act == act for turn in mine))
            for act in ("offer", "reject", "quit")
        }
    found["gap"] = last["seller"] - last["buyer"]
    formal = [turn.price for turn in bargain.heard if turn.price is not None]
    found["formal_price"] = min(3.0, formal[-1] / max(1.0, bargain.list_price)) if formal else 1.0
    return list(found), list(found.values())


def _offers(turn: Turn, list_price: float) -> list[float]:
    if turn.price is not None:
        return [min(3.0, turn.price / max(1.0, list_price))]
    return prices(turn.text, list_price)


def intents_of(bargains: Sequence[Bargain], recogniser: Recogniser) -> Floats:
    """(n, n_intents): the highest p of each intent among the buyer's heard turns; 0 below 0.05."""
    ids = list(recogniser.thresholds)
    said = [
        (row, turn.text)
        for row, bargain in enumerate(bargains)
        for turn in bargain.heard
        if turn.side == "buyer" and turn.text
    ]
    found = np.zeros((len(bargains), len(ids)))
    recognitions = recogniser.recognise(
        [text for _, text in said],
        roles=[Role.CUSTOMER] * len(said),
        channels=[Channel.CHAT] * len(said),
    )
    for (row, _), recognition in zip(said, recognitions, strict=True):
        for score in recognition.scores:
            at = ids.index(score.id)
            found[row, at] = max(found[row, at], score.p)
    return found


def unseen_probabilities(columns: Floats, is_deal: Flags, folds: NDArray[np.int64]) -> Floats:
    """(n,): each fold's probability of a deal, from models trained on the other folds."""
    from sklearn.ensemble import GradientBoostingClassifier

    found = np.zeros(len(is_deal))
    for fold in np.unique(folds):
        mine = folds == fold
        models = [
            GradientBoostingClassifier(**TREES, random_state=seed).fit(
                columns[~mine], is_deal[~mine]
            )
            for seed in range(N_SEEDS)
        ]
        found[mine] = np.mean([one.predict_proba(columns[mine])[:, 1] for one in models], axis=0)
    return found


def score(is_deal: Flags, p: Floats) -> Json:
    """AUROC and ECE, each with the 95 % percentile bootstrap over dialogues; Brier's score.

    Resampling adds noise of its own to an ECE: its interval leans upwards.
    """
    random = np.random.default_rng(SEED)
    rows = np.arange(len(p))
    samples = [rows, *(random.choice(rows, len(rows)) for _ in range(N_RESAMPLES))]
    areas = [auroc(is_deal[at], p[at]) for at in samples]
    errors = [
        expected_calibration_error(is_deal[at, None], p[at, None].astype(np.float32), floor=0)
        for at in samples
    ]
    return {
        "n": len(p),
        "auroc": round(areas[0], 3),
        "auroc_interval": _interval(areas[1:]),
        "ece": round(errors[0], 3),
        "ece_interval": _interval(errors[1:]),
        "brier": round(float(np.mean((p - is_deal) ** 2)), 3),
    }


def gain(is_deal: Flags, ours: Floats, theirs: Floats) -> Json:
    """How much larger our AUROC is; the interval resamples dialogues, the same for both."""
    random = np.random.default_rng(SEED)
    rows = np.arange(len(ours))
    samples = [rows, *(random.choice(rows, len(rows)) for _ in range(N_RESAMPLES))]
    gains = [auroc(is_deal[at], ours[at]) - auroc(is_deal[at], theirs[at]) for at in samples]
    return {"auroc": round(gains[0], 3), "interval": _interval(gains[1:])}


def auroc(is_positive: Flags, scores: Floats) -> float:
    """The chance that a positive outscores a negative, ties half (Mann and Whitney 1947).

    0.5 where one of the two is missing.
    """
    n_positive = int(is_positive.sum())
    n_negative = len(is_positive) - n_positive
    if not n_positive or not n_negative:
        return 0.5
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    above = float(ranks[is_positive].sum()) - n_positive * (n_positive + 1) / 2
    return above / (n_positive * n_negative)


def _interval(values: Sequence[float]) -> list[float]:
    return [round(float(one), 3) for one in np.quantile(values, [0.025, 0.975])]


def run(shared: Path | None = None) -> Json:
    """Figures by set of features, for all dialogues and for those of at least six turns."""
    from threadpoolctl import threadpool_limits

    bargains = read_bargains(shared or Settings().shared)
    is_deal = np.array([one.is_deal for one in bargains])
    folds = np.array([one.fold for one in bargains], dtype=np.int64)
    is_long = np.array([len(one.turns) >= LONG_TURNS for one in bargains])
    names = features(bargains[0])[0]
    columns = np.array([features(one)[1] for one in bargains])
    has_no_length = [not name.endswith(LENGTHS) for name in names]
    sets = {
        "number of turns alone": columns[:, [names.index("n_turns")]],
        "without any length": columns[:, has_no_length],
        "all features": columns,
    }
    figures: Json = {
        "n_dialogues": len(bargains),
        "share_of_deals": round(float(is_deal.mean()), 3),
        "share_of_deals_from_6_turns": round(float(is_deal[is_long].mean()), 3),
    }
    try:
        sets["all features and intents"] = np.hstack(
            [columns, intents_of(bargains, Recogniser.load())]
        )
    except BackendFailed as error:
        figures["left_out"] = f"the recogniser's intents: {error}"
    with threadpool_limits(1):
        found = {name: unseen_probabilities(one, is_deal, folds) for name, one in sets.items()}
    everyone = np.ones(len(bargains), dtype=np.bool_)
    for group, mine in (("all dialogues", everyone), ("from 6 turns", is_long)):
        figures[group] = {name: score(is_deal[mine], p[mine]) for name, p in found.items()}
        figures[group]["gain over the number of turns"] = gain(
            is_deal[mine], found["all features"][mine], found["number of turns alone"][mine]
        )
    return figures
