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

    Fix: take the alias out of the entry that never bore it. If the new entry took a former id, rename the new entry. If
    both entries say the same, a rename was stopped half-way: delete the file with the former id.
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
                advice = "Delete the alias, or give the newer entry another id."
                if _stopped_rename(entries[alias], entry):
                    message += ", which says the same: a rename was stopped half-way"
                    advice = f"Delete the file of '{alias}', and write '{entry.id}' wherever it is still named."
                yield Problem(kind, entry.id, field, message, advice)
            elif alias in bearers:
                message = f"the alias '{alias}' is already an alias of {_which(kind, bearers[alias], entry.id)}"
                yield Problem(kind, entry.id, field, message, "Keep it only in the entry that bore this id.")
            bearers.setdefault(alias, entry.id)


def _stopped_rename(old: Claim | Caveat, new: Claim | Caveat) -> bool:
    """Whether two entries are one, under the id that it had and under the one that it got."""
    if old.id == new.id or new.aliases != (*old.aliases, old.id):
        return False
    return new.model_copy(update={"id": old.id, "aliases": old.aliases}) == old


def _which(kind: str, other: str, own: str) -> str:
    return f"this {kind}" if other == own else f"the {kind} '{other}'"
