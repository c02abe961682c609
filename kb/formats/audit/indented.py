"""JSON with an indent, byte for byte as `json.dumps(…, ensure_ascii=False, indent=1)` writes it, only sooner.

The standard library's fast encoder knows no indents. But an object or list without others inside it is what that
encoder writes with line breaks for separators, and most of a report is such objects.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def dumps(value: Any) -> str:
    """Return JSON with an indent of one space for each level."""
    return _encoded(value, 1)


def _encoded(value: Any, depth: int) -> str:
    """Return a value whose parts stand `depth` spaces from the margin."""
    if not value or not isinstance(value, (dict, list, tuple)):
        return _encoder(0)(value)
    inside = value.values() if isinstance(value, dict) else value
    if not any(isinstance(part, (dict, list, tuple)) for part in inside):
        flat = _encoder(depth)(value)
        body, opening, closing = flat[1:-1], flat[0], flat[-1]
    elif isinstance(value, dict):
        name = _encoder(0)
        parts = (f"{name(key)}: {_encoded(part, depth + 1)}" for key, part in value.items())
        body, opening, closing = _separator(depth).join(parts), "{", "}"
    else:
        body = _separator(depth).join([_encoded(part, depth + 1) for part in value])
        opening, closing = "[", "]"
    return f"{opening}\n{' ' * depth}{body}\n{' ' * (depth - 1)}{closing}"


def _separator(depth: int) -> str:
    return ",\n" + " " * depth


@lru_cache(maxsize=64)
def _encoder(depth: int) -> Callable[[Any], str]:
    """Return the fast encoder with separators for this depth."""
    return json.JSONEncoder(ensure_ascii=False, separators=(_separator(depth), ": ")).encode
