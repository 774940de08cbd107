"""The doors: HTTP API, web pages and the command line. May import everything below."""
