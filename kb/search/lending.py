"""Entries help each other: who finds a claim probably wants what its editor set beside it, and what is most like it."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from heapq import nsmallest
from math import log, sqrt
from typing import TYPE_CHECKING

from kb.search.about import AsAsked, OnThemes
from kb.search.inputs import others

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kb.model import Claim, KnowledgeBase
    from kb.search.documents import Table
    from kb.search.matching import Scores

LENT = 0.2
"""What share of its score each of the first entries lends to each related one; both keep their own."""

LENDERS = 10
"""How many of the first entries lend; what is related to later ones may be found by them, and gets nothing."""

LEADERS = 3
"""How many of the best entries lend to their kin as well."""

KIN_LENT = 0.3
"""What share of its score a leader lends to an entry that is marked just like it; to others as much less.

Only to those that were found: of kin alone nobody could tell why it is shown.
"""

TOPIC = 0.15
"""What share of the best score an entry gets whose themes are all those that the text is about; others as much less.

Only those that were found get it.
"""

ASKED = 0.2
"""What share of the best score an entry gets if people ask for it in the very words typed; others as much less."""

FIRST = 30
"""So many of the best entries are looked at for how people ask for them: reading that is slower than all the rest."""

_TELLING = {"type": 3.0, "caveat": 2.0, "reference": 2.0}
"""What kinds of marks count, where a theme or a concept of the rules counts 1: words find those by themselves."""

_COMMON = 0.25
"""A mark that a larger share of the entries has says nothing about any of them."""

FEW = 256
"""Of so many entries, the kin of a leader is looked for among them, and not among all entries."""

_REMEMBERED = 320_000
"""Of how many pairs the kin stays at hand (some 30 MB): all of a small knowledge base, 32 leaders of 10,000 entries."""


class Kin:
    """How much entries have in common of what their editors gave them, whatever words they use.

    That is their themes, caveats, references, type and the concepts of their rules: the cosine of these marks, a rare
    mark counting more than a common one, and some kinds more than others. What can be is taken over from the kin of
    another state (`before`).
    """

    def __init__(self, kb: KnowledgeBase, table: Table, before: Kin | None = None) -> None:
        self._table = table
        self._claims = kb.claims
        self._marks: dict[str, tuple[str, ...]] = {}
        self._having: dict[str, dict[str, None]] = {}
        """Mark → the claims that have it."""
        self._weights: dict[str, float] = {}
        """What each mark says about a claim that has it."""
        self._lengths: dict[str, float] = {}
        """How long the vectors of claims are, as far as somebody asked."""
        if before:
            self._take_over(before)
        else:
            for claim_id in table.ids:
                self._mark(claim_id)
            self._weights = {mark: self._weight(mark) for mark in self._having}
        self.of = lru_cache(maxsize=_REMEMBERED // max(len(table), 1))(self._of)
        """Row → how much kin each other row is, from 0 to 1."""

    def _mark(self, claim_id: str) -> None:
        self._marks[claim_id] = tuple(sorted(set(_marks(self._claims[claim_id]))))
        for mark in self._marks[claim_id]:
            self._having.setdefault(mark, {})[claim_id] = None

    def _take_over(self, before: Kin) -> None:
        self._marks, self._having = dict(before._marks), dict(before._having)
        claims, old = self._claims, before._claims
        anew, gone = others(old, claims)
        touched = {mark for claim_id in (*gone, *anew) for mark in self._marks.pop(claim_id, ())}
        touched.update(mark for claim_id in anew for mark in _marks(claims[claim_id]))
        for mark in touched:
            having = self._having.pop(mark, {})
            self._having[mark] = {claim_id: None for claim_id in having if claim_id in self._marks}
        for claim_id in anew:
            self._mark(claim_id)
        for mark in touched:
            if not self._having[mark]:
                del self._having[mark]
        if len(claims) == len(old):
            changed = {mark for mark in touched if len(self._having.get(mark, ())) != len(before._having.get(mark, ()))}
            stale = set(anew).union(*(self._having.get(mark, ()) for mark in changed))
            self._weights = before._weights | {mark: self._weight(mark) for mark in changed if mark in self._having}
            self._lengths = dict(before._lengths)
            for claim_id in stale:
                self._lengths.pop(claim_id, None)
        else:  # every mark weighs something else
            self._weights = {mark: self._weight(mark) for mark in self._having}

    def _weight(self, mark: str) -> float:
        number, claims = len(self._having[mark]), len(self._claims)
        if number > max(1, _COMMON * claims):
            return 0.0
        return _TELLING.get(mark.partition(":")[0], 1.0) * log(claims / number) ** 2

    def _length(self, claim_id: str) -> float:
        found = self._lengths.get(claim_id)
        if found is None:
            weights = self._weights
            found = self._lengths[claim_id] = sqrt(sum([weights[mark] for mark in self._marks[claim_id]]))
        return found

    def among(self, row: int, others: Iterable[int]) -> Mapping[int, float]:
        """Return how much kin a row is to each of some others, as `of` has it."""
        claim_id, ids, having = self._table.ids[row], self._table.ids, self._having
        weighing = [(having[mark], self._weights[mark]) for mark in self._marks[claim_id] if self._weights[mark]]
        wanted = {ids[other]: other for other in others if other != row}
        common: dict[str, float] = defaultdict(float)
        for those, weight in weighing:
            for other in those.keys() & wanted.keys():
                common[other] += weight
        length = self._length(claim_id)
        return {wanted[other]: weight / (length * self._length(other)) for other, weight in common.items()}

    def _of(self, row: int) -> Mapping[int, float]:
        common: dict[str, float] = defaultdict(float)
        claim_id = self._table.ids[row]
        for mark in self._marks[claim_id]:
            weight = self._weights[mark]
            if weight:
                for other in self._having[mark]:
                    common[other] += weight
        common.pop(claim_id, None)
        length, rows, length_of = self._length(claim_id), self._table.rows, self._length
        return {rows[other]: weight / (length * length_of(other)) for other, weight in common.items()}


def _marks(claim: Claim) -> Iterator[str]:
    yield f"type:{claim.type}"
    yield from (f"theme:{theme}" for theme in claim.themes)
    yield from (f"caveat:{owed.caveat}" for owed in claim.caveats)
    yield from (f"reference:{line.reference}" for line in claim.evidence)
    yield from (f"concept:{concept}" for rule in claim.recognise for concept in (*rule.all, *rule.any))


def related(claims: Collection[Claim]) -> dict[str, tuple[str, ...]]:
    """Return claim → the claims that it is related to, in whatever way and in either direction; all in order of id."""
    here = {claim.id for claim in claims}
    found: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for relation in claim.related:
            if relation.claim in here:
                found[claim.id].add(relation.claim)
                found[relation.claim].add(claim.id)
    return {claim_id: tuple(sorted(found[claim_id])) for claim_id in sorted(found)}


def related_anew(
    relations: Mapping[str, tuple[str, ...]],
    before: Mapping[str, Claim],
    after: Mapping[str, Claim],
    anew: Collection[str],
) -> Mapping[str, tuple[str, ...]]:
    """Return what `related` says of a later state, in which the claims of `anew` are new, changed or gone."""
    come = {claim_id for claim_id in anew if claim_id in after and claim_id not in before}
    gone = any(claim_id not in after for claim_id in anew)
    if not come and not gone and all(after[each].related == before[each].related for each in anew):
        return relations
    naming = set(anew).union(*(relations.get(claim_id, ()) for claim_id in anew))
    if come:  # some may have named them already
        naming |= {claim.id for claim in after.values() for named in claim.related if named.claim in come}
    edges = [(each, named.claim) for each in naming if each in after for named in after[each].related]
    edges = [(one, other) for one, other in edges if other in after and (one in anew or other in anew)]
    found = {each: set(relations.get(each, ())).difference(anew) for each in naming.union(*edges)}
    found |= {claim_id: set() for claim_id in anew}
    for one, other in edges:
        found[one].add(other)
        found[other].add(one)
    later = dict(relations) | {each: tuple(sorted(those)) for each, those in found.items()}
    return {each: later[each] for each in sorted(later) if later[each]}


class Related:
    """Which rows are related, in whatever way and in both directions, and which are kin."""

    def __init__(self, kb: KnowledgeBase, table: Table, before: Related | None = None) -> None:
        self._table = table
        self._claims = kb.claims
        self._by_id: Mapping[str, tuple[str, ...]] = {}
        # in order, so that sums of the same numbers are the same to the last digit
        self._by_row: Mapping[int, tuple[int, ...]] = {}
        self._relate(before) if before else self._relate_all()
        self._kin: Kin = Kin(kb, table, before._kin if before else None)  # noqa: SLF001 - the same class's
        self._on = OnThemes(kb, table)
        self._as_asked = AsAsked(kb, table)

    @property
    def having(self) -> Collection[int]:
        """The rows that are related to any."""
        return self._by_row.keys()

    def of(self, row: int) -> tuple[int, ...]:
        """Return the rows that a row is related to, in whatever way and in either direction."""
        return self._by_row.get(row, ())

    def _relate_all(self) -> None:
        self._by_id = related(self._claims.values())
        self._by_row = self._in_rows()

    def _relate(self, before: Related) -> None:
        """Take over what is related in another state."""
        anew, gone = others(before._claims, self._claims)
        self._by_id = related_anew(before._by_id, before._claims, self._claims, {*anew, *gone})
        same = self._by_id is before._by_id and self._table.ids == before._table.ids
        self._by_row = before._by_row if same else self._in_rows()

    def _in_rows(self) -> Mapping[int, tuple[int, ...]]:
        rows = self._table.rows
        return {rows[claim_id]: tuple(map(rows.__getitem__, those)) for claim_id, those in self._by_id.items()}

    def lend(
        self,
        scores: Scores,
        *,
        beyond: bool,
        themes: frozenset[str] = frozenset(),
        asked: frozenset[str] = frozenset(),
    ) -> Scores:
        """Return the scores with what others lend; rows that were not found come in if `beyond`, and are related.

        `themes` are those that the text is about, `asked` its words by their stems.
        """
        lent = dict(scores)
        few = len(scores) <= FEW  # either way in the order of rows, and each sum in the same order
        lenders = set(nsmallest(LENDERS, scores, key=lambda row: (-scores[row], row)))
        for row in sorted(scores if beyond else lenders) if few else self._by_row:
            if row in scores:
                share = LENT if row in lenders else 0.0
                for other in self.of(row):
                    if beyond or other in scores:
                        lent[other] = lent.get(other, 0.0) + share * scores[row]
        leaders = nsmallest(LEADERS, lent.items(), key=lambda item: (-item[1], item[0]))
        for row, score in leaders:
            for other, share in self._kin.among(row, lent).items() if few else self._kin.of(row).items():
                if other in lent:
                    lent[other] += KIN_LENT * share * score
        best = max(lent.values(), default=0.0)
        for row, share in self._on.shares(scores, themes).items() if themes else ():
            lent[row] += TOPIC * share * best
        first = nsmallest(FIRST, scores, key=lambda row: (-lent[row], row)) if asked else []
        best = lent[first[0]] if first else 0.0
        for row, like in self._as_asked.likeness(first, asked).items():
            lent[row] += ASKED * like * best
        return lent
