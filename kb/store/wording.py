"""How messages show names and values: on one line, cut short, and printable."""

from __future__ import annotations

from typing import Any

_LONGEST = 40


def printable(text: str) -> str:
    """Return a text without what would break a line of output or could not be encoded."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def cut(text: str) -> str:
    """Return a text on one line, of at most forty characters or so."""
    line = " ".join(text.split())
    return printable(line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…")


def shown(value: Any) -> str:
    """Return a value as messages show it: text in quotes and cut short, numbers bare, collections by their kind."""
    if isinstance(value, str):
        return f"'{cut(value)}'"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    return cut(str(value).lower())
