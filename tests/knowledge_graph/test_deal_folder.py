import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidInput, NotFound
from knowledge_graph.crm.deal_folder import (
    DealFolderCrm,
    find_deal_folders,
    is_deal_folder,
    read_deal_folder,
)
from knowledge_graph.crm.record_file import MAX_RECORD_BYTES

SAMPLES = Path(__file__).parents[2] / "evals" / "samples"


def write(folder: Path, record: Any = None, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    content = record if record is not None else {"account": {"name": "A"}}
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "deal.json").write_text(text, encoding="utf-8")
    return folder


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_a_folder_gives_its_record_and_files_sorted(tmp_path: Path) -> None:
    folder = write(tmp_path / "deal", {"account": {"name": "甲"}, "opportunity": {"id": "o-1"}})
    touch(
        folder,
        *("emails/b.eml", "emails/A.EML", "emails/list.pdf", "emails/.hidden.eml"),
        *("meetings/m1.vtt", "meetings/m1.meta.json", "meetings/m2.json", "meetings/m3.MP4"),
        *("meetings/m4.txt", "meetings/slides.pptx", "events.jsonl", "notes/n.txt"),
    )
    found = read_deal_folder(folder)
    assert found.record.id == "o-1"
    assert found.record_object["account"] == {"name": "甲"}
    assert found.record_raw == (folder / "deal.json").read_bytes()
    assert found.record_sha256 == hashlib.sha256(found.record_raw).hexdigest()
    assert found.record_text == found.record_raw.decode()
    assert names(found.emails) == ["A.EML", "b.eml"]
    assert names(found.meetings) == ["m1.vtt", "m2.json", "m3.MP4", "m4.txt"]
    assert {stem: path.name for stem, path in found.metas.items()} == {"m1": "m1.meta.json"}
    assert sorted(names(found.other)) == ["events.jsonl", "list.pdf", "n.txt", "slides.pptx"]
    assert found.problems == []


def test_a_deal_without_an_id_is_named_by_its_folder(tmp_path: Path) -> None:
    assert read_deal_folder(write(tmp_path / "harbour")).record.id == "harbour"


def test_a_meta_file_without_its_meeting_is_reported(tmp_path: Path) -> None:
    folder = write(tmp_path)
    touch(folder, "meetings/gone.meta.json")
    assert read_deal_folder(folder).problems == ["meetings/gone.meta.json belongs to no meeting"]


def test_links_out_of_the_folder_are_reported_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    touch(outside, "secret.eml", "emails/other.eml")
    folder = write(tmp_path / "deal")
    touch(folder, "emails/real.eml")
    (folder / "emails" / "link.eml").symlink_to(outside / "secret.eml")
    (folder / "emails" / "inner.eml").symlink_to(folder / "emails" / "real.eml")
    (folder / "meetings").symlink_to(outside / "emails")
    found = read_deal_folder(folder)
    assert names(found.emails) == ["inner.eml", "real.eml"]
    assert found.meetings == []
    assert sorted(found.problems) == [
        "emails/link.eml is a link out of the folder: left out",
        "meetings is a link out of the folder: left out",
    ]


def test_a_record_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere")
    folder = tmp_path / "deal"
    folder.mkdir()
    (folder / "deal.json").symlink_to(elsewhere / "deal.json")
    with pytest.raises(InvalidInput, match="link that leads out"):
        read_deal_folder(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"account": ', "no JSON .line 1, column"),
        (b'["a"]', "no JSON object"),
        ('{"a": "甲"}'.encode("gb18030"), "not UTF-8"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no JSON"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "nested more than"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested more than"),
        (b" " * (MAX_RECORD_BYTES + 1), "larger than"),
        (b"", "no JSON"),
    ],
)
def test_a_broken_record_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "deal.json").write_bytes(content)
    with pytest.raises(InvalidInput, match=reason) as caught:
        read_deal_folder(tmp_path)
    assert caught.value.remedy


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "deal.json").write_bytes(b"\xef\xbb\xbf" + b'{"account": {"name": "A"}}')
    assert read_deal_folder(tmp_path).record_text.startswith("{")


def test_deal_folders_are_found_at_any_level(tmp_path: Path) -> None:
    for name in ("b", "a/deep/er", "a/x", ".git/c"):
        write(tmp_path / name)
    write(tmp_path / "b" / "meetings")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in find_deal_folders(tmp_path)] == [
        "a/deep/er",
        "a/x",
        "b",
    ]
    assert find_deal_folders(tmp_path / "b") == [tmp_path / "b"]
    assert find_deal_folders(tmp_path / "nowhere") == []


def test_a_folder_without_a_record_is_no_deal_folder(tmp_path: Path) -> None:
    assert not is_deal_folder(tmp_path)
    with pytest.raises(NotFound, match=r"no deal\.json"):
        read_deal_folder(tmp_path)


def test_the_crm_port_reads_below_its_root_only(tmp_path: Path) -> None:
    write(tmp_path / "deals" / "one", {"opportunity": {"id": "o-1"}})
    write(tmp_path / "private")
    crm = DealFolderCrm(tmp_path / "deals")
    deal, text = crm.read_deal("one")
    assert deal.id == "o-1"
    assert json.loads(text) == {"opportunity": {"id": "o-1"}}
    with pytest.raises(InvalidInput, match="leads out"):
        crm.read_deal("../private")
    with pytest.raises(NotFound):
        crm.read_deal("two")


@pytest.mark.parametrize("folder", find_deal_folders(SAMPLES), ids=lambda path: path.name)
def test_the_samples_read_without_problems(folder: Path) -> None:
    found = read_deal_folder(folder)
    assert found.problems == []
    assert found.emails
    assert found.meetings
    assert set(found.metas) <= {meeting.stem for meeting in found.meetings}
    assert found.record.rep is not None
    assert found.record.contacts
