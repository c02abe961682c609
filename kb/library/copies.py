"""Which files there are to audit."""

from __future__ import annotations

import fnmatch
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from kb.finding import Skipped
from kb.library.auditing import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDINGS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf")
"""Endings of the files that are taken from a folder; a file that is named is read whatever its ending."""

_ADDRESS = re.compile(r"(https?):/+")
"""How a web address begins; as a path, it has lost one of its two slashes."""


def gather(paths: Sequence[Path], exclude: Sequence[str] = ()) -> Iterator[Copy | Skipped]:
    """Yield every file to audit, each once, folders in the order of their names; say which folders cannot be read.

    Hidden files and folders are passed over, and so is what matches a pattern of `exclude` (`drafts/*`, `*.tmp.md`).
    """
    seen: set[str] = set()
    for path in paths:
        for found in _named(path, exclude):
            if isinstance(found, Skipped):
                yield found
                continue
            whole = os.path.realpath(found)
            if whole not in seen:
                seen.add(whole)
                yield Copy(_shown(found), found)


def _named(path: Path, exclude: Sequence[str]) -> Iterator[Path | Skipped]:
    """Yield the files that a path stands for; a folder without any and a web address are said, not passed over."""
    if path.is_dir():
        empty = True
        for found in files_in(path, exclude):
            empty = False
            yield found
        if empty:
            yield Skipped(_shown(path), "the folder has no text, Markdown, HTML, Word or PDF file to audit")
    elif (address := _ADDRESS.match(str(path))) and not path.exists():
        whole = f"{address[1]}://{str(path)[address.end() :]}"
        yield Skipped(whole, "nothing is fetched from the web; save the page and name the file")
    else:
        yield path


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
