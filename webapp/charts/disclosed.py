"""Which articles make which disclosures: by the ten keys, and caveat by caveat."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kb.model import DisclosureKey
from webapp.charts.kept import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import Caveat, KnowledgeBase

State = Literal["disclosed", "left-out", "not-owed"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one article does with one disclosure. `owing` counts its claims that owe a caveat of this kind."""

    source: str
    disclosed: bool
    owing: int

    @property
    def state(self) -> State:
        """Whether the article says it, leaves it out though a claim of its own owes it, or owes nothing here."""
        if self.disclosed:
            return "disclosed"
        return "left-out" if self.owing else "not-owed"


@dataclass(frozen=True, slots=True)
class Line:
    """One disclosure across all articles: a key with its caveats, or a single caveat."""

    key: DisclosureKey | None
    caveats: tuple[Caveat, ...]
    cells: tuple[Cell, ...]


@kept
def key_lines(kb: KnowledgeBase) -> tuple[Line, ...]:
    """Return the ten keys in their order, with every caveat that serves each."""
    return tuple(_line(kb, key, _of_key(kb, key)) for key in DisclosureKey)


@kept
def caveat_lines(kb: KnowledgeBase, key: DisclosureKey | None) -> tuple[Line, ...]:
    """Return the caveats that serve this key, one by one; with `None`, those that serve no key."""
    return tuple(_line(kb, key, (caveat,)) for caveat in _of_key(kb, key))


def _of_key(kb: KnowledgeBase, key: DisclosureKey | None) -> tuple[Caveat, ...]:
    return tuple(caveat for caveat in kb.caveats.values() if caveat.key is key)


def _line(kb: KnowledgeBase, key: DisclosureKey | None, caveats: tuple[Caveat, ...]) -> Line:
    said = {place.source for caveat in caveats for place in caveat.occurrences}
    owing = _owing(kb, caveats)
    return Line(key, caveats, tuple(Cell(source, source in said, owing[source]) for source in kb.sources))


def _owing(kb: KnowledgeBase, caveats: Iterable[Caveat]) -> Counter[str]:
    """Return how many claims of each article owe any of these caveats; a claim counts once in an article."""
    claims = {claim.id: claim for caveat in caveats for claim in kb.claims_by_caveat.get(caveat.id, ())}
    return Counter(source for claim in claims.values() for source in {place.source for place in claim.occurrences})
