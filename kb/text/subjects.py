"""What a knowledge base is about, and how its vocabulary says what else copy may be about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.model import Claim, KnowledgeBase

TREATMENT = "subject-treatment"
"""Names of what the knowledge base is about."""

REFERRING = "subject-referring"
"""Words that go back to whatever treatment copy speaks of: the dose, the session."""

SIGNS = "subject-signs"
"""Words that show that it is meant as a treatment, where its name alone could mean something else."""

ASIDE = "subject-aside"
"""Words that only look like signs of a subject: "animal model", "as an antidepressant"."""

FORMS = "subject-esketamine-form"
"""What goes back to esketamine once copy has named it: "the spray"."""

ESKETAMINE, OTHER_TREATMENT, CONDITION = "subject-esketamine", "subject-other-treatment", "subject-condition"
"""Names of the drug that is mistaken for the treatment, of other treatments, and of the illness."""

SUBJECTS = {
    ESKETAMINE: "esketamine",
    "subject-veterinary": "ketamine-veterinary",
    "subject-anaesthesia": "ketamine-anesthesia",
    "subject-recreational": "ketamine-recreational",
    OTHER_TREATMENT: "other-treatment",
    CONDITION: "condition",
}
"""Concept whose words point to a subject → the subject, in the words of a report."""

APPROVED_USE, UNAPPROVED_USE = "approved-use", "unapproved-use"
"""Uses that a regulator has approved the treatment for, and those for which none has."""

NAMED = frozenset({TREATMENT, REFERRING, SIGNS, ASIDE, FORMS, APPROVED_USE, UNAPPROVED_USE, *SUBJECTS})
"""Concepts that are used by their ids, so that no rule needs to name them."""


def subject(kb: KnowledgeBase) -> str | None:
    """Return the concept that a knowledge base is about: the one that most of its claims' rules need, if any.

    A leaflet names the drug in its title and goes on "it works within hours". Whoever pastes that sentence alone
    means the drug, so the rules may take it as said.
    """
    needed = Counter(concept for claim in kb.claims.values() for concept in _always(claim))
    concept, claims = max(needed.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return concept if claims * 2 > len(kb.claims) else None


def _always(claim: Claim) -> set[str]:
    return {concept for rule in claim.recognise for concept in rule.all}
