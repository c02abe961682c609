"""Reads BibTeX the way BibTeX does: braces count wherever they stand. `ValueError` means that it could not."""

from __future__ import annotations

import re

_TYPESET = {
    r"{\textbackslash}": "\\",
    r"{\textbraceleft}": "{",
    r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^",
    **{f"\\{sign}": sign for sign in "&%$#_"},
}


def parse(text: str) -> dict[str, dict[str, str]]:
    """Return key → fields, with the type of the entry under `@`."""
    found: dict[str, dict[str, str]] = {}
    reached = 0
    while text[reached:].strip():
        head = re.compile(r"\s*@(\w+)\{([^,\s{}]+),\n").match(text, reached)
        if not head or head[2] in found:
            raise ValueError(f"no entry, or a key that is taken: {text[reached : reached + 40]!r}")
        fields, reached = _fields(text, head.end())
        found[head[2]] = {"@": head[1]} | fields
    return found


def _fields(text: str, reached: int) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    while name := re.compile(r"\s*(\w+) = (?=\{)").match(text, reached):
        end = _closing(text, name.end())
        fields[name[1]] = text[name.end() + 1 : end]
        reached = end + 2
        if text[end:reached] != "},":
            raise ValueError(f"no comma after {name[1]}")
    if text[reached : reached + 3] != "\n}\n":
        raise ValueError(f"the entry does not end: {text[reached : reached + 40]!r}")
    return fields, reached + 3


def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise ValueError("a brace is never closed")


def plain(value: str) -> str:
    """Return a field as it is printed: what was escaped as itself, and braces that only group gone."""
    pattern = "|".join(re.escape(written) for written in _TYPESET)
    pieces = re.split(f"({pattern})", value)
    return "".join(_TYPESET.get(piece) or piece.replace("{", "").replace("}", "") for piece in pieces)


def names(value: str) -> list[str]:
    """Return the authors of a field: split at `and` outside of braces."""
    found, depth = [""], 0
    for piece in re.split(r"(\{|\}| and )", value):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if piece == " and " and depth == 0:
            found.append("")
        else:
            found[-1] += piece
    return found
