"""Caveat: an evidence-and-claims knowledge base with search, and an auditor for marketing copy."""

__version__ = "0.1.0"
