"""Which shown suggestions still stand after their sources changed. Imports core only."""
