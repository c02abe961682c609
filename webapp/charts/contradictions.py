"""Claims that contradict each other: in pairs, by the articles that make them, and in clusters that hang together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.model import RelationType
from webapp.charts.kept import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import Claim, KnowledgeBase

Articles = tuple[str, str]
"""Two articles in id order; the same one twice for a contradiction within it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that cannot both be true as worded, in id order."""

    claims: tuple[Claim, Claim]
    notes: tuple[str, ...]
    """What the tension is, as either claim puts it; the same words only once."""
    articles: tuple[Articles, ...]
    """Every two articles of which one makes the first claim and the other the second."""

    @property
    def note(self) -> str | None:
        """The fuller of the notes, as both mostly say the same."""
        return max(self.notes, key=len, default=None)

    @property
    def within(self) -> tuple[str, ...]:
        """The articles that make both claims and so contradict themselves."""
        return tuple(one for one, other in self.articles if one == other)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Claims tied together by contradictions, each beside one that it contradicts, and the pairs among them."""

    claims: tuple[Claim, ...]
    pairs: tuple[Pair, ...]


@kept
def pairs(kb: KnowledgeBase) -> tuple[Pair, ...]:
    """Return every contradiction once, whichever of the two claims states it. Claims not on file are passed over."""
    notes: dict[tuple[str, str], dict[str, None]] = {}
    for claim in kb.claims.values():
        for relation in claim.related:
            if relation.type is RelationType.CONTRADICTS and relation.claim in kb.claims and relation.claim != claim.id:
                first, second = sorted((claim.id, relation.claim))
                said = notes.setdefault((first, second), {})
                if relation.note:
                    said[relation.note] = None
    return tuple(
        Pair((kb.claims[first], kb.claims[second]), tuple(said), _articles(kb, kb.claims[first], kb.claims[second]))
        for (first, second), said in sorted(notes.items())
    )


def between(found: Iterable[Pair]) -> Counter[Articles]:
    """Return how many of these contradictions stand between each two articles."""
    return Counter(articles for pair in found for articles in pair.articles)


def clusters(found: Iterable[Pair]) -> tuple[Cluster, ...]:
    """Return the contradictions in clusters that share no claim, the largest first."""
    claims: dict[str, Claim] = {}
    neighbours: dict[str, list[str]] = defaultdict(list)
    found = tuple(found)
    for pair in found:
        first, second = pair.claims
        claims |= {first.id: first, second.id: second}
        neighbours[first.id].append(second.id)
        neighbours[second.id].append(first.id)
    grouped = []
    seen: set[str] = set()
    for start in sorted(neighbours, key=lambda claim: (len(neighbours[claim]), claim)):
        if start not in seen:
            walk = _walk(start, neighbours)
            seen |= set(walk)
            place = {claim: number for number, claim in enumerate(walk)}
            own = [pair for pair in found if pair.claims[0].id in place]
            own.sort(key=lambda pair: sorted(place[claim.id] for claim in pair.claims))
            grouped.append(Cluster(tuple(claims[claim] for claim in walk), tuple(own)))
    return tuple(sorted(grouped, key=lambda cluster: -len(cluster.claims)))


def _walk(start: str, neighbours: dict[str, list[str]]) -> list[str]:
    """Return all claims that can be reached: along each branch to its end, short branches first."""
    order: dict[str, None] = {}
    waiting = [start]
    while waiting:
        claim = waiting.pop()
        if claim not in order:
            order[claim] = None
            onward = [other for other in neighbours[claim] if other not in order]
            waiting += sorted(onward, key=lambda other: (len(neighbours[other]), other), reverse=True)
    return list(order)


def _articles(kb: KnowledgeBase, first: Claim, second: Claim) -> tuple[Articles, ...]:
    one, other = ({place.source for place in claim.occurrences} & set(kb.sources) for claim in (first, second))
    found = {(min(a, b), max(a, b)) for a in one for b in other}
    return tuple(sorted(found))
