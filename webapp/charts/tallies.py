"""Verdicts and certainties, counted by theme and by group of themes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.model import CertaintyLevel, Verdict
from webapp.charts.kept import kept

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kb.model import Claim, KnowledgeBase


@dataclass(frozen=True, slots=True)
class Tally:
    """How the claims that carry any of these themes fare. Each claim counts once."""

    themes: tuple[str, ...]
    claims: int
    verdicts: Mapping[Verdict, int]
    """Verdicts that some claim has, in the order of `Verdict`."""
    certainties: Mapping[CertaintyLevel | None, int]
    """Levels that some claim has, surest first; `None` for claims that are not graded."""


@dataclass(frozen=True, slots=True)
class GroupTally:
    """A group of themes: all of its claims together, and each of its themes that has claims."""

    group: str
    whole: Tally
    themes: tuple[Tally, ...]


@kept
def tallies(kb: KnowledgeBase) -> tuple[GroupTally, ...]:
    """Return the groups that have claims, in the order of the themes file."""
    carrying: dict[str, list[Claim]] = {}
    for claim in kb.claims.values():
        for theme in claim.themes:
            carrying.setdefault(theme, []).append(claim)
    found = []
    for group, themes in kb.themes.items():
        used = tuple(theme for theme in themes if theme in carrying)
        if used:
            parts = tuple(_tally((theme,), carrying[theme]) for theme in used)
            whole = {claim.id: claim for theme in used for claim in carrying[theme]}
            found.append(GroupTally(group, _tally(used, whole.values()), parts))
    return tuple(found)


def _tally(themes: tuple[str, ...], claims: Collection[Claim]) -> Tally:
    verdicts = Counter(claim.verdict for claim in claims)
    certainties = Counter(_level(claim) for claim in claims)
    return Tally(
        themes,
        len(claims),
        {verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
        {level: certainties[level] for level in (*CertaintyLevel, None) if certainties[level]},
    )


def _level(claim: Claim) -> CertaintyLevel | None:
    return claim.certainty.level if claim.certainty else None
