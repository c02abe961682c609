"""What the styles of a Word file make of a paragraph: heading, list item, quotation, caption."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as _Element

_HEADING = re.compile(r"heading (\d)\Z", re.IGNORECASE)
_DEEPEST = 20
"""Styles that may be based on one another; a file can have them go round in circles."""


class Look(NamedTuple):
    """How a paragraph looks by its style."""

    heading: int = 0
    """1 for the title, 2 for the highest heading below it; 0 where it is none."""
    listed: int = 0
    """How deep its list is nested, from 1; 0 where it is in none."""
    list_id: str = ""
    quoted: bool = False
    caption: bool = False


class Styles:
    """The styles of one file by their ids."""

    def __init__(self, root: _Element) -> None:
        self._styles = {style.get(qn("w:styleId")) or "": style for style in root.iter(qn("w:style"))}

    def look(self, paragraph: _Element) -> Look:
        """Return how a paragraph looks."""
        properties = paragraph.find(qn("w:pPr"))
        chain = [] if properties is None else [properties]
        names: list[str] = []
        style = None if properties is None else self._styles.get(_value(properties, "w:pStyle"))
        while style is not None and len(chain) < _DEEPEST:
            names.append(_value(style, "w:name").lower())
            own = style.find(qn("w:pPr"))
            chain.extend([] if own is None else [own])
            style = self._styles.get(_value(style, "w:basedOn")) if len(names) < _DEEPEST else None
        listed, list_id = _listed(chain, names)
        return Look(
            _heading(chain, names),
            listed,
            list_id,
            any(name in {"quote", "intense quote", "block text"} for name in names),
            any(name == "caption" for name in names),
        )


def _heading(chain: list[_Element], names: list[str]) -> int:
    for name in names:
        match = _HEADING.match(name)
        if match:
            return int(match.group(1)) + 1
        if name == "title":
            return 1
    level = next((value for properties in chain if (value := _value(properties, "w:outlineLvl"))), "")
    return int(level) + 2 if level in set("012345678") else 0


def _listed(chain: list[_Element], names: list[str]) -> tuple[int, str]:
    for properties in chain:
        numbering = properties.find(qn("w:numPr"))
        if numbering is not None:
            list_id = _value(numbering, "w:numId")
            level = _value(numbering, "w:ilvl") or "0"
            return (int(level) + 1 if level in set("012345678") else 1, list_id) if list_id != "0" else (0, "")
    listed = next((name for name in names if name.startswith(("list bullet", "list number"))), "")
    return (1, listed) if listed else (0, "")


def _value(parent: _Element, name: str) -> str:
    child = parent.find(qn(name))
    return "" if child is None else child.get(qn("w:val")) or ""
