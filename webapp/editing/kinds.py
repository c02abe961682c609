"""The kinds of entry that have a form: their parts, their names in words, their pages, and how new ones begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import EntryNotFound
from kb.model import Caveat, Claim, Concept, Model, Reference, Source, Topic
from kb.model.base import Slug, Text  # noqa: TC001  (pydantic reads the types)
from webapp.editing.parts import parts_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from kb.model import KnowledgeBase
    from webapp.editing.parts import Part

__all__ = ["KINDS", "Kind", "initial", "kind_of"]


class Theme(Model):
    """A theme, as an editor sees it: the group that it stands in, and what it means."""

    group: Slug
    description: Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry with a form."""

    name: str
    label: str
    many: str
    meaning: str
    model: type[Model]
    texts: Callable[[KnowledgeBase], Mapping[str, str]]
    """Id → what the entry says, in a line."""
    page: tuple[str, str] | None = None
    """The endpoint of its page for readers, and the name of the id there."""
    reviewed: bool = False
    """Whether it is approved, published and withdrawn."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of its form."""
        return parts_of(self.model)


_ALL = (
    Kind(
        "claim",
        "Claim",
        "Claims",
        "An assertion that articles make, with its verdict, evidence and caveats.",
        Claim,
        lambda kb: {claim.id: claim.claim for claim in kb.claims.values()},
        ("claims.claim", "claim_id"),
        reviewed=True,
    ),
    Kind(
        "caveat",
        "Caveat",
        "Caveats",
        "A condition without which claims mislead; many claims share one.",
        Caveat,
        lambda kb: {caveat.id: caveat.short for caveat in kb.caveats.values()},
        ("caveats.caveat", "caveat_id"),
        reviewed=True,
    ),
    Kind(
        "source",
        "Article",
        "Articles",
        "A document in which claims are made.",
        Source,
        lambda kb: {source.id: source.title for source in kb.sources.values()},
        ("sources.source", "source_id"),
    ),
    Kind(
        "reference",
        "Reference",
        "References",
        "A work that evidence may cite.",
        Reference,
        lambda kb: {key: reference.title for key, reference in kb.references.items()},
        ("references.reference", "key"),
    ),
    Kind(
        "theme",
        "Theme",
        "Themes",
        "What claims are about; a closed list, in groups.",
        Theme,
        lambda kb: dict(kb.theme_descriptions),
    ),
    Kind(
        "concept",
        "Concept",
        "Concepts",
        "An idea and the words that express it, for rules and for search.",
        Concept,
        lambda kb: {key: concept.label or ", ".join(concept.terms[:4]) for key, concept in kb.concepts.items()},
    ),
    Kind(
        "topic",
        "Topic",
        "Topics",
        "How copy speaks on a theme and warns on it.",
        Topic,
        lambda kb: {theme: kb.theme_descriptions.get(theme, "") for theme in kb.topics},
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}


def kind_of(name: str) -> Kind:
    """Return a kind by its name; raise `EntryNotFound` where there is none of that name."""
    if name not in KINDS:
        raise EntryNotFound("kind of entry", name)
    return KINDS[name]


def initial(kind: Kind, author: str, today: dt.date) -> dict[str, Any]:
    """Return the fields that a new entry of this kind begins with."""
    if not kind.reviewed:
        return {}
    due = today.replace(year=today.year + 1, day=min(today.day, 28))
    return {"status": "draft", "review": {"author": author, "due": due.isoformat()}}
