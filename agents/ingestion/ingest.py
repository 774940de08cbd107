"""Ingestion: a path goes in, sources, passages, vectors and signals come out, nothing is lost.

Reading and recognising happen before the transaction, writing inside one: either all of a deal
folder's changes are committed or none. Ingesting a deal folder makes the store equal to the
folder: new files are added, edited ones replaced, vanished ones retired, equal ones left alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from agents.backends import Backends
from agents.ingestion.originals import (
    DEAL_FILE,
    Original,
    Scope,
    fingerprint,
    read_crm_record,
    read_file,
    read_loose,
)
from agents.ingestion.report import Failure, IngestReport
from agents.ingestion.writing import Work, write
from core.domain import AccountId, Source, TenantId
from core.errors import CoachError, InvalidInput, NotFound
from knowledge_graph import store as crm_store
from knowledge_graph.crm.deal_folder import DealFolder, find_deal_folders, read_deal_folder
from retrieval import store as source_store

# Files of one transaction in a loose collection: large enough to be quick, small enough to keep.
BATCH = 64
MIB = 1024 * 1024
LOOSE = "loose:"

Progress = Callable[[str, int, int], None]
"""Called with (what, n_done, n_total) after each file."""


class Ingestion:
    """One run over one path for one tenant; the counts gather in `report`."""

    def __init__(self, backends: Backends, *, tenant_id: str, on_progress: Progress | None) -> None:
        self.backends = backends
        self.tenant_id = TenantId(tenant_id)
        self.report = IngestReport()
        self._progress = on_progress or (lambda *_: None)
        self._n_total = 0

    def run(self, path: Path) -> IngestReport:
        started = time.perf_counter()
        if not path.exists():
            raise NotFound(f"{path} does not exist.", remedy="Name a deal folder or a file.")
        folders = find_deal_folders(path) if path.is_dir() else []
        loose = loose_files(path, folders)
        if not folders and not loose:
            raise NotFound(f"{path} holds no files.", remedy="Name a folder of mails or meetings.")
        with self.backends.database.write() as session:
            crm_store.ensure_tenant(session, self.tenant_id, self.backends.clock.now())
        self._n_total = len(loose) + sum(_n_files(folder) for folder in folders)
        for folder in folders:
            self._deal_folder(folder)
        if loose:
            self._loose(path, loose)
        self.report.seconds = round(time.perf_counter() - started, 3)
        return self.report

    def _deal_folder(self, folder: Path) -> None:
        try:
            found = read_deal_folder(folder)
            if found.record.account.id.startswith(LOOSE):
                raise InvalidInput(
                    f"account.id may not start with {LOOSE!r}.",
                    remedy="That is the name of a collection that no account may read.",
                )
        except CoachError as error:
            self._failed(folder / DEAL_FILE, error)
            return
        deal = found.record
        scope = Scope(self.tenant_id, origin=deal.id, account_id=deal.account.id, deal=deal)
        self.report.deals.append(deal.id)
        self.report.warnings += [Failure(str(folder / DEAL_FILE), p) for p in found.problems]
        with self.backends.database.read() as session:
            known = source_store.sources_of(session, tenant_id=self.tenant_id, origin=deal.id)

        work = Work(scope=scope, record=found)
        if self._is_new(known.get(DEAL_FILE), fingerprint(found.record_raw)):
            work.originals.append(read_crm_record(found, scope=scope))
        names = {DEAL_FILE}
        for file in (*found.emails, *found.meetings):
            name = file.relative_to(found.root).as_posix()
            names.add(name)
            original = self._deal_file(file, name, found, scope, known)
            if original is not None:
                work.originals.append(original)
            self._progress(deal.opportunity.name, self.report.n_files, self._n_total)
        for file in found.other:
            self.report.warnings.append(Failure(str(file), "ignored: no part of a deal folder"))
        work.gone = [source for name, source in known.items() if name not in names]
        write(self.backends, work, self.report, known)

    def _deal_file(
        self,
        file: Path,
        name: str,
        found: DealFolder,
        scope: Scope,
        known: Mapping[str, Source],
    ) -> Original | None:
        try:
            raw = self._bytes(file)
            meta_file = found.metas.get(file.stem)
            sidecar = self._bytes(meta_file) if meta_file else b""
            # Contacts and rep decide whose words are the customer's, so they count as input.
            inputs = fingerprint(raw, sidecar, repr((found.record.contacts, found.record.rep)))
            before = known.get(name)
            if before is not None and before.meta.get("inputs") == inputs:
                self._is_new(before, inputs)
                return None
            original = read_file(
                raw, path=name, scope=scope, sidecar=sidecar, backends=self.backends, inputs=inputs
            )
        except (CoachError, OSError) as error:
            self._failed(file, error)
            return None
        self._is_new(before, inputs)
        self._note_degraded(file, original)
        return original

    def _loose(self, path: Path, files: Sequence[Path]) -> None:
        """Mails, meetings and texts outside any deal: a collection of their own."""
        root = path if path.is_dir() else path.parent
        for at in range(0, len(files), BATCH):
            group = files[at : at + BATCH]
            by_scope: dict[Scope, list[Original]] = {}
            known_of: dict[Scope, Mapping[str, Source]] = {}
            for file in group:
                name = file.relative_to(root).as_posix()
                scope = self._loose_scope(root, file)
                if scope not in known_of:
                    with self.backends.database.read() as session:
                        known_of[scope] = source_store.sources_of(
                            session, tenant_id=self.tenant_id, origin=scope.origin
                        )
                original = self._loose_file(file, name, scope, known_of[scope])
                if original is not None:
                    by_scope.setdefault(scope, []).append(original)
                self._progress(root.name, self.report.n_files, self._n_total)
            for scope, originals in by_scope.items():
                work = Work(scope=scope, originals=originals)
                write(self.backends, work, self.report, known_of[scope])

    def _loose_scope(self, root: Path, file: Path) -> Scope:
        """Shared knowledge for texts; a closed collection for mails and meetings.

        Words of people who belong to no deal must not turn up beside any account.
        """
        if file.suffix.lower() == ".md":
            return Scope(self.tenant_id, origin=f"knowledge:{root.name}")
        name = f"{LOOSE}{root.name}"
        return Scope(self.tenant_id, origin=name, account_id=AccountId(name))

    def _loose_file(
        self, file: Path, name: str, scope: Scope, known: Mapping[str, Source]
    ) -> Original | None:
        try:
            raw = self._bytes(file)
            inputs = fingerprint(raw)
            before = known.get(name)
            if before is not None and before.meta.get("inputs") == inputs:
                self._is_new(before, inputs)
                return None
            original = read_loose(raw, path=name, scope=scope, backends=self.backends)
        except (CoachError, OSError) as error:
            self._failed(file, error)
            return None
        self._is_new(before, inputs)
        self._note_degraded(file, original)
        return original

    def _note_degraded(self, file: Path, original: Original) -> None:
        notes = original.source.meta.get("degraded", ())
        self.report.warnings += [Failure(str(file), note) for note in notes]

    def _bytes(self, file: Path) -> bytes:
        limit = self.backends.settings.max_file_mib
        if file.stat().st_size > limit * MIB:
            raise InvalidInput(
                f"{file.name} is larger than {limit} MiB.", remedy="Raise JUNSHI_MAX_FILE_MIB."
            )
        return file.read_bytes()

    def _is_new(self, before: Source | None, inputs: str) -> bool:
        """Counts the file; True when it has to be written."""
        self.report.n_files += 1
        if before is None:
            self.report.n_new += 1
        elif before.meta.get("inputs") == inputs:
            self.report.n_unchanged += 1
            return False
        else:
            self.report.n_replaced += 1
        return True

    def _failed(self, file: Path, error: Exception) -> None:
        self.report.n_files += 1
        self.report.failures.append(Failure(str(file), str(error)))


def ingest(
    backends: Backends, path: Path, *, tenant_id: str, on_progress: Progress | None = None
) -> IngestReport:
    """Everything found at `path`. Raises NotFound when there is nothing to read."""
    return Ingestion(backends, tenant_id=tenant_id, on_progress=on_progress).run(path)


def loose_files(path: Path, folders: Sequence[Path]) -> list[Path]:
    """Files that belong to no deal folder, sorted; sidecars and what is hidden left out."""
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and not file.name.endswith(".meta.json")
        and not any(folder == file.parent or folder in file.parents for folder in folders)
    )


def _n_files(folder: Path) -> int:
    return sum(1 for file in folder.rglob("*") if file.is_file())
