"""The ingestion workflow: deal folders and loose files become sources, passages and signals."""
