"""JSON with an indent, byte for byte as `json.dumps(…, ensure_ascii=False, indent=1)` writes it, only sooner.

The standard library's fast encoder knows no indents. But an object or list without others inside it is what that
encoder writes with line breaks for separators, and most of a report is such objects.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json import encoder
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
    start, end, separator = _layout(depth)
    if isinstance(value, dict):
        return f"{{{start}{_inside(value, depth, separator)}{end}}}"
    if any(type(part) not in _PLAIN and _holds(part) for part in value):
        return f"[{start}{separator.join([_encoded(part, depth + 1) for part in value])}{end}]"
    return f"[{start}{_encoder(depth)(value)[1:-1]}{end}]"


def _inside(value: dict[Any, Any], depth: int, separator: str) -> str:
    """Return the inside of an object: the runs of parts that hold no others at once, those that do one by one."""
    holders = [key for key, part in value.items() if type(part) not in _PLAIN and _holds(part)]
    if not holders:
        return _encoder(depth)(value)[1:-1]
    parts: list[str] = []
    run: dict[Any, Any] = {}
    waiting = iter(holders)
    holder = next(waiting)
    for key, part in value.items():
        if key is not holder:
            run[key] = part
            continue
        if run:
            parts.append(_encoder(depth)(run)[1:-1])
            run = {}
        parts.append(f"{_encoder(0)(key)}: {_encoded(part, depth + 1)}")
        holder = next(waiting, _encoder)
    if run:
        parts.append(_encoder(depth)(run)[1:-1])
    return separator.join(parts)


def _holds(part: Any) -> bool:
    return bool(part) and isinstance(part, (dict, list, tuple))


_PLAIN = frozenset({str, int, float, bool, type(None)})
"""Types that hold no others; what is of another type is asked."""


@lru_cache(maxsize=64)
def _layout(depth: int) -> tuple[str, str, str]:
    """Return what stands before the first part, behind the last one and between two."""
    return f"\n{' ' * depth}", f"\n{' ' * (depth - 1)}", f",\n{' ' * depth}"


@lru_cache(maxsize=64)
def _encoder(depth: int) -> Callable[[Any], str]:
    """Return the fast encoder with separators for this depth.

    `JSONEncoder` makes a fast encoder anew for every value, which takes longer than to write a small object with it.
    """
    make = getattr(encoder, "c_make_encoder", None)  # CPython's own
    if make is None:
        return json.JSONEncoder(ensure_ascii=False, separators=(_layout(depth)[2], ": ")).encode
    written = make(None, _refused, encoder.encode_basestring, None, ": ", _layout(depth)[2], False, False, True)
    return lambda value: "".join(written(value, 0))


def _refused(value: Any) -> Any:
    message = f"Object of type {type(value).__name__} is not JSON serializable"
    raise TypeError(message)
