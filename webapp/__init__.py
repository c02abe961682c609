"""The web: pages and the JSON API over kb.library."""
