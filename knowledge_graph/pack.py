"""Reading term packs: YAML in the shape of SKOS, each label with its place in the file.

A term can be cited like any other words, so the reader keeps where each preferred label stands.
That is why the YAML is composed to nodes (which carry marks) and not loaded to plain objects;
libyaml does it about ten times faster than the pure Python parser. Nothing here raises for what a
pack's author wrote: every fault becomes a `Problem`, which `terms` turns into an error and `lint`
into a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from core.domain import LANGUAGES, Language

PACKS = Path(__file__).parent / "packs"

_CONCEPT_KEYS = frozenset({"id", "prefLabel", "altLabel", "broader", "related", "code"})
_PACK_KEYS = frozenset({"scheme", "class", "concepts"})
_STRING_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a pack: where it stands and what it is. `line` counts from 1, 0 is the file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Label:
    """A label and its code points in the pack file, quotation marks left out."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Entry:
    """One concept as written. `start`/`end` delimit its preferred labels in the file."""

    file: str
    line: int
    id: str = ""
    code: str | None = None
    is_class: bool = False
    pref: dict[Language, Label] = field(default_factory=dict)
    alt: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class PackFile:
    """One file: its entries in order, its problems, and the text that label offsets refer to."""

    file: str
    sha256: str
    text: str
    scheme: str = ""
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def pack_paths(folder: Path) -> list[Path]:
    """Every pack file at any depth, sorted."""
    return sorted(path for path in folder.rglob("*.yaml") if path.is_file())


def name_of(path: Path, folder: Path) -> str:
    """How a pack file is cited: with the folder's own name and its parent's, as in the checkout."""
    return "/".join((*folder.absolute().parts[-2:], *path.relative_to(folder).parts))


def read_pack(raw: bytes, *, file: str) -> PackFile:
    """The pack in these bytes; whatever is wrong with it stands in `problems`."""
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        text = raw.decode("utf-8")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        return PackFile(file, sha256, "", problems=[Problem(file, line, f"not YAML: {reason}")])
    pack = PackFile(file, sha256, text)
    _Reader(pack).read(node)
    return pack


class _Reader:
    """Walks the nodes of one file and notes what it cannot use."""

    def __init__(self, pack: PackFile) -> None:
        self.pack = pack

    def read(self, node: yaml.Node | None) -> None:
        if not isinstance(node, yaml.MappingNode):
            self.pack.problems.append(Problem(self.pack.file, 0, "the file is no mapping"))
            return
        top = self._mapping(node, allowed=_PACK_KEYS, what="the pack")
        scheme = self._string(top.get("scheme"), "scheme")
        if scheme is None:
            self._note(node, "the pack names no scheme")
            return
        self.pack.scheme = scheme
        if "class" in top:
            self._entry(top["class"], is_class=True)
        concepts = top.get("concepts")
        if not isinstance(concepts, yaml.SequenceNode):
            self._note(node, "the pack has no list of concepts")
            return
        for item in concepts.value:
            self._entry(item, is_class=False)

    def _entry(self, node: yaml.Node, *, is_class: bool) -> None:
        entry = Entry(self.pack.file, node.start_mark.line + 1, is_class=is_class)
        if not isinstance(node, yaml.MappingNode):
            self._note(node, "a concept is no mapping")
            return
        fields = self._mapping(node, allowed=_CONCEPT_KEYS, what="the concept")
        entry.id = self._string(fields.get("id"), "id") or ""
        if not entry.id:
            self._note(node, "a concept has no id")
            return
        entry.code = self._string(fields.get("code"), f"code of {entry.id}")
        self._labels(entry, fields, node)
        entry.broader = tuple(self._strings(fields.get("broader"), f"broader of {entry.id}"))
        entry.related = tuple(self._strings(fields.get("related"), f"related of {entry.id}"))
        self.pack.entries.append(entry)

    def _labels(self, entry: Entry, fields: dict[str, yaml.Node], node: yaml.Node) -> None:
        pref = fields.get("prefLabel")
        if isinstance(pref, yaml.MappingNode):
            entry.start, entry.end = pref.start_mark.index, pref.end_mark.index
            sides = self._mapping(pref, allowed=frozenset(LANGUAGES), what=f"label of {entry.id}")
            for language in LANGUAGES:
                text = self._string(sides.get(language), f"label of {entry.id}")
                if text is not None:
                    entry.pref[language] = self._label(sides[language], text)
        for language in LANGUAGES:
            if language not in entry.pref:
                self._note(node, f"{entry.id} has no preferred label in {language}")
        alt = fields.get("altLabel")
        if alt is None:
            return
        if not isinstance(alt, yaml.MappingNode):
            self._note(alt, f"altLabel of {entry.id} is no mapping")
            return
        sides = self._mapping(alt, allowed=frozenset(LANGUAGES), what=f"altLabel of {entry.id}")
        for language in LANGUAGES:
            words = tuple(self._strings(sides.get(language), f"altLabel of {entry.id}"))
            if words:
                entry.alt[language] = words

    def _label(self, node: yaml.Node, text: str) -> Label:
        start, end = node.start_mark.index, node.end_mark.index
        if self.pack.text[start : start + 1] in ("'", '"'):
            start, end = start + 1, end - 1
        return Label(text, start, end)

    def _mapping(
        self, node: yaml.MappingNode, *, allowed: frozenset[str], what: str
    ) -> dict[str, yaml.Node]:
        fields: dict[str, yaml.Node] = {}
        for key, content in node.value:
            if key.value in fields:
                self._note(key, f"{what} has {key.value} twice")
            elif key.value not in allowed:
                self._note(key, f"{what} has an unknown key {key.value!r}")
            else:
                fields[key.value] = content
        return fields

    def _string(self, node: yaml.Node | None, what: str) -> str | None:
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or node.tag != _STRING_TAG:
            self._note(node, f"{what} is no text; put it in quotation marks")
            return None
        if not node.value.strip():
            self._note(node, f"{what} is empty")
            return None
        return str(node.value)

    def _strings(self, node: yaml.Node | None, what: str) -> Iterator[str]:
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self._note(node, f"{what} is no list")
            return
        for item in node.value:
            text = self._string(item, what)
            if text is not None:
                yield text

    def _note(self, node: yaml.Node, message: str) -> None:
        line = node.start_mark.line + 1
        self.pack.problems.append(Problem(self.pack.file, line, message))
