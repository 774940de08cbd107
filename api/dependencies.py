"""What routes ask for: the opened product and the caller."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agents.backends import Backends
from agents.coach.graph import Coach
from api.auth import Caller, caller_of
from api.schemas import examples

_bearer = HTTPBearer(auto_error=False, description="An API key, `jsk_…`")


def backends_of(request: Request) -> Backends:
    return cast(Backends, request.app.state.backends)


def coach_of(request: Request) -> Coach:
    return cast(Coach, request.app.state.coach)


def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    header = f"{credentials.scheme} {credentials.credentials}" if credentials else None
    with backends_of(request).database.read() as session:
        return caller_of(session, header)


TheBackends = Annotated[Backends, Depends(backends_of)]
TheCoach = Annotated[Coach, Depends(coach_of)]
TheCaller = Annotated[Caller, Depends(caller)]

ADealId = Annotated[str, Path(examples=[examples.DEAL_ID])]
ASourceId = Annotated[str, Path(examples=[examples.SOURCE_ID])]
ASuggestionId = Annotated[str, Path(examples=[examples.SUGGESTION_ID])]
AConceptId = Annotated[str, Path(examples=[examples.CONCEPT_ID])]
