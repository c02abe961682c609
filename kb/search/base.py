"""The seam between those who search and the engines that find: questions, answers, and two small protocols.

A `SearchEngine` builds and opens indexes; a `SearchBackend` is one open index and answers `Query` with `Page`.
No engine's own query string, result type or exception crosses this line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from kb.model import KnowledgeBase

FILTERS = ("theme", "type", "verdict", "certainty", "source", "status", "caveat")
"""What results can be narrowed by and counted by; `source` is the id of an article that makes the claim."""

SORTS = ("relevance", "certainty", "sources", "changed", "id")
"""Orders of the results. `certainty`: surest first; `sources`: made by most articles first; `changed`: the entry
that was changed last first; ties by id."""

TEXT_FIELDS = ("claim", "caveats", "evidence", "concepts", "about", "examples", "asked")
"""What is searched. Highlights come back under the first four names, and under `asked`.

`about` (the id, the themes, the caveats' titles), `examples` (of sentences that make the claim) and `asked` (how people
ask who look for it) only help to find.
"""

MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody wants to find. Raises `ValueError` for an unknown filter, facet or sort and for a bad page.

    `text` may be anything at all: it is read by `kb.search.query.parse`, which never fails. Several values of one
    filter mean "any of them", several filters mean "all of them"; a filter without values is no filter.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    unwidened: frozenset[str] = frozenset()
    """Ids of concepts that must not widen what was typed."""

    def __post_init__(self) -> None:
        """Refuse what no back end could answer, so that none has to check it."""
        for what, names in (("filter", self.filters), ("facet", self.facets)):
            for name in names:
                _known(what, name, FILTERS)
        _known("sort", self.sort, SORTS)
        for name, values in self.filters.items():
            if isinstance(values, str):
                raise TypeError(f"filter {name!r} needs a tuple of values, not one text")
        if self.page < 1:
            raise ValueError(f"page must be 1 or more, not {self.page}")
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            raise ValueError(f"per_page must be from 1 to {MAX_PER_PAGE}, not {self.per_page}")
        narrowing = {name: tuple(dict.fromkeys(values)) for name, values in self.filters.items() if values}
        object.__setattr__(self, "filters", narrowing)
        object.__setattr__(self, "facets", tuple(dict.fromkeys(self.facets)))
        object.__setattr__(self, "unwidened", frozenset(self.unwidened))


def _known(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise ValueError(f"unknown {what} {name!r}; it must be one of: {', '.join(names)}")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an entry's text with the stretches that matched.

    `spans` are (start, end) in code points of `text`, end excluded, in order and apart from each other. `before`
    and `after` say whether the text goes on there in the entry, so that a page can show an ellipsis.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One claim found. Scores compare only within one page's query and engine; 0.0 where nothing was ranked."""

    id: str
    score: float
    highlights: Mapping[str, tuple[Fragment, ...]] = field(default_factory=dict)
    """Field (of `TEXT_FIELDS`) → its matching pieces; a field in which nothing matched is absent."""
    related: tuple[str, ...] = ()
    """Where it has none of the words: the claims that have some, beside which its editor set it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What somebody who is still typing may mean."""

    text: str
    """What to show, and for a word also what to search for."""
    kind: str
    """`word`, `theme` or `claim`."""
    id: str | None = None
    """The theme or the claim."""


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that a pasted sentence or paragraph makes, or may make."""

    id: str
    score: float
    """From 0 to 1, the larger the better; certain matches have 1."""
    reasons: tuple[str, ...]
    """In words: what in the text says so."""
    certain: bool
    """True where a `recognise` rule of the claim holds; false where the words are merely alike."""
    denied: bool = False
    """True where the text says that the claim is not so, which is then not certain."""


@dataclass(frozen=True, slots=True)
class Widening:
    """A concept of the vocabulary whose other words count as a match for a typed word, at a lower weight."""

    concept: str
    label: str


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """One word or phrase as it was understood."""

    text: str
    phrase: bool = False
    """Typed in quotation marks: these words in this order, and not widened."""
    excluded: bool = False
    """Typed with a minus before it: entries with it are left out."""
    widened: tuple[Widening, ...] = ()
    prefix: bool = False
    """Typed with a star behind it: any word that begins like this."""
    field: str = ""
    """Typed with a field before it: `claim` for words of the claim itself, else the field whose value this is."""
    values: tuple[str, ...] = ()
    """The field's values that were meant, any of which will do."""
    alternative: bool = False
    """Typed after OR: another way to meet the term before it."""


