"""Random edits of real texts: is a quote found again, at its own place and nowhere else?

The editor follows the quote's characters itself, so the truth does not come from any comparison of
texts: a copy is never the quote, a moved sentence takes its characters along. Texts are business
mails, meetings in both languages, and Chinese articles; quotes are sentences, clauses and words.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import NotFound
from core.settings import Settings
from retrieval.reanchor import Reanchoring

SEED = 20_261_124
N_EDITS = 10_000
# Between two ingestions of a file somebody has mostly made one change, sometimes several.
EDITS_A_CASE = (1, 1, 1, 1, 2, 2, 3, 4)
# Most sources are mails and meetings of a few pages; each tenth case keeps the whole text.
# A copy beside its original cannot be told from it by anybody: copies go further away than this.
NEAR = 60
PAGE_CHARACTERS = 6_000
MIN_TEXT = 120
N_TEXTS_A_CORPUS = 80

_SENTENCE = re.compile(r"[^\n。！？!?.]+[。！？!?.]*\n?")
_CLAUSE = re.compile(r"[^\n。！？!?.，,；;：:]+")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edited:
    """A text and where the followed quote is in it; `place` None: its characters fell apart.

    `copies`: where copies of it stand. Copying a quote and deleting the original leaves the same
    text as moving it, so the copy of a deleted quote is counted apart; `remains` is what was left
    of a broken one.
    """

    text: str
    place: Span | None
    copies: tuple[Span, ...] = ()
    remains: Span | None = None


Edit = Callable[[Edited, random.Random, Sequence[str]], Edited]


def exchange(edited: Edited, start: int, end: int, words: str) -> Edited:
    """[start, end) becomes `words`. Equal texts are equal edits: what stays the same was kept."""
    text = edited.text
    after = text[:start] + words + text[end:]
    while start < end and words and _is_same(text[start], words[0]):
        start, words = start + 1, words[1:]
    while start < end and words and _is_same(text[end - 1], words[-1]):
        end, words = end - 1, words[:-1]
    place = _kept(text, edited.place, start, end, words)
    copies = tuple(c for old in edited.copies if (c := _kept(text, old, start, end, words)))
    remains = None if place else _left_over(edited.place or edited.remains, start, end, words)
    return Edited(after, place, copies, remains)


def _left_over(place: Span | None, start: int, end: int, words: str) -> Span | None:
    """Where the rest of a broken quote stands; None when an edit took nearly all of it."""
    if place is None or min(place[1], end) - max(place[0], start) >= 0.9 * (place[1] - place[0]):
        return None
    moved = len(words) - (end - start)
    if start >= place[1]:
        return place
    if end <= place[0]:
        return place[0] + moved, place[1] + moved
    return min(place[0], start), max(place[1], end) + moved


def _is_same(one: str, other: str) -> bool:
    """Case and the kind of white space are spelling."""
    return one.casefold() == other.casefold() or (one.isspace() and other.isspace())


def _kept(text: str, place: Span | None, start: int, end: int, words: str) -> Span | None:
    """The span after the edit, if the edit, or one with the same outcome, leaves it whole."""
    if place is None or (start == end and not words):
        return place
    for first, last in _same_edits(text, start, end, words):
        moved = len(words) - (end - start)
        if last <= place[0]:
            return place[0] + moved, place[1] + moved
        if first >= place[1]:
            return place
    if place[0] <= start and end <= place[1] and not (words + text[start:end]).strip():
        # White space inside the quote: the same words, wrapped otherwise.
        return place[0], place[1] + len(words) - (end - start)
    return None


def _same_edits(text: str, start: int, end: int, words: str) -> Iterator[Span]:
    """A deletion or insertion beside equal characters may as well have been further along."""
    yield start, end
    if words and end > start:
        return
    ring = words or text[start:end]
    for step in range(1, min(start, 400) + 1):
        if not ring or text[start - step] != ring[-1 - (step - 1) % len(ring)]:
            break
        yield start - step, end - step
    for step in range(1, min(len(text) - end, 400) + 1):
        if not ring or text[end + step - 1] != ring[(step - 1) % len(ring)]:
            break
        yield start + step, end + step


def move_span(edited: Edited, start: int, end: int, to: int) -> Edited:
    """[start, end) is taken out and put before what then stands at `to`."""
    words, place = edited.text[start:end], edited.place
    put = exchange(exchange(edited, start, end, ""), to, to, words)
    along = ((to + a - start, to + b - start) for a, b in edited.copies if start <= a and b <= end)
    copies = (*put.copies, *along)
    if place is not None and start <= place[0] and place[1] <= end:
        at = to + place[0] - start
        return Edited(put.text, (at, at + place[1] - place[0]), copies)
    if edited.remains is not None and start < edited.remains[1] and edited.remains[0] < end:
        return Edited(put.text, None, copies, (0, len(put.text)))
    return Edited(put.text, put.place, copies, put.remains)


def respell_span(edited: Edited, start: int, end: int, letters: str) -> Edited:
    """Other letters of the same number; the quote's own place stays."""
    text = edited.text[:start] + letters + edited.text[end:]
    return Edited(text, edited.place, edited.copies, edited.remains)


