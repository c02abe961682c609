"""What happened to entries, field by field, as git remembers it."""

from kb.history.base import ChangeKind, Changes, EntryChange, EntryHistory, Event, FieldChange
from kb.history.comparing import changes, first_day
from kb.history.differing import differences
from kb.history.entry import entry_history

__all__ = [
    "ChangeKind",
    "Changes",
    "EntryChange",
    "EntryHistory",
    "Event",
    "FieldChange",
    "changes",
    "differences",
    "entry_history",
    "first_day",
]
