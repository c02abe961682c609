"""Relations between claims: both sides know of them, and a tension is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.crossings import SEEN_FROM_THE_OTHER_END
from kb.model import RelationType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context

_NOTED = (RelationType.SIMILAR, RelationType.CONTRADICTS, RelationType.RELATED)


def relation_asymmetric(context: Context) -> Iterator[Problem]:
    """Report a relation that the other claim does not return.

    Why: a reader who comes from the other side must see the contradiction, too.

    Fix: add the relation to the other claim: `similar` and `contradicts` in the same words, `broader` as `narrower`
    and the other way round. `related` stands on one side only.
    """
    claims = context.kb.claims
    returned = {(claim.id, relation.claim, relation.type) for claim in claims.values() for relation in claim.related}
    for claim in claims.values():
        for index, relation in enumerate(claim.related):
            if relation.type is RelationType.RELATED:
                continue  # pages and search read it from either side
            inverse = SEEN_FROM_THE_OTHER_END[relation.type]
            if relation.claim in claims and (relation.claim, claim.id, inverse) not in returned:
                message = f"the relation to '{relation.claim}' ({relation.type}) is not returned"
                note = ", note: …" if inverse in _NOTED else ""
                suggestion = f"Add {{claim: {claim.id}, type: {inverse}{note}}} to `related` of '{relation.claim}'."
                yield Problem("claim", claim.id, f"related[{index}]", message, suggestion)


def relation_self(context: Context) -> Iterator[Problem]:
    """Report a claim that is related to itself.

    Why: it says nothing, and stands where another id was meant.

    Fix: write the id of the other claim, or delete the relation.
    """
    for claim in context.kb.claims.values():
        for index, relation in enumerate(claim.related):
            if relation.claim == claim.id:
                message = "the claim is related to itself"
                yield Problem("claim", claim.id, f"related[{index}].claim", message, "Name another claim or delete it.")


def relation_note(context: Context) -> Iterator[Problem]:
    """Report a tension, a likeness or a tie without a word on what it is.

    Why: that two claims contradict each other, are alike without being the same, or belong together, needs one
    sentence; a reader cannot guess it.

    Fix: add `note` to the relation: what the one says, what the other says, and where the difference lies or what
    ties them.
    """
    for claim in context.kb.claims.values():
        for index, relation in enumerate(claim.related):
            if relation.type in _NOTED and relation.note is None:
                message = f"the relation to '{relation.claim}' ({relation.type}) has no note"
                suggestion = "Say in `note` what the tension, likeness or tie is."
                yield Problem("claim", claim.id, f"related[{index}]", message, suggestion)
