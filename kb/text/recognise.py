"""Recognition: which claims and caveats a sentence expresses, by the `recognise` rules of the entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kb.text.concepts import ConceptFinder, ConceptHit
from kb.text.tokens import tokens
from kb.text.units import Span, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kb.model import KnowledgeBase, Rule
    from kb.text.keeping import Keep
    from kb.text.tokens import Rows, Token
    from kb.text.trie import Place

    Hits = Mapping[str, Sequence[Place]]
    """Concept → its places in one unit, in order."""

    Chosen = tuple[Place, str]
    """A place and the concept that it was chosen for."""


DENIAL = "caveat-denial"
"""The kind of what says the opposite of a caveat."""


class Recognition(NamedTuple):
    """An entry that one sentence expresses, by the first of its rules that holds.

    `start` and `end` are the sentence (code points of the whole text); `hits` are the words that satisfied the rule,
    their offsets likewise into the whole text, their token indexes within the sentence.
    """

    kind: str
    """`claim`, `caveat`, `topic`, `topic-disclosure` or `DENIAL`."""
    id: str
    start: int
    end: int
    rule: int | None
    """Index into the entry's `recognise`, `discloses` or `denied`; `None` where no rule says so."""
    hits: tuple[ConceptHit, ...]
    given: bool = False
    """Whether the rule holds only because a concept was taken as said."""
    despite: tuple[Place, ...] = ()
    """Words of an `unless` that the caller let pass."""
    likelihood: float = 0.0
    """From 0 to 1, where it was not a rule that recognised it."""


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
    """A rule of an entry, and the concepts without which it need not be looked at: all of some, one of others."""

    kind: str
    id: str
    number: int
    rule: Rule
    order: int
    """Its place among all, by kind, id and number."""
    needs: frozenset[str]
    one_of: frozenset[str]
    unless: frozenset[str]


class Recogniser:
    """All `recognise` rules of a knowledge base, ready for any number of texts.

    A rule waits under the rarest concept that it needs (rarest among the rules), so a sentence costs as much as
    the rules that could hold for its words, not as many as there are claims.
    """

    def __init__(self, kb: KnowledgeBase, *, topics: bool = False, keep: Keep | None = None) -> None:
        """Take the rules of claims and caveats, and those of topics (their id is the theme) where asked for."""
        self._finder = ConceptFinder(kb.concepts, keep)
        self._entries = {("claim", claim.id): claim.recognise for claim in kb.claims.values()}
        self._entries |= {("caveat", caveat.id): caveat.recognise for caveat in kb.caveats.values()}
        if topics:
            self._entries |= {(DENIAL, caveat.id): caveat.denied for caveat in kb.caveats.values()}
            self._entries |= {("topic", theme): topic.recognise for theme, topic in kb.topics.items()}
            self._entries |= {("topic-disclosure", theme): topic.discloses for theme, topic in kb.topics.items()}
        ordered = (
            (kind, entry_id, number, rule)
            for (kind, entry_id), rules in sorted(self._entries.items(), key=itemgetter(0))
            for number, rule in enumerate(rules)
        )
        self._waiting = _index(
            _Candidate(*candidate, order, *map(frozenset, (candidate[-1].all, candidate[-1].any, candidate[-1].unless)))
            for order, candidate in enumerate(ordered)
        )

    def recognise(self, text: str) -> tuple[Recognition, ...]:
        """Return what each sentence expresses, ordered by place, kind and id; never raises."""
        return tuple(found for span in sentences(text) for found in self.recognise_unit(text, span))

    def recognise_unit(self, text: str, span: Span, *, given: frozenset[str] = frozenset()) -> tuple[Recognition, ...]:
        """Return what one unit of the text (a sentence, or whatever the caller takes for one) expresses."""
        return self.recognise_hits(self.hits(tokens(text, span.start, span.end)), span, given=given)

    def hits(self, found: Sequence[Token], columns: Rows | None = None) -> Hits:
        """Return concept → its places in a row of tokens, in order; for callers that look at them more than once."""
        return self._finder.hits(found, columns)

    def recognise_hits(
        self,
        hits: Hits,
        span: Span,
        *,
        given: frozenset[str] = frozenset(),
        passing: Callable[[Place], bool] | None = None,
    ) -> tuple[Recognition, ...]:
        """Return what the concepts of one unit express.

        Concepts in `given` are taken as said where the unit does not say them; a rule that asks for nothing else is
        then left out. A hit of an `unless` for which `passing` is true does not stop a rule of a claim; that
        of a topic names other senses of its words, which stay so when denied.
        """
        present = hits.keys() | given
        waiting = {
            found
            for concept in present & self._waiting.keys()
            for found in self._waiting[concept]
            if found.needs <= present and not (found.one_of and present.isdisjoint(found.one_of))
        }
        recognised: dict[tuple[str, str], Recognition] = {}
        for found in sorted(waiting, key=_order):
            key = (found.kind, found.id)
            if key in recognised:
                continue
            despite: tuple[Place, ...] = ()
            if not found.unless.isdisjoint(present):
                despite = tuple(hit for concept in found.rule.unless for hit in hits.get(concept, ()))
                if despite and not (found.kind == "claim" and passing and all(map(passing, despite))):
                    continue
            satisfied = _satisfied(found.rule, hits, given)
            if satisfied:
                recognised[key] = Recognition(*key, *span, found.number, *satisfied, despite)
        return tuple(recognised.values())

    def explain(self, text: str, recognition: Recognition) -> Explanation:
        """Return the rule behind a recognition in `text` (one made here) and the words that satisfied it."""
        if recognition.rule is None:
            message = f"no rule has recognised {recognition.kind} {recognition.id}"
            raise ValueError(message)
        rule = self._entries[recognition.kind, recognition.id][recognition.rule]
        words = tuple((hit.concept, text[hit.start : hit.end]) for hit in recognition.hits)
        return Explanation(recognition.kind, recognition.id, rule, words)


