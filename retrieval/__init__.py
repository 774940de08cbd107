"""Finding and citing: e-mails, passages, search, provenance, verification. May import core only."""
