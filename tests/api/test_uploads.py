"""Uploading a deal folder: what goes in, and what is kept out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import evals
from api.uploads import unpack_deal_folder
from core.errors import InvalidInput

SAMPLES = Path(evals.__file__).parent / "samples"
ClientOf = Callable[..., TestClient]


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sample(name: str, *, below: str = "") -> dict[str, bytes]:
    folder = SAMPLES / name
    return {
        below + file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "expected.json"
    }


@pytest.fixture(scope="module")
def admin(client_of: ClientOf) -> TestClient:
    return client_of(tenant="uploads", role="admin")


def upload(client: TestClient, body: bytes) -> tuple[int, dict[str, object]]:
    response = client.post("/v1/deals", content=body, headers={"Content-Type": "application/zip"})
    return response.status_code, response.json()


def test_an_uploaded_deal_folder_is_ingested_whole(admin: TestClient) -> None:
    files = sample("lanqi-hr", below="export/lanqi/")
    status, report = upload(admin, zipped(files))
    assert status == 201
    assert report["deals"] == ["opp-lanqi-hr"]
    assert report["n_new"] == report["n_files"]
    assert report["failures"] == []
    assert admin.get("/v1/deals/opp-lanqi-hr/coach").json()["suggestions"]


def test_the_same_upload_again_changes_nothing(admin: TestClient) -> None:
    body = zipped(sample("huatai-vision"))
    upload(admin, body)
    _, report = upload(admin, body)
    assert (report["n_new"], report["n_replaced"], report["n_retired"]) == (0, 0, 0)


def test_failures_name_the_file_and_not_the_servers_folder(admin: TestClient) -> None:
    record = {"opportunity": {"id": "opp-up"}, "account": {"id": "acc-up", "name": "U"}}
    files = {"deal.json": json.dumps(record).encode(), "meetings/broken.json": b"{"}
    _, report = upload(admin, zipped(files))
    assert [failure["path"] for failure in report["failures"]] == ["meetings/broken.json"]


@pytest.mark.parametrize(
    "name", ["../deal.json", "/etc/deal.json", "a/../../deal.json", "C:\\deal.json", "..\\x", "."]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(InvalidInput):
        unpack_deal_folder(zipped({name: b"{}"}), folder, limit_mib=1)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def damaged() -> bytes:
    whole = bytearray(zipped({"deal.json": b"a longer text that deflates " * 40}))
    whole[60:80] = b"\xff" * 20
    return bytes(whole)


@pytest.mark.parametrize(
    "body",
    [b"", b"not a zip", zipped({}), damaged(), zipped({"a": b"1", "a/b": b"2"})],
    ids=["empty", "no-zip", "no-files", "damaged", "clash"],
)
def test_what_is_no_archive_is_refused(admin: TestClient, body: bytes) -> None:
    status, problem = upload(admin, body)
    assert status == 422
    assert problem["detail"]


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="unpacks to more"):
        unpack_deal_folder(zipped({"deal.json": b"0" * 3 * 1024 * 1024}), tmp_path, limit_mib=1)
    assert list(tmp_path.iterdir()) == []


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="more than"):
        unpack_deal_folder(zipped({f"{n}.eml": b"" for n in range(2001)}), tmp_path, limit_mib=1)


def test_an_archive_without_a_deal_is_refused(admin: TestClient) -> None:
    status, _ = upload(admin, zipped({"notes/readme.bin": b"\0"}))
    assert status in (201, 422)
    if status == 201:
        assert admin.get("/v1/deals/readme").status_code == 404


def in_pieces(n_mib: int) -> Iterator[bytes]:
    for _ in range(n_mib):
        yield b"0" * 1024 * 1024


def test_a_body_above_the_limit_is_refused_even_without_a_length(admin: TestClient) -> None:
    for body in (b"0" * 9 * 1024 * 1024, in_pieces(9)):
        response = admin.post("/v1/intents", content=body)
        assert response.status_code == 413
        assert response.json()["code"] == "too_large"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
