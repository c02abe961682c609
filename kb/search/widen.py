"""The vocabulary in search: what concepts a text expresses, and which concepts may stand for a typed word.

Engines index a concept as one more term wherever a text expresses it. A query is then widened by a single term
for each concept, however many words the concept has: who types TRD also finds treatment-resistant depression.
Every word is indexed a second time together with the words of labels and examples, so that these help a word that is
typed alone, and neither a phrase nor an exclusion ever meets words that an entry does not have.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kb.search.base import Widening
from kb.text.concepts import ConceptFinder, included, parts
from kb.text.tokens import hint, stem, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.model import Concept
    from kb.search.query import Parsed, Part
    from kb.text.concepts import ConceptHit
    from kb.text.tokens import Token

WIDENED = 1.0
"""What a concept counts for, beside 1 for the typed word itself.

An entry that has the very word expresses the concept too, so it still comes first.
"""


_WORD = re.compile(r"[^\W\d_]+")

_REMEMBERED = 4_096
"""How many texts stay read (about 6 kB each): all of a small knowledge base, so that marking hits is quick."""


def label(concept_id: str, concept: Concept) -> str:
    """Return the words to show for a concept."""
    return concept.label or concept_id.replace("-", " ")


def concept_term(concept_id: str) -> str:
    """Return the term under which a concept is indexed; no word of a text begins like it."""
    return f"#{concept_id}"


def open_term(stem: str) -> str:
    """Return the term under which a word is indexed wherever it stands, labels and examples included."""
    return f"~{stem}"


class ReadText(NamedTuple):
    """A text of the knowledge base, read."""

    tokens: tuple[Token, ...]
    hits: tuple[ConceptHit, ...]
    places: Mapping[str, Sequence[int]]
    """Stem → the tokens that have it, by their number."""


class Vocabulary:
    """The concepts that search may widen by. Build it once for a knowledge base."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._widening = {concept_id for concept_id, concept in concepts.items() if concept.widen}
        self._included = {concept_id: included(concepts, concept_id) for concept_id in self._widening}
        self._in_texts = ConceptFinder(concepts)
        self.read: Callable[[str], ReadText] = lru_cache(maxsize=_REMEMBERED)(self._read)
        """Return the words of a text and the concepts that they express; those included by others count for both."""
        self._begun = lru_cache(maxsize=None)(self._begins)

    def _read(self, text: str) -> ReadText:
        found = tokens(text)
        places: dict[str, list[int]] = {}
        for number, token in enumerate(found):
            places.setdefault(token.stem, []).append(number)
        return ReadText(found, tuple(self.found(found)), places)

    def shown(self, concepts: Iterable[str]) -> tuple[Widening, ...]:
        """Return concepts as a reading names them."""
        return tuple(Widening(concept, label(concept, self._concepts[concept])) for concept in sorted(concepts))

    def widened(self, parsed: Parsed) -> dict[Part, dict[str, float]]:
        """Return for each part the concepts that may stand for it, with their weights.

        Phrases, prefixes, exclusions and values are meant as they stand and are not widened.

        A concept that several words express together (treatment, resistant, depression) may stand for each of
        them; its weight is shared out among them, so that it counts once.
        """
        open_parts = [part for part in parsed.parts if not (part.phrase or part.prefix or part.excluded or part.field)]
        part_of = {index: part for part in open_parts for index in range(part.first, part.last + 1)}
        widened: dict[Part, dict[str, float]] = {}
        for hit in self._narrowest(parsed):
            covered = dict.fromkeys(part_of.get(index) for index in range(hit.first, hit.last + 1))
            whole = [part for part in covered if part and hit.first <= part.first and part.last <= hit.last]
            if len(whole) < len(covered):
                continue
            kept = [part for part in whole if not part.dropped]
            for part in kept:
                weights = widened.setdefault(part, {})
                weights[hit.concept] = max(weights.get(hit.concept, 0.0), WIDENED / len(kept))
        return widened

    def found(self, text: Sequence[Token]) -> Iterator[ConceptHit]:
        """Yield the concepts that a text expresses, of those that search may widen by."""
        return (hit for hit in self._in_texts.find(text) if hit.concept in self._widening)

    def beginnings(self, concepts: Iterable[str]) -> tuple[str, ...] | None:
        """Return what some word begins with in any text that expresses one of these; `None` where that is unknown."""
        found = [self._begun(concept) for concept in concepts]
        return None if None in found else tuple(chain.from_iterable(filter(None, found)))

    def _begins(self, concept_id: str) -> tuple[str, ...] | None:
        gathered = [self._concepts[inner] for inner in {concept_id} | self._included[concept_id]]
        first = [parts(term)[:1] for concept in gathered for term in concept.terms]
        first += [parts(term.lower())[:1] for concept in gathered for term in concept.exact]
        hints = [hint(each) for each in dict.fromkeys(chain.from_iterable(first))]
        return None if None in hints else tuple(dict.fromkeys(filter(None, hints)))

    def words(self) -> Iterator[str]:
        """Yield the words of all concepts that search may widen by, in lower case."""
        for concept_id in self._widening:
            concept = self._concepts[concept_id]
            for term in (*concept.terms, *concept.exact):
                yield from (token.word for token in tokens(term))

    def knows(self, word: str) -> bool:
        """Tell whether any concept has a word, in whatever form, be it one that search widens by or not."""
        return stem(word) in self._expressing

    def one_concept(self, word: str, other: str) -> bool:
        """Tell whether some concept has both words, as a concept has a word and a common misspelling of it."""
        nowhere: frozenset[str] = frozenset()
        have, others = (self._expressing.get(stem(each), nowhere) for each in (word, other))
        return not have.isdisjoint(others)

    @cached_property
    def _expressing(self) -> Mapping[str, frozenset[str]]:
        """Stem → the concepts that have a word of it."""
        found: dict[str, set[str]] = defaultdict(set)
        for concept_id, concept in self._concepts.items():
            for word in set(_WORD.findall("\n".join((*concept.terms, *concept.exact)).lower())):
                found[stem(word)].add(concept_id)
        return {each: frozenset(concepts) for each, concepts in found.items()}

    def _narrowest(self, parsed: Parsed) -> Iterator[ConceptHit]:
        """Yield the concepts that a query expresses, without those that only gather others which it expresses.

        "Spravato" is widened to the other names of esketamine, not to every drug that some broad concept includes.
        """
        hits = list(self.found(parsed.tokens))
        same_words: dict[tuple[int, int], set[str]] = {}
        for hit in hits:
            same_words.setdefault((hit.first, hit.last), set()).add(hit.concept)
        for hit in hits:
            narrower = self._included[hit.concept] & same_words[hit.first, hit.last]
            gathers = any(hit.concept not in self._included[inner] for inner in narrower)  # else they are in a cycle
            if not gathers and self._has_other_words(hit.concept):
                yield hit

    def _has_other_words(self, concept_id: str) -> bool:
        """Tell whether a concept can be said in more than one way; else widening by it would add nothing."""
        gathered = [self._concepts[inner] for inner in {concept_id} | self._included[concept_id]]
        return sum(len(concept.terms) + len(concept.exact) for concept in gathered) > 1
