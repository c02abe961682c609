"""Profiles: whose law copy is measured by. Each rule says itself at which level it stands in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import UnknownProfile

if TYPE_CHECKING:
    from kb.audit.rules.base import AuditRule
    from kb.finding import Level


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of levels, named for the body whose rules it follows."""

    id: str
    title: str
    applies: str
    """To which copy, in a sentence."""
    why: str
    """What follows from that for the levels, in a sentence or two."""
    url: str


PROFILES: tuple[Profile, ...] = (
    Profile(
        "us-ftc",
        "United States, advertising of health products and services (FTC)",
        "Copy of clinics, telehealth firms and anybody else who promotes treatment to the public. The default.",
        "What we know of the guidance comes from summaries of it, so what rests on it alone is a warning, never an "
        "error.",
        "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
    ),
    Profile(
        "us-fda-rx",
        "United States, promotion of an approved prescription drug by or for its sponsor (FDA)",
        "Copy for an approved product by its manufacturer, packer or distributor; not for compounded drugs.",
        "Such promotion must reveal material facts, so a caveat that stands nowhere is an error. The rule for radio "
        "and television is never applied to written copy.",
        "https://fda.gov/drugs/office-prescription-drug-promotion/truthful-prescription-drug-advertising-and-promotion",
    ),
    Profile(
        "uk-cap",
        "United Kingdom, advertising to the public (CAP Code)",
        "Copy that people in the United Kingdom are meant to read.",
        "Prescription-only medicines may not be advertised to the public, so to name one is an error. The code has no "
        "rule of fair balance between benefits and risks, so that is a note.",
        "https://www.asa.org.uk/advice-online/health-prescription-only-medicines-websites.html",
    ),
)


def profile(profile_id: str) -> Profile:
    """Return the profile of this id; raise `UnknownProfile`, which lists the ones that there are."""
    for known in PROFILES:
        if known.id == profile_id:
            return known
    raise UnknownProfile(profile_id, tuple(known.id for known in PROFILES))


def level(rule: AuditRule, chosen: Profile) -> Level | None:
    """Return the level of a rule in a profile, `None` where it is off."""
    return (rule.profiles or {}).get(chosen.id, rule.level)
