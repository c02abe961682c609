"""Bytes in, `Document` out: one file for each format, offsets of the original kept throughout."""

from kb.audit.extract.reading import extract

__all__ = ["extract"]
