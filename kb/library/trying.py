"""What an editor tries before a save: whether rules recognise a sentence and why, and what claims it is like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.checks.duplicates import alike
from kb.text import Recogniser
from kb.text.concepts import ConceptFinder
from kb.text.recognise import satisfy
from kb.text.tokens import tokens
from kb.text.units import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.model import Claim, KnowledgeBase, Rule
    from kb.text.recognise import Hits

Words = tuple[tuple[str, str], ...]
"""(concept, the words that express it), in the order of the text."""


@dataclass(frozen=True, slots=True)
class RuleTried:
    """What one rule makes of a sentence; where it does not fire, all that stands in its way."""

    number: int
    """From 0."""
    fires: bool
    words: Words
    """What was found of the concepts that it asks for."""
    missing: tuple[str, ...] = ()
    """Concepts of `all` that the sentence does not express."""
    none_of: tuple[str, ...] = ()
    """The concepts of `any`, where it expresses none of them."""
    stopped_by: Words = ()
    """What was found of the concepts of `unless`."""
    too_far: int | None = None
    """The window, where the words are there and lie further apart than that."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What rules make of a text: for each rule, the sentence that it comes nearest to."""

    text: str
    rules: tuple[RuleTried, ...]
    others: tuple[tuple[str, str], ...]
    """(kind, id) of entries on file that recognise the text."""

    @property
    def fires(self) -> bool:
        """Whether one of the rules holds."""
        return any(rule.fires for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Alike:
    """A claim on file that says nearly the same, and the share of their weighted words that both have."""

    claim: Claim
    share: float


def try_rules(kb: KnowledgeBase, rules: Sequence[Rule], text: str) -> Tried:
    """Return what each rule makes of a text; a rule looks at one sentence at a time."""
    tools = _tools(kb)
    units = [tools.finder.hits(tokens(text, span.start, span.end)) for span in sentences(text)]
    tried = tuple(
        _best([_tried(number, rule, hits, text) for hits in units]) for number, rule in enumerate(rules) if units
    )
    others = {(found.kind, found.id): None for found in tools.recogniser.recognise(text)}
    return Tried(text, tried, tuple(others))


def like(kb: KnowledgeBase, sentence: str, *, apart_from: str = "", limit: int = 5) -> tuple[Alike, ...]:
    """Return the claims that say nearly the same as a sentence, the most alike first."""
    found = alike(kb.claims.values(), sentence)
    return tuple(Alike(claim, round(share, 3)) for claim, share in found if claim.id != apart_from)[:limit]


@dataclass(frozen=True, slots=True)
class _Tools:
    finder: ConceptFinder
    recogniser: Recogniser


class _Same:
    """A knowledge base as a key: two are the same where they are one object."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.kb is self.kb

    def __hash__(self) -> int:
        return hash(self.kb.digest)


@lru_cache(maxsize=1)
def _tools_of(key: _Same) -> _Tools:
    return _Tools(ConceptFinder(key.kb.concepts), Recogniser(key.kb, topics=False))


def _tools(kb: KnowledgeBase) -> _Tools:
    return _tools_of(_Same(kb))


def _tried(number: int, rule: Rule, hits: Hits, text: str) -> RuleTried:
    satisfied = satisfy(rule, hits)
    if satisfied:
        return RuleTried(number, True, _words([(hit.start, hit.end, hit.concept) for hit in satisfied], text))
    asked, stopping = _firsts((*rule.all, *rule.any), hits), _firsts(rule.unless, hits)
    missing = tuple(concept for concept in rule.all if not hits.get(concept))
    none_of = rule.any if rule.any and not any(hits.get(concept) for concept in rule.any) else ()
    stopped_by = _words(stopping, text)
    there = not missing and not none_of and not stopped_by
    return RuleTried(number, False, _words(asked, text), missing, none_of, stopped_by, rule.within if there else None)


def _best(tried: Sequence[RuleTried]) -> RuleTried:
    """Return what comes nearest to firing."""
    return min(
        tried,
        key=lambda found: (not found.fires, len(found.missing) + bool(found.none_of), bool(found.stopped_by)),
    )


def _firsts(concepts: Iterable[str], hits: Hits) -> list[tuple[int, int, str]]:
    """Return where the first words of each concept start and end, with the concept."""
    return [(place.start, place.end, concept) for concept in concepts for place in hits.get(concept, ())[:1]]


def _words(found: Iterable[tuple[int, int, str]], text: str) -> Words:
    return tuple(dict.fromkeys((concept, text[start:end]) for start, end, concept in sorted(found)))
