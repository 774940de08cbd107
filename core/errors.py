"""Errors that a user or operator can act on.

    CoachError
    ├── InvalidInput        the caller's file, argument or body is wrong
    ├── NotFound            the named thing does not exist for this tenant
    ├── Conflict            the named thing changed or exists already
    ├── Unauthorised        no key, or a key that is not known
    ├── Forbidden           a known key whose role does not allow it
    ├── BackendFailed       a model, provider or database did not do its part
    └── ModelOutputInvalid  a model answered outside its schema

A programming mistake raises ValueError or TypeError instead.
"""

from __future__ import annotations


class CoachError(Exception):
    """`message` names the thing, `remedy` says what to do about it; both are safe to show."""

    code = "coach_error"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy


class InvalidInput(CoachError):
    code = "invalid_input"


class NotFound(CoachError):
    code = "not_found"


class Conflict(CoachError):
    code = "conflict"


class Unauthorised(CoachError):
    code = "unauthorised"


class Forbidden(CoachError):
    code = "forbidden"


class BackendFailed(CoachError):
    code = "backend_failed"


class ModelOutputInvalid(CoachError):
    code = "model_output_invalid"
