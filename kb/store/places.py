"""Where this machine keeps what is not part of a knowledge base: caches and private copies of articles."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

_NAME = "caveat-kb"


def cache_dir() -> Path:
    """Return the folder of what can be made again: `$CAVEAT_HOME/cache`, or the system's place for caches."""
    return _below_home("cache") or Path(platformdirs.user_cache_dir(_NAME, appauthor=False))


def data_dir() -> Path:
    """Return the folder of what cannot: `$CAVEAT_HOME/data`, or the system's place for a person's data."""
    return _below_home("data") or Path(platformdirs.user_data_dir(_NAME, appauthor=False))


def cache_of(root: Path, what: str) -> Path:
    """Return the folder of one kind of cache, kept apart for each knowledge base: tidying up takes no other's."""
    return cache_dir() / what / hashlib.sha256(str(root).encode()).hexdigest()[:16]


def _below_home(name: str) -> Path | None:
    home = os.environ.get("CAVEAT_HOME")
    return Path(home) / name if home else None
