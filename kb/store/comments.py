"""Find the comments of a YAML file and what each of them stands with.

A comment on a line of its own belongs to the field or item below it, and moves with that; one that is indented
deeper than what follows closes the list or mapping above. A comment at the end of a line belongs to the field or item
on that line. What stands above the first field is the file's header and stays at the top, except for the lines below
its last blank line, if it has one: they belong to that field.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kb.store.emit import Comments
from kb.store.yaml12 import Node, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.store.yaml12 import Path

_COMMENT = re.compile(r"#.*")
_TEXT_BLOCK_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+(#.*)")
_DASHES = re.compile(r"[ \t]*(?:-[ \t]+)*")


class _Comment(NamedTuple):
    text: str
    start: int


class _Anchor(NamedTuple):
    """A field or list item that comments can stand with; `column` is that of the name or the dash."""

    path: Path
    start: int
    column: int


def comments_of(text: str, nodes: Sequence[Node]) -> Comments:
    """Return all comments of a text whose nodes were read by `yaml12.read`; line ends are line feeds."""
    return _Finder(text, nodes).find()


def comment_texts(text: str, nodes: Sequence[Node]) -> Counter[str]:
    """Count each comment of a text, wherever it stands."""
    return Counter(comment.text for comment in _Finder(text, nodes).scan())


class _Finder:
    """Finds the comments of one text."""

    def __init__(self, text: str, nodes: Sequence[Node]) -> None:
        self._text = text
        self._nodes = nodes
        self._flows: list[Node] = []
        self._outer: list[int] = []  # for each of these, the number of the one around it, or -1
        self._anchors: list[_Anchor] = []
        self._block_anchors: list[_Anchor] = []
        self._found = Comments()
        around = -1
        for node in nodes:
            around = self._still_open(around, node.start)
            if _can_hold_comments(node):
                anchor = _Anchor(node.path, node.start, self._column(node))
                self._anchors.append(anchor)
                if around < 0:
                    self._block_anchors.append(anchor)
            if node.shape is Shape.FLOW:
                self._flows.append(node)
                self._outer.append(around)
                around = len(self._flows) - 1
        self._columns = {anchor.path: anchor.column for anchor in self._block_anchors}

    def find(self) -> Comments:
        """Return every comment at its place."""
        for comment in self.scan():
            line_start = self._text.rfind("\n", 0, comment.start) + 1
            left = self._text[line_start : comment.start]
            flow = self._flow_around(comment)
            following = _after(self._anchors, comment)
            if not self._anchors or following is self._anchors[0]:
                self._add(self._found.header, comment, line_start)
            elif flow is not None:
                self._place_in_flow(comment, flow, following, own_line=not left.strip())
            elif _DASHES.fullmatch(left):
                self._place_on_own_line(comment, line_start, following)
            else:
                self._place_beside(self._block_path_before(comment), comment)
        self._keep_blank_lines()
        self._part_header()
        return self._found

    def scan(self) -> Iterator[_Comment]:
        """Yield the comments: whatever follows a `#` where there is neither a field's name nor a scalar."""
        end = 0
        for node in self._nodes:
            if node.shape in (Shape.FLOW, Shape.BLOCK):
                continue
            yield from self._scan_gap(end, node.start)
            end = node.end
            if node.shape is Shape.TEXT_BLOCK and (match := _TEXT_BLOCK_COMMENT.match(self._text, node.start)):
                yield _Comment(match[1].rstrip(), match.start(1))
        yield from self._scan_gap(end, len(self._text))

    def _scan_gap(self, start: int, end: int) -> Iterator[_Comment]:
        for match in _COMMENT.finditer(self._text, start, end):
            yield _Comment(match.group().rstrip(), match.start())

    def _column(self, node: Node) -> int:
        """Return where a field begins or, for an item of a block list, its dash."""
        line_start = node.start - node.column
        if node.shape is Shape.KEY or not _DASHES.fullmatch(self._text, line_start, node.start):
            return node.column
        dash = self._text.rfind("-", line_start, node.start)
        return dash - line_start if dash >= 0 else node.column - 2

    def _flow_around(self, comment: _Comment) -> Node | None:
        """Return the innermost brackets around a comment."""
        number = self._still_open(bisect_left(self._flows, comment.start, key=_start) - 1, comment.start)
        return self._flows[number] if number >= 0 else None

    def _still_open(self, number: int, place: int) -> int:
        """Return the number of the brackets that are open at a place: these, or some around them; -1 for none."""
        while number >= 0 and self._flows[number].end <= place:
            number = self._outer[number]
        return number

    def _block_path_before(self, comment: _Comment) -> Path:
        """Return the last field or item above that is not in brackets; () where all is in brackets."""
        index = bisect_left(self._block_anchors, comment.start, key=_start)
        return self._block_anchors[index - 1].path if index else ()

    def _place_in_flow(self, comment: _Comment, flow: Node, following: _Anchor | None, *, own_line: bool) -> None:
        previous = self._anchors[bisect_left(self._anchors, comment.start, key=_start) - 1]
        if not own_line and previous.start > flow.start:
            self._place_beside(previous.path[: len(flow.path) + 1], comment)
        elif following is not None and following.start < flow.end:
            self._found.before.setdefault(following.path, []).append(comment.text)
        elif previous.start > flow.start:
            self._found.below.setdefault(flow.path, []).append(comment.text)
        else:
            self._place_beside(flow.path, comment)

    def _place_on_own_line(self, comment: _Comment, line_start: int, following: _Anchor | None) -> None:
        column = comment.start - line_start
        if following is None or column > following.column:
            closed = self._container_closed_by(comment, column)
            if following is None or following.path[: len(closed)] != closed:
                self._add(self._found.below.setdefault(closed, []), comment, line_start)
                return
        self._add(self._found.before.setdefault(following.path, []), comment, line_start)

    def _container_closed_by(self, comment: _Comment, column: int) -> Path:
        """Return the list or mapping above whose fields or items are indented no deeper than the comment."""
        path = self._block_path_before(comment)
        while path and self._columns[path] > column:
            path = path[:-1]
        return path[:-1]

    def _place_beside(self, path: Path, comment: _Comment) -> None:
        """Put a comment at the end of a line; where there is one already, above that line."""
        if not path:
            self._found.below.setdefault(path, []).append(comment.text)
        elif path in self._found.beside:
            self._found.before.setdefault(path, []).append(comment.text)
        else:
            self._found.beside[path] = comment.text

    def _add(self, comments: list[str], comment: _Comment, line_start: int) -> None:
        """Add a comment to others, after a blank line where there is one above it."""
        if self._is_blank_above(line_start) and (comments or comments is not self._found.header):
            comments.append("")
        comments.append(comment.text)

    def _is_blank_above(self, line_start: int) -> bool:
        above = self._text[self._text.rfind("\n", 0, max(line_start - 1, 0)) + 1 : line_start]
        return line_start > 0 and not above.strip()

    def _keep_blank_lines(self) -> None:
        """Note the blank lines right above fields and items."""
        previous_start = -1
        for anchor in self._block_anchors:
            line_start = self._text.rfind("\n", 0, anchor.start) + 1
            is_first_on_line = _DASHES.fullmatch(self._text, line_start, anchor.start) is not None
            if is_first_on_line and anchor.start != previous_start and self._is_blank_above(line_start):
                is_first = anchor is self._anchors[0]
                above = self._found.header if is_first else self._found.before.setdefault(anchor.path, [])
                above.extend([""] if above or not is_first else [])
            previous_start = anchor.start

    def _part_header(self) -> None:
        """Leave to the first field what stands right above it, if a blank line parts that from the header."""
        header = self._found.header
        if self._anchors and "" in header:
            end = len(header) - header[::-1].index("")
            path = self._anchors[0].path
            self._found.before[path] = header[end:] + self._found.before.get(path, [])
            del header[end:]


def _start(place: Node | _Anchor) -> int:
    return place.start


def _after(anchors: Sequence[_Anchor], comment: _Comment) -> _Anchor | None:
    """Return the first field or item below a comment."""
    index = bisect_left(anchors, comment.start, key=_start)
    return anchors[index] if index < len(anchors) else None


def _can_hold_comments(node: Node) -> bool:
    """Tell whether a node begins a field or a list item."""
    return node.shape is Shape.KEY or (bool(node.path) and isinstance(node.path[-1], int))
