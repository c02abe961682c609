"""Shares of people who got better: those that copy names, and those that the evidence of a claim reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Polarity
from kb.audit.beside import there
from kb.audit.known import EFFECTS, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.base import Mention
    from kb.audit.context import Reading
    from kb.model import Claim, KnowledgeBase

MADE = frozenset({Polarity.ASSERTED, Polarity.NEGATED})


class Share(NamedTuple):
    """A share of people, in per cent, at code points `start` to `end`."""

    value: float
    start: int
    end: int


def shares(reading: Reading) -> Iterator[Share]:
    """Yield the shares that a unit names: "85%", "nine out of ten"."""
    return (Share(number.value, number.start, number.end) for number in reading.numbers if number.unit == "%")


def above(
    kb: KnowledgeBase, reading: Reading, mentions: Sequence[Mention], *, margin: float = 0, widely: bool = False
) -> Iterator[tuple[Share, tuple[float, float], Claim]]:
    """Yield shares of people who got better that lie more than `margin` points above all that the evidence reports.

    The claim is the one of those made here whose evidence goes highest; where none reports a share, those on the same
    themes are asked, and where nothing was recognised and one may look `widely`, all claims on a benefit.
    """
    if not there(reading, "response") or there(reading, "other-rate"):
        return
    named = list(shares(reading))
    spans = with_shares(kb, mentions, widely=widely) if named else []
    for share in named:
        if spans and share.value > spans[0][0][1] + margin:
            yield share, *spans[0]


def with_shares(
    kb: KnowledgeBase, mentions: Sequence[Mention], *, widely: bool = False
) -> list[tuple[tuple[float, float], Claim]]:
    """Return the claims made here that have shares in their evidence, with the span, the highest first.

    Where none has any, it is the one claim on the same themes whose evidence goes highest; where nothing was
    recognised and one may look `widely`, the one on any benefit.
    """
    made = [one for one in mentions if one.polarity in MADE and not one.denied]
    claims = [kb.claims[one.claim] for one in made if one.claim]
    facts = known(kb)
    found = [(span, claim) for claim in claims if claim.type in EFFECTS and (span := facts.span(claim))]
    if found:
        return sorted(found, key=lambda pair: (-pair[0][1], pair[1].id))
    themes = {theme for one in made for theme in one.themes}
    if widely and not any(claim.type in EFFECTS for claim in claims):
        themes.update(kb.themes.get("efficacy", ()))
    highest = facts.highest(themes)
    return [highest] if highest else []


def percent(value: float) -> str:
    """Return a share in words."""
    return f"{value:g}%"


def span_words(span: tuple[float, float]) -> str:
    """Return "27.4% to 70.8%", or one share where there is but one."""
    low, high = span
    return percent(high) if low == high else f"{percent(low)} to {percent(high)}"
