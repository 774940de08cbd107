"""One reader for each way a meeting is written down. Pure; may import core only."""
