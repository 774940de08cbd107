"""Suggestions shown, verdicts on them, and the calibration they feed. May import core only."""
