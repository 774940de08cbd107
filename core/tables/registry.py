"""Importing this module registers every table on SQLModel.metadata (migrations, tests)."""

from sqlmodel import SQLModel

from core.tables import coaching, crm, deviation_checks, sources, tenancy

TABLE_MODULES = (coaching, crm, deviation_checks, sources, tenancy)
metadata = SQLModel.metadata
