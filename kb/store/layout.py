"""Where each field and item of a YAML text begins and ends, down to the last character that belongs to it."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kb.store.comments import comment_texts, comments_of
from kb.store.yaml12 import Node, Shape, read

if TYPE_CHECKING:
    from collections import Counter

    from kb.store.emit import Comments
    from kb.store.yaml12 import Path

_DASH = re.compile(r"^[ ]*-(?=[ \t\r\n]|$)", re.MULTILINE)


_LONG = 8_000
"""Characters; longer texts are mostly the files that entries share, which take a tenth of a second to read."""


def layout_of(text: str) -> Layout:
    """Return the layout of a text without a byte order mark; the last few are kept, as a save asks for them again.

    Long texts are kept apart, so that opening a few entries with files of their own does not push them out.
    """
    return _of_long(text) if len(text) > _LONG else _of_short(text)


@lru_cache(maxsize=4)
def _of_short(text: str) -> Layout:
    return Layout(text)


@lru_cache(maxsize=5)
def _of_long(text: str) -> Layout:
    return Layout(text)


class Layout:
    """A text and the extent of everything in it. The text has no byte order mark."""

    def __init__(self, text: str, line_break: str = "\n") -> None:
        """Find everything in a text; `line_break` is for one that has none itself."""
        self.text = text
        self.usual_break = line_break
        self.nodes: list[Node] = []
        self.reading = read(text, nodes=self.nodes)
        self.value = self.reading.value
        self.keys: dict[Path, Node] = {}
        """A field's path → its name as written."""
        self.values: dict[Path, Node] = {}
        for node in self.nodes:
            (self.keys if node.shape is Shape.KEY else self.values)[node.path] = node
        self._ends = self._all_ends()

    @cached_property
    def comments(self) -> Comments:
        """All comments by the place that they stand with."""
        return comments_of(self.text, self.nodes)

    @cached_property
    def comment_counts(self) -> Counter[str]:
        """Each comment, however often it is there."""
        return comment_texts(self.text, self.nodes)

    def end(self, path: Path) -> int:
        """Return where a value's last character ends; blank lines and comments below it are no part of it."""
        return self._ends[path]

    def in_flow(self, path: Path) -> bool:
        """Whether a value stands inside brackets; brackets of its own do not count."""
        return any(self.values[path[:depth]].shape is Shape.FLOW for depth in range(len(path)))

    def line_start(self, place: int) -> int:
        """Return where the line begins that a place is on."""
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """Return where the line ends that a place is on; its line end is excluded."""
        end = self.text.find("\n", place)
        if end < 0:
            return len(self.text)
        return end - 1 if self.text[end - 1 : end] == "\r" and end > place else end

    def next_line(self, place: int) -> int:
        """Return where the line after that of a place begins."""
        return (self.text.find("\n", place) + 1) or len(self.text)

    def line_break(self, place: int) -> str:
        """Return the line end that a place's line has or, where it has none, the line above."""
        for start in (place, self.line_start(place) - 1):
            end = self.text.find("\n", start) if start >= 0 else -1
            if end >= 0:
                return "\r\n" if self.text[end - 1 : end] == "\r" else "\n"
        return self.usual_break

    def start(self, path: Path) -> int | None:
        """Return where a field's name or an item's dash stands; `None` where it cannot be told."""
        if path in self.keys:
            return self.keys[path].start
        if not path or not isinstance(path[-1], int):
            return None
        parent, number = self.values[path[:-1]], path[-1]
        if parent.shape is Shape.FLOW:
            return self.values[path].start
        if number == 0:
            return parent.start
        for dash in _DASH.finditer(self.text, self.line_end(self.end((*path[:-1], number - 1))), self._begin(path)):
            if dash.end() - 1 - dash.start() == parent.column:
                return dash.end() - 1
        return None

    def stands_alone(self, start: int) -> bool:
        """Whether nothing but space stands before this place on its line."""
        return not self.text[self.line_start(start) : start].strip(" ")

    def is_explicit(self, path: Path) -> bool:
        """Whether a field's name stands behind a question mark, as YAML has to write one of over 128 characters."""
        start = self.keys[path].start
        return self.text[self.line_start(start) : start].rstrip().endswith("?")

    def above(self, start: int) -> int:
        """Return where the comments begin that stand right above a line, indented as that one, else the line itself."""
        line = self.line_start(start)
        column = start - line
        while line > 0:
            previous = self.line_start(line - 1)
            comment = self.text[previous:line]
            if not comment.lstrip(" ").startswith("#") or len(comment) - len(comment.lstrip(" ")) != column:
                break
            line = previous
        return line

    def siblings(self, path: Path) -> list[Path]:
        """Return the paths of the fields or items of a collection, in the order of the text."""
        return [node.path for node in self.nodes if len(node.path) == len(path) + 1 and self._is_child(node, path)]

    def _is_child(self, node: Node, path: Path) -> bool:
        return node.path[:-1] == path and (node.shape is Shape.KEY or isinstance(node.path[-1], int))

    def _begin(self, path: Path) -> int:
        return self.values[path].start

    def _all_ends(self) -> dict[Path, int]:
        ends: dict[Path, int] = {}
        for node in reversed(self.nodes):
            end = 0 if node.shape is Shape.BLOCK else self._own_end(node)
            ends[node.path] = max(ends.get(node.path, 0), end)
            if node.path:
                parent = node.path[:-1]
                ends[parent] = max(ends.get(parent, 0), ends[node.path])
        return ends

    def _own_end(self, node: Node) -> int:
        if node.shape is not Shape.TEXT_BLOCK:
            return node.end
        token = self.text[node.start : node.end]
        header = token.partition("\n")[0].partition("#")[0]
        if "+" in header:  # the blank lines below are part of the text
            return node.start + len(token.removesuffix("\n").removesuffix("\r"))
        return node.start + len(token.rstrip())
