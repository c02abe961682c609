"""Words that only resemble a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Match
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited

BASIS = (
    Basis(
        "EU Register of nutrition and health claims",
        "https://food.ec.europa.eu/food-safety/labelling-and-nutrition/nutrition-and-health-claims/"
        "eu-register-health-claims_en?prefLang=cs",
        "Other words make the same claim where they mean the same to the reader, which takes a reader to decide.",
        Mark.READ,
    ),
)


def uncertain_match(audited: Audited) -> Iterator[Found]:
    """Report words that resemble a claim, though no rule of recognition holds.

    A rule can be shown, likeness cannot. So what is only alike is not measured against evidence and owes nothing, and
    a person is asked to look.

    Passes: whatever a rule recognises; the other rules deal with that.

    Fix: if the words do make the claim, add them to the vocabulary or to the entry's `recognise`, and its caveats will
    be asked for; if not, there is nothing to do.
    """
    for mention in audited.mentions:
        if mention.match is Match.POSSIBLE and mention.claim and mention.subject.ours:
            claim = audited.kb.claims[mention.claim]
            caveats = [
                audited.kb.caveats[owed.caveat].short for owed in claim.caveats if owed.caveat in audited.kb.caveats
            ]
            owes = f"; it would owe: {', '.join(caveats)}" if caveats else ""
            message = f"this may claim “{claim.claim.rstrip('.')}”; somebody should look{owes}"
            yield Found(mention.start, mention.end, message, claim=claim.id)


RULE = AuditRule(
    "uncertain-match",
    "Words resemble a claim, and a person should look.",
    Kind.REVIEW,
    Level.NOTE,
    uncertain_match,
    BASIS,
)
