"""Noticing edits by a look at size and time of every file, without opening any."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MOMENT = 0.02
"""Seconds in which nothing must change."""

_LOOKS = 10
"""How often that is waited for, at most: where files change all the time, they are read as they are."""

Stamp = Mapping[str, tuple[int, int]]
"""Path relative to the root → size and time of change (nanoseconds)."""


def stamp(root: Path) -> Stamp:
    """Return the stamp of all files as they are now. What is gone or closed is left out."""
    found: dict[str, tuple[int, int]] = {}
    folders = [("", str(root))]
    while folders:
        prefix, folder = folders.pop()
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{prefix}{entry.name}/", entry.path))
                    continue
                with contextlib.suppress(OSError):  # gone between listing and looking
                    status = entry.stat()
                    found[prefix + entry.name] = (status.st_size, status.st_mtime_ns)
    return found


def at_rest(root: Path) -> Stamp:
    """Return the stamp of all files once nothing changes any more: what is just being written is read half."""
    before = stamp(root)
    for _ in range(_LOOKS):
        time.sleep(_MOMENT)
        now = stamp(root)
        if now == before:
            break
        before = now
    return before


def stamped_anew(root: Path, before: Stamp, paths: Iterable[str]) -> Stamp:
    """Return a stamp in which only these files are looked at again."""
    found = dict(before)
    for path in paths:
        found.pop(path, None)
        with contextlib.suppress(OSError):
            status = (root / path).stat()
            found[path] = (status.st_size, status.st_mtime_ns)
    return found


def differing(before: Stamp, after: Stamp) -> set[str]:
    """Return the paths of files that are new, gone or changed."""
    return {path for path, _ in before.items() ^ after.items()}
