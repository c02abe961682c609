"""What was learned, as recognitions: themes on which a unit speaks or warns in words that no rule has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.caveats import HARMS
from kb.audit.learned.model import THEME
from kb.text import ConceptHit, Recognition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kb.audit.context import Reading
    from kb.audit.learned.model import Judgement, Judging
    from kb.model import KnowledgeBase

WORDS = "learned"
"""Stands in the place of a concept for words that no concept has."""


def recognitions(
    kb: KnowledgeBase, reading: Reading, judged: Mapping[str, Judgement], known: Iterable[Recognition]
) -> tuple[Recognition, ...]:
    """Return what a unit about the treatment probably speaks and warns on, beyond what rules have recognised in it."""
    spoken = {one.id for one in known if one.kind == "topic"}
    warned = {kb.topics[one.id].key for one in known if one.kind == "topic-disclosure"}
    warned |= {kb.caveats[one.id].key for one in known if one.kind == "caveat"}
    found = []
    for label, judgement in judged.items():
        kind, _, name = label.partition(":")
        if kind == "theme" and name in kb.topics and name not in spoken:
            found.append(_recognition(reading, "topic", name, judgement))
        elif kind == "warns" and name not in warned and (theme := _theme(kb, name, spoken | _likely(judged))):
            found.append(_recognition(reading, "topic-disclosure", theme, judgement))
    return tuple(one for one in found if one.hits)


def credible(kb: KnowledgeBase, judging: Judging, unit: int, found: tuple[Recognition, ...]) -> tuple[Recognition, ...]:
    """Return what rules recognised in a unit, without the themes that so few of its words speak for.

    "It opens a window" is about no window of time. Kept is what a claim says too, what the unit is read together with
    tells, and every harm: better one warning too many.
    """
    claimed = {theme for one in found if one.kind == "claim" for theme in kb.claims[one.id].themes}
    return tuple(
        one
        for one in found
        if one.kind != "topic"
        or one.id in claimed
        or kb.topics[one.id].key in HARMS
        or any(hit.first < 0 for hit in one.hits)
        or not judging.doubts(unit, f"{THEME}{one.id}")
    )


def _likely(judged: Mapping[str, Judgement]) -> set[str]:
    return {label.removeprefix(THEME) for label in judged if label.startswith(THEME)}


def _theme(kb: KnowledgeBase, key: str, spoken: Collection[str]) -> str | None:
    """Return the theme by which a disclosure key is served: one that the unit speaks on, else the first of the key."""
    themes = [theme for theme, topic in kb.topics.items() if topic.key == key]
    return next((theme for theme in themes if theme in spoken), next(iter(themes), None))


def _recognition(reading: Reading, kind: str, theme: str, judgement: Judgement) -> Recognition:
    hits = tuple(
        ConceptHit(WORDS, reading.tokens[first].start, reading.tokens[last].end, first, last)
        for first, last in judgement.places
    )
    return Recognition(kind, theme, reading.unit.start, reading.unit.end, None, hits, likelihood=judgement.likelihood)
