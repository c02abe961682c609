"""Plain text: paragraphs, hard-wrapped or not, lists, headings, footnotes, questions and answers by their layout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.audit.extract import wording
from kb.audit.extract.assembling import soften
from kb.audit.extract.layout import Block, Layout, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_COMMENT = re.compile(r"<!--[ \t]*caveat-(?:[^-]|-(?!->)){0,2000}-->")
"""A comment to the audit, which is no copy. Any other comment is, in plain text: readers see it."""

_NOT_BREAK = re.compile(r"[^\r\n]")
_COLUMN, _NARROW, _WIDE = 20, 40, 130
"""Widths: of a printed column at least, and between which lines may have been wrapped by hand or program."""

_FEWEST = 2
"""Joints of lines that it takes to see that a text was wrapped."""

_HEADING, _QUESTION = 2, 3
"""Levels of headings, since plain text tells none: a question stands below a heading."""


@dataclass(slots=True)
class _Line:
    """A line that is not blank: where its words are, and what stands before them."""

    first: int
    """Where its marker starts."""
    start: int
    end: int
    words: str
    indent: int
    marker: str = ""
    spoken: str = ""
    """`ask` after "Q:", `say` after "A:"."""
    after_blank: bool = False
    before_blank: bool = False


def read(text: str, *, printed: bool = False) -> Layout:
    """Lay out plain text; `printed` says that its lines come from a page with letters of all widths."""
    shown = _COMMENT.sub(lambda match: _NOT_BREAK.sub(" ", match.group()), text) if "<!--" in text else text
    lines = list(_lines(shown))
    blocks = list(_Reading(lines, printed=printed).blocks())
    return Layout(text, soften(shown, blocks), blocks)


def _lines(text: str) -> Iterator[_Line]:
    before: _Line | None = None
    blank = True
    for match in _LINE.finditer(text):
        raw = match.group()
        if wording.RULE.match(raw):
            blank = True
            continue
        line = _line(raw, match.start())
        line.after_blank = blank
        if before is not None:
            before.before_blank = blank
            yield before
        before, blank = line, False
    if before is not None:
        before.before_blank = True
        yield before


def _line(raw: str, offset: int) -> _Line:
    marker = wording.MARKER.match(raw)
    begin = marker.end() if marker else 0
    spoken = wording.SPOKEN.match(raw, begin)
    if spoken:
        begin = spoken.end()
    words = raw[begin:].strip()
    begin += len(raw[begin:]) - len(raw[begin:].lstrip())
    indent = len(raw) - len(raw.lstrip())
    bullet = marker.group().strip() if marker else ""
    said = (spoken.lastgroup or "") if spoken else ""
    return _Line(offset + indent, offset + begin, offset + begin + len(words), words, indent, bullet, said)


class _Reading:
    """Goes through the lines once, deciding with each where it belongs."""

    def __init__(self, lines: list[_Line], *, printed: bool) -> None:
        self._lines = lines
        self._width = _printed_width(lines) if printed else _width(lines)
        self._least = _COLUMN if printed else _NARROW
        """Length of a line from which on it may go on in lower case."""
        self._group = 0
        self._starred = False
        """Whether a star or dagger has stood after a word, so that a starred line may answer it."""

    def blocks(self) -> Iterator[Block]:
        position = 0
        listing = 0
        colon = False
        while position < len(self._lines):
            line = self._lines[position]
            end = self._joined(position)
            last = self._lines[end - 1]
            block = Block(line.start, last.end)
            if self._is_item(position, listing=bool(listing)):
                listing = listing or self._new_group()
                block.role, block.group, block.level = Role.ITEM, listing, 1 + min(line.indent // 2, 8)
            elif colon and self._is_bare_item(position):
                listing = listing or self._new_group()
                block.role, block.group, block.level = Role.ITEM, listing, 1
            else:
                listing = 0
                self._classify(block, position, end)
            colon = self._goes_on(block, line, last, colon=colon)
            self._starred = self._starred or "*" in line.words or "†" in line.words
            yield block
            position = end

    def _new_group(self) -> int:
        self._group += 1
        return self._group

    def _classify(self, block: Block, position: int, end: int) -> None:
        """Tell headings, footnotes and answers from paragraphs."""
        line = self._lines[position]
        footnote = wording.FOOTNOTE.match(line.words)
        if footnote or (line.marker in {"*", "†"} and self._starred):
            block.role = Role.FOOTNOTE
            block.start += footnote.end() if footnote else 0
        elif line.spoken == "say":
            block.answer = True
        elif line.marker:
            # no item after all: a number before a heading, or a dash before a name
            block.start = line.first
            if self._is_numbered_heading(position):
                block.role, block.level = Role.HEADING, _HEADING
        elif self._is_heading(position, end):
            block.role = Role.HEADING
            block.level = _QUESTION if wording.is_question(line.words) else _HEADING

    def _goes_on(self, block: Block, line: _Line, last: _Line, *, colon: bool) -> bool:
        """Return whether lines without bullets may be items of a list after this one."""
        if last.words.endswith(":"):
            return True
        return colon and block.role is Role.ITEM and not line.marker

    def _is_item(self, position: int, *, listing: bool) -> bool:
        line = self._lines[position]
        if not line.marker or line.spoken or self._is_numbered_heading(position):
            return False
        if line.marker == "—":  # a dash before a name, unless several lines have one
            return listing or self._has_neighbour(position)
        if line.marker in {"*", "†"} and self._starred and not listing:
            return self._has_neighbour(position)
        return True

    def _is_numbered_heading(self, position: int) -> bool:
        """Return whether a number stands before a heading: one short line, then prose without a number."""
        line = self._lines[position]
        following = self._lines[position + 1] if position + 1 < len(self._lines) else None
        if (
            following is None
            or following.marker
            or not line.marker[:1].isdecimal()
            or self._joined(position) > position + 1
        ):
            return False
        return (
            wording.is_short(line.words)
            and len(following.words) > 2 * len(line.words)
            and following.indent <= line.indent
        )

    def _has_neighbour(self, position: int) -> bool:
        marker = self._lines[position].marker
        return any(
            line.marker == marker
            for line in (*self._lines[position - 1 : position], *self._lines[position + 1 : position + 2])
        )

    def _is_bare_item(self, position: int) -> bool:
        """Return whether a line without a bullet is an item of a list that a colon announced."""
        line = self._lines[position]
        following = self._lines[position + 1] if position + 1 < len(self._lines) else None
        if line.spoken or line.marker or not wording.is_short(line.words) or wording.ends_sentence(line.words):
            return False
        before = self._lines[position - 1]
        if line.after_blank and not before.words.endswith(":"):
            return False
        alike = [other for other in (before, following) if other is not None and not other.words.endswith(":")]
        return any(wording.is_short(other.words) and not wording.ends_sentence(other.words) for other in alike)

    def _is_heading(self, position: int, end: int) -> bool:
        """Return whether a line is a heading: short, without an end, and before prose."""
        line = self._lines[position]
        if end != position + 1 or end >= len(self._lines) or not wording.is_short(line.words):
            return False
        if line.spoken == "ask" or wording.is_question(line.words):
            return not wording.opens_quotation(line.words)
        opens = line.words[0].isupper() or line.words[0].isdigit()
        if not opens or not wording.ends_open(line.words) or wording.is_link(line.words):
            return False
        return self._looks_like_heading(position, line, self._lines[end])

    def _looks_like_heading(self, position: int, line: _Line, following: _Line) -> bool:
        """Return whether a short line with no end stands out from what is around it."""
        if line.words.isupper() or (line.after_blank and line.before_blank):
            return True
        if following.marker:
            return wording.is_label(line.words) and not self._stacked(position)
        if following.words[0].islower():
            return False
        if line.after_blank and wording.is_titled(line.words):
            return True
        # a lone line among lines that all end as sentences do
        last = self._lines[self._joined(position + 1) - 1]
        return wording.ends_sentence(last.words) and not self._stacked(position)

    def _stacked(self, position: int) -> bool:
        """Return whether the line before has no end either, as in an address or a list without bullets."""
        before = self._lines[position - 1]
        if position == 0 or self._lines[position].after_blank or before.marker:
            return False
        return wording.ends_open(before.words)

    def _joined(self, position: int) -> int:
        """Return the position after the last line that belongs to the paragraph or item of this line."""
        end = position + 1
        while end < len(self._lines) and self._continues(self._lines[end - 1], self._lines[end], self._lines[position]):
            end += 1
        return end

    def _continues(self, line: _Line, following: _Line, first: _Line) -> bool:
        """Return whether a line was wrapped and goes on in the next."""
        marked = following.marker or following.spoken or wording.FOOTNOTE.match(following.words)
        if line.before_blank or marked:
            return False
        if first.marker and following.indent > first.indent:
            return True
        if line.words.endswith(":"):
            return False
        open_ended = wording.ends_open(line.words)
        if open_ended and following.words[0].islower() and len(line.words) >= self._least:
            return True
        if (
            wording.ends_sentence(line.words)
            and wording.is_short(following.words)
            and wording.ends_open(following.words)
        ):
            # more likely a heading than a last line without an end
            return len(following.words) * 2 > self._width > 0 and self._is_full(line, following)
        return self._is_full(line, following)

    def _is_full(self, line: _Line, following: _Line) -> bool:
        """Return whether the next word would not have fitted on this line."""
        if not self._width:
            return False
        word = following.words.split(maxsplit=1)[0]
        return line.indent + len(line.words) + 1 + len(word) > self._width


def _printed_width(lines: list[_Line]) -> int:
    """Return from which length on a line of a page counts as full."""
    lengths = sorted(line.indent + len(line.words) for line in lines)
    common = lengths[len(lengths) * 9 // 10] if lengths else 0
    return common * 3 // 4 if common >= _COLUMN else 0


def _width(lines: list[_Line]) -> int:
    """Return the width at which a text was wrapped, or 0 where its lines are paragraphs."""
    pairs = [(a, b) for a, b in pairwise(lines) if not a.before_blank and not b.marker]
    width = max((line.indent + len(line.words) for line in lines), default=0)
    if not _NARROW <= width <= _WIDE or len(pairs) < _FEWEST:
        return 0
    full = [(a, b) for a, b in pairs if a.indent + len(a.words) + 1 + len(b.words.split(maxsplit=1)[0]) > width]
    cut = sum(wording.ends_open(a.words) or a.words.endswith(",") for a, _ in full)
    # most joints must be full lines, and most full lines must be cut within a sentence
    return width if len(full) * 2 >= len(pairs) and cut * 2 >= len(full) else 0
