"""The values, ports, tables and settings that every other package shares; imports none of them."""
