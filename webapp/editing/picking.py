"""Ids to pick from: whole lists in the page where they are short, the nearest ones through the API where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.editing.kinds import KINDS
from webapp.editing.parts import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import KnowledgeBase
    from webapp.editing.parts import Part

_ROOM, _CONTROL = 24_000, 65
"""Bytes that lists may take in a page, and how much less of it each control of the form leaves them.

A list that does not fit is not in the page: the fields take ids without it, and the script asks for the nearest ones.
"""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry that may be picked."""

    id: str
    text: str


def options(kb: KnowledgeBase, picks: str) -> list[Option]:
    """Return all entries of a kind, with what each says."""
    return [Option(entry_id, text) for entry_id, text in KINDS[picks].texts(kb).items()]


def nearest(kb: KnowledgeBase, picks: str, typed: str, limit: int = 12) -> list[Option]:
    """Return the entries that somebody who typed this may mean: ids that begin with it first, then words anywhere."""
    wanted = typed.casefold().split()
    ranked = []
    for option in options(kb, picks):
        rank = _rank(option, typed.casefold().strip(), wanted)
        if rank is not None:
            ranked.append((rank, option.id, option))
    return [option for _, _, option in sorted(ranked)[:limit]]


def _rank(option: Option, typed: str, words: list[str]) -> int | None:
    """Return how far an entry is from what was typed; `None` where it is something else."""
    if option.id == typed:
        return 0
    if option.id.startswith(typed):
        return 1
    if typed in option.id:
        return 2
    both = f"{option.id} {option.text}".casefold()
    return 3 if all(word in both for word in words) else None


def lists_for(parts: Iterable[Part], kb: KnowledgeBase, controls: int) -> dict[str, list[Option]]:
    """Return the lists that fit into a page with so many controls; without their texts, where only the ids do."""
    room = _ROOM - _CONTROL * controls
    found = {}
    for picks in dict.fromkeys(part.picks for _, part in walk(parts) if part.picks):
        whole = options(kb, picks)
        for choice in (whole, [Option(option.id, "") for option in whole]):
            size = sum(len(option.id) + len(option.text) + 30 for option in choice)
            if size <= min(room, _ROOM // 3):
                found[picks], room = choice, room - size
                break
    return found


def meaning(kb: KnowledgeBase, picks: str, value: str) -> str:
    """Return what the entry of an id says; "" where there is none."""
    entries = {"claim": kb.claims, "caveat": kb.caveats, "source": kb.sources, "reference": kb.references}.get(picks)
    if not entries or value not in entries:
        return ""
    found = entries[value]
    for name in ("claim", "short", "title"):
        text = getattr(found, name, None)
        if text:
            return str(text)
    return ""
