"""Bringing files to the canonical style, file by file, so that one that cannot be read does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import FormatNotStable, InvalidEntry
from kb.store import format_text, save_text
from kb.store.kinds import kind_of_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.library.selection import Selection


@dataclass(frozen=True, slots=True)
class Formatted:
    """What `format` found for one file. A file that cannot be formatted has a `problem` and stays as it is."""

    path: Path
    before: str
    after: str
    problem: str = ""

    @property
    def changed(self) -> bool:
        """Whether the file was not in the canonical style."""
        return self.before != self.after


def format_files(root: Path, selection: Selection, *, write: bool) -> Iterator[Formatted]:
    """Format the selected files of a knowledge base in the order of their paths; stray files are left alone."""
    for path in sorted(root.rglob("*.yaml")):
        relpath = path.relative_to(root).as_posix()
        kind = kind_of_path(relpath)
        if kind is not None and selection.holds(relpath):
            yield _format_file(path, kind, write=write)


def _format_file(path: Path, kind: str, *, write: bool) -> Formatted:
    try:
        before = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        return Formatted(path, "", "", f"it cannot be read: {error}")
    try:
        after = format_text(before, kind)
    except InvalidEntry as error:
        reasons = "; ".join(f"line {finding.location.line}: {finding.message}" for finding in error.findings)
        return Formatted(path, before, before, reasons)
    except FormatNotStable as error:
        return Formatted(path, before, before, str(error))
    if write and after != before:
        save_text(path, after)
    return Formatted(path, before, after)
