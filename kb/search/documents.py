"""What is searched: one document a claim, made from the knowledge base, and the columns to narrow and sort by."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from functools import cached_property, lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kb.model import CertaintyLevel
from kb.search.base import FILTERS, Document, no_changes
from kb.search.fields import Due
from kb.search.widen import label

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from kb.model import Claim, Evidence, KnowledgeBase, Rule
    from kb.search.base import Changes
    from kb.search.fields import Condition
    from kb.search.widen import Vocabulary

COLUMNS = (*FILTERS, "reference")
"""What a claim can be told from others by; only the first of them are offered as filters."""

_MANY = frozenset({"source", "caveat", "reference"})
"""Columns that have the more values the more claims there are. The bits of all of them would take the square of that,
and counting what is found takes no longer."""

_QUICK = 5_000
"""Counting a value by bits takes longer by as much as counting a row does, for so many rows of the table."""

_FEW = 16
"""Where more claims than these came or went, the bits of all values are set anew."""

_REMEMBERED = 512
"""How many documents stay put together (a few kB each): each of a page's twenty takes a tenth of a millisecond."""

_CERTAINTY_RANK = {level: rank for rank, level in enumerate(reversed(CertaintyLevel), start=1)}


def document(kb: KnowledgeBase, vocabulary: Vocabulary, claim: Claim) -> Document:
    """Return one claim as a document: its words, the words beside it, its values and ranks.

    Entries that the claim names and that are missing are passed over; `kb lint` reports them.
    """
    owed = [kb.caveats[each.caveat] for each in claim.caveats if each.caveat in kb.caveats]
    found = dict.fromkeys(hit.concept for hit in vocabulary.read(claim.claim).hits)
    themes = kb.theme_descriptions
    texts = {
        "claim": (claim.claim,),
        "caveats": tuple(dict.fromkeys(caveat.caveat for caveat in owed)),
        "evidence": (claim.rationale, *dict.fromkeys(chain.from_iterable(_evidence(kb, claim.evidence)))),
        "concepts": tuple(label(concept_id, kb.concepts[concept_id]) for concept_id in found),
        "about": (
            claim.id.replace("-", " "),
            *(f"{theme} {themes.get(theme, '')}".strip() for theme in claim.themes),
            *(caveat.short for caveat in owed if caveat.short),
        ),
        "examples": claim.examples.match,
        "asked": claim.asked,
    }
    about = concepts_needed(kb, claim.recognise)
    values = keywords(claim)
    names = (claim.id, *claim.aliases, *values["theme"], *values["caveat"], *values["reference"], *values["source"])
    return Document(claim.id, texts, about, tuple(dict.fromkeys(names)), values, ranks(claim))


