"""Recognition: which claims and caveats a sentence expresses, by the `recognise` rules of the entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.text.concepts import ConceptFinder, ConceptHit
from kb.text.tokens import tokens
from kb.text.units import Span, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.model import KnowledgeBase, Rule

    Hits = Mapping[str, Sequence[ConceptHit]]


@dataclass(frozen=True, slots=True)
class Recognition:
    """An entry that one sentence expresses, by the first of its rules that holds.

    `start` and `end` are the sentence (code points of the whole text); `hits` are the words that satisfied the rule,
    their offsets likewise into the whole text, their token indexes within the sentence.
    """

    kind: str
    """`claim`, `caveat`, `topic` or `topic-disclosure`."""
    id: str
    start: int
    end: int
    rule: int
    """Index into the entry's `recognise`, for a `topic-disclosure` into `discloses`."""
    hits: tuple[ConceptHit, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an entry was recognised: the rule, and for each of its concepts the words that express it."""

    kind: str
    id: str
    rule: Rule
    words: tuple[tuple[str, str], ...]
    """(concept id, the very words), in the order of the text."""


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A rule of an entry, and the concepts without which it need not be looked at."""

    kind: str
    id: str
    number: int
    rule: Rule
    needs: frozenset[str]


class Recogniser:
    """All `recognise` rules of a knowledge base, ready for any number of texts.

    A rule waits under the rarest concept that it needs (rarest among the rules), so a sentence costs as much as
    the rules that could hold for its words, not as many as there are claims.
    """

    def __init__(self, kb: KnowledgeBase, *, topics: bool = False) -> None:
        """Take the rules of claims and caveats, and those of topics (their id is the theme) where asked for."""
        self._finder = ConceptFinder(kb.concepts)
        self._entries = {("claim", claim.id): claim.recognise for claim in kb.claims.values()}
        self._entries |= {("caveat", caveat.id): caveat.recognise for caveat in kb.caveats.values()}
        if topics:
            self._entries |= {("topic", theme): topic.recognise for theme, topic in kb.topics.items()}
            self._entries |= {("topic-disclosure", theme): topic.discloses for theme, topic in kb.topics.items()}
        self._waiting = _index(
            _Candidate(kind, entry_id, number, rule, frozenset(rule.all))
            for (kind, entry_id), rules in self._entries.items()
            for number, rule in enumerate(rules)
        )

    def recognise(self, text: str) -> tuple[Recognition, ...]:
        """Return what each sentence expresses, ordered by place, kind and id; never raises."""
        return tuple(found for span in sentences(text) for found in self.recognise_unit(text, span))

    def recognise_unit(self, text: str, span: Span) -> tuple[Recognition, ...]:
        """Return what one unit of the text (a sentence, or whatever the caller takes for one) expresses."""
        hits: defaultdict[str, list[ConceptHit]] = defaultdict(list)
        for hit in self._finder.find(tokens(text, span.start, span.end)):
            hits[hit.concept].append(hit)
        present = frozenset(hits)
        candidates = {found for concept in hits for found in self._waiting.get(concept, ()) if found.needs <= present}
        recognised: dict[tuple[str, str], Recognition] = {}
        for found in sorted(candidates, key=_order):
            if (found.kind, found.id) not in recognised:
                satisfying = satisfy(found.rule, hits)
                if satisfying:
                    recognition = Recognition(found.kind, found.id, *span, found.number, satisfying)
                    recognised[found.kind, found.id] = recognition
        return tuple(recognised.values())

    def explain(self, text: str, recognition: Recognition) -> Explanation:
        """Return the rule behind a recognition in `text` and the words that satisfied it."""
        rule = self._entries[recognition.kind, recognition.id][recognition.rule]
        words = tuple((hit.concept, text[hit.start : hit.end]) for hit in recognition.hits)
        return Explanation(recognition.kind, recognition.id, rule, words)


def satisfy(rule: Rule, hits: Hits) -> tuple[ConceptHit, ...]:
    """Return the hits that satisfy a rule within one unit, in the order of the text; `()` if it does not hold.

    All of `all` must be there, one of `any` if it is given, none of `unless`. With `within`, one hit for every
    concept of `all`, and one for a concept of `any` if it is given, must lie in a window of that many tokens; the
    narrowest window is chosen. `unless` looks at the whole unit in any case.
    """
    if any(concept in hits for concept in rule.unless):
        return ()
    groups: list[tuple[str, ...]] = [(concept,) for concept in dict.fromkeys(rule.all)]
    if rule.any:
        groups.append(rule.any)
    choices = [[hit for concept in group for hit in hits.get(concept, ())] for group in groups]
    if not all(choices):
        return ()
    if rule.within is None:
        chosen = [min(choice, key=_place) for choice in choices]
    else:
        chosen = _narrowest(choices, rule.within)
    return tuple(sorted(set(chosen), key=_place))


def _narrowest(choices: Sequence[Sequence[ConceptHit]], within: int) -> list[ConceptHit]:
    """Return one hit of each choice from the narrowest window, the leftmost of several; `[]` if wider than `within`.

    Goes through the possible left edges from right to left and keeps, for each choice, the hit that ends first among
    those that start at the edge or later.
    """
    by_edge: defaultdict[int, list[tuple[int, ConceptHit]]] = defaultdict(list)
    for number, choice in enumerate(choices):
        for hit in choice:
            by_edge[hit.first].append((number, hit))
    best: dict[int, ConceptHit] = {}
    chosen: list[ConceptHit] = []
    width = within
    for edge in sorted(by_edge, reverse=True):
        for number, hit in by_edge[edge]:
            if number not in best or hit.last <= best[number].last:
                best[number] = hit
        if len(best) == len(choices):
            needed = max(hit.last for hit in best.values()) - edge + 1
            if needed <= width:
                width, chosen = needed, list(best.values())
    return chosen


def _index(candidates: Iterable[_Candidate]) -> dict[str, list[_Candidate]]:
    """Concept → the rules that can hold only where it is found."""
    found = list(candidates)
    uses = Counter(concept for candidate in found for concept in {*candidate.rule.all, *candidate.rule.any})
    waiting: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for candidate in found:
        needed = candidate.rule.all
        keys = [min(needed, key=lambda concept: (uses[concept], concept))] if needed else candidate.rule.any
        for concept in dict.fromkeys(keys):
            waiting[concept].append(candidate)
    return dict(waiting)


def _order(candidate: _Candidate) -> tuple[str, str, int]:
    return candidate.kind, candidate.id, candidate.number


def _place(hit: ConceptHit) -> tuple[int, int, str]:
    return (hit.first, hit.last, hit.concept)
