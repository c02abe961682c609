"""What refers to what, the other way round, from `kb.crossings`."""

from kb.crossings import (
    Crossings,
)

__all__ = [
    "Crossings",
]
