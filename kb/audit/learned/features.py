"""What a unit is judged by: its word stems, each two that follow one another, its concepts and its kinds of words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.audit.context import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.context import Reading

NUMBER, SHARE = "#", "#%"
"""Stand for any number: what is said matters here, not how much."""

_ASKS = "?"


class Kinds(NamedTuple):
    """The features of a unit by kind, without their places; one may be there more than once.

    To be looked up they need no name put together: "feel sick" is the pair of the stems, "[relief]" the concept's id.
    """

    stems: Iterable[Any]
    pairs: Iterable[Any]
    """Of two stems each."""
    concepts: Iterable[Any]
    lists: Iterable[Any]
    marks: Iterable[Any]


@once
def features(reading: Reading) -> dict[str, tuple[int, int]]:
    """Return feature → the first and last token that show it, the first time that it is there; (-1, -1) for none."""
    found: dict[str, tuple[int, int]] = {}
    before = ""
    for at, stem in enumerate(_stems(reading)):
        if stem not in found:
            found[stem] = (at, at)
        if before and (both := f"{before} {stem}") not in found:
            found[both] = (at - 1, at)
        before = stem
    for concept, hits in reading.concepts.items():
        found[f"[{concept}]"] = (hits[0].first, hits[0].last)
    for name, words in reading.words.items():
        found[f"<{name}>"] = (words[0].first, words[0].last)
    if reading.ends == _ASKS:
        found[_ASKS] = (-1, -1)
    return found


def kinds(reading: Reading) -> Kinds:
    """Return the very features that `features` does, by kind: all that judging needs of most units, and sooner."""
    stems = _stems(reading)
    return Kinds(stems, pairwise(stems), reading.concepts, reading.words, _ASKS if reading.ends == _ASKS else "")


def by_kind(names: Iterable[str]) -> tuple[dict[Any, str], ...]:
    """Return what features are looked up by → their names, for each of the kinds."""
    by: tuple[dict[Any, str], ...] = ({}, {}, {}, {}, {})
    stems, pairs, concepts, lists, marks = by
    for name in names:
        first, blank, second = name.partition(" ")
        if blank:
            pairs[first, second] = name
        elif name == _ASKS:
            marks[name] = name
        elif name[0] == "[":
            concepts[name[1:-1]] = name
        elif name[0] == "<":
            lists[name[1:-1]] = name
        else:
            stems[name] = name
    return by


def _stems(reading: Reading) -> list[str]:
    """Return the stems of a unit, any number as one of two signs."""
    return [stem if stem[-1:].isalpha() else _sign(stem) for stem in reading.rows.stems]


def _sign(stem: str) -> str:
    last = stem[-1:]
    if last == "%":
        return SHARE
    return NUMBER if last.isdecimal() else stem
