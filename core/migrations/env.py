"""Alembic's entry: the connection is handed over by core.database.Database.migrate."""

from __future__ import annotations

from alembic import context

from core.tables.registry import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations run through core.database.Database.migrate()")
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