def looked_for(mended: str, typed: str) -> str:
    """Say that typing errors were mended at once."""
    return f"looked for “{mended}”, since no entry has some words of “{typed.strip()}”"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a typed text was read, so that a page can say it. `str()` is one plain line."""

    terms: tuple[ReadTerm, ...] = ()
    dropped: tuple[str, ...] = ()
    """Function words such as "the" that were not searched for."""
    any_word: bool = False
    """True where no entry has all the words, and those with any of them are shown."""
    complete: int | None = None
    """How many entries have all the words, where so few do that those with some of them are shown too."""
    pasted: bool = False
    """True where a sentence or more was typed: no entry needs to have all of its words."""
    cut: bool = False
    """True where the text was too long and only its beginning was read."""
    notes: tuple[str, ...] = ()
    """Whatever else somebody should know, in words: fields and values that there are none of."""
    unwidened: tuple[Widening, ...] = ()
    """Concepts that would have widened the text and were told not to (`Query.unwidened`)."""

    @property
    def widenings(self) -> tuple[tuple[str, Widening], ...]:
        """Every (typed word, concept) pair, so that a page can offer to take each concept out."""
        return tuple((term.text, widening) for term in self.terms for widening in term.widened)

    def noting(self, note: str) -> Reading:
        """Return this reading with one more note."""
        return replace(self, notes=(*self.notes, note))

    def going_on(self, complete: int) -> Reading:
        """Return this reading as one where so many entries have all of it, and others have most of it."""
        return replace(self, complete=complete)

    def and_related(self, number: int) -> Reading:
        """Return this reading as one where so many entries without the words are related to those that have them."""
        return self.noting(f"{number} more {'is' if number == 1 else 'are'} related to these")

    def falling_back(self) -> Reading:
        """Return this reading as one that any word satisfies."""
        return replace(self, any_word=True)

    def __str__(self) -> str:
        """Describe the reading in one line, for the command line and for pages alike."""
        wanted = _grouped(term for term in self.terms if not term.excluded)
        unwanted = [_in_words(term) for term in self.terms if term.excluded]
        parts = [self._wanted(wanted) + (f" without {', '.join(unwanted)}" if unwanted else "")]
        if self.dropped:
            parts.append(f"not searched for: {', '.join(self.dropped)}")
        if self.cut:
            parts.append("only the beginning of the text was read")
        parts.extend(self.notes)
        return "; ".join(parts)

    def _wanted(self, wanted: list[str]) -> str:
        if not wanted:
            return "every entry"
        if self.pasted:
            return f"what this says, then entries with most of: {', '.join(wanted)}"
        if self.complete is not None:
            return f"{self.complete} with all of: {', '.join(wanted)}; then entries with some of them"
        if self.any_word:
            return f"no entry has all of these, so entries with any of: {', '.join(wanted)}"
        return f"entries with {'all of: ' if len(wanted) > 1 else ''}{', '.join(wanted)}"


def _grouped(terms: Iterable[ReadTerm]) -> list[str]:
    """Return what was wanted, alternatives joined by "or"."""
    groups: list[list[str]] = []
    for term in terms:
        if term.alternative and groups:
            groups[-1].append(_in_words(term))
        else:
            groups.append([_in_words(term)])
    return [" or ".join(group) for group in groups]


def _in_words(term: ReadTerm) -> str:
    if term.field and term.field != "claim":
        values = ", ".join(term.values)
        return f"{term.field} {values or term.text}"
    text = f'"{term.text}"' if term.phrase else term.text
    if term.prefix:
        text = f"words that begin with {text}"
    if term.field:
        text = f"{text} in the claim itself"
    labels = ", ".join(widening.label for widening in term.widened)
    return f"{text} (and other words for: {labels})" if labels else text


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. `total` is exact, whatever page was asked for."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    per_page: int
    facets: Mapping[str, Mapping[str, int]]
    """Facet → value → how many results it would leave under all *other* filters; most frequent value first.
    A value that is filtered by is always there, be its count 0."""
    reading: Reading
    suggestion: str | None = None
    """A better text to search for: typing errors mended with the index's own words."""
    mended: bool = False
    """Whether the suggestion was looked for at once, so that nobody needs to be asked."""
    matches: tuple[Match, ...] = ()
    """The claims that a pasted sentence or paragraph makes; none where only a few
    words were typed."""
    caveats: tuple[str, ...] = ()
    """The ids of the caveats that answer the words themselves, best first, whatever the filters are."""

    @property
    def pages(self) -> int:
        """How many pages there are; 0 where nothing was found."""
        return -(-self.total // self.per_page)


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index is. It is behind when `digest` is not the knowledge base's."""

    engine: str
    digest: str
    documents: int
    built_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Document:
    """One claim as the engines see it."""

    id: str
    texts: Mapping[str, tuple[str, ...]]
    """Field (of `TEXT_FIELDS`) → its passages; a phrase never matches across two passages."""
    concepts: tuple[str, ...]
    """Concepts that the claim is about, as its editor sees it: those that its `recognise` rules need."""
    names: tuple[str, ...]
    """Ids under which it is known, and of what belongs to it; somebody may type one."""
    keywords: Mapping[str, tuple[str, ...]]
    """Filter (of `FILTERS`), and `reference` → the values that this claim has."""
    ranks: Mapping[str, int]
    """Sort (`certainty`, `sources`) → the larger, the earlier."""


Changes = Callable[[], Mapping[str, float]]
"""Gives claim → when it was last changed, the larger the later.

It is asked only to sort by, and is no part of an index: the same entries may have other dates elsewhere.
"""


def no_changes() -> Mapping[str, float]:
    """Know of no change, so that `changed` sorts by id."""
    return {}


class SearchBackend(Protocol):
    """One open index over one state of a knowledge base. It never changes; threads may share it."""

    @property
    def info(self) -> IndexInfo:
        """What this index is."""
        ...

    def search(self, query: Query) -> Page:
        """Answer; raise `IndexUnavailable` if the index turns out to be unreadable, never for what was typed."""
        ...

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return what somebody who has typed so far may mean; raise like `search`."""
        ...

    def match(self, text: str) -> tuple[Match, ...]:
        """Return the claims that a pasted text makes, or may make; raise like `search`."""
        ...

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        """Return the claims that come nearest to a query which found nothing; raise like `search`."""
        ...

    def close(self) -> None:
        """Let go of files. Searching afterwards raises `IndexUnavailable`."""
        ...


class SearchEngine(Protocol):
    """Builds and opens indexes of one kind, in a place that it was given."""

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Make the index of exactly this state, replacing one of the same digest; raise `IndexUnavailable`."""
        ...

    def open(self, kb: KnowledgeBase) -> SearchBackend:
        """Open the index of this state; raise `IndexUnavailable`, with the reason, if it must be built first."""
        ...
