"""When each file was last changed: by its last commit where git knows it, else by the file's own time.

A commit's time is the same on every machine, while a fresh checkout gives all files the time of the checkout. The
dates are no part of the knowledge base and never of its digest. Git is asked once for all files; where it is missing,
or the folder is in no work tree, the files' own times stand.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kb.errors import GitUnavailable
from kb.store import git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SECONDS = 20
"""How long git may take; a history that takes longer to read is done without."""

_COMMIT = "\x01"


def changes(root: Path, paths: Iterable[str]) -> dict[str, dt.datetime]:
    """Return path → when it was last changed, for paths relative to `root`; the epoch for a file that is gone."""
    committed = _committed(root)
    touched = _touched(root) if committed else frozenset[str]()
    return {
        path: committed[path] if path in committed and path not in touched else _own_time(root / path) for path in paths
    }


def _committed(root: Path) -> dict[str, dt.datetime]:
    """Return path → the time of the last commit that changed it."""
    found: dict[str, dt.datetime] = {}
    when = dt.datetime.fromtimestamp(0, dt.UTC)
    output = _git(root, "log", "--relative", "--no-renames", "--name-only", f"--format={_COMMIT}%ct", "-z", "--", ".")
    for record in output.split("\0"):
        name = record.lstrip("\n")
        if name.startswith(_COMMIT):
            when = dt.datetime.fromtimestamp(int(name[1:]), dt.UTC)
        elif name:
            found.setdefault(name, when)
    return found


def _touched(root: Path) -> frozenset[str]:
    """Return the paths whose files differ from the last commit."""
    return frozenset(
        _git(
            root, "diff", "--no-ext-diff", "--no-textconv", "--relative", "--name-only", "-z", "HEAD", "--", "."
        ).split("\0")
    )


def _git(root: Path, *arguments: str) -> str:
    """Return what git says, or nothing where it cannot say anything."""
    try:
        return git.ask(root, *arguments, seconds=_SECONDS).decode("utf-8", "replace")
    except GitUnavailable:
        return ""


def _own_time(path: Path) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except OSError:
        return dt.datetime.fromtimestamp(0, dt.UTC)
