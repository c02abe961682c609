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
    """Terms, each a row of keys with `*` for gaps, and who owns them."""

    def __init__(self) -> None:
        self._root = _Node()

    def __bool__(self) -> bool:
        return bool(self._root.next)

    def add(self, term: Iterable[str], owners: Iterable[str]) -> None:
        """Add a term; one without any key is not added."""
        node = self._root
        for part in term:
            if part == GAP:
                node.gap = node.gap or _Node()
                node = node.gap
            else:
                node = node.next.setdefault(part, _Node())
        if node is not self._root:
            node.owners = tuple(sorted({*node.owners, *owners}))

    def scan(self, keys: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield (first, last, owner) for every term in a row of keys.

        The state is a set of (place in the trie, first key) with the number of keys that a gap may still skip. Its
        size is bounded by the length of the terms, not by their number or the length of the row.
        """
        root = self._root
        begin = root.next.get
        active: dict[tuple[_Node, int], int] = {}
        for index, key in enumerate(keys):
            child = begin(key)
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
