"""What the rules ask of the claims again and again, worked out once for a knowledge base and not for every sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kb.audit.numbers import numbers
from kb.model import ClaimType, Direction, RelationType, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.model import Claim, KnowledgeBase

    Span = tuple[float, float]

EFFECTS = frozenset({ClaimType.EFFICACY, ClaimType.ONSET, ClaimType.COMPARISON})
"""Types of claim beside which a share in the evidence is one of people who got better."""

YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_REPORTED = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%(?!\s*CI)")
CLOSE = frozenset({RelationType.BROADER, RelationType.SIMILAR, RelationType.NARROWER})
"""Relations of claims that say much the same; what merely belongs beside a claim does not."""
_NEAREST = 4
"""As many claims near some themes as anybody asks for."""


class Known:
    """Answers about the claims of one knowledge base, each kept once it was given."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._numbers: dict[str, frozenset[float]] = {}
        self._spans: dict[str, Span | None] = {}
        self._near: dict[frozenset[str], tuple[Claim, ...]] = {}
        self._of_groups: dict[frozenset[str], frozenset[str]] = {}

    def numbers(self, claim: Claim) -> frozenset[float]:
        """Return the numbers in a claim and in the evidence beside it."""
        found = self._numbers.get(claim.id)
        if found is None:
            texts = [claim.claim, claim.rationale, *(item.finding for item in claim.evidence)]
            found = self._numbers[claim.id] = frozenset(number.value for text in texts for number in numbers(text))
        return found

    def of_groups(self, groups: frozenset[str]) -> frozenset[str]:
        """Return the themes of some groups."""
        found = self._of_groups.get(groups)
        if found is None:
            themes = (theme for group, ones in self._kb.themes.items() if group in groups for theme in ones)
            found = self._of_groups[groups] = frozenset(themes)
        return found

    def span(self, claim: Claim) -> Span | None:
        """Return the least and the largest share in the evidence of a claim and of those close to it.

        Only evidence that speaks for the claim counts where there is such; "95% CI" is no share. `None` without any.
        """
        if claim.id not in self._spans:
            claims = self._kb.claims
            close = [claims[link.claim] for link in claim.related if link.type in CLOSE and link.claim in claims]
            found = [value for one in (claim, *close) for value in _shares_of(one)]
            self._spans[claim.id] = (min(found), max(found)) if found else None
        return self._spans[claim.id]

    def highest(self, themes: Iterable[str]) -> tuple[Span, Claim] | None:
        """Return the claim on one of the themes whose evidence reports the highest share, with the span of shares."""
        found = [self._highest[theme] for theme in themes if theme in self._highest]
        return min(found, key=_by_height, default=None)

    def earliest(self, themes: Iterable[str]) -> tuple[int, Claim] | None:
        """Return the first year that a supported claim of history on one of the themes has on record, and the claim."""
        found = [self._earliest[theme] for theme in themes if theme in self._earliest]
        return min(found, key=_by_year, default=None)

    def near(self, themes: Iterable[str]) -> tuple[Claim, ...]:
        """Return the claims on most of the themes, those on few others first; no more than anybody asks for."""
        wanted = frozenset(themes)
        found = self._near.get(wanted)
        if found is None:
            claims = {claim.id: claim for theme in wanted for claim in self._on.get(theme, ())}.values()
            found = self._near[wanted] = tuple(
                sorted(
                    claims,
                    key=lambda claim: (-len(wanted.intersection(claim.themes)), len(claim.themes), claim.id),
                )[:_NEAREST]
            )
        return found

    @cached_property
    def _on(self) -> dict[str, list[Claim]]:
        """Theme → the claims on it."""
        found: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self._kb.claims.values():
            for theme in claim.themes:
                found[theme].append(claim)
        return dict(found)

    @cached_property
    def _highest(self) -> dict[str, tuple[Span, Claim]]:
        found = [
            (span, claim) for claim in self._kb.claims.values() if claim.type in EFFECTS and (span := self.span(claim))
        ]
        return {theme: pair for pair in sorted(found, key=_by_height, reverse=True) for theme in pair[1].themes}

    @cached_property
    def _earliest(self) -> dict[str, tuple[int, Claim]]:
        found = [(min(years), claim) for claim in self._kb.claims.values() if (years := list(_record(claim)))]
        return {theme: pair for pair in sorted(found, key=_by_year, reverse=True) for theme in pair[1].themes}


def known(kb: KnowledgeBase) -> Known:
    """Return what is known of a knowledge base, the same object for as long as it is in use."""
    return _known(_Same(kb))


class _Same:
    """A knowledge base that equals itself alone, since comparing two by all that is in them would cost more."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def __hash__(self) -> int:
        return id(self.kb)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.kb is other.kb


@lru_cache(maxsize=4)
def _known(same: _Same) -> Known:
    return Known(same.kb)


def _shares_of(claim: Claim) -> Iterator[float]:
    speaking = [item for item in claim.evidence if item.direction is Direction.SUPPORTS] or claim.evidence
    for item in speaking:
        yield from (float(value) for value in _REPORTED.findall(item.finding))


def _record(claim: Claim) -> Iterator[int]:
    """Yield the years in the evidence of a supported claim of history."""
    if claim.type is ClaimType.HISTORY and claim.verdict is Verdict.SUPPORTED:
        for item in claim.evidence:
            yield from (int(year) for year in YEAR.findall(item.finding))


def _by_height(pair: tuple[Span, Claim]) -> tuple[float, str]:
    return -pair[0][1], pair[1].id


def _by_year(pair: tuple[int, Claim]) -> tuple[int, str]:
    return pair[0], pair[1].id
