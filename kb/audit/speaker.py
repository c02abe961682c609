"""Who speaks in a unit of copy: a patient in their own words, or nobody but the page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import UnitKind

if TYPE_CHECKING:
    from kb.audit.base import Document, Unit
    from kb.audit.context import Reading

_REACH = 4
"""How many words may stand between a speaker and the verb, and between an article and its noun."""

_SIGNED_BY = 8
"""How many words the line may have with which a quotation is signed."""

_DASHES = "\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}"
_QUOTES = "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}»«"


def speaker(document: Document, reading: Reading) -> str | None:
    """Return whose words a unit gives, where it gives a patient's: as the copy names them, else in words of ours.

    `None` where nobody who was treated speaks. A doctor, a study or the clinic is no patient.
    """
    text, unit = document.plain, reading.unit
    told = _told_by(text, reading, "speaker-patient")
    if told or unit.kind is not UnitKind.TESTIMONIAL or _told_by(text, reading, "speaker-professional"):
        return told
    signed = _signature(text[unit.start : unit.end]) or _signed_below(document, unit)
    if signed:
        return signed
    return "unnamed, in the first person" if "speaker-self" in reading.words else "unnamed"


def _told_by(text: str, reading: Reading, speakers: str) -> str | None:
    """Return "One patient" of "One patient said that …" and of "… said one patient", by nouns of one list."""
    found, articles = reading.tokens, reading.at("speaker-article")
    verbs = reading.at("speaker-verb")
    for noun in reading.words.get(speakers, ()) if verbs else ():
        if any(0 < verb - noun.last <= _REACH or 0 < noun.first - verb <= _REACH for verb in verbs):
            opening = [index for index in range(max(0, noun.first - _REACH), noun.first) if index in articles]
            first = opening[-1] if opening else noun.first
            return " ".join(text[found[first].start : found[noun.last].end].split())
    return None


def _signed_below(document: Document, unit: Unit) -> str | None:
    """Return the line that signs a quotation where it is a unit of its own, right below."""
    if unit.index + 1 >= len(document.units):
        return None
    below = document.units[unit.index + 1]
    line = document.plain[below.start : below.end].strip()
    return _signature(line) if below.block == unit.block and line[:1] in (*_DASHES, "-") else None


def _signature(text: str) -> str | None:
    """Return what follows the last dash, if it reads like a name rather than like the rest of a sentence."""
    cut = max(text.rfind(dash) for dash in (*_DASHES, "\n-", " - "))
    name = " ".join(text[cut:].strip(f"{_DASHES}-\n ").strip(_QUOTES).split()) if cut >= 0 else ""
    return name if name[:1].isupper() and 1 <= len(name.split()) <= _SIGNED_BY and name[-1] not in ".!?" else None