def concepts_needed(kb: KnowledgeBase, rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the concepts that rules need, of those that search may widen by, each once."""
    needed = dict.fromkeys(chain.from_iterable((*rule.all, *rule.any) for rule in rules))
    return tuple(concept for concept in needed if concept in kb.concepts and kb.concepts[concept].widen)


def _evidence(kb: KnowledgeBase, evidence: Iterable[Evidence]) -> Iterator[tuple[str, ...]]:
    for line in evidence:
        reference = kb.references.get(line.reference)
        yield (line.finding, reference.title) if reference else (line.finding,)


def keywords(claim: Claim) -> dict[str, tuple[str, ...]]:
    """Return what a claim can be filtered and counted by: filter → its values, each once."""
    values: dict[str, Iterable[str]] = {
        "theme": claim.themes,
        "type": (claim.type,),
        "verdict": (claim.verdict,),
        "certainty": (claim.certainty.level,) if claim.certainty else (),
        "source": (occurrence.source for occurrence in claim.occurrences),
        "status": (claim.status,),
        "caveat": (owed.caveat for owed in claim.caveats),
        "reference": (line.reference for line in claim.evidence),
    }
    return {name: tuple(dict.fromkeys(map(str, values[name]))) for name in COLUMNS}


def ranks(claim: Claim) -> dict[str, int]:
    """Return what a claim can be sorted by, the larger the earlier; no certainty comes after very low certainty."""
    return {
        "certainty": _CERTAINTY_RANK[claim.certainty.level] if claim.certainty else 0,
        "sources": len({occurrence.source for occurrence in claim.occurrences}),
    }


class _Row(NamedTuple):
    """What a claim is told from others by."""

    values: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, int]


def _row(claim: Claim) -> _Row:
    return _Row(keywords(claim), ranks(claim))


class Table:
    """The claims as numbered rows, by id, with the columns that every back end narrows, counts and sorts by.

    Rows are cheap; the texts of a row are put together only when they are asked for. Which rows have a value is kept
    as the bits of one number where there are few values, so that a table of few other rows (`revised`) need not look at
    all of them again.
    """

    def __init__(
        self,
        kb: KnowledgeBase,
        vocabulary: Vocabulary,
        changed: Changes = no_changes,
        *,
        rows: list[_Row] | None = None,
    ) -> None:
        """Take the claims; `rows` are theirs in the order of ids, where they are known."""
        self._kb = kb
        self._changed = changed
        self._vocabulary = vocabulary
        self.ids: tuple[str, ...] = tuple(sorted(kb.claims))
        self._rows = [_row(kb.claims[claim_id]) for claim_id in self.ids] if rows is None else rows
        self._counts: dict[str, dict[str, int]] = {}
        self.document: Callable[[int], Document] = lru_cache(maxsize=_REMEMBERED)(self._document)
        """Return the document in a row; those that are shown stay put together."""

    def revised(self, kb: KnowledgeBase, anew: Collection[str]) -> Table:
        """Return the table of another state, in which the claims of `anew` are new, changed or gone."""
        table = Table(kb, self._vocabulary, self._changed, rows=self._revised_rows(kb.claims, anew))
        if table.ids == self.ids and "rows" in self.__dict__:
            table.__dict__["rows"] = self.rows
        masks = _moved(self._masks, self, table) if "_masks" in self.__dict__ else None
        if masks is not None:
            for claim_id in kb.claims.keys() & anew:
                row = table.row(claim_id)
                were = self._rows[self.row(claim_id)].values if claim_id in self._kb.claims else {}
                for name, having in masks.items():
                    for value in were.get(name, ()):
                        having[value] &= ~(1 << row)
                    for value in table._rows[row].values[name]:
                        having[value] = having.get(value, 0) | 1 << row
            table.__dict__["_masks"] = {
                name: {value: mask for value, mask in having.items() if mask} for name, having in masks.items()
            }
        return table

    def _revised_rows(self, claims: Mapping[str, Claim], anew: Collection[str]) -> list[_Row]:
        if claims.keys() == self._kb.claims.keys():
            rows = list(self._rows)
            for claim_id in anew:
                rows[self.row(claim_id)] = _row(claims[claim_id])
            return rows
        known = dict(zip(self.ids, self._rows, strict=True))
        for claim_id in anew:
            known.pop(claim_id, None)
        return [known.get(claim_id) or _row(claims[claim_id]) for claim_id in sorted(claims)]

    def row(self, claim_id: str) -> int:
        """Return the row of a claim."""
        return bisect_left(self.ids, claim_id)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Claim → its row, for those who ask for many."""
        return {claim_id: row for row, claim_id in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def _document(self, row: int) -> Document:
        return document(self._kb, self._vocabulary, self._kb.claims[self.ids[row]])

    def documents(self) -> Iterator[Document]:
        """Yield the documents of all rows, in order."""
        return map(self._document, range(len(self)))

    @cached_property
    def _masks(self) -> dict[str, dict[str, int]]:
        """Column (but for `_MANY`) → value → the rows that have it, as bits."""
        found: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in COLUMNS if name not in _MANY}
        for number, row in enumerate(self._rows):
            for name, having in found.items():
                for value in row.values[name]:
                    having[value].append(number)
        return {
            name: {value: _mask(rows, len(self)) for value, rows in having.items()} for name, having in found.items()
        }

    @cached_property
    def _sets(self) -> dict[tuple[str, str], frozenset[int]]:
        """Rows by column and value, as far as somebody asked."""
        return {}

    def holding(self, test: Condition | Due) -> set[int]:
        """Return the rows for which a condition of the query language holds."""
        if isinstance(test, Due):
            return {row for row, due in enumerate(self._due) if due and test.first <= due <= test.last}
        if test.column == "id":
            return {self.row(claim_id) for claim_id in test.values if claim_id in self._kb.claims}
        return self._with_any(test.column, test.values)

    @cached_property
    def _due(self) -> list[dt.date | None]:
        return [self._kb.claims[claim_id].review.due for claim_id in self.ids]

    def narrow(
        self, rows: Collection[int], filters: Mapping[str, tuple[str, ...]], *, besides: str = ""
    ) -> Collection[int]:
        """Return those of `rows` that pass all filters, one (`besides`) left out if it is named."""
        for name, values in filters.items():
            if name in _MANY and name != besides:
                rows = self._having(name, values, rows)
            elif name != besides:
                rows = self._with_any(name, values).intersection(rows)
        return rows

    def _with_any(self, name: str, values: Iterable[str]) -> set[int]:
        if name in _MANY:
            return self._having(name, values, range(len(self)))
        return set[int]().union(*(self._with(name, value) for value in values if value in self._masks.get(name, ())))

    def _having(self, name: str, values: Iterable[str], rows: Iterable[int]) -> set[int]:
        wanted, every = frozenset(values), self._rows
        return {row for row in rows if not wanted.isdisjoint(every[row].values[name])}

    def _with(self, name: str, value: str) -> frozenset[int]:
        if (name, value) not in self._sets:
            self._sets[name, value] = frozenset(_bits(self._masks[name][value]))
        return self._sets[name, value]

    def counts(self, name: str, chosen: Chosen, always: Iterable[str] = ()) -> dict[str, int]:
        """Return value → how many of the rows have it, most frequent first; those of `always` even where it is 0."""
        found = dict(self._in_all(name)) if len(chosen.rows) == len(self) else self._counted(name, chosen)
        missing = [value for value in always if value not in found]
        return found | dict.fromkeys(sorted(missing), 0)

    def _counted(self, name: str, chosen: Chosen) -> dict[str, int]:
        rows = chosen.rows
        if name in _MANY or len(rows) <= len(self._masks[name]) * (1 + len(self) // _QUICK):
            every = self._rows
            return most_frequent_first(Counter(chain.from_iterable([every[row].values[name] for row in rows])))
        mask = chosen.mask(len(self))
        return most_frequent_first(
            {value: number for value, having in self._masks[name].items() if (number := (mask & having).bit_count())}
        )

    def _in_all(self, name: str) -> Mapping[str, int]:
        """Return value → how many rows have it; what everybody sees first is counted once."""
        if name not in self._counts:
            self._counts[name] = self._counted(name, Chosen(range(len(self))))
        return self._counts[name]

    def ordered(self, rows: Collection[int], sort: str, scores: Mapping[int, float]) -> list[int]:
        """Return `rows` in an order of `SORTS`; rows that are equal in it stay in the order of their ids."""
        by_id = sorted(rows)
        if sort == "relevance":
            # without a text to rank by, every score is 0 and the order of ids stands
            by_id.sort(key=scores.__getitem__, reverse=True)
        elif sort == "changed":
            changed = self._changed()
            by_id.sort(key=lambda row: changed.get(self.ids[row], 0.0), reverse=True)
        elif sort != "id":
            by_id.sort(key=lambda row: self._rows[row].ranks[sort], reverse=True)
        return by_id


class Chosen:
    """Rows, each there once, that are to be counted by several columns."""

    def __init__(self, rows: Collection[int]) -> None:
        self.rows = rows
        self._mask: int | None = None

    def mask(self, number: int) -> int:
        """Return the rows as the bits of one number, of a table with so many rows."""
        if self._mask is None:
            self._mask = _mask(self.rows, number)
        return self._mask


def most_frequent_first(counted: Mapping[str, int]) -> dict[str, int]:
    """Return counts in order; equal ones by value."""
    return dict(sorted(sorted(counted.items()), key=itemgetter(1), reverse=True))


def _mask(rows: Iterable[int], number: int) -> int:
    bits = bytearray(number // 8 + 1)
    for row in rows:
        bits[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(bits, "little")


def _bits(mask: int) -> Iterator[int]:
    """Yield the rows of a mask."""
    digits = f"{mask:b}"[::-1]
    row = digits.find("1")
    while row >= 0:
        yield row
        row = digits.find("1", row + 1)


def _moved(masks: Mapping[str, Mapping[str, int]], before: Table, after: Table) -> dict[str, dict[str, int]] | None:
    """Return masks for the rows of another table; `None` where so many rows are other ones that it takes too long."""
    moved = {name: dict(having) for name, having in masks.items()}
    if before.ids == after.ids:
        return moved
    gone, come = sorted(set(before.ids).difference(after.ids)), sorted(set(after.ids).difference(before.ids))
    if len(gone) + len(come) > _FEW:
        return None
    for claim_id in reversed(gone):  # from the last to the first, so that the rows before stay where they are
        row = before.row(claim_id)
        below = (1 << row) - 1
        for having in moved.values():
            for value, mask in having.items():
                having[value] = mask & below | mask >> (row + 1) << row
    for claim_id in come:
        row = after.row(claim_id)
        below = (1 << row) - 1
        for having in moved.values():
            for value, mask in having.items():
                having[value] = mask & below | mask >> row << (row + 1)
    return moved
