"""Which reader a file gets, and how its bytes become text."""

from __future__ import annotations

import hashlib

from kb.audit.base import Document, Unit, UnitKind
from kb.text import sentences


def extract(content: bytes, path: str, *, media: str | None = None) -> Document:
    """Read copy; `media` is its media type where the caller knows better than the name in `path` tells."""
    text = content.decode("utf-8")
    units = tuple(Unit(index, span.start, span.end, UnitKind.SENTENCE) for index, span in enumerate(sentences(text)))
    return Document(path, text, text, units, hashlib.sha256(content).hexdigest(), media or "text/plain")
