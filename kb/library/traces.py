"""Where an exception came from, without what it says: messages quote what they stumbled over, which may be anybody's.

Logs are kept and read by others than those who pasted their copy or typed their name. Types and places in our own code
are enough to find a fault; of errors of the system (a full disk) the system's own words are told too.
"""

from __future__ import annotations

import traceback


def trace(error: BaseException) -> str:
    """Return the frames and types of an exception and of those that led to it, each line with its line break."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        words = f": {current.strerror}" if isinstance(current, OSError) and current.strerror else ""
        frames = "".join(traceback.format_tb(current.__traceback__))
        told.append(f"Traceback (most recent call last):\n{frames}{name}{words}\n")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "which led to\n".join(reversed(told))
