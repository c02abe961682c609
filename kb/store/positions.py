"""Find the line and column of a field in a file, when there is a finding to point at it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kb.store.files import MAX_BYTES
from kb.store.yaml12 import field_path, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.store.yaml12 import Position


def locate(root: Path, relpath: str, field: str) -> Position:
    """Return line and column, from 1, of a field such as `evidence[2].reference` in a file below `root`.

    A field that is not in the file is placed at the nearest thing around it, at worst the file's first field; (0, 0)
    stands for a file that cannot be read.
    """
    try:
        with Path(root, relpath).open("rb") as file:
            content = file.read(MAX_BYTES)
    except (OSError, ValueError):
        return (0, 0)
    return position_in(content.decode(errors="replace").removeprefix("\ufeff"), field)


def position_in(text: str, field: str) -> Position:
    """Return line and column of a field in a text; see `locate`."""
    positions = _positions(text)
    while field:
        if field in positions:
            return positions[field]
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    return min(positions.values(), default=(1, 1))


@lru_cache(maxsize=8)
def _positions(text: str) -> Mapping[str, Position]:
    """Return the position of every field of a text, by its path as people read it.

    Kept for the last few files, since findings come file by file and often several of one file.
    """
    positions: dict[tuple[str | int, ...], Position] = {}
    read(text, positions)
    return {field_path(path): position for path, position in positions.items()}
