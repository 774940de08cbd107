"""Signatures of model files: Ed25519 (RFC 8032) over the file's bytes, by the library cryptography.

A hash beside a file tells damage, not exchange: whoever swaps the file can swap the hash. The
signature and the public key lie beside the file as `NAME.sig` and `NAME.pub`; the key is committed
with the code. Training signs with the key in JUNSHI_SIGNING_KEY; without one it makes a key for
this one file and forgets the private half.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from core.errors import BackendFailed


def sign(file: Path, *, key_file: Path | None = None) -> None:
    """Writes NAME.sig and NAME.pub. `key_file`: 32 raw bytes in base64.

    Raises BackendFailed when the key file is no such key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if key_file is None:
        key = Ed25519PrivateKey.generate()
    else:
        try:
            key = Ed25519PrivateKey.from_private_bytes(_decoded(key_file))
        except (OSError, ValueError) as error:
            raise BackendFailed(
                f"The signing key {key_file.name} cannot be used ({type(error).__name__}).",
                remedy="JUNSHI_SIGNING_KEY names a file with 32 random bytes in base64.",
            ) from error
    _write(_beside(file, "sig"), key.sign(file.read_bytes()))
    _write(_beside(file, "pub"), key.public_key().public_bytes_raw())


def check(file: Path, raw: bytes, *, remedy: str) -> None:
    """Raises BackendFailed unless `raw`, the bytes of `file`, carry the signature beside it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(_beside(file, "pub")))
        key.verify(_decoded(_beside(file, "sig")), raw)
    except (OSError, ValueError, InvalidSignature) as error:
        raise BackendFailed(
            f"The signature of {file.name} is missing or not its own ({type(error).__name__}).",
            remedy=remedy,
        ) from error


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(f"{file.name}.{suffix}")


def _decoded(file: Path) -> bytes:
    try:
        return base64.b64decode(file.read_text(encoding="ascii").strip(), validate=True)
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{file.name} is not base64") from error


def _write(file: Path, raw: bytes) -> None:
    file.write_text(base64.b64encode(raw).decode("ascii") + "\n", encoding="ascii")
