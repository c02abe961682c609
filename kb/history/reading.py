"""The entries that a file of some past state holds, as plain values: old files need not fit today's models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from kb.store.kinds import Kind, kind_of_path
from kb.store.yaml12 import read

Entries = dict[tuple[str, str], Mapping[str, Any]]
"""(kind, id) → fields."""

_ITEMS: Mapping[Kind, str] = {Kind.VOCABULARY: "concept", Kind.TOPICS: "topic", Kind.REFERENCES: "reference"}
"""Kind of a file of many entries → the kind of each."""

COLLECTIONS: Mapping[str, str] = {
    "concept": "vocabulary.yaml",
    "topic": "topics.yaml",
    "reference": "references.yaml",
    "theme": "themes.yaml",
    "kb": "kb.yaml",
}
"""Kind of an entry → the one file that holds all of its kind."""

_TITLES = ("claim", "caveat", "title", "label", "description", "name")


def entries_of(path: str, content: bytes) -> Entries | None:
    """Return the entries of a file; `None` where it is no YAML, {} for a file that holds none."""
    kind = kind_of_path(path)
    if kind is None:
        return {}
    value = _value(content)
    if value is None:
        return None
    if kind is Kind.KB:
        return {("kb", "kb"): value}
    if kind is Kind.THEMES:
        return {
            ("theme", str(theme)): {"group": group, "description": text}
            for group, themes in value.items()
            if isinstance(themes, dict)
            for theme, text in themes.items()
        }
    if kind in _ITEMS:
        return {(_ITEMS[kind], str(key)): item for key, item in value.items() if isinstance(item, dict)}
    return {(str(kind), PurePosixPath(path).stem): value}


def part_of(content: bytes, entry_id: str) -> bytes:
    """Return the lines of a file of many entries that are one entry: enough to read it, and far less than the file.

    A file that is not written line by line is returned in whole.
    """
    if content.lstrip().startswith(b"{"):
        return content
    name = re.escape(entry_id.encode())
    found = re.search(rb"^([\"']?)" + name + rb"\1:(?:.*\n?)(?:(?:[ \t#-].*|)\n?)*", content, re.MULTILINE)
    return found.group() if found else b"{}"


def _value(content: bytes) -> dict[str, Any] | None:
    try:
        reading = read(content.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError:
        return None
    return reading.value if reading.complete and isinstance(reading.value, dict) else None


def title_of(entry_kind: str, entry_id: str, fields: Mapping[str, Any]) -> str:
    """Return the words by which people know an entry: its claim, caveat, title or label, else its id."""
    names = ("claim",) if entry_kind == "claim" else _TITLES
    return next((fields[name] for name in names if isinstance(fields.get(name), str) and fields[name]), entry_id)
