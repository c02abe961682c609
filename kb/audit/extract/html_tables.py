"""Tables of data, told from tables that only lay out a page, and the heads of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from justhtml import Element

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_IN_DATA = frozenset({"table", "h1", "h2", "h3", "h4", "h5", "h6", "form", "article", "section", "img", "iframe"})
_PARTS = frozenset({"thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_DIGITS = 4
_PARAGRAPHS = 2
"""Paragraphs that a cell of data may hold."""

_WIDEST = 200
"""Columns beyond which nobody compares anything; it also bounds what a `colspan` may claim."""


def rows(table: Element) -> list[Element]:
    """Return the rows of a table, those of tables within it left out."""
    found: list[Element] = []
    for child in _elements(table):
        if child.name == "tr":
            found.append(child)
        elif child.name in _PARTS:
            found.extend(row for row in _elements(child) if row.name == "tr")
    return found


def is_data(table: Element) -> bool:
    """Return whether the rows of a table are to be read as rows: it has columns, and cells that hold words only."""
    if (table.attrs.get("role") or "") in {"presentation", "none"}:
        return False
    lines = [cells(row) for row in rows(table)]
    if not any(len(line) > 1 for line in lines):
        return False
    return all(_is_plain(cell) for line in lines for cell in line)


def cells(row: Element) -> list[Element]:
    """Return the cells of a row."""
    return [child for child in _elements(row) if child.name in _CELLS]


def grid(table: Element) -> dict[Element, Element]:
    """Return the head of the column for each cell that has one, by column, spans counted."""
    heads: dict[int, Element] = {}
    found: dict[Element, Element] = {}
    taken: dict[int, int] = {}
    body = False
    for row in rows(table):
        heading = not body and (all(cell.name == "th" for cell in cells(row)) or _in_head(row))
        body = body or not heading
        column = 0
        for cell in cells(row):
            while column < _WIDEST and taken.get(column, 0):
                taken[column] -= 1
                column += 1
            for covered in range(column, min(column + _span(cell, "colspan"), _WIDEST)):
                if heading:
                    heads[covered] = cell
                taken[covered] = _span(cell, "rowspan") - 1
            if not heading and column in heads:
                found[cell] = heads[column]
            column += _span(cell, "colspan")
        for covered in list(taken):
            if covered >= column:
                taken[covered] = max(0, taken[covered] - 1)
    return found


def _in_head(row: Element) -> bool:
    return isinstance(row.parent, Element) and row.parent.name == "thead"


def _span(cell: Element, name: str) -> int:
    value = (cell.attrs.get(name) or "1").strip()
    return min(max(int(value), 1), _WIDEST) if value.isascii() and value.isdecimal() and len(value) <= _DIGITS else 1


def _elements(parent: Element) -> Iterator[Element]:
    return (child for child in parent.children or () if isinstance(child, Element))


def _is_plain(cell: Element) -> bool:
    """Return whether a cell holds nothing that makes a page: no heading, no second table."""
    pending = [cell]
    paragraphs = 0
    while pending:
        for child in _elements(pending.pop()):
            if child.name in _NOT_IN_DATA - {"img"}:
                return False
            paragraphs += child.name == "p"
            pending.append(child)
    return paragraphs <= _PARAGRAPHS
