"""CRM records: reading them tolerantly, and pointing at the words of the record that say so."""
