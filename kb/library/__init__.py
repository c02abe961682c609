"""The front door: every journey through a knowledge base, used by the command line and the web alike.

What is named here is imported when it is first asked for: an audit needs neither the search engine nor the checks.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.library.answers import check_filters, filter_values, search_answer
    from kb.library.entry import EditConflict, Editor, Entry, EntryRefused, Problem, Saved
    from kb.library.formatting import Formatted
    from kb.library.front import Library
    from kb.library.indexing import IndexState

__all__ = [
    "EditConflict",
    "Editor",
    "Entry",
    "EntryRefused",
    "Formatted",
    "IndexState",
    "Library",
    "Problem",
    "Saved",
    "check_filters",
    "filter_values",
    "search_answer",
]

_MODULES = {
    "EditConflict": "entry",
    "Editor": "entry",
    "Entry": "entry",
    "EntryRefused": "entry",
    "Problem": "entry",
    "Saved": "entry",
    "Formatted": "formatting",
    "IndexState": "indexing",
    "Library": "front",
    "check_filters": "answers",
    "filter_values": "answers",
    "search_answer": "answers",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
