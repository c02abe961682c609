"""From a question to what tantivy is asked."""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

import tantivy
from tantivy import Occur, Query

from kb.search.fields import Condition, Due
from kb.search.matching import K1
from kb.search.plan import Prefix, Words
from kb.search.tantivy.entries import SHARES
from kb.search.widen import open_term

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from kb.search.lexicon import Lexicon
    from kb.search.plan import Thing
    from kb.search.question import Group, Question

Frequencies = list[int]
"""How many claims have a term, by tier."""

_FEW = 32
"""So many values are asked for one by one, which is faster than as a set."""

_REMEMBERED = 4_096


class Asking:
    """Turns questions into queries, all for one state. Threads may share it."""

    def __init__(
        self, schema: tantivy.Schema, lexicon: Lexicon, frequencies: Callable[[str], Frequencies], claims: int
    ) -> None:
        self._schema = schema
        self._lexicon = lexicon
        self._claims = claims
        self._frequencies: Callable[[str], Frequencies] = lru_cache(_REMEMBERED)(frequencies)
        self._term: Callable[[str], Query] = lru_cache(_REMEMBERED)(self._scored)

    def query(self, question: Question, gone: Iterable[str] = ()) -> Query:
        """Return what finds the claims of a question, but none of those that are gone."""
        wanted = [(Occur.Must, self._any(group)) for group in question.every]
        if question.some:
            wanted.append((Occur.Must, self._either(self._any(group) for group in question.some)))
        unwanted = [(Occur.MustNot, self._thing(thing)) for thing in question.never]
        asked = Query.boolean_query([*(wanted or [(Occur.Must, _ALL)]), *unwanted])
        beside = [self._exactly("id", question.also)] if question.also else []
        if question.near:
            beside.append(_unscored(self._either(map(self._near, question.near))))
        if beside:
            asked = self._either([asked, *beside])
        narrowing = [(Occur.Must, self._exactly(name, values)) for name, values in question.filters.items()]
        missing = [(Occur.MustNot, self._exactly("id", gone))] if gone else []
        return Query.boolean_query([(Occur.Must, asked), *narrowing, *missing]) if narrowing or missing else asked

    def _any(self, group: Group) -> Query:
        return self._thing(group[0]) if len(group) == 1 else self._either(map(self._thing, group))

    def _either(self, queries: Iterable[Query]) -> Query:
        found = [(Occur.Should, query) for query in queries]
        return Query.boolean_query(found) if found else Query.empty_query()

    def _thing(self, thing: Thing) -> Query:
        match thing:
            case Condition():
                return self._exactly(thing.column, thing.values)
            case Due():
                return _unscored(self._range(thing.first, thing.last))
            case Prefix():
                stems = self._lexicon.stems(thing.start)
                one = self._in_claim if thing.in_claim else self._term
                return Query.disjunction_max_query([one(stem) for stem in stems]) if stems else Query.empty_query()
            case Words():
                others = [_times(self._term(term), weight) for term, weight in thing.others]
                return self._either([self._words(thing), *others]) if others else self._words(thing)

    def _words(self, words: Words) -> Query:
        if len(words.stems) > 1 or words.in_claim:
            return self._in_a_row(words.stems, "claim" if words.in_claim else "text")
        return self._term(open_term(words.stems[0]) if words.open else words.stems[0])

    def _in_claim(self, stem: str) -> Query:
        return self._in_a_row((stem,), "claim")

    def _in_a_row(self, stems: tuple[str, ...], field: str) -> Query:
        """Ask for stems in a row; they count as often as the rarest of them, for each."""
        rarest = min(dict.fromkeys(stems), key=lambda stem: sum(self._frequencies(stem)))
        if not sum(self._frequencies(rarest)):
            return Query.empty_query()
        if len(stems) > 1:
            row = Query.phrase_query(self._schema, field, list(stems))
        else:
            row = Query.term_query(self._schema, field, stems[0], index_option="basic")
        return Query.boolean_query(
            [(Occur.Must, _unscored(row)), (Occur.Should, _times(self._term(rarest), len(stems)))]
        )

    def _scored(self, term: str) -> Query:
        """Ask for a term, in each tier for its own score."""
        counts = self._frequencies(term)
        having = sum(counts)
        rarity = log(1 + max(self._claims - having + 0.5, 0.5) / (having + 0.5)) * (K1 + 1)
        return self._either(
            Query.const_score_query(
                Query.term_query(self._schema, "terms", f"{tier}{term}", index_option="basic"), rarity * share
            )
            for tier, share in enumerate(SHARES)
            if counts[tier]
        )

    def _near(self, group: Group) -> Query:
        """Ask for claims that are related to one with any of these words."""
        terms: dict[str, None] = {}
        for thing in group:
            if isinstance(thing, Words):
                terms[open_term(thing.stems[0])] = None
                terms.update((term, None) for term, _ in thing.others)
        return self._either(Query.term_query(self._schema, "near", term, index_option="basic") for term in terms)

    def _exactly(self, field: str, values: Iterable[str]) -> Query:
        """Ask for any of some values, which hold or not and score nothing."""
        known = [value for value in values if _is_text(value)]
        if not known:
            return Query.empty_query()
        if len(known) > _FEW:
            return _unscored(Query.term_set_query(self._schema, field, known))
        terms = [Query.term_query(self._schema, field, value, index_option="basic") for value in known]
        return _unscored(terms[0] if len(terms) == 1 else self._either(terms))

    def _range(self, first: dt.date, last: dt.date) -> Query:
        return Query.range_query(
            self._schema, "due", tantivy.FieldType.Integer, lower_bound=first.toordinal(), upper_bound=last.toordinal()
        )


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


_ALL = _unscored(Query.all_query())


def _times(query: Query, weight: float) -> Query:
    return query if weight == 1 else Query.boost_query(query, weight)


def _is_text(value: str) -> bool:
    """Tell what can be written at all; half a surrogate pair cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def ranks(question: Question) -> bool:
    """Tell whether anything in a question scores."""
    return any(isinstance(thing, Words | Prefix) for group in (*question.every, *question.some) for thing in group)
