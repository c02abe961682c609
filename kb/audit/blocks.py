"""Where the paragraphs, lists and tables of a document stand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.base import Unit


class Block(NamedTuple):
    """A paragraph, list or table: from the first character of its units to the end of the last."""

    start: int
    end: int
    first: Unit


def blocks_of(units: Iterable[Unit]) -> list[Block]:
    """Return the blocks that units make up, by the number of the block, in the order of the copy."""
    found: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        found[unit.block].append(unit)
    held = (Block(min(unit.start for unit in own), max(unit.end for unit in own), own[0]) for own in found.values())
    return sorted(held, key=lambda block: block[:2])
