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
    from collections.abc import Callable, Sequence


def dumps(value: Any) -> str:
    """Return JSON with an indent of one space for each level."""
    written: list[str] = []
    _write(value, 1, written)
    return "".join(written)


def _write(value: Any, depth: int, written: list[str]) -> None:
    """Write a value whose parts stand `depth` spaces from the margin."""
    if not value or not _HOLDS[type(value)]:
        written.append(_encoder(0)(value))
    elif isinstance(value, dict):
        _write_object(value, depth, written)
    else:
        _write_list(value, depth, written)


def _write_object(value: dict[str, Any], depth: int, written: list[str]) -> None:
    """Write the runs of parts that hold no others at once, those that do one by one."""
    start, end, separator = _layout(depth)
    before = f"{{{start}"
    run: dict[str, Any] = {}
    for key, part in value.items():
        if not part or not _HOLDS[type(part)]:
            run[key] = part
            continue
        if run:
            written += before, _encoder(depth)(run)[1:-1]
            run, before = {}, separator
        written.append(f"{before}{_quoted(key)}: ")
        _write(part, depth + 1, written)
        before = separator
    if run:
        written += before, _encoder(depth)(run)[1:-1]
    written.append(f"{end}}}")


def _write_list(value: Sequence[Any], depth: int, written: list[str]) -> None:
    start, end, separator = _layout(depth)
    kinds = set(map(type, value))
    if kinds == _STRINGS:
        written.append(f"[{start}{separator.join(map(_quoted, value))}{end}]")
    elif any(_HOLDS[kind] for kind in kinds):
        before = f"[{start}"
        for part in value:
            written.append(before)
            _write(part, depth + 1, written)
            before = separator
        written.append(f"{end}]")
    else:
        written.append(f"[{start}{_encoder(depth)(value)[1:-1]}{end}]")


class _Holds(dict[type, bool]):
    """Whether values of a type hold others, looked into once for each type."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = holds = issubclass(kind, (dict, list, tuple))
        return holds


_HOLDS = _Holds()
_STRINGS = {str}
_quoted = encoder.encode_basestring


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
