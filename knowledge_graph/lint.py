"""The rules that term packs keep: SKOS integrity (S9, S13, S14) and what Junshi promises to cover.

SKOS asks that a concept have one preferred label a language (S14), that labels be disjoint (S13);
it does not forbid loops in `broader`, but a search for broader terms must end. `python -m
knowledge_graph.lint [folder]` prints every problem.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.domain import LANGUAGES
from knowledge_graph.pack import PACKS, Entry, PackFile, Problem, name_of, pack_paths, read_pack
from knowledge_graph.terms import check_references


@dataclass(frozen=True, slots=True)
class Minimum:
    n_concepts: int
    n_classes: int = 0


# GB/T 4754 has 31 manufacturing divisions (C13 to C43); general manufacturing is one more.
MINIMUMS: Mapping[str, Minimum] = {
    "manufacturing": Minimum(n_concepts=1200, n_classes=32),
    "saas": Minimum(150),
    "retail": Minimum(150),
    "education": Minimum(150),
    "medical": Minimum(150),
    "sales": Minimum(150),
}
# A flat list of terms expands no query.
MIN_NESTED_SHARE = 1 / 3

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def lint(folder: Path = PACKS, *, minimums: Mapping[str, Minimum] = MINIMUMS) -> list[Problem]:
    """Everything wrong with the packs under the folder, by file and line."""
    packs = [read_pack(p.read_bytes(), file=name_of(p, folder)) for p in pack_paths(folder)]
    problems = [problem for pack in packs for problem in pack.problems]
    problems += check_references(packs)
    schemes: dict[str, list[Entry]] = {}
    for pack in packs:
        schemes.setdefault(pack.scheme, []).extend(pack.entries)
        problems.extend(_check_place(pack))
    for scheme, entries in schemes.items():
        problems.extend(_check_ids(entries))
        problems.extend(_check_labels(entries))
        problems.extend(_check_loops(entries))
        problems.extend(_check_nesting(scheme, entries))
    problems.extend(_check_minimums(schemes, minimums))
    return sorted(problems, key=lambda p: (p.file, p.line, p.message))


def _check_place(pack: PackFile) -> Iterator[Problem]:
    """`<scheme>.yaml`, or any file in a folder `<scheme>/`, which then has a class on top."""
    *_, parent, name = pack.file.split("/")
    in_folder = parent == pack.scheme
    if pack.scheme and not in_folder and name != f"{pack.scheme}.yaml":
        yield Problem(pack.file, 1, f"scheme {pack.scheme} does not fit the file's name")
    if in_folder and not any(entry.is_class for entry in pack.entries):
        yield Problem(pack.file, 1, "the file has no class")


def _check_ids(entries: Iterable[Entry]) -> Iterator[Problem]:
    for entry in entries:
        if not _ID.fullmatch(entry.id):
            yield Problem(entry.file, entry.line, f"id {entry.id!r} is not kebab-case")
        if entry.id in entry.broader or entry.id in entry.related:
            yield Problem(entry.file, entry.line, f"{entry.id} names itself")


def _check_labels(entries: Iterable[Entry]) -> Iterator[Problem]:
    """No label belongs to two concepts, nor stands twice in one language of a concept."""
    owners: dict[str, Entry] = {}
    for entry in entries:
        for language in LANGUAGES:
            preferred = [entry.pref[language].text] if language in entry.pref else []
            spelled = [*preferred, *entry.alt.get(language, ())]
            for key, n_times in Counter(label.casefold().strip() for label in spelled).items():
                owner = owners.setdefault(key, entry)
                if owner is not entry:
                    message = f"label {key!r} of {entry.id} is also one of {owner.id}"
                    yield Problem(entry.file, entry.line, message)
                if n_times > 1:
                    message = f"label {key!r} of {entry.id} stands twice in {language}"
                    yield Problem(entry.file, entry.line, message)


def _check_loops(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Concepts that are broader than themselves, found by peeling off all that end somewhere."""
    open_entries = {entry.id: entry for entry in entries}
    while True:
        ending = [
            name
            for name, entry in open_entries.items()
            if not any(parent in open_entries for parent in entry.broader)
        ]
        if not ending:
            break
        for name in ending:
            del open_entries[name]
    for entry in open_entries.values():
        yield Problem(entry.file, entry.line, f"broader of {entry.id} runs in a circle")


def _check_nesting(scheme: str, entries: Iterable[Entry]) -> Iterator[Problem]:
    plain = [entry for entry in entries if not entry.is_class]
    classes = {entry.id for entry in entries if entry.is_class}
    nested = sum(1 for entry in plain if any(parent not in classes for parent in entry.broader))
    if plain and nested < MIN_NESTED_SHARE * len(plain):
        message = f"only {nested} of {len(plain)} concepts of {scheme} have a broader concept"
        yield Problem(plain[0].file, 0, message)
    for entry in plain:
        if classes and not entry.broader:
            yield Problem(entry.file, entry.line, f"{entry.id} belongs to no class")


def _check_minimums(
    schemes: Mapping[str, list[Entry]], minimums: Mapping[str, Minimum]
) -> Iterator[Problem]:
    for scheme, minimum in minimums.items():
        kinds = Counter(entry.is_class for entry in schemes.get(scheme, []))
        if kinds[False] < minimum.n_concepts:
            message = f"{scheme} has {kinds[False]} concepts, fewer than {minimum.n_concepts}"
            yield Problem(scheme, 0, message)
        if kinds[True] < minimum.n_classes:
            message = f"{scheme} has {kinds[True]} classes, fewer than {minimum.n_classes}"
            yield Problem(scheme, 0, message)


def main(arguments: list[str]) -> int:
    problems = lint(Path(arguments[0])) if arguments else lint()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
