"""`junshi provenance`: a suggestion's provenance as a file for other programs."""

from __future__ import annotations

from typing import Any

from agents.provenance import read_provenance
from api.commands.opening import backends
from core.errors import InvalidInput
from retrieval.annotations import web_annotations
from retrieval.prov import prov_json

FORMATS = {"prov": prov_json, "annotations": web_annotations}


def provenance_of(suggestion_id: str, format: str) -> dict[str, Any]:
    """Raises InvalidInput for an unknown format, NotFound for an unknown suggestion."""
    if format not in FORMATS:
        raise InvalidInput(
            f"There is no format {format!r}.", remedy=f"Use one of {', '.join(FORMATS)}."
        )
    opened = backends()
    found = read_provenance(opened, tenant_id=opened.settings.tenant, suggestion_id=suggestion_id)
    return FORMATS[format](found.suggestion, found.sources)
