"""Text to unit vectors, one module a backend. May import core only."""
