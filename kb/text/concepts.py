"""Concepts in text: one pass over the tokens finds every term of every concept, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.text.tokens import LONGEST, rows, stem, tokens
from kb.text.trie import GAP, Trie, by_owner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.model import Concept
    from kb.text.keeping import Keep
    from kb.text.tokens import Rows, Token
    from kb.text.trie import Place, Reached


class ConceptHit(NamedTuple):
    """Words that express a concept: code points `start` to `end` (excluded), tokens `first` to `last` (included)."""

    concept: str
    start: int
    end: int
    first: int
    last: int

    @property
    def words(self) -> int:
        """How many tokens the hit spans, those under a `*` included."""
        return self.last - self.first + 1


class ConceptFinder:
    """Finds the concepts of a vocabulary; build it once, use it for any number of texts.

    The terms stand in a trie over their stems (a second one over the letters of `exact` terms), so a token costs a
    few dictionary look-ups, whether there are ten concepts or ten thousand. `includes` is resolved through any
    number of steps, cycles too.
    """

    def __init__(self, concepts: Mapping[str, Concept], keep: Keep | None = None) -> None:
        """Make ready; `keep` may have done so before, for these very concepts."""
        owners: Mapping[str, tuple[str, ...]] = {}

        def trie(*, exact: bool) -> Trie:
            nonlocal owners
            owners = owners or _owners(concepts)
            found = Trie()
            for concept_id, concept in concepts.items():
                for term in concept.exact if exact else concept.terms:
                    found.add(parts(term, exact=exact), owners[concept_id])
            return found

        self._stems = Trie.kept("concepts-stems", lambda: trie(exact=False), keep)
        self._letters = Trie.kept("concepts-letters", lambda: trie(exact=True), keep)

    def find(self, tokens: Sequence[Token]) -> tuple[ConceptHit, ...]:
        """Return every hit, overlapping ones too, ordered by place and concept.

        Punctuation between words does not count: the term "blood pressure" is found in "blood, pressure", and the
        exact term "US" is found in "US" but in neither "us" nor "U.S.".
        """
        found = {(first, last, concept) for first, last, owners in self._scan(rows(tokens)) for concept in owners}
        return tuple(
            ConceptHit(concept, tokens[first].start, tokens[last].end, first, last)
            for first, last, concept in sorted(found)
        )

    def hits(self, tokens: Sequence[Token], columns: Rows | None = None) -> Mapping[str, Sequence[Place]]:
        """Return concept → its places in order: what `find` returns, for those who ask by concept.

        Who has the columns of the tokens already may hand them over.
        """
        return by_owner(self._scan(columns or rows(tokens)), tokens)

    def _scan(self, columns: Rows) -> list[Reached]:
        found = self._stems.scan(columns.stems)
        if self._letters:
            found += self._letters.scan(columns.surfaces)
        return found


def parts(term: str, *, exact: bool = False) -> tuple[str, ...]:
    """Return the stems of a term (its very letters if `exact`) with `*` for each gap inside it.

    A `*` before the first or after the last word says nothing and is left out; a term without words gives `()`.
    """
    if len(term) <= LONGEST and term.isascii() and term.replace(" ", "").isalpha():  # as `tokens` does, only sooner
        return tuple(term.split()) if exact else tuple(map(stem, term.lower().split()))
    found: list[str] = []
    for piece in term.split(GAP):
        found.extend(token.surface if exact else token.stem for token in tokens(piece))
        found.append(GAP)
    while found and found[0] == GAP:
        del found[0]
    while found and found[-1] == GAP:
        del found[-1]
    return tuple(found)


def included(concepts: Mapping[str, Concept], concept_id: str) -> set[str]:
    """Return the concepts that a concept includes, through any number of steps; itself only if it is in a cycle."""
    found: set[str] = set()
    todo = list(concepts[concept_id].includes)
    while todo:
        current = todo.pop()
        if current in concepts and current not in found:
            found.add(current)
            todo.extend(concepts[current].includes)
    return found


def _owners(concepts: Mapping[str, Concept]) -> dict[str, tuple[str, ...]]:
    """Concept id → every concept that its words express: itself and those that include it."""
    owners = {concept_id: {concept_id} for concept_id in concepts}
    for concept_id in concepts:
        for inner in included(concepts, concept_id):
            owners[inner].add(concept_id)
    return {concept_id: tuple(sorted(found)) for concept_id, found in owners.items()}
