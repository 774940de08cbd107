"""Audio becomes utterances; every heavy import waits inside the class. May import core only."""
