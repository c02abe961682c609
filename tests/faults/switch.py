"""How much is tried: little in CI, as much as somebody says in the environment."""

from __future__ import annotations

import os


def number(name: str, usually: int) -> int:
    """Return how often something is tried, by the environment variable of this name."""
    return int(os.environ.get(name) or usually)
