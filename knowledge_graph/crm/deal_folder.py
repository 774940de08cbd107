"""Deal folders on disk, and the words in deal.json that a CRM field can be cited by.

A CRM value is evidence like any sentence, so it is found letter by letter in the file. What is
shown is the typed value: the record's own words where it is a text, an ISO day for a date.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from core.domain import Bilingual, Channel, Deal, Evidence, Role, SourceId
from core.errors import InvalidInput, NotFound
from knowledge_graph.crm.places import at, decoded, locate
from knowledge_graph.crm.record import parse_record
from knowledge_graph.crm.record_file import RECORD_NAME, read_record

MEETING_SUFFIXES = frozenset({".vtt", ".json", ".txt", ".wav", ".mp3", ".m4a", ".mp4"})
_META_SUFFIX = ".meta.json"


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a field stands in deal.json, what it is called, and how a deal's value is shown."""

    pointer: str
    label: Bilingual
    shown: Callable[[Deal], object]


# decision_maker points at a contact's id; what is shown and cited is that contact's name.
CRM_FIELDS: Mapping[str, FieldPlace] = {
    "account": FieldPlace("/account/name", Bilingual("客户", "account"), lambda d: d.account.name),
    "industry": FieldPlace(
        "/account/industry", Bilingual("行业", "industry"), lambda d: d.account.industry
    ),
    "region": FieldPlace(
        "/account/region", Bilingual("地区", "region"), lambda d: d.account.region
    ),
    "n_employees": FieldPlace(
        "/account/n_employees", Bilingual("员工数", "employees"), lambda d: d.account.n_employees
    ),
    "rep": FieldPlace("/rep/name", Bilingual("销售", "sales rep"), lambda d: d.rep and d.rep.name),
    "deal": FieldPlace(
        "/opportunity/name", Bilingual("商机", "opportunity"), lambda d: d.opportunity.name
    ),
    "stage": FieldPlace(
        "/opportunity/stage", Bilingual("阶段", "stage"), lambda d: d.opportunity.stage
    ),
    "amount": FieldPlace("/opportunity/amount", Bilingual("金额", "amount"), lambda d: _plain(d)),
    "currency": FieldPlace(
        "/opportunity/currency", Bilingual("币种", "currency"), lambda d: d.opportunity.currency
    ),
    "expected_close": FieldPlace(
        "/opportunity/expected_close",
        Bilingual("预计成交日期", "expected close"),
        lambda d: d.opportunity.expected_close,
    ),
    "budget_status": FieldPlace(
        "/opportunity/budget_status",
        Bilingual("预算状态", "budget status"),
        lambda d: d.opportunity.budget_status,
    ),
    "decision_maker": FieldPlace(
        "/opportunity/decision_maker",
        Bilingual("决策人", "decision maker"),
        lambda d: _decision_maker(d),
    ),
    "competitors": FieldPlace(
        "/opportunity/competitors",
        Bilingual("竞争对手", "competitors"),
        lambda d: ", ".join(d.opportunity.competitors),
    ),
    "trial_window": FieldPlace(
        "/opportunity/trial_window", Bilingual("试用时间", "trial window"), lambda d: _trial(d)
    ),
    "next_step": FieldPlace(
        "/opportunity/next_step",
        Bilingual("下一步", "next step"),
        lambda d: d.opportunity.next_step,
    ),
    "csat": FieldPlace(
        "/opportunity/csat", Bilingual("满意度", "satisfaction score"), lambda d: d.opportunity.csat
    ),
    "products": FieldPlace(
        "/products", Bilingual("产品", "products"), lambda d: ", ".join(d.products)
    ),
}


