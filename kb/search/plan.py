"""From what was typed to what engines are asked: a `Plan` of things to find, and the reading that says so in words."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from kb.search.about import Topics
from kb.search.base import Reading, ReadTerm
from kb.search.fields import Condition, Due, Fields
from kb.search.widen import Vocabulary, concept_term, open_term
from kb.text.small_words import TURNING_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import KnowledgeBase
    from kb.search.query import Parsed, Part

MAX_THINGS = 24
"""How many words, phrases and values of a query are looked for; nobody types as many by hand."""

MAX_SAID = 32
"""How many words of a pasted text are looked for."""

MAX_ROWS = 12
"""How many phrases and words of the claim itself are looked for; each is looked up in every entry."""

MAX_PREFIXES = 4
"""How many stars a query may have; words with one more are looked for as they stand."""


@dataclass(frozen=True, slots=True)
class Words:
    """Stems that stand in a row, or one of the `others` instead (term → weight)."""

    stems: tuple[str, ...]
    others: tuple[tuple[str, float], ...] = ()
    in_claim: bool = False
    """Only where they stand in the claim itself."""
    open: bool = False
    """Typed alone: words of labels and examples, which an entry does not show, count as well."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins like this."""

    start: str
    in_claim: bool = False


Thing = Words | Prefix | Condition | Due
"""One thing to find. Only words and prefixes rank; conditions and dates merely hold or not."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as engines are asked it: one thing of every group, and none of the unwanted ones."""

    wanted: tuple[tuple[Thing, ...], ...]
    unwanted: tuple[Thing, ...]
    reading: Reading
    instead: tuple[tuple[Part, str], ...] = ()
    """Values that there are none of, and what may have been meant."""
    plain: bool = True
    """True for words alone, of which nobody said how they go together."""
    pasted: bool = False
    """True for a sentence or more, of which no entry needs to have every word."""
    themes: frozenset[str] = frozenset()
    """What the text is about by the rules of the topics."""
    asked: frozenset[str] = frozenset()
    """The stems of words that stand alone: the text as a way of asking. What is pasted is copy and asks for nothing."""

    @property
    def things(self) -> Iterator[Thing]:
        """Everything that is wanted, in whatever group."""
        return chain.from_iterable(self.wanted)

    @property
    def ranking(self) -> Plan:
        """The plan without what can only hold or not."""
        groups = (tuple(thing for thing in group if isinstance(thing, Words | Prefix)) for group in self.wanted)
        return replace(self, wanted=tuple(filter(None, groups)), unwanted=())

    @property
    def turning(self) -> Plan:
        """The plan of those words only that turn a claim into its opposite."""
        groups = (group for group in self.wanted if all(_turns(thing) for thing in group))
        return replace(self, wanted=tuple(groups), unwanted=())


def _turns(thing: Thing) -> bool:
    return isinstance(thing, Words) and thing.stems[0] in TURNING_WORDS


