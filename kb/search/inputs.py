"""What the documents of an index were made from, and so which of them are others in another state.

A document depends on its claim, on what its caveats and references say, on its themes and on the vocabulary. Two states
that are both in memory are compared as they are; what an index on disk was made from is known by check sums.
"""

from __future__ import annotations

import hashlib
from itertools import chain, compress
from operator import is_not
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.model import Caveat, Claim, KnowledgeBase
    from kb.model.base import Model

Entry = TypeVar("Entry")

_PARTS = ("caveats", "references", "themes")


class Inputs(BaseModel):
    """Check sums of all that documents were made from: id → 16 hex digits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vocabulary: str
    claims: dict[str, str]
    caveats: dict[str, str]
    references: dict[str, str]
    themes: dict[str, str]

    @classmethod
    def of(cls, kb: KnowledgeBase) -> Inputs:
        """Return the check sums of a state."""
        beside = {name: {key: _sum(said) for key, said in of(kb).items()} for name, of in _BESIDE.items()}
        return cls(
            vocabulary=_sum("\n".join(f"{key} {_json(concept)}" for key, concept in kb.concepts.items())),
            claims={claim_id: _sum(_json(claim)) for claim_id, claim in kb.claims.items()},
            **beside,
        )

    def changed(self, kb: KnowledgeBase) -> frozenset[str] | None:
        """Return the claims whose documents are others now, or gone; `None` where all may be."""
        now = Inputs.of(kb)
        if now.vocabulary != self.vocabulary:
            return None
        differ = {name: _differing(getattr(self, name), getattr(now, name)) for name in _PARTS}
        return _differing(self.claims, now.claims) | _beside(kb, differ)


def changed(before: KnowledgeBase, after: KnowledgeBase) -> frozenset[str] | None:
    """Return the claims whose documents are others in a later state, or gone; `None` where all may be."""
    if before.concepts != after.concepts:
        return None
    same = {"caveats": before.caveats == after.caveats, "references": before.references == after.references}
    differ = {
        name: frozenset[str]() if same.get(name) else _differing(of(before), of(after)) for name, of in _BESIDE.items()
    }
    return _differing(before.claims, after.claims) | _beside(after, differ)


def same_rules(before: KnowledgeBase, after: KnowledgeBase) -> bool:
    """Tell whether the same claims and caveats are recognised, by the same rules and the same vocabulary."""
    return (
        before.concepts == after.concepts
        and _same_recognised(before.claims, after.claims)
        and _same_recognised(before.caveats, after.caveats)
    )


def _same_recognised(before: Mapping[str, Claim | Caveat], after: Mapping[str, Claim | Caveat]) -> bool:
    anew, gone = others(before, after)
    return not gone and all(key in before and after[key].recognise == before[key].recognise for key in anew)


def others(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> tuple[list[str], list[str]]:
    """Return the ids of entries that are new or other objects in a later state, and the ids of those that are gone.

    An entry whose file was not read again is the very same object, so none is looked into: of 10,000 entries, that
    would take most of the time of a save.
    """
    if list(before) == list(after):
        return list(compress(after, map(is_not, after.values(), before.values()))), []
    return [key for key, value in after.items() if before.get(key) is not value], [
        key for key in before if key not in after
    ]


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    anew, gone = others(before, after)
    return frozenset(chain((key for key in anew if key not in before or before[key] != after[key]), gone))


def _beside(kb: KnowledgeBase, differ: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the claims that name something which says something else now."""
    caveats, references, themes = (differ[name] for name in _PARTS)
    found = set()
    if caveats:
        found |= {claim.id for claim in kb.claims.values() if any(owed.caveat in caveats for owed in claim.caveats)}
    if references:
        found |= {
            claim.id for claim in kb.claims.values() if any(line.reference in references for line in claim.evidence)
        }
    if themes:
        found |= {claim.id for claim in kb.claims.values() if not themes.isdisjoint(claim.themes)}
    return found


def _caveats(kb: KnowledgeBase) -> dict[str, Any]:
    return {key: f"{caveat.short}\n{caveat.caveat}" for key, caveat in kb.caveats.items()}


def _references(kb: KnowledgeBase) -> dict[str, Any]:
    return {key: reference.title for key, reference in kb.references.items()}


def _themes(kb: KnowledgeBase) -> dict[str, Any]:
    return kb.theme_descriptions


_BESIDE = {"caveats": _caveats, "references": _references, "themes": _themes}
"""What documents take from entries beside the claim."""


def _json(entry: Model) -> str:
    return entry.model_dump_json(exclude_defaults=True, warnings=False)


def _sum(said: str) -> str:
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
