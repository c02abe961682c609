"""Engines by name, and the one way to get a working index: open it, or build it and say why."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kb.errors import IndexUnavailable, KbError
from kb.search.base import no_changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.model import KnowledgeBase
    from kb.search.base import Changes, IndexInfo, SearchBackend, SearchEngine

# Named as text, so that an engine's libraries are loaded only by those who use that engine.
_ENGINES = {
    "memory": ("kb.search.memory", "MemoryEngine"),
    "whoosh": ("kb.search.whoosh", "WhooshEngine"),
    "tantivy": ("kb.search.tantivy", "TantivyEngine"),
    "postgres": ("kb.search.postgres.engine", "PostgresEngine"),
}
ENGINES = tuple(_ENGINES)
DEFAULT = "whoosh"


_EXTRAS = {"tantivy": "fast", "postgres": "postgres"}
"""Engine → the extra of this package that brings what it needs."""

_IN_SERVERS = {"postgres"}
"""Engines that keep their indexes in a database, and not in a folder."""

DSN = "CAVEAT_DSN"
"""Environment variable with the address of the database."""


def engine(name: str, folder: Path, changed: Changes = no_changes, dsn: str | None = None) -> SearchEngine:
    """Return the engine of this name, which keeps its indexes in `folder` (created when needed).

    `changed` is asked when results are to be sorted by their last change. An engine in a server takes the address
    `dsn` instead of the folder, or else that in the environment.

    Raises `ValueError` for a name that is not in `ENGINES`, `KbError` where an address or a package is missing.
    """
    if name not in _ENGINES:
        raise ValueError(f"unknown search engine {name!r}; it must be one of: {', '.join(ENGINES)}")
    module, attribute = _ENGINES[name]
    place = _address(name, dsn) if name in _IN_SERVERS else folder
    try:
        made: SearchEngine = getattr(importlib.import_module(module), attribute)(place, changed)
    except ImportError as error:
        if name not in _EXTRAS:
            raise
        needed = f"the engine {name} needs a package ({error.name}); install it with"
        raise KbError(f"{needed}: pip install 'caveat-kb[{_EXTRAS[name]}]'") from error
    return made


def _address(name: str, dsn: str | None) -> str:
    found = dsn or os.environ.get(DSN)
    if not found:
        raise KbError(f"the engine {name} needs the address of a database: --dsn or {DSN}")
    return found


class Later:
    """An engine that is made when somebody asks for it, and whatever is missing is said then."""

    def __init__(self, made: Callable[[], SearchEngine]) -> None:
        self._made = made

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Make the index of this state; raise like `engine` and the engine itself."""
        return self._engine.build(kb)

    def open(self, kb: KnowledgeBase) -> SearchBackend:
        """Open the index of this state; raise like `engine` and the engine itself."""
        return self._engine.open(kb)

    @cached_property
    def _engine(self) -> SearchEngine:
        return self._made()


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