@dataclass(frozen=True, slots=True)
class DealFolder:
    """A deal folder's record and files. Paths are absolute and sorted; none leads outside.

    `record` is typed, `record_object` the same as plain JSON, `record_raw` the file's bytes, whose
    hash is `record_sha256`; evidence offsets count in `record_text`. `metas` is keyed by the
    meeting's stem. `other` holds what no reader claims, so that it can be named.
    """

    root: Path
    record: Deal
    record_object: Mapping[str, Any]
    record_text: str
    record_raw: bytes
    record_sha256: str
    problems: list[str]
    emails: list[Path] = field(default_factory=list)
    meetings: list[Path] = field(default_factory=list)
    metas: dict[str, Path] = field(default_factory=dict)
    other: list[Path] = field(default_factory=list)


def is_deal_folder(path: Path) -> bool:
    return (path / RECORD_NAME).is_file()


def find_deal_folders(path: Path) -> list[Path]:
    """The deal folders at or below the path, sorted. Hidden and linked folders are passed over."""
    found = []
    for root, folders, files in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if RECORD_NAME in files and is_deal_folder(Path(root)):
            found.append(Path(root))
            folders.clear()
    return sorted(found)


def read_deal_folder(path: Path) -> DealFolder:
    """The folder's record and what lies beside it.

    Raises NotFound without a deal.json, InvalidInput when that cannot be read.
    """
    if not is_deal_folder(path):
        raise NotFound(
            f"{path} is no deal folder: it has no {RECORD_NAME}.",
            remedy="Name a folder that holds deal.json, or one above such folders.",
        )
    root = path.resolve()
    raw, text, record = read_record(root)
    deal, problems = parse_record(record, fallback_id=root.name)
    folder = DealFolder(
        root=root,
        record=deal,
        record_object=record,
        record_text=text,
        record_raw=raw,
        record_sha256=hashlib.sha256(raw).hexdigest(),
        problems=problems,
    )
    for file in _files_within(root, problems):
        _sort_in(folder, file)
    stems = {meeting.stem for meeting in folder.meetings}
    problems.extend(
        f"{meta.relative_to(root)} belongs to no meeting"
        for stem, meta in folder.metas.items()
        if stem not in stems
    )
    return folder


@dataclass(frozen=True, slots=True)
class CrmField:
    """A CRM value as it is shown, what the field is called, and where the record says so."""

    value: str
    label: Bilingual
    evidence: Evidence


