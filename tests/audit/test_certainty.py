"""The same sentence passes or fails by the certainty of its entry alone: claims about effects, in their own words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from kb.audit import Auditor, Match
from kb.audit.extract import extract
from kb.audit.grade import allowed
from kb.audit.rules.overstated import RULE
from kb.library import Library
from kb.model import ClaimType

CLAIMS = Path(__file__).parents[2] / "claims"
TYPES = {ClaimType.EFFICACY, ClaimType.ONSET, ClaimType.MECHANISM, ClaimType.COMPARISON}

NO_BARE_VERB = {
    "does-not-suppress-brain": "its verb is denied",
    "mechanism-not-understood": "it says what is not known",
    "research-establishes-benefit": "it tells what research has shown",
    "resistant-patients-often-respond": "it says “often”",
    "slows-neurodegeneration": "it says “could”",
    "substantial-ptsd-improvement": "it tells what studies report",
}
PRAISING = {"effective-approach", "high-success-rate", "profound-relief-for-some", "profound-first-session-improvement"}
"""Claims that praise in their own words, so that no "may" makes them pass."""


@cache
def repository():
    return Library.open(CLAIMS).kb


def worded(claim, level):
    """Return a claim at another certainty, supported."""
    certainty = {"level": level, "reasons": [] if level == "high" else ["imprecision"]}
    fields = {"certainty": certainty, "verdict": "supported"}
    return type(claim).model_validate(claim.model_dump(mode="json") | fields)


def of_effects():
    return [claim for claim in repository().claims.values() if claim.type in TYPES]


@cache
def auditor(level):
    """Return an auditor for which every claim about an effect is supported at one certainty."""
    changed = {claim.id: worded(claim, level) for claim in of_effects()}
    return Auditor(replace(repository(), claims={**repository().claims, **changed}), profile="us-ftc", rules=(RULE,))


def audited(claim, copy, level):
    """Return whether copy makes a claim, and what of it is overstated."""
    report = auditor(level).audit(extract(copy.encode(), "copy.txt"))
    made = any(one.claim == claim.id and not one.denied and one.match is Match.CERTAIN for one in report.mentions)
    return made, report.findings


@cache
def recognised():
    return tuple(claim for claim in of_effects() if audited(claim, claim.claim, "high")[0])


def test_most_claims_are_made_by_their_own_sentence():
    assert len(recognised()) >= 0.85 * len(of_effects())


def test_at_high_certainty_a_claim_may_be_put_as_its_entry_puts_it():
    wrong = {
        claim.id for claim in recognised() for one in audited(claim, claim.claim, "high")[1] if one.claim == claim.id
    }
    assert wrong == set()


def test_at_very_low_certainty_the_same_sentence_is_overstated():
    passing = {claim.id for claim in recognised() if not audited(claim, claim.claim, "very-low")[1]}
    assert passing == set(NO_BARE_VERB) & {claim.id for claim in recognised()}


def test_behind_may_it_passes():
    failing = set()
    for claim in recognised():
        found = audited(claim, allowed(worded(claim, "low")), "very-low")[1]
        failing |= {one.claim for one in found if one.claim == claim.id}
    assert failing <= PRAISING


def test_exceptions_are_still_needed():
    assert set(NO_BARE_VERB) | PRAISING <= set(repository().claims)
