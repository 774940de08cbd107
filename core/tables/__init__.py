"""The database's tables, one module a topic. Rows are written by store.py files only."""
