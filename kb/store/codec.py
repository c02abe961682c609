"""Turn an entry into the text of its file and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, overload

from pydantic import ValidationError

from kb.errors import InvalidEntry
from kb.store.complaints import complaints
from kb.store.emit import Comments, emit
from kb.store.kinds import Entry, Kind, adapter, kind_of_model, modeline
from kb.store.yaml12 import Reading, findings, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.finding import Finding
    from kb.model import About, Caveat, Claim, Concept, Reference, Source, Topic
    from kb.store.yaml12 import Path, Position


def encode(entry: Entry, kind: str | None = None) -> str:
    """Return the canonical text of a file that holds this entry.

    `kind` is needed for what is not a claim, caveat, source or `kb.yaml`: a mapping of themes, concepts, topics
    or references. Fields that have their default value are left out. Raises `ValueError` where the kind is unknown.
    """
    known = kind_of_model(entry) if kind is None else Kind(kind)
    if known is None:
        raise ValueError(f"say of which kind this {type(entry).__name__} is: themes, vocabulary, topics or references")
    return emit(plain(entry, known), known, Comments(header=[modeline(known)]))


def plain(entry: Entry, kind: Kind) -> dict[str, Any]:
    """Return an entry as JSON's types, in canonical order and without what is there by default."""
    dumped: dict[str, Any] = adapter(kind).dump_python(entry, mode="json", by_alias=True, exclude_defaults=True)
    return dumped


@overload
def decode(text: str, kind: Literal["claim"], path: str = ...) -> Claim: ...
@overload
def decode(text: str, kind: Literal["caveat"], path: str = ...) -> Caveat: ...
@overload
def decode(text: str, kind: Literal["source"], path: str = ...) -> Source: ...
@overload
def decode(text: str, kind: Literal["kb"], path: str = ...) -> About: ...
@overload
def decode(text: str, kind: Literal["themes"], path: str = ...) -> Mapping[str, Mapping[str, str]]: ...
@overload
def decode(text: str, kind: Literal["vocabulary"], path: str = ...) -> Mapping[str, Concept]: ...
@overload
def decode(text: str, kind: Literal["topics"], path: str = ...) -> Mapping[str, Topic]: ...
@overload
def decode(text: str, kind: Literal["references"], path: str = ...) -> Mapping[str, Reference]: ...
@overload
def decode(text: str, kind: str, path: str = ...) -> Any: ...
def decode(text: str, kind: str, path: str = "<text>") -> Any:
    """Return the entry that a file's text holds; raise `InvalidEntry` with every problem at once.

    `path` is the file's name in findings.
    """
    value, problems = decode_all(text, Kind(kind), path)
    if problems:
        raise InvalidEntry(f"{path} is not a valid {kind} file", problems)
    return value


def decode_all(text: str, kind: Kind, path: str) -> tuple[Any, tuple[Finding, ...]]:
    """Return the entry of a text (None where it is not valid) and everything that is wrong with the text."""
    reading = read(text)
    try:
        if not reading.problems:
            return validate(reading.value, kind), ()
    except ValidationError as error:
        return None, _explained(error, reading, text, kind, path)
    if not reading.complete:
        return None, findings(reading.problems, path)
    try:
        validate(reading.value, kind)
    except ValidationError as error:
        return None, _explained(error, reading, text, kind, path)
    return None, findings(reading.problems, path)


def validate(value: Any, kind: Kind) -> Any:
    """Return the entry that YAML or JSON values mean; raise pydantic's `ValidationError`.

    It goes by way of JSON, because only there pydantic is strict about types (12 is no text, "no" is no bool) and
    yet takes lists for tuples and words for enumerations.
    """
    return adapter(kind).validate_json(json.dumps(value), strict=True, by_alias=True, by_name=False)


def _explained(error: ValidationError, reading: Reading, text: str, kind: Kind, path: str) -> tuple[Finding, ...]:
    """Return the problems of a reading and of its value, each at its place."""
    positions: dict[Path, Position] = {}
    read(text, positions)
    in_doubt = {problem.path for problem in reading.problems if problem.rule != "duplicate-key"}
    found = complaints(error, kind, positions)
    return findings([*reading.problems, *(problem for problem in found if problem.path not in in_doubt)], path)
