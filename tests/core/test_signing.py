"""A file is accepted with its own signature only."""

import base64
from pathlib import Path

import pytest

from core.errors import BackendFailed
from core.signing import check, sign


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    file = tmp_path / "model.json"
    file.write_bytes(b'{"weights": 1}')
    sign(file)
    return file


def test_the_signed_bytes_are_accepted_and_others_are_not(signed: Path):
    check(signed, signed.read_bytes(), remedy="")
    with pytest.raises(BackendFailed, match="not its own"):
        check(signed, b'{"weights": 2}', remedy="")


def test_an_exchanged_signature_is_refused(signed: Path, tmp_path: Path):
    other = tmp_path / "other.json"
    other.write_bytes(signed.read_bytes())
    sign(other)
    (tmp_path / "model.json.sig").write_text((tmp_path / "other.json.sig").read_text())
    with pytest.raises(BackendFailed, match="not its own"):
        check(signed, signed.read_bytes(), remedy="")


@pytest.mark.parametrize("suffix", ["sig", "pub"])
def test_a_missing_or_spoilt_half_is_refused(signed: Path, suffix: str):
    half = signed.with_name(f"model.json.{suffix}")
    half.write_text("no base64 !")
    with pytest.raises(BackendFailed, match="signature of model"):
        check(signed, signed.read_bytes(), remedy="")
    half.unlink()
    with pytest.raises(BackendFailed, match="signature of model"):
        check(signed, signed.read_bytes(), remedy="")


def test_one_key_gives_one_signature(tmp_path: Path):
    key = tmp_path / "key"
    key.write_text(base64.b64encode(bytes(range(32))).decode())
    file = tmp_path / "model.json"
    file.write_bytes(b"1")
    sign(file, key_file=key)
    first = file.with_name("model.json.sig").read_text()
    sign(file, key_file=key)
    assert file.with_name("model.json.sig").read_text() == first
    key.write_text("short")
    with pytest.raises(BackendFailed, match="signing key key"):
        sign(file, key_file=key)
