"""The workflows that combine the packages below: ingestion, intents, deviations, coaching."""
