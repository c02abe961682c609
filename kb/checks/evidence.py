"""Evidence: it fits the verdict, it is about people, and it is described as its reference is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries
from kb.model import ClaimType, Design, Direction, Verdict
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context
    from kb.model import Claim

_ABOUT_PEOPLE = (ClaimType.EFFICACY, ClaimType.ONSET, ClaimType.MECHANISM, ClaimType.SAFETY, ClaimType.COMPARISON)
_ANIMALS = frozenset(
    {"anim", "rat", "mice", "mous", "rodent", "monkey", "primat", "dog", "cat", "cell", "tissu", "vitro"}
)


def evidence_missing(context: Context) -> Iterator[Problem]:
    """Report a verdict that no evidence of its kind bears out.

    Why: the verdict is what readers trust most; it must follow from the lines of evidence beside it.

    Fix: add the evidence, or change the verdict: `supported` needs a line that supports, `refuted` one that disputes,
    `contested` one of each or a neutral one. Where there is none, the verdict is `unproven`.
    """
    for claim in context.kb.claims.values():
        wanted = _wanted(claim)
        if wanted:
            message = f"the verdict is {claim.verdict}, but {wanted}"
            suggestion = "Add such evidence, or change the verdict; it is unproven where there is none."
            yield Problem("claim", claim.id, "evidence" if claim.evidence else "verdict", message, suggestion)


def _wanted(claim: Claim) -> str:
    """Return what is wrong with the evidence for the verdict; an empty text if nothing is."""
    found = {line.direction for line in claim.evidence}
    match claim.verdict:
        case Verdict.SUPPORTED:
            return "" if Direction.SUPPORTS in found else "no evidence supports the claim"
        case Verdict.REFUTED:
            return "" if Direction.DISPUTES in found else "no evidence disputes the claim"
        case Verdict.CONTESTED:
            both = {Direction.SUPPORTS, Direction.DISPUTES} <= found
            return "" if both or Direction.NEUTRAL in found else "the evidence does not show both sides"
        case Verdict.UNPROVEN | Verdict.NOT_CHECKABLE:
            return ""


def animal_evidence_alone(context: Context) -> Iterator[Problem]:
    """Report a claim about people that rests on animals or cells alone.

    Why: most of what works in rats does not work in people. A claim of effect, onset, mechanism, safety or comparison
    is read as one about people, so preclinical work alone never makes it `supported`.

    Fix: cite work in people, or make the verdict `unproven`. If the claim is about animals, say so in the sentence
    and in `scope.population`.
    """
    for claim in context.kb.claims.values():
        if claim.type not in _ABOUT_PEOPLE or claim.verdict is not Verdict.SUPPORTED or _is_about_animals(claim):
            continue
        supporting = [line for line in claim.evidence if line.direction is Direction.SUPPORTS]
        if supporting and all(line.design is Design.PRECLINICAL for line in supporting):
            message = "the claim reads as one about people, but all evidence that supports it is from animals or cells"
            suggestion = "Cite work in people, make the verdict unproven, or name the animals in `scope.population`."
            yield Problem("claim", claim.id, "verdict", message, suggestion)


def _is_about_animals(claim: Claim) -> bool:
    population = claim.scope and claim.scope.population
    return bool(population) and any(token.stem in _ANIMALS for token in tokens(population or ""))


def evidence_design(context: Context) -> Iterator[Problem]:
    """Report evidence whose design is not that of its reference.

    Why: a cohort that passes for a trial makes a claim look better than it is.

    Fix: write the design that `references.yaml` gives; if that is wrong, correct it there.
    """
    for kind, entry in entries(context.kb):
        for index, line in enumerate(entry.evidence):
            reference = context.kb.references.get(line.reference)
            if reference is not None and reference.design is not line.design:
                message = f"the design is {line.design} here and {reference.design} in the reference '{line.reference}'"
                suggestion = f"Write {reference.design}, or correct the reference."
                yield Problem(kind, entry.id, f"evidence[{index}].design", message, suggestion)
