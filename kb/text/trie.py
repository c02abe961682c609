"""Terms in a trie: one pass over a row of keys finds them all, however many there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.text.keeping import Keep
    from kb.text.tokens import Token

    Reached = tuple[int, int, tuple[str, ...]]
    """First and last key of a term, and whose it is."""

GAP = "*"
GAP_WORDS = 3
"""How many words of any kind a `*` inside a term may stand for, at most."""


class Place(NamedTuple):
    """Words of a term in a text: tokens `first` to `last` (included), code points `start` to `end` (excluded)."""

    first: int
    last: int
    start: int
    end: int


def by_owner(reached: Iterable[Reached], tokens: Sequence[Token]) -> Mapping[str, Sequence[Place]]:
    """Return owner → the places of its terms in these tokens, in order.

    Most owners have one place, and a term has several owners, who share the row of that one place.
    """
    found: dict[str, tuple[Place, ...] | list[Place]] = {}
    mixed = set()
    for first, last, owners in reached:
        place = _place(Place, (first, last, tokens[first].start, tokens[last].end))
        alone = (place,)
        for owner in owners:
            known = found.get(owner)
            if known is None:
                found[owner] = alone
                continue
            if known[-1] >= place:
                mixed.add(owner)
            if isinstance(known, list):
                known.append(place)
            else:
                found[owner] = [*known, place]
    for owner in mixed:
        found[owner] = sorted(set(found[owner]))
    return found


_place = tuple.__new__
"""Makes a named tuple without the call of Python that its own constructor is."""


class _Node:
    """A place in the trie: what may come next, what may come after a gap, and whose terms end here."""

    __slots__ = ("gap", "next", "owners")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.gap: _Node | None = None
        self.owners: tuple[str, ...] = ()


class Trie:
    """Terms, each a row of keys with `*` for gaps, and who owns them.

    A page has few of the words that the terms of a large vocabulary start with. So the places below a first key are
    made when that key is first met, and until then its terms only wait there.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Sequence[str], Iterable[str]]] | str] = {}
        """First key → the terms that begin with it and whose they are, or that as JSON."""
        self._made: dict[str, _Node] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, term: Sequence[str], owners: Iterable[str]) -> None:
        """Add a term; one without any key, or with a gap before the first, is not added.

        Add all before a scan.
        """
        if term and term[0] != GAP:
            waiting = self._waiting.setdefault(term[0], [])
            assert not isinstance(waiting, str), "kept terms are complete"  # noqa: S101
            waiting.append((term, owners))

    @classmethod
    def kept(cls, name: str, make: Callable[[], Trie], keep: Keep | None) -> Trie:
        """Return the trie of a name as it was kept, else as `make` makes it."""
        if keep is None:
            return make()
        trie = cls()
        trie._waiting = dict(keep(name, lambda: make().written()))
        return trie

    def written(self) -> dict[str, str]:
        """Return the terms as a table that can be kept."""
        return {key: json.dumps(self._terms(key), ensure_ascii=False) for key in self._waiting}

    def _terms(self, key: str) -> list[tuple[Sequence[str], Iterable[str]]]:
        waiting = self._waiting[key]
        if not isinstance(waiting, str):
            return waiting
        terms: list[tuple[Sequence[str], Iterable[str]]] = json.loads(waiting)
        return terms

    def _make(self, key: str) -> _Node:
        """Make the places below a first key; two threads at once make the same."""
        root = _Node()
        for term, owners in self._terms(key):
            node = root
            for part in term[1:]:
                if part == GAP:
                    node.gap = node.gap or _Node()
                    node = node.gap
                else:
                    node = node.next.setdefault(part, _Node())
            node.owners = tuple(sorted({*node.owners, *owners}))
        self._made[key] = root
        return root

    def scan(self, keys: Sequence[str]) -> list[Reached]:
        """Return every place in a row of keys where terms end, ordered by first key; some may be there twice.

        From each key the terms are followed for as long as they go on, so the time is bounded by the length of the
        terms, not by their number or the length of the row.
        """
        made, waiting, end = self._made, self._waiting, len(keys)
        found: list[Reached] = []
        for first, key in enumerate(keys):
            node = made.get(key)
            if node is None:
                if key not in waiting:
                    continue
                node = self._make(key)
            last = first
            while node is not None:
                if node.owners:
                    found.append((first, last, node.owners))
                if node.gap is not None and _goes_on(node.gap, last, keys):
                    found += _beyond(node, first, last, keys)
                    break
                last += 1
                if last == end:
                    break
                node = node.next.get(keys[last])
        return found


def _goes_on(gap: _Node, last: int, keys: Sequence[str]) -> bool:
    """Tell whether one of the next keys may stand behind a gap, which it seldom does."""
    return gap.gap is not None or not gap.next.keys().isdisjoint(keys[last + 1 : last + GAP_WORDS + 2])


def _beyond(node: _Node, first: int, last: int, keys: Sequence[str]) -> Iterator[Reached]:
    """Yield what follows from a place with a gap behind it; each place is looked at once for each key."""
    todo, seen = [(node, last)], set[tuple[_Node, int]]()
    while todo:
        node, last = todo.pop()
        for reached in _following(node, last, keys):
            if reached not in seen:
                seen.add(reached)
                todo.append(reached)
                if reached[0].owners:
                    yield first, reached[1], reached[0].owners


def _following(node: _Node, last: int, keys: Sequence[str]) -> Iterator[tuple[_Node, int]]:
    """Yield the places that follow from one: by the next key, and behind a gap, or several gaps in a row."""
    place: _Node | None = node
    skips = 0
    while place is not None:
        if place.next:
            for index in range(last + 1, min(last + skips + 2, len(keys))):
                reached = place.next.get(keys[index])
                if reached is not None:
                    yield reached, index
        skips += GAP_WORDS
        place = place.gap
