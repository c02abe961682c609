"""The engine that many web processes share: an index in PostgreSQL."""
