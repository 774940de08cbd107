"""Nearest neighbours of one scope, one module a backend. May import core only."""