# ---- the edits ---------------------------------------------------------------------------------


def _insert(edited: Edited, rng: random.Random, others: Sequence[str]) -> Edited:
    return _put(edited, _border(edited.text, rng), rng.choice(others))


def _delete(edited: Edited, rng: random.Random, _others: Sequence[str]) -> Edited:
    return exchange(edited, *_sentences(edited.text, rng), "")


def _replace(edited: Edited, rng: random.Random, others: Sequence[str]) -> Edited:
    start, end = _sentences(edited.text, rng, most=1)
    return exchange(edited, start, end, rng.choice(others))


def _move(edited: Edited, rng: random.Random, _others: Sequence[str]) -> Edited:
    start, end = _sentences(edited.text, rng)
    rest = edited.text[:start] + edited.text[end:]
    return move_span(edited, start, end, _border(rest, rng))


def _duplicate(edited: Edited, rng: random.Random, _others: Sequence[str]) -> Edited:
    """A copy of the quote, with or without what surrounds it, somewhere else."""
    if edited.place is None:
        return edited
    start, end = edited.place
    around = rng.choice((0, 0, 5, 40))
    words = edited.text[max(0, start - around) : end + around]
    at = _border(edited.text, rng)
    if start - NEAR <= at <= end + NEAR:
        return edited
    put = _put(edited, at, words)
    first = at + min(around, start)
    return Edited(put.text, put.place, (*put.copies, (first, first + end - start)))


def _respell(edited: Edited, rng: random.Random, _others: Sequence[str]) -> Edited:
    start, end = _sentences(edited.text, rng, most=1)
    if edited.place is not None and rng.random() < 0.5:
        start, end = edited.place
    words = edited.text[start:end]
    wide = words.translate(_WIDE)
    letters = rng.choice((words.upper(), words.lower(), wide))
    return respell_span(edited, start, end, letters) if len(letters) == len(words) else edited


def _inside(edited: Edited, rng: random.Random, others: Sequence[str]) -> Edited:
    """A few characters in the middle of the quote are removed, added or exchanged."""
    if edited.place is None or edited.place[1] - edited.place[0] < 4:
        return edited
    start, end = edited.place
    at = rng.randrange(start + 1, end - 1)
    upto = rng.randrange(at, min(end - 1, at + 6) + 1)
    words = rng.choice(others)[: rng.randrange(0, 5)]
    return exchange(edited, at, upto, words)


def _letters(edited: Edited, rng: random.Random, others: Sequence[str]) -> Edited:
    """A typist's edit anywhere: a few characters, close to the quote in half of the cases."""
    at = rng.randrange(len(edited.text))
    if edited.place is not None and rng.random() < 0.5:
        at = min(
            len(edited.text) - 1, max(0, edited.place[rng.randrange(2)] + rng.randrange(-9, 9))
        )
    upto = min(len(edited.text), at + rng.randrange(0, 5))
    return exchange(edited, at, upto, rng.choice(others)[: rng.randrange(0, 6)])


EDITS: dict[str, Edit] = {
    "insert": _insert,
    "delete": _delete,
    "replace": _replace,
    "move": _move,
    "duplicate": _duplicate,
    "respell": _respell,
    "inside": _inside,
    "letters": _letters,
}


def _put(edited: Edited, at: int, words: str) -> Edited:
    return exchange(edited, at, at, words)


def _border(text: str, rng: random.Random) -> int:
    """A place between two sentences."""
    at = rng.randrange(len(text) + 1)
    match = _SENTENCE.search(text, at)
    return match.end() if match else len(text)


def _sentences(text: str, rng: random.Random, *, most: int = 3) -> Span:
    """The span of one or more whole sentences."""
    start = _border(text, rng)
    if start >= len(text):
        start = 0
    end = start
    for _ in range(rng.randrange(1, most + 1)):
        match = _SENTENCE.search(text, end)
        end = match.end() if match else len(text)
    return start, max(end, min(len(text), start + 1))


# ---- texts and cases ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    before: str
    quote: Span
    after: Edited
    edits: tuple[str, ...]
    corpus: str


def real_texts(shared: Path) -> dict[str, list[str]]:
    """Corpus → original texts. Raises NotFound without the public material."""
    found = {}
    for name, path, read in (
        ("mails_en", "emails/enron_business.jsonl", lambda row: row["text"]),
        ("meetings_en", "meetings/qmsum_meetings.jsonl", _turns),
        ("calls_en", "meetings/earnings21.jsonl", _turns),
        ("meetings_zh", "meetings/vcsum_meetings.jsonl", _segments),
        ("articles_zh", "retrieval/cmrc2018_trial_passages.jsonl", lambda row: row["text"]),
    ):
        file = shared / "data" / path
        if not file.is_file():
            raise NotFound(f"{file} is not there.", remedy="Point JUNSHI_SHARED at the material.")
        with file.open(encoding="utf-8") as lines:
            texts = [read(json.loads(line)) for line, _ in zip(lines, range(500), strict=False)]
        found[name] = [text for text in texts if len(text) >= MIN_TEXT][:N_TEXTS_A_CORPUS]
    return found


