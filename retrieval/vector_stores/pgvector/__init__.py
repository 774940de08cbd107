"""Nearest neighbours inside PostgreSQL, for those who run one anyway. May import core only."""