class Planner:
    """Makes plans from what is typed. Build it once for a knowledge base."""

    def __init__(self, kb: KnowledgeBase, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._fields = Fields(kb)
        self._topics = Topics(kb)

    def revised(self, kb: KnowledgeBase) -> Planner:
        """Return the planner of another state with the same vocabulary and topics."""
        planner = copy(self)
        planner._fields = Fields(kb)
        return planner

    def plan(self, parsed: Parsed, unwidened: frozenset[str] = frozenset()) -> Plan:
        """Widen words by the vocabulary, but by no concept of `unwidened`, and resolve the values of fields."""
        draft = _Draft()
        widened = self._vocabulary.widened(parsed)
        parts = [part for part in parsed.parts if not part.dropped]
        read = parts[:MAX_SAID] if parsed.prose else _affordable(parts)
        for part in read:
            concepts = widened.get(part, {})  # a part that lost its star is widened by nothing
            draft.left_out.update(unwidened & concepts.keys())
            kept = {concept: weight for concept, weight in concepts.items() if concept not in unwidened}
            draft.add(part, *self._thing(draft, parsed, part, kept))
        notes = [f"“{name}” is no field, so it was read as a word" for name in parsed.strange_fields]
        if parsed.marked:
            notes.append("quotation marks and signs were read as those of a sentence")
        reading = Reading(
            tuple(draft.terms()),
            tuple(dict.fromkeys(part.text for part in parsed.parts if part.dropped and not part.joins)),
            cut=parsed.cut or len(parts) > len(read),
            notes=tuple(dict.fromkeys((*draft.notes, *notes))),
            unwidened=self._vocabulary.shown(draft.left_out),
        )
        return Plan(
            tuple(dict.fromkeys(map(tuple, draft.wanted))),
            tuple(dict.fromkeys(draft.unwanted)),
            reading,
            tuple(draft.instead),
            plain=parsed.plain,
            pasted=parsed.prose,
            themes=self._topics.of(parsed.text) if parsed.plain else frozenset(),
            asked=_stems(draft.wanted) if parsed.plain and not parsed.prose else frozenset(),
        )

    def _thing(self, draft: _Draft, parsed: Parsed, part: Part, concepts: dict[str, float]) -> tuple[Thing, ReadTerm]:
        term = ReadTerm(part.text, phrase=part.phrase, excluded=part.excluded, field=part.field, prefix=part.prefix)
        if part.field == "claim":
            known = self._fields.claim(part.text)
            return known or _in_words(parsed, part), term
        if part.field:
            resolved = self._fields.resolve(part.field, part.text)
            draft.notes += [resolved.note] if resolved.note else []
            draft.instead += [(part, resolved.instead)] if resolved.instead else []
            return resolved.test, replace(term, values=getattr(resolved.test, "values", ()))
        others = {concept_term(concept): weight for concept, weight in sorted(concepts.items())}
        stems = parsed.stems(part)
        alone = not (part.phrase or part.prefix or part.excluded)
        if alone and len(stems) > 1:  # an id, perhaps
            others[open_term(part.text.lower())] = 1.0
        thing = _in_words(parsed, part, tuple(others.items()), alone=alone)
        return thing, replace(term, widened=self._vocabulary.shown(concepts))


def _affordable(parts: list[Part]) -> list[Part]:
    """Return as many parts as may be looked for, with the star taken from those that have one too many."""
    read: list[Part] = []
    rows = prefixes = 0
    for part in parts[:MAX_THINGS]:
        rows += part.phrase or part.field == "claim"
        prefixes += part.prefix
        if rows > MAX_ROWS:
            break
        read.append(replace(part, prefix=part.prefix and prefixes <= MAX_PREFIXES))
    return read


def _in_words(
    parsed: Parsed, part: Part, others: tuple[tuple[str, float], ...] = (), *, alone: bool = False
) -> Words | Prefix:
    in_claim = part.field == "claim"
    if part.prefix:
        return Prefix(parsed.tokens[part.last].word, in_claim)
    return Words(parsed.stems(part), others, in_claim, alone)


def _stems(wanted: list[list[Thing]]) -> frozenset[str]:
    return frozenset(stem for group in wanted for thing in group if isinstance(thing, Words) for stem in thing.stems)


class _Draft:
    """A plan in the making."""

    def __init__(self) -> None:
        self.wanted: list[list[Thing]] = []
        self.unwanted: list[Thing] = []
        self.notes: list[str] = []
        self.instead: list[tuple[Part, str]] = []
        self.left_out: set[str] = set()
        self._terms: list[list[ReadTerm]] = []

    def add(self, part: Part, thing: Thing, term: ReadTerm) -> None:
        if part.excluded:
            self.unwanted.append(thing)
            self._terms.append([term])
        elif part.alternative:
            self.wanted[-1].append(thing)
            self._terms[-1].append(replace(term, alternative=True))
        else:
            self.wanted.append([thing])
            self._terms.append([term])

    def terms(self) -> Iterator[ReadTerm]:
        """Yield what was read, each thing once."""
        return chain.from_iterable(dict.fromkeys(map(tuple, self._terms)))
