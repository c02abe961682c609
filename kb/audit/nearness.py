"""How near a caveat stands to a claim, and how to say where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Part, UnitKind
from kb.model import Near

if TYPE_CHECKING:
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


def is_near(caveat: Unit, claim: Unit, near: Near) -> bool:
    """Return whether a caveat in one unit stands as near to a claim in another as it must.

    A footer, an aside, a footnote, a folded part and the words of a link are not near anything in the body; near each
    other they may be. A headline is read alone, so its caveat belongs in the section that it heads, however far away
    the caveat of the same claim in running text might stand. What only search engines show has no section: there the
    body counts.
    """
    if caveat.index == claim.index:
        return True
    if claim.part is Part.META:
        return _in_body(caveat)
    reach = Near.SECTION if near is Near.DOCUMENT and claim.kind is UnitKind.HEADING else near
    if not _in_body(caveat) and not _beside(caveat, claim):
        return False
    if reach is Near.DOCUMENT:
        return True
    return caveat.section == claim.section and (reach is Near.SECTION or _neighbours(caveat, claim))


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
    return "before the first heading" if _headed(document) else "in the body"


def owed(near: Near, claim: Unit) -> str:
    """Return how near a caveat must stand to a claim in this unit, in words."""
    headline = claim.kind is UnitKind.HEADING and near is not Near.SENTENCE
    return "in the section that the headline opens" if headline else _OWED[near]


def _in_body(unit: Unit) -> bool:
    return unit.part is Part.BODY and unit.kind is not UnitKind.FOOTNOTE and not unit.link


def _beside(caveat: Unit, claim: Unit) -> bool:
    """Return whether two units stand in one section of the same part of the page, such as a folded answer."""
    footnotes = (caveat.kind is UnitKind.FOOTNOTE, claim.kind is UnitKind.FOOTNOTE)
    same_part = caveat.part is claim.part and footnotes[0] is footnotes[1] and not caveat.link
    return same_part and caveat.section == claim.section


def _neighbours(caveat: Unit, claim: Unit) -> bool:
    """Return whether two units are read in one go: next to each other in a block, or one leads in the other."""
    if claim.kind is UnitKind.HEADING:
        return caveat.index == claim.index + 1
    if claim.index in (caveat.lead, caveat.index) or caveat.index == claim.lead:
        return True
    return abs(caveat.index - claim.index) == 1 and caveat.block == claim.block


def _headed(document: Document) -> bool:
    return any(unit.kind is UnitKind.HEADING for unit in document.units)
