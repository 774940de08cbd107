"""Public meeting corpora as transcript files, so that the product reads them like any meeting.

QMSum and VCSum hold turns without times. `python -m evals.adapters qmsum --out DIR -n 20` writes
one `HH:MM:SS Name: text` file a meeting, each turn lasting as long as its words take to say
(150 English words or 240 Chinese characters a minute). Nothing of the corpora is copied into the
project: DIR is the caller's.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from core.settings import Settings
from core.text.language import language_of

WORDS_PER_MINUTE = 150
CHARACTERS_PER_MINUTE = 240
_NOISE = re.compile(r"\{[a-z]+\}")  # QMSum marks vocal sounds and gaps so


def qmsum(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(meeting id, [(speaker, text)]) in the corpus' order."""
    for line in path.open(encoding="utf-8"):
        meeting = json.loads(line)
        turns = [
            (t["speaker"], " ".join(_NOISE.sub(" ", t["text"]).split())) for t in meeting["turns"]
        ]
        yield meeting["id"], turns


def vcsum(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(meeting id, [(speaker, text)]); speakers are numbers, named 发言人1, 发言人2, …"""
    for line in path.open(encoding="utf-8"):
        meeting = json.loads(line)
        turns = [
            (f"发言人{turn['speaker']}", "".join(turn["sents"]))
            for segment in meeting["segments"]
            for turn in segment["turns"]
        ]
        yield meeting["id"], turns


def as_transcript(turns: list[tuple[str, str]]) -> str:
    lines, at_s = [], 0.0
    for speaker, text in turns:
        if not text:
            continue
        clock = f"{int(at_s) // 3600:02d}:{int(at_s) // 60 % 60:02d}:{int(at_s) % 60:02d}"
        lines.append(f"{clock} {speaker}: {text}")
        at_s += _seconds(text)
    return "\n".join(lines) + "\n"


def _seconds(text: str) -> float:
    if language_of(text) == "zh":
        return 60 * len(text) / CHARACTERS_PER_MINUTE
    return 60 * len(text.split()) / WORDS_PER_MINUTE


CORPORA = {"qmsum": qmsum, "vcsum": vcsum}


def convert(corpus: str, out: Path, *, n: int, shared: Path) -> list[Path]:
    """The first `n` meetings as files in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for meeting_id, turns in CORPORA[corpus](
        shared / "data" / "meetings" / f"{corpus}_meetings.jsonl"
    ):
        if len(written) == n:
            break
        file = out / f"{meeting_id}.txt"
        file.write_text(as_transcript(turns), encoding="utf-8")
        written.append(file)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=sorted(CORPORA))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("-n", type=int, default=20)
    arguments = parser.parse_args()
    files = convert(arguments.corpus, arguments.out, n=arguments.n, shared=Settings().shared)
    print(f"{len(files)} meetings → {arguments.out}")


if __name__ == "__main__":
    main()
