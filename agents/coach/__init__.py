"""The coaching workflow: from a deal's signals and deviations to verified suggestions."""