class DealFolderCrm:
    """The Crm port over a folder of deal folders; a locator is a path below it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read_deal(self, locator: str) -> tuple[Deal, str]:
        """The record and the text of deal.json. Raises NotFound, InvalidInput."""
        path = (self.root / locator).resolve()
        if not path.is_relative_to(self.root):
            raise InvalidInput(
                f"{locator!r} leads out of the deal folders.", remedy="Name a folder below them."
            )
        folder = read_deal_folder(path)
        return folder.record, folder.record_text


def _files_within(root: Path, problems: list[str]) -> Iterator[Path]:
    """Every visible file at any depth, sorted; links that lead outside become problems."""
    for parent, folders, files in os.walk(root, followlinks=False):
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in linked)
        for path in sorted(Path(parent) / name for name in (*files, *linked)):
            if path.name.startswith(".") or path == root / RECORD_NAME:
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                problems.append(f"{path.relative_to(root)} is a link out of the folder: left out")
            elif path.is_file():
                yield path
            else:
                problems.append(f"{path.relative_to(root)} is no ordinary file: left out")


def _sort_in(folder: DealFolder, path: Path) -> None:
    parent = path.parent.relative_to(folder.root).as_posix()
    suffix = path.suffix.lower()
    if parent == "emails" and suffix == ".eml":
        folder.emails.append(path)
    elif parent == "meetings" and path.name.lower().endswith(_META_SUFFIX):
        folder.metas[path.name[: -len(_META_SUFFIX)]] = path
    elif parent == "meetings" and suffix in MEETING_SUFFIXES:
        folder.meetings.append(path)
    else:
        folder.other.append(path)


def crm_fields(
    deal: Deal,
    record_text: str,
    *,
    source_id: str,
    sha256: str,
    file: str,
    as_of: datetime | None,
) -> dict[str, CrmField]:
    """Field name → its value with evidence, in CRM_FIELDS' order; what the record lacks is absent.

    Dates are shown as ISO days, a trial as start/end, sums as the plain decimal without currency,
    lists with commas. `as_of` is when the record was last changed.
    """
    record, _ = decoded(record_text)
    found: dict[str, CrmField] = {}
    for name, place in CRM_FIELDS.items():
        shown = place.shown(deal)
        if shown is None or shown == "":
            continue
        evidence = crm_evidence(
            record_text,
            pointer=_narrowed(deal, name, place.pointer, record),
            source_id=source_id,
            sha256=sha256,
            file=file,
            field=name,
            as_of=as_of,
        )
        if evidence is None:
            continue
        if name == "industry":
            # The pack's name for the industry need not be a word of the record.
            shown = at(record, place.pointer)
        found[name] = CrmField(str(shown).strip(), place.label, evidence)
    return found


def crm_evidence(
    record_text: str,
    *,
    pointer: str,
    source_id: str,
    sha256: str,
    file: str,
    field: str,
    as_of: datetime | None,
) -> Evidence | None:
    """The value's own words in deal.json: inside the quotation marks of a text, else as written.

    A text with escapes is quoted raw, and so is a null, so that a gap can be cited. None where
    the record lacks the key or holds an empty text, list or object.
    """
    located = locate(record_text, pointer)
    if located is None:
        return None
    start, end = located
    return Evidence(
        source_id=SourceId(source_id),
        source_sha256=sha256,
        file=file,
        channel=Channel.CRM,
        start=start,
        end=end,
        quote=record_text[start:end],
        role=Role.UNKNOWN,
        occurred_at=as_of,
        crm_field=field,
    )


def _plain(deal: Deal) -> str | None:
    amount = deal.opportunity.amount
    return None if amount is None else f"{amount:f}"


def _decision_maker(deal: Deal) -> str | None:
    contact = deal.contact(deal.opportunity.decision_maker)
    return contact.name if contact else deal.opportunity.decision_maker


def _trial(deal: Deal) -> str:
    days = (deal.opportunity.trial_start, deal.opportunity.trial_end)
    return "/".join(day.isoformat() for day in days if day)


def _narrowed(deal: Deal, name: str, pointer: str, record: Any) -> str:
    """The pointer to what says exactly what is shown, where that is a part of the field."""
    opportunity = deal.opportunity
    if name == "decision_maker":
        return _contact_name(deal, record) or pointer
    if name == "trial_window" and not (opportunity.trial_start and opportunity.trial_end):
        return f"{pointer}/start" if opportunity.trial_start else f"{pointer}/end"
    listed = {"competitors": opportunity.competitors, "products": deal.products}.get(name, ())
    items = at(record, pointer)
    if len(listed) == 1 and isinstance(items, list):
        for number, item in enumerate(items):
            if _says(item, listed[0]):
                return f"{pointer}/{number}"
            if isinstance(item, Mapping) and _says(item.get("name"), listed[0]):
                return f"{pointer}/{number}/name"
    return pointer


def _says(content: object, text: str) -> bool:
    return isinstance(content, str) and content.strip() == text


def _contact_name(deal: Deal, record: Any) -> str | None:
    contact = deal.contact(deal.opportunity.decision_maker)
    contacts = at(record, "/contacts")
    if contact is None or not isinstance(contacts, list):
        return None
    named = [
        (number, key)
        for number, one in enumerate(contacts)
        if isinstance(one, Mapping)
        for key in ("name", "email")
        if _says(one.get(key), contact.name)
    ]
    # Two contacts may share a name; the id then tells which of them it is.
    named.sort(key=lambda n: str(contacts[n[0]].get("id")).strip() != contact.id)
    return f"/contacts/{named[0][0]}/{named[0][1]}" if named else None
