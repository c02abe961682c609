"""A prescription-only medicine is named to the public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.text import Token

BASIS = (
    Basis(
        "UK CAP Code, rules 12.11 and 12.12",
        "https://www.asa.org.uk/advice-online/health-prescription-only-medicines-websites.html",
        "Prescription-only medicines may not be advertised to the public; promote the consultation, not the product.",
        Mark.READ,
    ),
)


def prescription_only_named(audited: Audited) -> Iterator[Found]:
    """Report the name of a prescription-only medicine in copy for the public.

    In the United Kingdom such medicines may not be advertised to the public at all, however balanced the copy is. The
    rule is on in the profile `uk-cap` only. The names come from `prescription_only` in `kb.yaml`.

    Each name is reported once, where it first stands; the message says how often it does.

    Passes: copy about the consultation or about the illness. What does not advertise (a leaflet for people already
    treated, news) is for a person to tell apart.

    Fix: write of the consultation and of what will be assessed, without the product.
    """
    found: dict[str, list[Token]] = {}
    names = {name.casefold(): name for name in audited.kb.about.prescription_only}
    for reading, subject in zip(audited.readings, audited.subjects, strict=True):
        if subject.ours:
            for token in reading.tokens:
                if token.surface.casefold() in names:
                    found.setdefault(names[token.surface.casefold()], []).append(token)
    for name, places in found.items():
        times = f", {len(places)} times" if len(places) > 1 else ""
        message = f"{name}, a prescription-only medicine, is named to the public{times}"
        suggestion = "Write of the consultation, not of the product."
        yield Found(places[0].start, places[0].end, message, suggestion)


RULE = AuditRule(
    "prescription-only-named",
    "A prescription-only medicine is named to the public.",
    Kind.FAIL,
    Level.ERROR,
    prescription_only_named,
    BASIS,
    {"us-ftc": None, "us-fda-rx": None},
)
