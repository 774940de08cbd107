"""The trade's vocabulary in both languages, in the shape of SKOS: concepts, labels, broader terms.

The packs are YAML because people write and review them. Reading 3,000 concepts from YAML takes
about half a second, so the caller may name a cache folder: there they lie as one compact JSON file
named by the SHA-256 of every pack's bytes. Reading and hashing all packs takes about 5 ms, which is
little enough not to trust file times instead. A cache that is damaged is built again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import structlog

from core.domain import LANGUAGES, Bilingual, Channel, ConceptId, Evidence, Language, SourceId
from core.errors import InvalidInput, NotFound
from knowledge_graph.labels import MIN_LABEL_CHARACTERS, LabelIndex, longest
from knowledge_graph.pack import PACKS, Entry, PackFile, Problem, name_of, pack_paths, read_pack

# Weights of added query terms. Same-meaning words rank above the other language's word, which the
# embedder already bridges; a narrower term is only a hint.
SYNONYM_WEIGHT = 0.6
TRANSLATION_WEIGHT = 0.5
NARROWER_WEIGHT = 0.2
# A class of goods has sixty narrower terms: all of them would drown the query.
MAX_NARROWER = 12

# Part of the cache's name: raise it when the cached form changes.
_CACHE_FORMAT = 1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept of a pack. `start`/`end` delimit its preferred labels in the pack file, in code
    points; `label_spans` each one of them. `code` is set on a class of the industry standard.
    """

    id: ConceptId
    scheme: str
    pref: Bilingual
    alt: Mapping[Language, tuple[str, ...]]
    broader: tuple[ConceptId, ...]
    related: tuple[ConceptId, ...]
    file: str
    start: int
    end: int
    label_spans: Mapping[Language, tuple[int, int]]
    code: str | None = None

    def labels(self, language: Language) -> tuple[str, ...]:
        """The preferred label first."""
        return (self.pref.get(language), *self.alt.get(language, ()))


class Terms:
    """All concepts of the packs. `version` is a short hash of the packs' contents."""

    def __init__(
        self, concepts: Sequence[Concept], *, originals: Mapping[str, tuple[str, str]], version: str
    ) -> None:
        self.version = version
        self._originals = originals
        self._concepts = {concept.id: concept for concept in concepts}
        narrower: dict[ConceptId, list[ConceptId]] = {}
        for concept in concepts:
            for parent in concept.broader:
                narrower.setdefault(parent, []).append(concept.id)
        self._narrower = {parent: tuple(children) for parent, children in narrower.items()}

    def __len__(self) -> int:
        return len(self._concepts)

    @property
    def schemes(self) -> tuple[str, ...]:
        return tuple(sorted({concept.scheme for concept in self._concepts.values()}))

    def concepts(self) -> tuple[Concept, ...]:
        """In the packs' order."""
        return tuple(self._concepts.values())

    def concept(self, concept_id: str) -> Concept:
        """Raises NotFound."""
        try:
            return self._concepts[ConceptId(concept_id)]
        except KeyError:
            raise NotFound(
                f"There is no term {concept_id!r}.", remedy="Term ids read like 'saas:erp'."
            ) from None

    def narrower(self, concept_id: str) -> tuple[Concept, ...]:
        """Its direct narrower concepts, in the packs' order."""
        return tuple(self._concepts[c] for c in self._narrower.get(ConceptId(concept_id), ()))

    def broader_chain(self, concept_id: str) -> tuple[Concept, ...]:
        """Every broader concept, the nearest first, each once. Raises NotFound."""
        chain: dict[ConceptId, Concept] = {}
        level = list(self.concept(concept_id).broader)
        while level:
            above: list[ConceptId] = []
            for parent in level:
                if parent not in chain:
                    chain[parent] = self._concepts[parent]
                    above.extend(chain[parent].broader)
            level = above
        chain.pop(ConceptId(concept_id), None)
        return tuple(chain.values())

    def labels(self) -> tuple[str, ...]:
        """Every label of two characters or more, each spelling once, in the packs' order."""
        spelled = (
            label
            for concept in self._concepts.values()
            for language in LANGUAGES
            for label in concept.labels(language)
        )
        return tuple(dict.fromkeys(s for s in spelled if len(s) >= MIN_LABEL_CHARACTERS))

    @cached_property
    def index(self) -> LabelIndex:
        return LabelIndex(self.labels())

    @cached_property
    def bearers(self) -> Mapping[str, tuple[tuple[ConceptId, Language, str], ...]]:
        """Folded label → who bears it: (concept, language, label as the pack spells it)."""
        bearers: dict[str, list[tuple[ConceptId, Language, str]]] = {}
        keys = self.index.keys
        for concept in self._concepts.values():
            for language in LANGUAGES:
                for label in concept.labels(language):
                    if label in keys:
                        bearers.setdefault(keys[label], []).append((concept.id, language, label))
        return {key: tuple(who) for key, who in bearers.items()}

    def expand(self, text: str) -> dict[str, float]:
        """Labels to add to a query, with weights: synonyms, translations, narrower terms.

        Takes a label or running text. Heaviest first, then by spelling; what the text says already
        is left out.
        """
        weights: dict[str, float] = {}
        said: set[str] = set()
        for match in longest(self.index.find(text)):
            said.add(match.key)
            for concept_id, language, _ in self.bearers[match.key]:
                for label, weight in self._near(self._concepts[concept_id], language):
                    weights[label] = max(weight, weights.get(label, 0.0))
        keys = self.index.keys
        added = [(one, w) for one, w in weights.items() if one in keys and keys[one] not in said]
        return dict(sorted(added, key=lambda item: (-item[1], item[0])))

    def _near(self, concept: Concept, language: Language) -> Iterable[tuple[str, float]]:
        other: Language = "en" if language == "zh" else "zh"
        for label in concept.labels(language):
            yield label, SYNONYM_WEIGHT
        yield concept.pref.get(other), TRANSLATION_WEIGHT
        for child in self._narrower.get(concept.id, ())[:MAX_NARROWER]:
            yield self._concepts[child].pref.get(language), NARROWER_WEIGHT

    def original(self, file: str) -> tuple[str, str]:
        """The pack file's text and its SHA-256, as loaded. Raises NotFound."""
        try:
            return self._originals[file]
        except KeyError:
            raise NotFound(
                f"{file!r} is no term pack.", remedy="Evidence of a term names its pack file."
            ) from None

    def term_evidence(self, concept: Concept, language: Language) -> Evidence:
        """The concept's preferred label as it stands in its pack file."""
        text, sha256 = self.original(concept.file)
        start, end = concept.label_spans[language]
        return Evidence(
            source_id=SourceId(f"term:{concept.id}"),
            source_sha256=sha256,
            file=concept.file,
            channel=Channel.TERM,
            start=start,
            end=end,
            quote=text[start:end],
            concept_id=concept.id,
        )


