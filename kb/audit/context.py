"""Units as they were read: their words, the concepts in them and what general English makes of them, looked up once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from kb.audit.amounts import with_amounts
from kb.audit.lexicon import lexicon
from kb.audit.numbers import read
from kb.text import Span, rows, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kb.audit.base import Document, Number, Unit
    from kb.audit.lexicon import WordHit
    from kb.text import Place, Recogniser, Rows, Token
    from kb.text.keeping import Keep

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One unit with what was found in it; token numbers count within the unit, offsets within the document."""

    unit: Unit
    tokens: tuple[Token, ...]
    rows: Rows
    """Their words, stems and surfaces, by column."""
    concepts: Mapping[str, Sequence[Place]]
    """Concept → its hits, in order."""
    words: Mapping[str, Sequence[WordHit]]
    """List of the lexicon → its hits, in order."""
    starts: tuple[int, ...]
    """Tokens at which a clause begins, the first token included, in order."""
    told: frozenset[int]
    """Every "that" which opens what is told ("studies show that …"), not a description ("drugs that …")."""
    commas: frozenset[int]
    """Tokens behind a comma."""
    numbers: tuple[Number, ...]
    columns: tuple[tuple[Span, frozenset[str]], ...]
    """The cells of a table row with the concepts in the heads of their columns."""
    ends: str
    """The last character that is neither white space nor a quote or bracket; `""` if there is none."""
    worked_out: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    """What those who read it have worked out of it, for others who ask the same; see `once`."""

    def clause(self, token: int) -> tuple[int, int]:
        """Return the first and last token of the clause that a token is in; a token before the unit is in none."""
        place = bisect_right(self.starts, token)
        if not place:
            return token, token
        last = self.starts[place] - 1 if place < len(self.starts) else len(self.tokens) - 1
        return self.starts[place - 1], last

    def tokens_of(self, name: str) -> frozenset[int]:
        """Return the tokens that the hits of a list take in."""
        found: frozenset[int] | None = self.worked_out.get(name)
        if found is None:
            found = self.worked_out[name] = taken(self.words.get(name, ()))
        return found

    def at(self, *names: str) -> frozenset[int]:
        """Return the tokens at which a hit of one of these lists begins."""
        found: frozenset[int] | None = self.worked_out.get(names)
        if found is None:
            found = frozenset([hit.first for name in names for hit in self.words.get(name, ())])
            self.worked_out[names] = found
        return found


def once(work: Callable[[Reading], T]) -> Callable[[Reading], T]:
    """Let what is worked out of a unit be worked out once, however many rules ask for it."""

    @wraps(work)
    def asked(reading: Reading) -> T:
        found: T | None = reading.worked_out.get(work)
        if found is None:
            found = reading.worked_out[work] = work(reading)
        return found

    return asked


class Reader:
    """Reads documents with the words of one knowledge base; build it once, use it for any number."""

    def __init__(self, recogniser: Recogniser, keep: Keep | None = None) -> None:
        self._recogniser = recogniser
        self._lexicon = lexicon(keep)

    def read(self, document: Document) -> tuple[Reading, ...]:
        """Return a reading of every unit."""
        return tuple(self._unit(document.plain, unit) for unit in document.units)

    def _unit(self, text: str, unit: Unit) -> Reading:
        found = tokens(text, unit.start, unit.end)
        columns = rows(found)
        words = self._lexicon.find(found, columns)
        commas, starts = _starts(text, found, words, frozenset(cell.start for cell in unit.cells))
        ends = text[unit.start : unit.end].rstrip(_CLOSING)[-1:]
        figures = read(text, found, words)
        concepts = with_amounts(self._recogniser.hits(found, columns), found, figures)
        after = [hit.last + 1 for hit in words.get("telling", ())]
        told = frozenset(index for index in after if index < len(found) and found[index].word == "that")
        cells = tuple((Span(cell.start, cell.end), self._head(cell.head)) for cell in unit.cells)
        return Reading(unit, found, columns, concepts, words, starts, told, commas, figures, cells, ends)

    def _head(self, head: str) -> frozenset[str]:
        return frozenset(self._recogniser.hits(tokens(head))) if head else frozenset()


def joined(lead: Reading, reading: Reading) -> dict[str, list[Place]]:
    """Return the concepts of two units as of one, those of the first at tokens below 0."""
    offset = len(lead.tokens)
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for concept, hits in lead.concepts.items():
        found[concept] += [hit._replace(first=hit.first - offset, last=hit.last - offset) for hit in hits]
    for concept, hits in reading.concepts.items():
        found[concept] += hits
    return dict(found)


def taken(hits: Iterable[Place]) -> frozenset[int]:
    """Return the tokens that some hits take in."""
    return frozenset(index for hit in hits for index in range(hit.first, hit.last + 1))


def between(places: Sequence[int], start: int, end: int) -> bool:
    """Tell whether a sorted row of tokens has one from `start` to `end` (excluded)."""
    place = bisect_left(places, start)
    return place < len(places) and places[place] < end


def without(reading: Reading, spans: Collection[Span]) -> Reading:
    """Return a reading without the concepts in some stretches of the unit, such as a cell on another treatment."""
    concepts = {
        concept: kept
        for concept, hits in reading.concepts.items()
        if (kept := [hit for hit in hits if not any(start <= hit.start < end for start, end in spans)])
    }
    return replace(reading, concepts=concepts)


_CLOSING = " \t\r\n\f\v\u00a0\u200b\u2060\"'”’)]*_"  # noqa: RUF001 - typographic quotes
_STOPS = frozenset(":;()[]–—.!?•…/")  # noqa: RUF001 - the en dash of a break
_TURNS = frozenset({"and", "so", "it", "they", "we", "you", "which", "this", "then", "there", "many", "most", "since"})
_ALIKE = frozenset({"though", "if"})
"""Words that open no clause of their own behind "as": "you may feel as though you were floating"."""

_LISTING = frozenset({"and", "or"})
_VERB_NEAR = 4


def _starts(
    text: str, found: tuple[Token, ...], words: Mapping[str, Sequence[WordHit]], cells: Collection[int]
) -> tuple[frozenset[int], tuple[int, ...]]:
    """Return what stands behind a comma, and where clauses begin.

    They begin behind a stop, at "but" and its like, at the comma that ends "If …, it …", and with each table cell.
    """
    alike = {at for at in range(1, len(found)) if found[at - 1].word == "as" and found[at].word in _ALIKE}
    opening = {hit.first for hit in words.get("clause-start", ())} - alike
    subordinate = {hit.first for hit in words.get("subordinating", ())}
    verbs = {hit.first for hit in words.get("verb", ())}
    starts = [0] if found else []
    commas = []
    for index in range(1, len(found)):
        before, token = found[index - 1], found[index]
        gap = text[before.end : token.start]
        if gap == " " or not gap:
            begins = index in opening
        elif "," in gap:
            commas.append(index)
            listed = any(other.word in _LISTING for other in found[index : index + _VERB_NEAR])
            turns = token.word in _TURNS and any(index < verb <= index + _VERB_NEAR for verb in verbs)
            begins = index in opening or turns or (starts[-1] in subordinate and not listed)
        else:
            begins = index in opening or not _STOPS.isdisjoint(gap)
        if begins or token.start in cells:
            starts.append(index)
    return frozenset(commas), tuple(starts)
