"""Opening the product for one command, and finding the deal that an argument names."""

from __future__ import annotations

import logging
from pathlib import Path

import structlog
from pydantic import ValidationError

from agents.backends import Backends, open_backends
from agents.ingestion.ingest import ingest
from core.errors import InvalidInput, NotFound
from core.settings import Settings
from knowledge_graph.crm.deal_folder import is_deal_folder, read_deal_folder


def settings() -> Settings:
    """Raises InvalidInput naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "JUNSHI_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidInput(f"{name}: {first['msg']}.", remedy="Correct or unset it.") from error


def backends() -> Backends:
    found = settings()
    level = logging.getLevelNamesMapping().get(found.log_level.upper(), logging.INFO)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(max(level, logging.WARNING)),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    return open_backends(found)


def deal_id_of(opened: Backends, deal: str) -> str:
    """The id of the deal; a folder is ingested first (equal files change nothing).

    Raises NotFound when the argument is neither a deal folder nor a known id.
    """
    path = Path(deal)
    if path.is_dir():
        if not is_deal_folder(path):
            raise NotFound(
                f"{deal} holds no deal.json.", remedy="Name the folder that holds deal.json."
            )
        found = read_deal_folder(path)
        ingest(opened, path, tenant_id=opened.settings.tenant)
        return found.record.id
    return deal
