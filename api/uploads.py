"""Unpacking an uploaded archive: bounded in size and number, and never outside its folder."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from core.errors import InvalidInput

MAX_FILES = 2000
MIB = 1024 * 1024
# Encrypted or oddly compressed members are RuntimeErrors, clashing or overlong names OSErrors.
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, UnicodeError)


def unpack_deal_folder(archive: bytes, folder: Path, *, limit_mib: int) -> None:
    """Writes the archive's files below `folder`. Raises InvalidInput; nothing is followed out."""
    if len(archive) > limit_mib * MIB:
        raise InvalidInput(
            f"The archive is larger than {limit_mib} MiB.", remedy="Upload fewer files at once."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = [m for m in opened.infolist() if not m.is_dir()]
            _check(members, limit_mib)
            left = limit_mib * MIB
            for member in members:
                target = folder / _relative(member.filename)
                target.parent.mkdir(parents=True, exist_ok=True)
                # The header's size may lie: read at most what is left, and one byte more.
                with opened.open(member) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise InvalidInput(
                        "The archive unpacks to more than it may.", remedy="Upload fewer files."
                    )
                target.write_bytes(content)
    except UNREADABLE as error:
        raise InvalidInput(
            "The body is no readable zip archive.", remedy="Zip the deal folder and send that."
        ) from error


def _check(members: list[zipfile.ZipInfo], limit_mib: int) -> None:
    if not members:
        raise InvalidInput("The archive is empty.", remedy="Zip the folder that holds deal.json.")
    if len(members) > MAX_FILES:
        raise InvalidInput(
            f"The archive has more than {MAX_FILES} files.", remedy="Upload deals one by one."
        )
    if sum(m.file_size for m in members) > limit_mib * MIB:
        raise InvalidInput(
            "The archive unpacks to more than it may.", remedy="Upload fewer files at once."
        )


def _relative(name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise InvalidInput(
            "The archive names a file outside itself.", remedy="Zip the deal folder anew."
        )
    return path
