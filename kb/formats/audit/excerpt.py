"""Lines of copy as a terminal shows them, with carets under the words of a finding.

Terminals count columns: wide characters take two, combining ones none. What could move the cursor or turn the text
around is shown as a symbol, so copy cannot play tricks on its reader.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.base import Document

TAB = 4
_LINES = 3
"""A stretch of more lines is shown by its first ones."""
_CONTEXT = 24
"""Columns in front of words that do not fit whole."""
_NEAR = 2
"""So many times the width is looked at on either side of where the words begin."""
_ELLIPSIS = "…"
_BREAKS = ("\n", "\r")
_PICTURES = 0x2400
_DELETE = 0x7F
_HIDDEN = {"Cf", "Cc", "Cs", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d", "\ufe0f", "\ufe0e", "\u2060", "\u00ad"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A code point as it is shown, and how many columns that takes."""

    offset: int
    shown: str
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of copy, and under it the carets; `offset` is that of the first character that it shows."""

    offset: int
    text: str
    carets: str


def lines(document: Document, start: int, end: int, width: int, unit: tuple[int, int] | None = None) -> list[Line]:
    """Return the lines on which `start` to `end` stands, at most three, each at most `width` columns.

    HTML breaks its lines anywhere: there the `unit` is one line, without its markup.
    """
    flowing = document.media == "text/html"
    source = document.plain if flowing else document.text
    shown: list[Line] = []
    for first, last in [unit] if flowing and unit else _lines(source, start, end, width):
        if len(shown) == _LINES:
            shown.append(Line(first, _ELLIPSIS, ""))
            break
        inside = (max(first, start), min(last, end))
        near = (max(first, inside[0] - _NEAR * width), min(last, inside[0] + _NEAR * width))
        cells = list(_cells(source, *near, flowing=flowing))
        cut = (near[0] > first, near[1] < last)
        line = _fitted(cells, inside, width, cut)
        if line.carets:
            shown.append(line)
    return shown


def safe(text: str) -> str:
    """Return text of unknown origin for a terminal: in one line, nothing in it moves the cursor."""
    return "".join(" " if character in "\r\n\t" else _shown(character) for character in text)


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(map(_width, text))


def _lines(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of a stretch; a very long one is cut well outside of what will be shown."""
    far = 2 * _NEAR * width
    first = max((text.rfind(mark, max(0, start - far), start) + 1 for mark in _BREAKS), default=0)
    first = first or max(0, start - far)
    while first < max(end, start + 1):
        ends = [text.find(mark, first, max(end, start) + far) for mark in _BREAKS]
        last = min((found for found in ends if found >= 0), default=min(len(text), max(end, start) + far))
        yield first, last
        if last >= len(text):
            return
        first = last + (2 if text.startswith("\r\n", last) else 1)


def _cells(text: str, start: int, end: int, *, flowing: bool) -> Iterator[Cell]:
    column, blank = 0, True
    for offset in range(start, end):
        character = text[offset]
        shown = _shown(character)
        if flowing and (character.isspace() or character == "\u2060"):
            shown = "" if blank or character == "\u2060" else " "
        elif character == "\t":
            shown = " " * (TAB - column % TAB)
        if shown:
            blank = shown == " "
        width = _width(shown) if len(shown) == 1 else columns(shown)
        column += width
        yield Cell(offset, shown, width)


def _fitted(cells: list[Cell], inside: tuple[int, int], width: int, cut: tuple[bool, bool]) -> Line:
    """Return the part of a line that fits, with all of the words that are meant or their beginning."""
    before = sum(cell.width for cell in cells if cell.offset < inside[0])
    words = sum(cell.width for cell in cells if inside[0] <= cell.offset < inside[1])
    total = sum(cell.width for cell in cells)
    skip = 0
    if total > width or cut[0]:
        room = max(width - words - 2, 0)
        skip = max(0, before - (room // 2 if words + 2 < width else min(_CONTEXT, width // 3)))
        skip = min(skip, max(0, total - width + 1)) if not cut[1] else skip
    kept = _dropped(cells, skip)
    front = _ELLIPSIS if len(kept) < len(cells) or cut[0] else ""
    kept, cut_off = _taken(kept, width - len(front))
    carets = "".join(("^" if inside[0] <= cell.offset < inside[1] else " ") * cell.width for cell in kept)
    back = _ELLIPSIS if cut_off or cut[1] else ""
    text = front + "".join(cell.shown for cell in kept) + back
    return Line(kept[0].offset if kept else inside[0], text.rstrip(), (" " * len(front) + carets).rstrip())


def _dropped(cells: list[Cell], columns_: int) -> list[Cell]:
    """Drop so many columns in front, and what would combine with a character that is gone."""
    gone = index = 0
    while index < len(cells) and (gone < columns_ or (index and gone and not cells[index].width)):
        gone += cells[index].width
        index += 1
    return cells[index:]


def _taken(cells: list[Cell], columns_: int) -> tuple[list[Cell], bool]:
    """Keep what fits into so many columns; if not all does, one column less, for the mark that says so."""
    if sum(cell.width for cell in cells) <= columns_:
        return cells, False
    room = columns_ - 1
    kept: list[Cell] = []
    for cell in cells:
        room -= cell.width
        if room < 0:
            break
        kept.append(cell)
    return kept, True


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    return "␡" if code == _DELETE else "�"


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if character in _JOINERS or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
