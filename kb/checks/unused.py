"""What nothing uses: caveats that no claim owes, concepts that no rule needs, references that nothing cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries, ruled
from kb.text.concepts import included
from kb.text.subjects import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context

_SYNONYMS = 2
"""A concept with fewer terms has nothing to widen a search query by."""


def unused_caveat(context: Context) -> Iterator[Problem]:
    """Report a caveat that no claim owes.

    Why: it is never shown beside a claim and never asked of copy.

    Fix: add it to the claims that mislead without it, or delete it.
    """
    owed = {owed.caveat for claim in context.kb.claims.values() for owed in claim.caveats}
    for caveat in context.kb.caveats.values():
        if caveat.id not in owed:
            message = "no claim owes this caveat"
            yield Problem("caveat", caveat.id, "id", message, "Add it to the claims that need it, or delete it.")


def unused_concept(context: Context) -> Iterator[Problem]:
    """Report a concept that neither a rule nor the search can use.

    Why: it looks as if something were recognised by it. A concept that no rule names may still widen a search, if it
    has two terms or more and `widen` is not false.

    Fix: name it in a `recognise` rule or in the `includes` of another concept, or delete it.
    """
    concepts = context.kb.concepts
    used = NAMED | {
        concept
        for found in ruled(context.kb)
        for rule in found.rules
        for concept in (*rule.all, *rule.any, *rule.unless)
    }
    for key in sorted(used & concepts.keys()):
        used |= included(concepts, key)
    for key, concept in concepts.items():
        searched = concept.widen and len(concept.terms) + len(concept.exact) + len(concept.includes) >= _SYNONYMS
        if key not in used and not searched:
            message = "no rule needs this concept, and it cannot widen a search"
            yield Problem("concept", key, "", message, "Name it in a rule, or delete it.")


def unused_reference(context: Context) -> Iterator[Problem]:
    """Report a reference that nothing cites.

    Why: it may have been meant for a claim that lacks it.

    Fix: cite it where it bears on a claim or caveat, or leave it for later.
    """
    cited = {line.reference for _, entry in entries(context.kb) for line in entry.evidence}
    for key in context.kb.references:
        if key not in cited:
            yield Problem("reference", key, "", "no claim or caveat cites this reference", "Cite it, or leave it.")
