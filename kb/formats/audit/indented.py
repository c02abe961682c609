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
    if not any(part and isinstance(part, (dict, list, tuple)) for part in inside):
        body = _encoder(depth)(value)[1:-1]
    elif isinstance(value, dict):
        body = _nested(value, depth)
    else:
        body = _separator(depth).join([_encoded(part, depth + 1) for part in value])
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{' ' * depth}{body}\n{' ' * (depth - 1)}{closing}"


def _nested(value: dict[Any, Any], depth: int) -> str:
    """Return the inside of an object: the runs of parts that hold no others at once, those that do one by one."""
    parts: list[str] = []
    run: dict[Any, Any] = {}
    for key, part in value.items():
        if part and isinstance(part, (dict, list, tuple)):
            if run:
                parts.append(_encoder(depth)(run)[1:-1])
                run = {}
            parts.append(f"{_encoder(0)(key)}: {_encoded(part, depth + 1)}")
        else:
            run[key] = part
    if run:
        parts.append(_encoder(depth)(run)[1:-1])
    return _separator(depth).join(parts)


def _separator(depth: int) -> str:
    return ",\n" + " " * depth


@lru_cache(maxsize=64)
def _encoder(depth: int) -> Callable[[Any], str]:
    """Return the fast encoder with separators for this depth."""
    return json.JSONEncoder(ensure_ascii=False, separators=(_separator(depth), ": ")).encode
