"""The judged queries: what people type, and which claims answer it, read from `judged.yaml`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.model import Claim, KnowledgeBase

FILE = Path(__file__).with_name("judged.yaml")
GRADES = (3, 2, 1)
CLEAR = 2
"""From this grade on a claim counts for recall: what is merely related need not be found."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One query with the grade of every claim that answers it; a claim that is not named has grade 0."""

    text: str
    kind: str
    grades: Mapping[str, int]
    caveats: frozenset[str] = frozenset()
    """The caveats that are what is asked for: those whose claims all have grade 3."""

    @property
    def held_out(self) -> bool:
        """Whether it is kept for the report and never looked at while tuning: a digest decides, so nobody does."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1

    @property
    def relevant(self) -> frozenset[str]:
        """The claims that should be found."""
        return frozenset(claim for claim, grade in self.grades.items() if grade >= CLEAR)


def load(kb: KnowledgeBase, file: Path = FILE) -> tuple[Judged, ...]:
    """Read the judged queries; raise `ValueError` for one that names what the knowledge base does not have."""
    kinds: dict[str, list[dict[str | int, Any]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    standing = _standing(kb.claims.values())
    return tuple(
        Judged(query["query"], kind, _grades(query, kb, standing), frozenset(_caveats(query)))
        for kind, queries in kinds.items()
        for query in queries
    )


def _grades(query: Mapping[str | int, Any], kb: KnowledgeBase, standing: Mapping[str, list[str]]) -> dict[str, int]:
    """Return claim → grade, the highest where it has several."""
    if unknown := query.keys() - {"query", *GRADES}:
        raise ValueError(f"{query['query']!r} has {sorted(map(str, unknown))}; grades are {GRADES}")
    grades: dict[str, int] = {}
    for grade in GRADES:
        for name in query.get(grade, ()):
            claims = [name] if name in kb.claims else standing.get(name)
            if not claims:
                raise ValueError(f"{query['query']!r} names {name!r}, which no claim is or has")
            for claim in claims:
                grades.setdefault(claim, grade)
    return grades


def _caveats(query: Mapping[str | int, Any]) -> Iterable[str]:
    for name in query.get(GRADES[0], ()):
        field, _, caveat = name.partition(":")
        if field == "caveat":
            yield caveat


def _standing(claims: Iterable[Claim]) -> dict[str, list[str]]:
    """Return `field:value` → the claims that have it."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        for value in dict.fromkeys(_values(claim)):
            found.setdefault(value, []).append(claim.id)
    return found


def _values(claim: Claim) -> Iterable[str]:
    yield from (f"caveat:{owed.caveat}" for owed in claim.caveats)
    yield from (f"theme:{theme}" for theme in claim.themes)
    yield from (f"reference:{line.reference}" for line in claim.evidence)
    yield from (f"source:{occurrence.source}" for occurrence in claim.occurrences)
    yield from (f"verdict:{claim.verdict}", f"type:{claim.type}")
    if claim.certainty:
        yield f"certainty:{claim.certainty.level}"
