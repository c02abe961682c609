"""From what the store, the checks and the selectors say to one report with a place in a file for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import checks, sources, store
from kb.finding import Finding, Level, Location, Report
from kb.library.unread import Unread
from kb.store.kinds import Kind, kind_of_path

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kb.finding import Skipped
    from kb.library.selection import Selection
    from kb.store import Loaded

_SHARED_FILES = {"concept": "vocabulary.yaml", "topic": "topics.yaml", "reference": "references.yaml"}
"""Kinds whose entries stand together in one file, each under its id."""


def lint(
    loaded: Loaded, root: Path, texts: Mapping[str, str | Skipped], selection: Selection, today: dt.date
) -> Report:
    """Check everything, and report on the files that were selected.

    `texts` has the words of each source that has a copy here, or the reason why that copy could not be read.
    """
    words = {source_id: text for source_id, text in texts.items() if isinstance(text, str)}
    findings = [*loaded.findings, *_checked(loaded, root, words, today), *_orphaned(loaded, root, words)]
    return Report(
        tuple(finding for finding in findings if selection.holds(finding.location.path)),
        tuple(text for text in texts.values() if not isinstance(text, str)),
        _counts(loaded, selection),
    )


def _checked(loaded: Loaded, root: Path, words: Mapping[str, str], today: dt.date) -> Iterator[Finding]:
    unread = Unread(loaded)
    for problem in checks.run(loaded.kb, today=today, texts=words):
        if unread.explains(problem):
            continue
        place = _place(loaded, root, problem.kind, problem.entry_id, problem.field)
        yield Finding(problem.rule, problem.level, problem.message, place, problem.suggestion)


def _orphaned(loaded: Loaded, root: Path, words: Mapping[str, str]) -> Iterator[Finding]:
    for source_id, text in words.items():
        marks = sources.marks(loaded.kb, loaded.kb.sources[source_id])
        for orphan in sources.orphans(marks, source_id, text):
            mark = orphan.mark
            yield Finding(
                "orphan",
                Level.ERROR,
                orphan.message,
                _place(loaded, root, mark.entry_kind, mark.entry_id, mark.field),
                "Read the article at that place, then correct the selector or the digest; kb never moves one for you.",
            )


def _place(loaded: Loaded, root: Path, kind: str, entry_id: str, field: str) -> Location:
    """Return where a field of an entry stands; the file is read again for it, which only a finding costs."""
    path = loaded.files.get((kind, entry_id), "")
    if not path:
        path = _SHARED_FILES.get(kind, f"{kind}.yaml")
        field = ".".join(part for part in (entry_id, field) if part)
    line, column = store.locate(root, path, field)
    return Location(path, line, column, field)


def _counts(loaded: Loaded, selection: Selection) -> dict[str, int]:
    """Count the entries that were looked at, those included that could not be read."""
    paths = {*loaded.files.values(), *(finding.location.path for finding in loaded.findings)}
    kinds = [kind_of_path(path) for path in paths if selection.holds(path)]
    return {f"{kind}s": kinds.count(kind) for kind in (Kind.CLAIM, Kind.CAVEAT, Kind.SOURCE)}
