"""What a history says: what happened to an entry, and what each of its fields was before and is after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt


class ChangeKind(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, or one item of a list, before and after; `None` where there was or is nothing."""

    field: str
    """A path such as `evidence[doe2020].finding`: items are named by what tells them apart."""
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Event:
    """What one commit did to an entry."""

    kind: ChangeKind
    revision: str
    at: dt.datetime
    author: str
    message: str
    """The first line of the commit's message."""
    former_id: str | None
    """The id before, where the commit renamed the entry."""
    fields: tuple[FieldChange, ...]
    readable: bool = True
    """False where the file was no YAML before or after this commit, so that its fields are not known."""


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """All commits that changed one entry, newest first; without any, `problem` says why."""

    events: tuple[Event, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EntryChange:
    """How one entry differs between two states."""

    kind: ChangeKind
    entry_kind: str
    entry_id: str
    title: str
    """The words of the entry by which people know it; those it had, where it is gone."""
    former_id: str | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two states of a knowledge base."""

    since: str
    """The full id of the commit that was compared with."""
    since_at: dt.datetime
    until: str | None
    """The full id of a commit, or `None` for the files as they are."""
    until_at: dt.datetime
    changes: tuple[EntryChange, ...]
    unread: tuple[str, ...] = ()
    """Files that are no YAML in one of the two states and were not compared."""
