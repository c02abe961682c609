"""The whole: every entry of one knowledge base, resolved by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from kb.errors import EntryNotFound
from kb.model.base import Model, Slug, Text

if TYPE_CHECKING:
    from kb.model.caveat import Caveat
    from kb.model.claim import Claim
    from kb.model.reference import Reference
    from kb.model.source import Source
    from kb.model.vocabulary import Concept, Topic

_DrugName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class About(Model):
    """`kb.yaml`: what this knowledge base is."""

    name: Text
    description: Text
    licence: Text
    profile: Slug = Field(default="us-ftc", description="The audit profile used unless another is named.")
    care_themes: tuple[Slug, ...] = Field(
        default=(),
        description="Themes that tell how care is given; copy that discloses nothing else is out of balance.",
    )
    prescription_only: tuple[Text, ...] = Field(
        default=(), description="Names of medicines that only a prescriber may supply."
    )
    drug_names: Mapping[_DrugName, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="Right spelling of each drug name → wrong spellings that lint reports.",
    )
    engine: Literal["memory", "whoosh", "tantivy", "postgres"] = Field(
        default="whoosh", description="What searches, unless another is named (docs/engines.md)."
    )
    commit_saves: bool = Field(default=True, description="Whether saves are committed to git, in a work tree.")


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything that was read, keyed by id and in id order. `digest` names exactly these files."""

    about: About
    digest: str
    themes: Mapping[str, Mapping[str, str]]
    """Group → theme → description."""
    concepts: Mapping[str, Concept]
    references: Mapping[str, Reference]
    sources: Mapping[str, Source]
    caveats: Mapping[str, Caveat]
    claims: Mapping[str, Claim]
    topics: Mapping[str, Topic] = field(default_factory=dict)
    """Theme → how copy speaks and warns on it."""

    @cached_property
    def theme_descriptions(self) -> dict[str, str]:
        """Theme → description, over all groups."""
        return {theme: text for group in self.themes.values() for theme, text in group.items()}

    @cached_property
    def _claim_aliases(self) -> dict[str, str]:
        return {alias: claim.id for claim in self.claims.values() for alias in claim.aliases}

    @cached_property
    def _caveat_aliases(self) -> dict[str, str]:
        return {alias: caveat.id for caveat in self.caveats.values() for alias in caveat.aliases}

    def claim(self, claim_id: str) -> Claim:
        """Return the claim of this id or former id; raise `EntryNotFound`."""
        found = self.claims.get(self._claim_aliases.get(claim_id, claim_id))
        if found is None:
            raise EntryNotFound("claim", claim_id)
        return found

    def caveat(self, caveat_id: str) -> Caveat:
        """Return the caveat of this id or former id; raise `EntryNotFound`."""
        found = self.caveats.get(self._caveat_aliases.get(caveat_id, caveat_id))
        if found is None:
            raise EntryNotFound("caveat", caveat_id)
        return found

    def source(self, source_id: str) -> Source:
        """Return the source of this id; raise `EntryNotFound`."""
        found = self.sources.get(source_id)
        if found is None:
            raise EntryNotFound("source", source_id)
        return found

    @cached_property
    def claims_by_caveat(self) -> dict[str, tuple[Claim, ...]]:
        """Caveat id → the claims that owe it."""
        owing: dict[str, list[Claim]] = {caveat_id: [] for caveat_id in self.caveats}
        for claim in self.claims.values():
            for owed in claim.caveats:
                owing.setdefault(owed.caveat, []).append(claim)
        return {caveat_id: tuple(claims) for caveat_id, claims in owing.items()}
