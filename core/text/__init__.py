"""Plain-text measures in Chinese and English: pure functions, no I/O, standard library only."""
