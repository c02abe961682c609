"""From a paragraph as the Markdown parser sees it, list and quotation marks stripped, back to the source."""

from __future__ import annotations

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of a source as the parser counts them."""

    def __init__(self, text: str) -> None:
        # the parser replaces NUL, so that is what its words are compared with
        self._text = text.replace("\0", "\ufffd")
        ends = [(match.start(), match.end()) for match in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where lines start and end; `last` is excluded."""
        first = min(first, len(self._starts) - 1)
        return self._starts[first], self._ends[max(first, min(last, len(self._ends)) - 1)]

    def paragraph(self, content: str, first: int) -> Placed:
        """Return where each line of a paragraph or heading stands, whose first line is line `first`."""
        starts: list[tuple[int, int]] = []
        offset = 0
        for number, line in enumerate(content.split("\n"), first):
            words = line.strip(" \t")
            begin, end = self.span(number, number + 1)
            column = self._text.rfind(words, begin, end) if words else end
            indent = len(line) - len(line.lstrip(" \t"))
            starts.append((offset, max(column, begin) - (indent if words else 0)))
            offset += len(line) + 1
        return Placed(starts)

    def cell(self, content: str, line: int, after: int) -> tuple[Placed, int]:
        """Return where a cell of a table stands, the first in its line after an offset, and where it ends."""
        begin, end = self.span(line, line + 1)
        raw = content.replace("|", "\\|")
        found = self._text.find(raw, max(begin, after), end)
        if found < 0:
            return Placed([(0, after)]), after
        starts = [(0, found)]
        for number, match in enumerate(re.finditer(r"\|", content), 1):
            starts.append((match.start(), found + match.start() + number))
        return Placed(starts), found + len(raw)


class Placed:
    """From offsets in the paragraph to offsets in the source."""

    def __init__(self, starts: list[tuple[int, int]]) -> None:
        self._inner = [inner for inner, _ in starts]
        self._outer = [outer for _, outer in starts]

    def __call__(self, offset: int) -> int:
        """Return where a character of the paragraph stands in the source."""
        line = max(bisect_right(self._inner, offset) - 1, 0)
        return self._outer[line] + offset - self._inner[line]
