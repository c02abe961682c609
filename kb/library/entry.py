"""What an editor sees of an entry and says about it: plain data that the front door hands in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import InvalidEntry, KbError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.finding import Level


@dataclass(frozen=True, slots=True)
class Editor:
    """Who saves: the name goes to git and into the entry's review."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its file has it."""

    kind: str
    """`claim`, `caveat`, `source`, `theme`, `concept`, `topic`, `reference` or `kb`."""
    id: str
    path: str
    """Of its file, relative to the root."""
    text: str
    """Raw YAML: the file, or the lines of a shared file that are this entry."""
    fields: Mapping[str, Any]
    """Plain JSON values in the order of the file; texts without space at their ends, as the models read them."""
    revision: str
    """64 hex digits: the SHA-256 of the file's bytes or, in a shared file, of this entry's lines."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong, or worth a look, with what an editor wants to save."""

    field: str
    """A path such as `evidence[0].reference`; "" for the entry as a whole."""
    level: Level
    rule: str
    message: str
    line: int | None = None
    """The line in the raw text, from 1, where a text was handed in."""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did."""

    entry: Entry
    created: bool
    changed: bool
    """False where the file had these very bytes already."""
    commit: str | None
    """The id of the commit in git."""
    commit_problem: str | None
    """Why there is no commit, in words; the save stands all the same."""
    searchable: bool
    """False where the index is behind; pages say so."""
    problems: tuple[Problem, ...] = ()
    """Warnings and notes that do not stand in the way."""


class EntryRefused(InvalidEntry):
    """What an editor wants to save has errors; `problems` has every one of them, field by field. Nothing is written."""

    def __init__(self, message: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(message, ())
        self.problems = problems


class EditConflict(KbError):
    """The entry was changed since the editor read it; nothing is written, and all versions are here to choose from."""

    def __init__(self, message: str, mine: Mapping[str, Any], theirs: Entry | None, base: Entry | None) -> None:
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs
        """`None` where the entry is gone."""
        self.base = base
        """What both started from; `None` where nobody remembers."""
