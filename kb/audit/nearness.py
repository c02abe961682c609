"""How near a caveat stands to a claim, and how to say where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Part, UnitKind
from kb.model import Near

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.base import Document, Unit

_WORDS = {
    Part.ASIDE: "in an aside",
    Part.FOOTER: "in the footer",
    Part.FOLDED: "in a part that is folded away",
    Part.META: "in a description that the page does not show",
}
_OWED = {
    Near.SENTENCE: "in the same sentence or the next",
    Near.SECTION: "in the same section",
    Near.DOCUMENT: "anywhere in the body",
}


class Standing:
    """Where one caveat stands in a document. Asked for many claims, so an answer does not look at all its places.

    A footer, an aside, a footnote, a folded part and the words of a link are not near anything in the body; near each
    other they may be. A headline is read alone, so its caveat belongs in the section that it heads, however far away
    the caveat of the same claim in running text might stand. What only search engines show has no section: there the
    body counts.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = {unit.index: unit for unit in units}
        self._body = {unit.section for unit in self.units.values() if _in_body(unit)}
        self._beside = {_stretch(unit) for unit in self.units.values() if not unit.link}
        self._led_in = {unit.lead for unit in self.units.values() if not unit.link} - {None}

    def near(self, claim: Unit, near: Near) -> bool:
        """Return whether the caveat stands as near to a claim as it must."""
        if claim.index in self.units:
            return True
        if claim.part is Part.META:
            return bool(self._body)
        beside = _stretch(claim) in self._beside
        if near is Near.DOCUMENT and claim.kind is not UnitKind.HEADING:
            return beside or bool(self._body)
        if near is Near.SENTENCE:
            return self._next_to(claim)
        return beside or claim.section in self._body

    def _next_to(self, claim: Unit) -> bool:
        """Return whether it is read with a claim: before or after it in a block, or one leads in the other."""
        if claim.index in self._led_in or (claim.lead in self.units and self._counts(claim.lead, claim)):
            return True
        heading = claim.kind is UnitKind.HEADING
        beside = (claim.index + 1,) if heading else (claim.index - 1, claim.index + 1)
        return any(
            index in self.units and self._counts(index, claim) and (heading or self.units[index].block == claim.block)
            for index in beside
        )

    def _counts(self, index: int, claim: Unit) -> bool:
        unit = self.units[index]
        shown = _in_body(unit) or (_stretch(unit) == _stretch(claim) and not unit.link)
        return shown and unit.section == claim.section


def place(unit: Unit, document: Document) -> str:
    """Return where a unit stands, for a message: "in the footer", "under “Is it safe?”"."""
    if unit.part in _WORDS:
        return _WORDS[unit.part]
    if unit.kind is UnitKind.FOOTNOTE:
        return "in a footnote"
    if unit.link:
        return "behind a link"
    if unit.kind is UnitKind.HEADING:
        return "in a heading"
    if unit.headings:
        heading = document.units[unit.headings[-1]]
        return f"under “{' '.join(document.plain[heading.start : heading.end].split())}”"
    return "before the first heading" if document.units[-1].section else "in the body"


def owed(near: Near, claim: Unit) -> str:
    """Return how near a caveat must stand to a claim in this unit, in words."""
    headline = claim.kind is UnitKind.HEADING and near is not Near.SENTENCE
    return "in the section that the headline opens" if headline else _OWED[near]


def _in_body(unit: Unit) -> bool:
    return unit.part is Part.BODY and unit.kind is not UnitKind.FOOTNOTE and not unit.link


def _stretch(unit: Unit) -> tuple[Part, bool, int]:
    """Return which section of which part of the page a unit stands in, such as one folded answer."""
    return unit.part, unit.kind is UnitKind.FOOTNOTE, unit.section
