"""Which knowledge base is meant, and its entries alone for those who need neither search nor sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kb import store
from kb.errors import KnowledgeBaseNotFound

if TYPE_CHECKING:
    from kb.model import KnowledgeBase


def nearest() -> Path:
    """Return the nearest knowledge base upwards of the working folder, else the one that comes with the program.

    Raise `KnowledgeBaseNotFound` where there is neither.
    """
    try:
        return store.find_root(Path.cwd())
    except KnowledgeBaseNotFound:
        shipped = store.shipped_root()
        if shipped is None:
            raise
        return store.find_root(shipped)


def entries(path: Path | None = None) -> KnowledgeBase:
    """Read the knowledge base at `path`, else the nearest; raise `KnowledgeBaseNotFound`."""
    return store.load((store.find_root(path) if path else nearest()).resolve()).kb
