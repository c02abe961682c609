"""Certainty: every verdict on evidence says how sure it is and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.model import CertaintyLevel, CertaintyReason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context

_LOWERING = (
    CertaintyReason.RISK_OF_BIAS,
    CertaintyReason.INCONSISTENCY,
    CertaintyReason.INDIRECTNESS,
    CertaintyReason.IMPRECISION,
    CertaintyReason.PUBLICATION_BIAS,
)


def certainty_missing(context: Context) -> Iterator[Problem]:
    """Report a verdict without a certainty.

    Why: "supported" by one small trial and "supported" by twenty large ones look the same without it.

    Fix: add `certainty: {level: …, reasons: […]}` after GRADE. A promise, an opinion or a testimonial has none:
    its verdict is `not-checkable`.
    """
    for claim in context.kb.claims.values():
        if claim.certainty is None and claim.verdict is not Verdict.NOT_CHECKABLE:
            message = f"the verdict is {claim.verdict} and no certainty is given"
            suggestion = "Add `certainty` with level and reasons, or make the verdict not-checkable."
            yield Problem("claim", claim.id, "verdict", message, suggestion)


def certainty_unwanted(context: Context) -> Iterator[Problem]:
    """Report a certainty where nothing can be checked.

    Why: certainty is about evidence; a claim that no evidence could settle has none to be certain of.

    Fix: delete `certainty`, or give the claim the verdict that its evidence allows.
    """
    for claim in context.kb.claims.values():
        if claim.certainty is not None and claim.verdict is Verdict.NOT_CHECKABLE:
            message = "the verdict is not-checkable, yet a certainty is given"
            yield Problem("claim", claim.id, "certainty", message, "Delete `certainty`, or change the verdict.")


def certainty_reasons(context: Context) -> Iterator[Problem]:
    """Report a certainty below high without a reason that lowers it.

    Why: GRADE starts at high and goes down for reasons; without them nobody can tell whether new evidence would
    change the level.

    Fix: add to `certainty.reasons` what lowered the level: risk-of-bias, inconsistency, indirectness, imprecision or
    publication-bias.
    """
    for claim in context.kb.claims.values():
        certainty = claim.certainty
        if certainty is None or certainty.level is CertaintyLevel.HIGH:
            continue
        if not any(reason in _LOWERING for reason in certainty.reasons):
            message = f"the certainty is {certainty.level} and no reason lowers it"
            suggestion = f"Add at least one of {', '.join(_LOWERING)} to `certainty.reasons`."
            yield Problem("claim", claim.id, "certainty", message, suggestion)
