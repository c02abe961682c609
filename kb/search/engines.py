"""Engines by name, and the one way to get a working index: open it, or build it and say why."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import IndexUnavailable
from kb.search.base import no_changes

if TYPE_CHECKING:
    from pathlib import Path

    from kb.model import KnowledgeBase
    from kb.search.base import Changes, SearchBackend, SearchEngine

# Named as text, so that an engine's libraries are loaded only by those who use that engine.
_ENGINES = {
    "memory": ("kb.search.memory", "MemoryEngine"),
    "whoosh": ("kb.search.whoosh", "WhooshEngine"),
}
ENGINES = tuple(_ENGINES)
DEFAULT = "whoosh"


def engine(name: str, folder: Path, changed: Changes = no_changes) -> SearchEngine:
    """Return the engine of this name, which keeps its indexes in `folder` (created when needed).

    `changed` is asked when results are to be sorted by their last change.

    Raises `ValueError` for a name that is not in `ENGINES`.
    """
    if name not in _ENGINES:
        raise ValueError(f"unknown search engine {name!r}; it must be one of: {', '.join(ENGINES)}")
    module, attribute = _ENGINES[name]
    made: SearchEngine = getattr(importlib.import_module(module), attribute)(folder, changed)
    return made


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index, and the reason why it had to be built; empty where it was there already."""

    backend: SearchBackend
    rebuilt: str


def open_or_build(engine: SearchEngine, kb: KnowledgeBase) -> Opened:
    """Open the index of `kb`; build it first if it is missing, foreign or damaged. Raises `IndexUnavailable`."""
    try:
        return Opened(engine.open(kb), "")
    except IndexUnavailable as reason:
        engine.build(kb)
        return Opened(engine.open(kb), str(reason))
