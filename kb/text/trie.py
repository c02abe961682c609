"""Terms in a trie: one pass over a row of keys finds them all, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GAP = "*"
GAP_WORDS = 3
"""How many words of any kind a `*` inside a term may stand for, at most."""


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
        self._waiting: dict[str, list[tuple[Sequence[str], Iterable[str]]]] = {}
        self._made: dict[str, _Node] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, term: Sequence[str], owners: Iterable[str]) -> None:
        """Add a term; one without any key, or with a gap before the first, is not added.

        Add all before a scan.
        """
        if term and term[0] != GAP:
            self._waiting.setdefault(term[0], []).append((term, owners))

    def _make(self, key: str) -> _Node:
        """Make the places below a first key; two threads at once make the same."""
        root = _Node()
        for term, owners in self._waiting[key]:
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

    def scan(self, keys: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield (first, last, owner) for every term in a row of keys.

        The state is a set of (place in the trie, first key) with the number of keys that a gap may still skip. Its
        size is bounded by the length of the terms, not by their number or the length of the row.
        """
        made, waiting = self._made.get, self._waiting
        active: dict[tuple[_Node, int], int] = {}
        for index, key in enumerate(keys):
            child = (made(key) or self._make(key)) if key in waiting else None
            if child is None and not active:
                continue
            following: dict[tuple[_Node, int], int] = {}
            for state, skips in active.items():
                node, first = state
                reached = node.next.get(key)
                if reached is not None:
                    for owner in reached.owners:
                        yield first, index, owner
                    _enter(following, reached, first)
                if skips:
                    following[state] = max(skips - 1, following.get(state, 0))
            if child is not None:
                for owner in child.owners:
                    yield index, index, owner
                _enter(following, child, index)
            active = following


def _enter(states: dict[tuple[_Node, int], int], node: _Node, first: int) -> None:
    """Add the states that follow from reaching a node: the next key, and a gap, or several gaps in a row."""
    if node.next:
        states.setdefault((node, first), 0)
    skips, gap = 0, node.gap
    while gap is not None:
        skips += GAP_WORDS
        states[(gap, first)] = max(skips, states.get((gap, first), 0))
        gap = gap.gap
