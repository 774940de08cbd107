"""Alembic migrations, applied by core.database.Database.migrate."""
