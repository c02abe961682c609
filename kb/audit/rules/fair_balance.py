"""Benefits are told and risks are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Part, UnitKind
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.finding import Level
from kb.model import DisclosureKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.audit.audited import Audited
    from kb.audit.base import Unit
    from kb.audit.report import Balance

BASIS = (
    Basis(
        "21 CFR 202.1(e)(5)(ii)",
        "https://www.ecfr.gov/current/title-21/chapter-I/subchapter-C/part-202/subpart-A/section-202.1",
        "What is said of effectiveness must be balanced by true information on side effects and contraindications.",
        Mark.SECONDARY,
    ),
    Basis(
        "FDA, The Bad Ad Program",
        "https://fda.gov/drugs/office-prescription-drug-promotion/truthful-prescription-drug-advertising-and-promotion",
        "Promotion by or for the sponsor of a drug must balance benefit and risk.",
        Mark.READ,
    ),
    Basis(
        "FDA, Presenting Risk Information (draft guidance)",
        "https://www.fda.gov/regulatory-information/search-fda-guidance-documents",
        "Risks should be about as prominent and as easy to read as benefits.",
        Mark.UNVERIFIED,
    ),
)


_KEYS = {
    DisclosureKey.TRANSIENT_EFFECT: "that the effect passes",
    DisclosureKey.SIDE_EFFECTS: "side effects",
    DisclosureKey.BP_MONITORING: "blood pressure",
    DisclosureKey.BLADDER_LONG_TERM: "bladder and long-term harm",
    DisclosureKey.ABUSE_DEPENDENCE: "abuse and dependence",
    DisclosureKey.OFF_LABEL: "that the use is off label or not approved",
    DisclosureKey.NOT_FOR_EVERYONE: "who should not have it",
    DisclosureKey.EVIDENCE_LIMITED: "how limited the evidence is",
    DisclosureKey.MEDICAL_SUPERVISION: "medical supervision",
    DisclosureKey.MAINTENANCE_NEEDED: "that it has to be repeated",
}
_PLACES = {
    UnitKind.HEADING.value: "in headings",
    UnitKind.FOOTNOTE.value: "in footnotes",
    Part.ASIDE.value: "in asides",
    Part.FOOTER.value: "in the footer",
    Part.FOLDED.value: "folded away",
    Part.META.value: "in descriptions",
}


def fair_balance(audited: Audited) -> Iterator[Found]:
    """Report copy about the treatment that tells benefits without the risks and limits that belong to them.

    Whether copy is balanced shows in the whole, not in any sentence. Ten things have to be disclosed somewhere:
    that the effect passes, side effects, blood pressure, bladder and long-term harm, abuse and dependence, the status
    of approval, who should not have it, how limited the evidence is, that it needs supervision, that it needs
    repeating.

    The rating is *good* with four of them or more, nothing contradicted and at most one unit overstated; *poor* with
    one or none, with nothing but supervision and assessment, or with two or more units contradicted and fewer than
    three disclosed; else *partial*. Poor is reported at the level of the rule, partial as a note, and so is any copy in
    which no unit claims a benefit. The numbers of units
    that claim a benefit and that warn, and where on the page they stand, are reported and do not enter the rating.

    Passes: a good rating, and copy about something else.

    Fix: disclose what the message names; the report has a disclosure to paste with every missing caveat.
    """
    balance = audited.balance
    if balance is None or balance.rating in {None, "good"}:
        return
    at = _first_benefit(audited)
    level = Level.NOTE if balance.rating == "partial" or not any(balance.places.get("benefit", {}).values()) else None
    yield Found(at.start, at.end, _message(balance), level=level)


def _first_benefit(audited: Audited) -> Unit:
    """Return where a reader first meets the treatment: the first unit about it that is no question."""
    about = [unit for unit, subject in zip(audited.document.units, audited.subjects, strict=True) if subject.ours]
    return next((unit for unit in about if unit.kind is not UnitKind.QUESTION), about[0])


def _message(balance: Balance) -> str:
    total = len(balance.disclosed) + len(balance.missing)
    missing = "; ".join(_KEYS[DisclosureKey(key)] for key in balance.missing)
    return (
        f"{balance.rating} balance: {_counted(balance, 'benefit', 'claims a benefit', 'claim a benefit')}, "
        f"{_counted(balance, 'risk', 'warns', 'warn')}; "
        f"{len(balance.disclosed)} of {total} disclosures made. Missing: {missing}"
    )


def _counted(balance: Balance, side: str, one: str, many: str) -> str:
    places: Mapping[str, int] = balance.places.get(side, {})
    count = sum(places.values())
    outside = ", ".join(f"{number} {_PLACES[place]}" for place, number in places.items() if place in _PLACES)
    return f"{count or 'no'} {'unit ' + one if count == 1 else 'units ' + many}{f' ({outside})' if outside else ''}"


RULE = AuditRule(
    "fair-balance",
    "Benefits are told without the risks and limits that belong to them.",
    Kind.FAIL,
    Level.WARNING,
    fair_balance,
    BASIS,
    {"uk-cap": Level.NOTE},
    weighs=True,
)
