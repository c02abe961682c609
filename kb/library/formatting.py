"""Bringing files to the canonical style, file by file, so that one that cannot be read does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import store
from kb.errors import FormatNotStable, InvalidEntry
from kb.finding import Finding
from kb.store.files import read_all, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.library.selection import Selection
    from kb.store.files import File


@dataclass(frozen=True, slots=True)
class Formatted:
    """What `format` found for one file. A file that cannot be formatted has problems and stays as it is."""

    path: Path
    before: str
    after: str
    problems: tuple[str, ...] = ()
    """Why it cannot be formatted, such as "12:3: error: …" with line and column where they are known."""

    @property
    def changed(self) -> bool:
        """Whether the file was not in the canonical style."""
        return self.before != self.after


def format_files(root: Path, selection: Selection, *, write: bool) -> Iterator[Formatted]:
    """Format the selected files of a knowledge base in the order of their paths; stray files are left alone."""
    contents = read_all(root)
    for finding in contents.findings:
        if finding.rule != "stray-file" and selection.holds(finding.location.path):
            yield Formatted(root / finding.location.path, "", "", (_problem(finding),))
    for file in contents.files:
        if selection.holds(file.relpath):
            yield _format_file(root, file, write=write)


def _format_file(root: Path, file: File, *, write: bool) -> Formatted:
    path = root / file.relpath
    unreadable = read_text(file.content, file.relpath)
    if isinstance(unreadable, Finding):
        return Formatted(path, "", "", (_problem(unreadable),))
    before = file.content.decode()
    try:
        after = store.format_text(before, file.kind)
    except InvalidEntry as error:
        return Formatted(path, before, before, tuple(map(_problem, error.findings)))
    except FormatNotStable as error:
        return Formatted(path, before, before, (f" error: {error}",))
    if write and after != before:
        store.save_text(path, after)
    return Formatted(path, before, after)


def _problem(finding: Finding) -> str:
    place = finding.location
    return f"{place.line}:{place.column}: error: {finding.message}" if place.line else f" error: {finding.message}"