def _turns(row: dict[str, Any]) -> str:
    return "\n".join(f"{turn['speaker']}: {turn['text']}" for turn in row["turns"])


def _segments(row: dict[str, Any]) -> str:
    turns = (turn for segment in row["segments"] for turn in segment["turns"])
    return "\n".join(f"{turn['speaker']}: {''.join(turn['sents'])}" for turn in turns)


def random_cases(texts: dict[str, list[str]], *, n_edits: int, seed: int) -> Iterator[Case]:
    """Cases with one or a few edits until `n_edits` were made; equal seeds, equal cases."""
    rng = random.Random(seed)  # noqa: S311  # reproducible, not secret
    names = list(EDITS)
    n_done = 0
    while n_done < n_edits:
        corpus = rng.choice(list(texts))
        before = rng.choice(texts[corpus])
        others = [m.group() for m in _SENTENCE.finditer(rng.choice(texts[corpus])[:3000])]
        others = [words for words in others if words not in before]
        if rng.random() > 0.1 and len(before) > PAGE_CHARACTERS:
            start = rng.randrange(len(before) - PAGE_CHARACTERS)
            before = before[start : start + PAGE_CHARACTERS]
        quote = _quote(before, rng)
        if quote is None or not others:
            continue
        after, made = Edited(before, quote), []
        for _ in range(min(rng.choice(EDITS_A_CASE), n_edits - n_done)):
            name = rng.choice(names)
            after = EDITS[name](after, rng, others)
            made.append(name)
        n_done += len(made)
        yield Case(before, quote, after, tuple(made), corpus)


def _quote(text: str, rng: random.Random) -> Span | None:
    """A sentence, a clause, or a few words of one."""
    pattern = rng.choice((_SENTENCE, _CLAUSE, _CLAUSE))
    match = pattern.search(text, rng.randrange(len(text)))
    if match is None:
        return None
    words = match.group()
    start = match.start() + len(words) - len(words.lstrip())
    end = match.start() + len(words.rstrip())
    if rng.random() < 0.2 and end - start > 12:
        start += rng.randrange(0, 4)
        end -= rng.randrange(0, 4)
    return (start, end) if end - start >= 4 else None


# ---- figures -----------------------------------------------------------------------------------


def judge(case: Case) -> str:
    """ "found", "missed", "wrong" for a quote that is still there; "gone", "invented" otherwise."""
    anchor = Reanchoring(case.before, case.after.text).place(*case.quote)
    place = case.after.place
    if place is None and anchor is not None:
        is_copy = (anchor.start, anchor.end) in case.after.copies
        pasted = is_copy and case.after.remains is None
        return "cut and pasted" if pasted else "invented"
    if place is None:
        return "gone"
    is_same = case.after.text[slice(*place)] == case.before[slice(*case.quote)]
    kind = "" if is_same else "respelled "
    if anchor is None:
        return f"{kind}missed"
    found = _without_edges(case.after.text, (anchor.start, anchor.end))
    return f"{kind}found" if found == _without_edges(case.after.text, place) else f"{kind}wrong"


def _without_edges(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """The place without white space at its ends: a line end more or less is the same place."""
    words = text[slice(*place)]
    lead = len(words) - len(words.lstrip())
    return place[0] + lead, place[0] + len(words.rstrip())


def score(cases: Iterator[Case]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    by_number: dict[str, Counter[str]] = {"one": Counter(), "several": Counter()}
    missed_by: Counter[str] = Counter()
    n_edits = 0
    for case in cases:
        n_edits += len(case.edits)
        outcome = judge(case)
        counts[outcome] += 1
        by_number["one" if len(case.edits) == 1 else "several"][outcome] += 1
        if outcome == "missed":
            missed_by["+".join(sorted(set(case.edits)))] += 1
    n_present = _n_present(counts)
    n_respelled = sum(counts[f"respelled {kind}"] for kind in ("found", "missed", "wrong"))
    return {
        "n_edits": n_edits,
        "n_cases": sum(counts.values()),
        "n_still_present": n_present,
        "found_again": round(counts["found"] / n_present, 4) if n_present else None,
        "found_again_by_edits": {
            number: round(some["found"] / _n_present(some), 4)
            for number, some in by_number.items()
            if _n_present(some)
        },
        "n_wrong_places": counts["wrong"] + counts["respelled wrong"],
        "n_gone": counts["gone"] + counts["invented"],
        "n_gone_but_found": counts["invented"],
        "n_gone_but_pasted": counts["cut and pasted"],
        "n_respelled": n_respelled,
        "respelled_found_again": (
            round(counts["respelled found"] / n_respelled, 4) if n_respelled else None
        ),
        "missed_by_edits": dict(missed_by.most_common(12)),
    }


def _n_present(counts: Counter[str]) -> int:
    return counts["found"] + counts["missed"] + counts["wrong"]


def run(*, n_edits: int = N_EDITS, seed: int = SEED) -> dict[str, Any]:
    return score(random_cases(real_texts(Settings().shared), n_edits=n_edits, seed=seed))
