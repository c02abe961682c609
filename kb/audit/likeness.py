"""What a unit reads like, by what was learned from labelled copy: for rules whose own words find nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Match, Strength, UnitKind
from kb.audit.beside import there
from kb.text.subjects import TREATMENT

if TYPE_CHECKING:
    from kb.audit.audited import Audited
    from kb.audit.base import Unit

_COMES_OF_IT = ("good", "relieving", "changed", "outcome", "regained")
"""Lists of words for what comes of a treatment."""

_FEWEST = 3
"""Fewer words are like nothing."""

_NO_STATEMENT = frozenset({UnitKind.HEADING, UnitKind.QUESTION})


def likeness(audited: Audited, unit: Unit, label: str, says: str) -> str | None:
    """Return a message where a unit on the treatment is likely to have a label, whose copy `says` so.

    It names the words that spoke most for it.
    """
    if label not in audited.judging.of(unit.index) or not _on_the_treatment(audited, unit) or _limits(audited, unit):
        return None
    if len(audited.readings[unit.index].tokens) < _FEWEST:
        return None  # a bare "No."
    return alike(audited, unit, label, says)


def alike(audited: Audited, unit: Unit, label: str, says: str) -> str | None:
    """Return the same, whether or not the unit names the treatment and whether or not it warns or hedges."""
    judged = audited.judging.of(unit.index).get(label)
    if judged is None or not audited.subjects[unit.index].ours or unit.kind in _NO_STATEMENT:
        return None
    if unit.kind is UnitKind.TESTIMONIAL and "verb" not in audited.readings[unit.index].words:
        return None  # "Dana, member since 2022", below her words
    found = audited.readings[unit.index].tokens
    words = ", ".join(f"“{_shown(audited, found[first].start, found[last].end)}”" for first, last in judged.places)
    return f"{words}: such words stand in copy that {says} (likelihood {judged.likelihood:.2f})."


def _limits(audited: Audited, unit: Unit) -> bool:
    """Tell a unit that warns or hedges; there words that often go far seldom do."""
    hedged = any(one.strength is Strength.HEDGED for one in audited.mentions_by_unit.get(unit.index, ()))
    return hedged or unit.index in audited.disclosures_by_unit


def _on_the_treatment(audited: Audited, unit: Unit) -> bool:
    """Tell a unit that speaks of the treatment, of what comes of it or on a theme from one on the house or the page."""
    reading = audited.readings[unit.index]
    themes = any(one.themes for one in audited.mentions_by_unit.get(unit.index, ()) if one.match is Match.CERTAIN)
    return themes or TREATMENT in reading.concepts or there(reading, *_COMES_OF_IT)


def _shown(audited: Audited, start: int, end: int) -> str:
    return " ".join(audited.document.plain[start:end].split())
