"""Ids and former ids: each names one entry only; that a file bears its entry's id is checked when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.checks.base import Context
    from kb.model import Caveat, Claim


def alias_clash(context: Context) -> Iterator[Problem]:
    """Report an alias that is an id or an alias already.

    Why: a former id must lead old links to one entry, and ids are never used again.

    Fix: take the alias out of the entry that never bore it. If the new entry took a former id, rename the new entry.
    """
    yield from _clashes("claim", context.kb.claims)
    yield from _clashes("caveat", context.kb.caveats)


def _clashes(kind: str, entries: Mapping[str, Claim] | Mapping[str, Caveat]) -> Iterator[Problem]:
    bearers: dict[str, str] = {}
    for entry in entries.values():
        for index, alias in enumerate(entry.aliases):
            field = f"aliases[{index}]"
            if alias in entries:
                message = f"the alias '{alias}' is the id of {_which(kind, alias, entry.id)}"
                yield Problem(kind, entry.id, field, message, "Delete the alias, or give the newer entry another id.")
            elif alias in bearers:
                message = f"the alias '{alias}' is already an alias of {_which(kind, bearers[alias], entry.id)}"
                yield Problem(kind, entry.id, field, message, "Keep it only in the entry that bore this id.")
            bearers.setdefault(alias, entry.id)


def _which(kind: str, other: str, own: str) -> str:
    return f"this {kind}" if other == own else f"the {kind} '{other}'"
