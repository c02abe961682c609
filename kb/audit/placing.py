"""From offsets to lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

from kb.finding import Location, Region

_LINE_END = re.compile(r"\r\n|\r|\n")


class Placing:
    """Lines and columns of one text, both from 1, columns in code points. CRLF, CR and LF each end a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def location(self, path: str, start: int) -> Location:
        """Return where something starts."""
        return Location(path, *self.place(start))

    def region(self, start: int, end: int) -> Region:
        """Return a stretch of the text with its end and its characters."""
        return Region(start, end, *self.place(end), self._text[start:end])
