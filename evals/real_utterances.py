"""The shipped recogniser on real people's words, labelled by hand; and how well labellers agree.

1,560 utterances of public corpora: meetings, mails, haggling, tourists, charity. Each speaker is
taken for the customer. Half of the documents whose licence lets their text stand here is trained on
(`intents/real.jsonl`); this scores the rest. Other texts are looked up in the shared data.
Labellers are language models; 420 utterances were labelled twice, and agreement is Krippendorff's
alpha (2011) over the yes and no of each intent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.intent.recogniser import Recogniser
from agents.intent.taxonomy import load_taxonomy
from core.domain import Channel, IntentId, Recognition, Role
from core.settings import Settings
from evals.intent_data import Json
from evals.intent_scores import Flags, expected_calibration_error, f1_per_intent
from evals.intervals import wilson

DATA = Path(__file__).parent / "datasets" / "intents_real.jsonl"
# An intent's F1 on fewer true cases is chance.
FEWEST_CASES = 10


def run() -> Json:
    rows, n_skipped = read_rows()
    recogniser = Recogniser.load()
    found = recogniser.recognise(
        [row["text"] for row in rows],
        roles=[Role.CUSTOMER] * len(rows),
        channels=[Channel(row["channel"]) for row in rows],
        before=[row.get("before", "") for row in rows],
    )
    figures: Json = {"n": len(rows), "n_skipped_without_shared_data": n_skipped}
    for language in ("zh", "en"):
        mine = [at for at, row in enumerate(rows) if row["lang"] == language]
        figures[language] = _scores(
            [rows[at] for at in mine], [found[at] for at in mine], recogniser.thresholds
        )
    labelled = (DATA, DATA.parent / "intents" / "real.jsonl")
    return figures | {"agreement": agreement([row for file in labelled for row in _lines(file)])}


def read_rows(shared: Path | None = None) -> tuple[list[Json], int]:
    """The utterances whose text is at hand, and how many are not."""
    rows = _lines(DATA)
    folder = (shared or Settings().shared) / "data"
    texts: dict[str, tuple[str, str]] = {}
    for file, read in _LOOKUPS.items():
        if (folder / file).is_file():
            texts |= dict(read(folder / file))
    kept = []
    for row in rows:
        if "text" in row:
            kept.append(row)
        elif row["id"] in texts:
            text, before = texts[row["id"]]
            kept.append(row | {"text": text, "before": before})
    return kept, len(rows) - len(kept)


def _lines(file: Path) -> list[Json]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def agreement(rows: Sequence[Json]) -> Json:
    """Alpha of two labellers: whether anything is meant, and over all pairs with an intent."""
    from krippendorff import alpha

    twice = [row for row in rows if "second" in row]
    ids = load_taxonomy().ids
    first, second = (
        np.array([[one in labels for one in ids] for labels in labelled])
        for labelled in (
            [row["labels"] for row in twice],
            [row["second"]["labels"] for row in twice],
        )
    )
    moods = {"neg": 0, "neu": 1, "pos": 2}
    mood = [[moods[row["mood"]], moods[row["second"]["mood"]]] for row in twice]
    both = np.stack([first.ravel(), second.ravel()]).astype(int)
    either = np.stack([first.any(axis=1), second.any(axis=1)]).astype(int)
    return {
        "n": len(twice),
        "alpha_intents": _alpha(alpha, both, "nominal"),
        "alpha_any_intent": _alpha(alpha, either, "nominal"),
        "alpha_mood": _alpha(alpha, np.array(mood).T, "ordinal"),
    }


def _alpha(alpha: Callable[..., float], values: NDArray[np.int64], level: str) -> float:
    return round(float(alpha(reliability_data=values, level_of_measurement=level)), 4)


def _scores(
    rows: Sequence[Json], found: Sequence[Recognition], thresholds: Mapping[IntentId, float]
) -> Json:
    ids = load_taxonomy().ids
    truth: Flags = np.array([[one in row["labels"] for one in ids] for row in rows])
    p = np.zeros(truth.shape, dtype=np.float32)
    for at, one in enumerate(found):
        for score in one.scores:
            p[at, ids.index(score.id)] = score.p
    decided = p >= np.array([thresholds[one] for one in ids])
    is_none = np.array([not one.unsure for one in found]) & ~decided.any(axis=1)
    is_empty = np.asarray(~truth.any(axis=1))
    good, n = int(is_empty[is_none].sum()), int(is_none.sum())
    f1 = f1_per_intent(truth, decided)
    return {
        "n": len(rows),
        "share_empty": round(float(is_empty.mean()), 4),
        "none_precision": round(good / n, 4) if n else None,
        "none_precision_interval": [round(one, 4) for one in wilson(good, n)],
        "none_recall": round(float(is_none[is_empty].mean()), 4),
        "unsure": round(float(np.mean([one.unsure for one in found])), 4),
        "false_alarms": round(float(decided[is_empty].any(axis=1).mean()), 4),
        "ece": round(expected_calibration_error(truth, p), 4),
        "f1": {
            one: round(float(f1[at]), 4)
            for at, one in enumerate(ids)
            if truth[:, at].sum() >= FEWEST_CASES
        },
    }


def _craigslist(file: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for line in file.open(encoding="utf-8"):
        dialogue = json.loads(line)
        before = ""
        for number, turn in enumerate(dialogue["turns"]):
            text = " ".join((turn.get("text") or "").split())
            yield f"craigslist:{dialogue['id']}:{number}", (text, before)
            before = text


def _enron(file: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    from core.text.sentences import sentences

    for line in file.open(encoding="utf-8"):
        mail = json.loads(line)
        body = mail["text"].split("-----Original")[0]
        for start, end in sentences(body):
            yield f"enron:{mail['id']}:{start}", (" ".join(body[start:end].split()), "")


_LOOKUPS: Mapping[str, Callable[[Path], Iterator[tuple[str, tuple[str, str]]]]] = {
    "dialogues/craigslist_bargain.jsonl": _craigslist,
    "emails/enron_business.jsonl": _enron,
}
