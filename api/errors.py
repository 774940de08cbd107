"""Errors over HTTP: RFC 9457 problem details. The only place that knows status codes of errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import (
    BackendFailed,
    CoachError,
    Conflict,
    Forbidden,
    InvalidInput,
    ModelOutputInvalid,
    NotFound,
    Unauthorised,
)

STATUS: dict[type[CoachError], HTTPStatus] = {
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Unauthorised: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    BackendFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelOutputInvalid: HTTPStatus.BAD_GATEWAY,
}
MEDIA_TYPE = "application/problem+json"
HTTP_CODES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}
"""Codes of errors that the framework raises before a route is reached."""


def problem(
    request: Request,
    status: int,
    *,
    code: str,
    detail: str,
    remedy: str = "",
    **more: Any,
) -> JSONResponse:
    """A problem document; 401 names the scheme, as HTTP asks."""
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    body = {
        "type": f"urn:junshi:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        "instance": request.url.path,
        **({"remedy": remedy} if remedy else {}),
        **more,
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def internal_problem(request: Request) -> JSONResponse:
    """What is said about an error that nobody foresaw: nothing of its inside."""
    return problem(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal_error",
        detail="Something failed on our side; the log has the event.",
    )


def install(app: FastAPI) -> None:
    """Foreseen errors leave as problem documents; api.guard turns the others into one."""

    @app.exception_handler(CoachError)
    def _coach_error(request: Request, error: CoachError) -> JSONResponse:
        status = STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        return problem(request, status, code=error.code, detail=error.message, remedy=error.remedy)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # Where and why, never the value: bodies may hold customers' words.
        wrong = [
            {"where": ".".join(str(part) for part in e["loc"]), "why": e["msg"]}
            for e in error.errors()
        ]
        return problem(
            request,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            code="invalid_request",
            detail="The request does not fit its schema.",
            errors=wrong,
        )

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> JSONResponse:
        code = HTTP_CODES.get(error.status_code, "http_error")
        return problem(request, error.status_code, code=code, detail=str(error.detail))
