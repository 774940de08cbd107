"""API keys: `Authorization: Bearer jsk_…`. A key is shown once; only its SHA-256 is stored.

A 256-bit random key needs no slow hash: nobody can guess one, and the look-up is by the hash.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlmodel import Session

from api import store
from core.errors import Forbidden, InvalidInput, Unauthorised

PREFIX = "jsk_"
KeyRole = Literal["rep", "reviewer", "director", "admin"]
ROLES: tuple[KeyRole, ...] = get_args(KeyRole)
"""From least to most: a role may do what the ones before it may."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `rep_id` names the rep in verdicts; without one, the key's own id does."""

    tenant_id: str
    role: KeyRole
    key_id: str
    rep_id: str | None

    @property
    def acts_as(self) -> str:
        return self.rep_id or f"key:{self.key_id}"

    def require(self, role: KeyRole) -> None:
        """Raises Forbidden when the caller's role is below `role`."""
        if ROLES.index(self.role) < ROLES.index(role):
            raise Forbidden(
                f"A key with role {self.role} may not do this.", remedy=f"Use a {role} key."
            )


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def create_api_key(
    session: Session,
    *,
    tenant_id: str,
    role: str,
    rep_id: str | None,
    label: str,
    now: datetime,
) -> str:
    """The new key in the clear, for the only time. Raises InvalidInput for an unknown role."""
    if role not in ROLES:
        raise InvalidInput(f"There is no role {role!r}.", remedy=f"Use one of {', '.join(ROLES)}.")
    key = PREFIX + secrets.token_urlsafe(32)
    store.add_key(
        session,
        tenant_id=tenant_id,
        sha256=hash_of(key),
        role=role,
        rep_id=rep_id,
        label=label,
        now=now,
    )
    return key


def caller_of(session: Session, authorization: str | None) -> Caller:
    """Raises Unauthorised without a known, unrevoked key."""
    scheme, _, key = (authorization or "").partition(" ")
    row = None
    if scheme.lower() == "bearer" and key.startswith(PREFIX):
        row = store.key_by_hash(session, sha256=hash_of(key.strip()))
    if row is None or row.role not in ROLES:
        raise Unauthorised(
            "This needs an API key.",
            remedy="Send 'Authorization: Bearer jsk_…'; `junshi key` makes one.",
        )
    return Caller(tenant_id=row.tenant_id, role=row.role, key_id=row.id, rep_id=row.rep_id)
