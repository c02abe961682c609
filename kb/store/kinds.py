"""The eight kinds of file: where each lives, which model reads it, and the modeline that editors look for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from kb.model import About, Caveat, Claim, Concept, Model, Reference, Source, Topic
from kb.model.base import ReferenceKey, Slug, Text

Entry = Model | Mapping[str, Any]
"""What one file holds: a model, or for `themes`, `vocabulary`, `topics` and `references` a mapping by id."""


class Kind(StrEnum):
    """What a file of the knowledge base is. The order of the members is the order of reading."""

    KB = "kb"
    THEMES = "themes"
    VOCABULARY = "vocabulary"
    TOPICS = "topics"
    REFERENCES = "references"
    SOURCE = "source"
    CAVEAT = "caveat"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where files of a kind live, and the type that reads them."""

    pattern: tuple[str, ...]
    """Parts of the path below the root; `*` stands for any one name, and the last part for the file."""
    type: Any


_PLACES: Mapping[Kind, _Place] = {
    Kind.KB: _Place(("kb.yaml",), About),
    Kind.THEMES: _Place(("themes.yaml",), dict[Slug, dict[Slug, Text]]),
    Kind.VOCABULARY: _Place(("vocabulary.yaml",), dict[Slug, Concept]),
    Kind.TOPICS: _Place(("topics.yaml",), dict[Slug, Topic]),
    Kind.REFERENCES: _Place(("references.yaml",), dict[ReferenceKey, Reference]),
    Kind.SOURCE: _Place(("sources", "*"), Source),
    Kind.CAVEAT: _Place(("caveats", "*"), Caveat),
    Kind.CLAIM: _Place(("entries", "*", "*"), Claim),
}
_FIXED = {place.pattern[0]: kind for kind, place in _PLACES.items() if len(place.pattern) == 1}
_FOLDERS = {(place.pattern[0], len(place.pattern)): kind for kind, place in _PLACES.items() if len(place.pattern) > 1}
_KINDS_BY_MODEL = {place.type: kind for kind, place in _PLACES.items() if isinstance(place.type, type)}


def content_type(kind: Kind) -> Any:
    """Return the type of what a file of this kind holds: a model, or a dict of models or texts."""
    return _PLACES[kind].type


@cache
def adapter(kind: Kind) -> TypeAdapter[Any]:
    """Return what validates and dumps the content of a file of this kind."""
    return TypeAdapter(content_type(kind))


def kind_of_model(entry: Entry) -> Kind | None:
    """Return the kind whose file holds exactly this model; `None` for mappings and parts of entries."""
    return _KINDS_BY_MODEL.get(type(entry))


def kind_of_path(relpath: str) -> Kind | None:
    """Return the kind of the file at this path below the root (parts joined by `/`); `None` for a stray file."""
    parts = relpath.split("/")
    if len(parts) == 1:
        return _FIXED.get(relpath)
    if not parts[-1].endswith(".yaml"):
        return None
    return _FOLDERS.get((parts[0], len(parts)))


def modeline(kind: Kind) -> str:
    """Return the comment that tells an editor's YAML language server which schema a file follows.

    The path is relative to the file's own folder and takes the root to lie beside the package `kb`.
    """
    up = "../" * len(_PLACES[kind].pattern)
    return f"# yaml-language-server: $schema={up}kb/schema/{kind}.schema.json"
