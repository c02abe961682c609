"""What every reader hands over: blocks of text in place, before sentences are cut and kinds are told apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.audit.base import Cell, Part
from kb.finding import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable

_LISTED = 20
"""Pictures and the like that are named one by one; the rest is counted."""


LOWEST = 7
"""Level of headings by looks, and of what opens something folded: below every `<h1>` to `<h6>`."""


class Role(StrEnum):
    """What a block is by its markup or layout, before its words are read."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    BUTTON = "button"
    ALT = "alt"
    META = "meta"


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item, table row …: a stretch of text that no other block overlaps."""

    start: int
    end: int
    role: Role = Role.PARAGRAPH
    part: Part = Part.BODY
    level: int = 0
    """Of a heading: 1 is the highest. Of a list item: how deep its list is nested, from 1."""
    group: int = 0
    """Number of the list or table, or other block, that it belongs to; 0 where it stands alone."""
    quotation: int = 0
    """Number of the block quotation that it is part of; 0 where it is in none."""
    quoted: bool = False
    """Whether markup says that these are somebody's words."""
    answer: bool = False
    """Whether its marker says that it answers the question before it."""
    cells: tuple[Cell, ...] = ()
    links: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Layout:
    """A text laid out in blocks. `plain` has the length of `text`; a line break in it within a block ends a line."""

    text: str
    plain: str
    blocks: list[Block]
    skipped: list[Skipped] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    places: tuple[tuple[int, str], ...] = ()
    offsets: str = "the decoded input"


def not_checked(kind: str, named: Iterable[str], reason: str) -> list[Skipped]:
    """Return one entry for each thing that was not checked, or one for all that are past the limit."""
    unique = list(dict.fromkeys(" ".join(name.split())[:200] for name in named))
    found = [Skipped(f"{kind} {name}".strip(), reason) for name in unique[:_LISTED]]
    if len(unique) > _LISTED:
        found.append(Skipped(f"{len(unique) - _LISTED} more: {kind}", reason))
    return found