def _satisfied(rule: Rule, hits: Hits, given: frozenset[str]) -> tuple[tuple[ConceptHit, ...], bool] | None:
    """Return the hits that satisfy a rule, by its own words if it can be, else with `given` taken as said.

    Second comes whether `given` was needed. Its `unless` is for the caller to look at.
    """
    found = _chosen(rule, rule.all, hits)
    if found:
        return found, False
    needed = tuple(concept for concept in rule.all if concept not in given)
    if len(needed) < len(rule.all) and (needed or rule.any):
        found = _chosen(rule, needed, hits)
    return (found, True) if found else None


def satisfy(rule: Rule, hits: Hits) -> tuple[ConceptHit, ...]:
    """Return the hits that satisfy a rule within one unit, in the order of the text; `()` if it does not hold.

    All of `all` must be there, one of `any` if it is given, none of `unless`. With `within`, one hit for every
    concept of `all`, and one for a concept of `any` if it is given, must lie in a window of that many tokens; the
    narrowest window is chosen. `unless` looks at the whole unit in any case.
    """
    return () if any(hits.get(concept) for concept in rule.unless) else _chosen(rule, rule.all, hits)


def _chosen(rule: Rule, needed: Sequence[str], hits: Hits) -> tuple[ConceptHit, ...]:
    """Return a hit for each concept needed and one of `any`, within the window of the rule; `()` if there is none."""
    if rule.within is not None:
        groups: list[tuple[str, ...]] = [(concept,) for concept in dict.fromkeys(needed)]
        if rule.any:
            groups.append(rule.any)
        choices = [[(place, concept) for concept in group for place in hits.get(concept, ())] for group in groups]
        chosen = _narrowest(choices, rule.within) if all(choices) else []
    else:
        chosen = _first(rule, needed, hits)
    if len(chosen) > 1:
        chosen = sorted(set(chosen))
    return tuple([ConceptHit(concept, start, end, first, last) for (first, last, start, end), concept in chosen])


def _first(rule: Rule, needed: Sequence[str], hits: Hits) -> list[Chosen]:
    """Return the first place of each concept needed and the first of `any`; `[]` if one of them has none."""
    chosen = []
    for concept in needed:
        own = hits.get(concept)
        if not own:
            return []
        chosen.append((own[0], concept))
    if rule.any:
        firsts = [(own[0], concept) for concept in rule.any if (own := hits.get(concept))]
        if not firsts:
            return []
        chosen.append(min(firsts))
    return chosen


def _narrowest(choices: Sequence[Sequence[Chosen]], within: int) -> list[Chosen]:
    """Return one place of each choice from the narrowest window, the leftmost of several; `[]` if wider than `within`.

    Goes through the possible left edges from right to left and keeps, for each choice, the place that ends first among
    those that start at the edge or later.
    """
    by_edge: defaultdict[int, list[tuple[int, Chosen]]] = defaultdict(list)
    for number, choice in enumerate(choices):
        for one in choice:
            by_edge[one[0].first].append((number, one))
    best: dict[int, Chosen] = {}
    chosen: list[Chosen] = []
    width = within
    for edge in sorted(by_edge, reverse=True):
        for number, one in by_edge[edge]:
            if number not in best or one[0].last <= best[number][0].last:
                best[number] = one
        if len(best) == len(choices):
            needed = max(place.last for place, _ in best.values()) - edge + 1
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


_order = attrgetter("order")
