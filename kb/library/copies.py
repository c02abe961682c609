"""Which files there are to audit."""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kb.finding import Skipped
from kb.library.auditing import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDINGS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf")
"""Endings of the files that are taken from a folder; a file that is named is read whatever its ending."""


def gather(paths: Sequence[Path], exclude: Sequence[str] = ()) -> Iterator[Copy | Skipped]:
    """Yield every file to audit, each once, folders in the order of their names; say which folders cannot be read.

    Hidden files and folders are passed over, and so is what matches a pattern of `exclude` (`drafts/*`, `*.tmp.md`).
    """
    seen: set[str] = set()
    for path in paths:
        for found in files_in(path, exclude) if path.is_dir() else [path]:
            if isinstance(found, Skipped):
                yield found
                continue
            whole = os.path.realpath(found)
            if whole not in seen:
                seen.add(whole)
                yield Copy(_shown(found), found)


def files_in(folder: Path, exclude: Sequence[str] = (), endings: tuple[str, ...] = ENDINGS) -> Iterator[Path | Skipped]:
    """Yield the files of a folder with these endings in the order of their names, at last what could not be read."""
    problems: list[Skipped] = []

    def note(error: OSError) -> None:
        problems.append(Skipped(_shown(Path(error.filename)), error.strerror or str(error)))

    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            wanted = not name.startswith(".") and name.lower().endswith(endings)
            if wanted and not _excluded(file.relative_to(folder).as_posix(), exclude):
                yield file
    yield from problems


def _excluded(path: str, patterns: Sequence[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(f"/{path}", f"*/{pattern}") for pattern in patterns
    )


def _shown(path: Path) -> str:
    """Return a path the way reports and baselines name it: from the working folder where it is inside, with `/`."""
    relative = os.path.relpath(path)
    return Path(path if relative.startswith("..") else relative).as_posix()