def load_packs(folder: Path = PACKS, *, cache: Path | None = None) -> Terms:
    """The terms of every pack under the folder.

    `cache` is a folder for the compiled form; it is made when missing, and a cache that cannot be
    written is only logged. Raises InvalidInput when the folder holds no pack or a pack is wrong.
    """
    raw = {name_of(path, folder): path.read_bytes() for path in pack_paths(folder)}
    if not raw:
        raise InvalidInput(f"There is no term pack under {folder}.", remedy="Reinstall Junshi.")
    sha256s = {file: hashlib.sha256(content).hexdigest() for file, content in raw.items()}
    version = hashlib.sha256(
        "\n".join(f"{sha256} {file}" for file, sha256 in sha256s.items()).encode()
    ).hexdigest()
    path = cache / f"terms-{_CACHE_FORMAT}-{version[:16]}.json" if cache else None
    rows = _read_cache(path) if path and path.exists() else None
    if rows is None:
        rows = _compile(raw)
        if path:
            _write_cache(path, rows)
    originals = {file: (content.decode("utf-8"), sha256s[file]) for file, content in raw.items()}
    return Terms([_concept(row) for row in rows], originals=originals, version=version[:12])


def check_references(packs: Iterable[PackFile]) -> list[Problem]:
    """Ids used twice in a scheme, and broader or related ids that the scheme does not have."""
    entries = [(pack.scheme, entry) for pack in packs for entry in pack.entries]
    known: dict[tuple[str, str], Entry] = {}
    problems = []
    for scheme, entry in entries:
        first = known.setdefault((scheme, entry.id), entry)
        if first is not entry:
            message = f"id {entry.id} is taken by {first.file}:{first.line}"
            problems.append(Problem(entry.file, entry.line, message))
    for scheme, entry in entries:
        for kind, ids in (("broader", entry.broader), ("related", entry.related)):
            problems.extend(
                Problem(entry.file, entry.line, f"{kind} {one} of {entry.id} does not exist")
                for one in ids
                if (scheme, one) not in known
            )
    return problems


def _compile(raw: Mapping[str, bytes]) -> list[list[Any]]:
    packs = [read_pack(content, file=file) for file, content in raw.items()]
    problems = [p for pack in packs for p in pack.problems] or check_references(packs)
    if problems:
        raise InvalidInput(
            f"A term pack is wrong: {problems[0]}"
            + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""),
            remedy="Correct the pack; tests/knowledge_graph/test_lint.py lists everything.",
        )
    return [_row(pack.scheme, entry) for pack in packs for entry in pack.entries]


def _row(scheme: str, entry: Entry) -> list[Any]:
    zh, en = entry.pref["zh"], entry.pref["en"]
    return [
        scheme,
        entry.id,
        entry.code,
        [zh.text, zh.start, zh.end],
        [en.text, en.start, en.end],
        list(entry.alt.get("zh", ())),
        list(entry.alt.get("en", ())),
        list(entry.broader),
        list(entry.related),
        entry.file,
        entry.start,
        entry.end,
    ]


def _concept(row: Sequence[Any]) -> Concept:
    scheme, name, code, zh, en, alt_zh, alt_en, broader, related, file, start, end = row
    return Concept(
        id=ConceptId(f"{scheme}:{name}"),
        scheme=scheme,
        pref=Bilingual(zh=zh[0], en=en[0]),
        alt={"zh": tuple(alt_zh), "en": tuple(alt_en)},
        broader=tuple(ConceptId(f"{scheme}:{one}") for one in broader),
        related=tuple(ConceptId(f"{scheme}:{one}") for one in related),
        file=file,
        start=start,
        end=end,
        label_spans={"zh": (zh[1], zh[2]), "en": (en[1], en[2])},
        code=code,
    )


def _read_cache(path: Path) -> list[list[Any]] | None:
    """None when the file is damaged: its first line must be the SHA-256 of the rest."""
    try:
        sha256, _, body = path.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() == sha256:
            rows: list[list[Any]] = json.loads(body)
            return rows
    except (OSError, ValueError) as error:
        log.warning("terms_cache_unreadable", error=type(error).__name__)
        return None
    log.warning("terms_cache_damaged")
    return None


def _write_cache(path: Path, rows: list[list[Any]]) -> None:
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    content = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise
    except OSError as error:
        log.warning("terms_cache_not_written", error=type(error).__name__)
