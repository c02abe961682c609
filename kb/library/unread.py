"""What only follows from a file that could not be read, so that one slip is reported once and not a hundred times."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kb.finding import Level
from kb.store.kinds import Kind, kind_of_path

if TYPE_CHECKING:
    from kb.checks import Problem
    from kb.store import Loaded

_NEEDS_FILE = {
    Kind.VOCABULARY: {
        "unknown-concept",
        "unused-concept",
        "example-missed",
        "example-fired",
        "example-contradicts",
        "disclosure-missed",
    },
    Kind.TOPICS: {"unused-concept"},
    Kind.REFERENCES: {"unknown-reference", "unused-reference", "evidence-design"},
    Kind.THEMES: {"unknown-theme"},
}
"""Rules that can say nothing without a file that holds all entries of its kind."""

_NEEDS_ENTRY = {"unknown-claim": Kind.CLAIM, "unknown-caveat": Kind.CAVEAT, "unknown-source": Kind.SOURCE}
"""Rules about the name of an entry, which may be that of a file which is there and could not be read."""

_NEEDS_ALL_ENTRIES = {"unused-caveat", "unused-concept", "unused-reference"}
"""Rules about what no entry does, which some entry may do that could not be read."""


class Unread:
    """The files of a knowledge base that could not be read, and the problems that they bring with them."""

    def __init__(self, loaded: Loaded) -> None:
        self._kb = loaded.kb
        read = set(loaded.files.values())
        errors = {finding.location.path for finding in loaded.findings if finding.level is Level.ERROR}
        unread = {(kind_of_path(path), PurePosixPath(path).stem) for path in errors - read}
        self._entries = {(kind, stem) for kind, stem in unread if kind in _NEEDS_ENTRY.values()}
        self._silent = set().union(*(rules for kind, rules in _NEEDS_FILE.items() if (kind, kind.value) in unread))
        if self._entries:
            self._silent |= _NEEDS_ALL_ENTRIES

    def explains(self, problem: Problem) -> bool:
        """Say whether this problem may be there only because a file could not be read."""
        if problem.rule in self._silent:
            return True
        kind = _NEEDS_ENTRY.get(problem.rule)
        return kind is not None and (kind, self._named(problem)) in self._entries

    def _named(self, problem: Problem) -> str:
        """Return the name that stands in the field which a problem is about."""
        entries: dict[str, Any] = {"claim": self._kb.claims, "caveat": self._kb.caveats}
        value = entries[problem.kind][problem.entry_id]
        for part in re.findall(r"\w+", problem.field):
            value = value[int(part)] if part.isdigit() else getattr(value, part)
        return str(value)
