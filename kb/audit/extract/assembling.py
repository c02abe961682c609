"""From blocks to units: sentences are cut, kinds told apart, and each unit learns what stands above and before it."""

from __future__ import annotations

import sys
from bisect import bisect_right
from typing import TYPE_CHECKING

from kb.audit.base import Part, Unit, UnitKind
from kb.audit.extract import wording
from kb.audit.extract.layout import LOWEST, Role
from kb.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.extract.layout import Block, Layout

_SOFT = str.maketrans("\n\r\t\v\f", "     ")
_KINDS = {
    Role.PARAGRAPH: UnitKind.SENTENCE,
    Role.HEADING: UnitKind.HEADING,
    Role.ITEM: UnitKind.LIST_ITEM,
    Role.ROW: UnitKind.TABLE_ROW,
    Role.CAPTION: UnitKind.CAPTION,
    Role.FOOTNOTE: UnitKind.FOOTNOTE,
    Role.BUTTON: UnitKind.CALL_TO_ACTION,
    Role.ALT: UnitKind.ALT_TEXT,
    Role.META: UnitKind.META,
}
_WHOLE = frozenset({Role.HEADING, Role.ROW, Role.BUTTON, Role.ALT})
"""Blocks that are one unit, however many sentences they hold."""

_OPEN = frozenset({UnitKind.SENTENCE, UnitKind.LIST_ITEM})
"""Kinds that words can turn into another: a question, a call to action, a testimonial."""

_APART = frozenset({Role.ALT, Role.META})
"""Blocks that do not stand in the run of the text: they neither introduce nor answer anything."""


def assemble(layout: Layout) -> tuple[Unit, ...]:
    """Return the units of a layout in the order of the text."""
    assembly = _Assembly(layout.plain)
    for block in layout.blocks:
        assembly.add(block)
    return tuple(assembly.units)


class _Assembly:
    """The units so far, and where on the page the next one stands."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self.units: list[Unit] = []
        self._block = 0
        self._group = 0
        self._sections = 0
        self._section: dict[Part, int] = {Part.BODY: 0}
        self._headings: dict[Part, list[tuple[int, int, int]]] = {}
        """Open headings, outermost first: level, unit, section."""
        self._unfolds = False
        self._leads: dict[int, int | None] = {}
        self._last: int | None = None
        """The unit before this one in the run of the text."""
        self._depth = 0
        """How deep the list of the last unit is nested; 0 where it is in none."""
        self._asked: int | None = None
        self._fresh = False
        """Whether nothing but the question has stood since it was asked."""

    def add(self, block: Block) -> None:
        """Add the units of a block."""
        spans = self._spans(block)
        if not spans:
            return
        same = block.group and block.group == self._group
        self._enter(block)
        if block.role not in _APART and not (self._fresh or same or block.answer):
            self._asked = None
        quoting = ""
        for position, (start, end) in enumerate(spans):
            words = self._plain[start:end]
            kind, quoting = self._kind(block, words, quoting)
            lead = self._lead(block, kind)
            unit = Unit(
                index=len(self.units),
                start=start,
                end=end,
                kind=kind,
                part=block.part,
                section=self._section[self._zone(block.part)],
                block=self._block,
                headings=tuple(index for _, index, _ in self._headings.get(self._zone(block.part), ())),
                lead=lead,
                cells=block.cells,
                link=_is_link(block, start, end) or wording.is_link(words),
            )
            self.units.append(unit)
            self._note(block, unit, final=position == len(spans) - 1)

    def _spans(self, block: Block) -> list[tuple[int, int]]:
        chunk = self._plain[block.start : block.end]
        if block.role in _WHOLE:
            start = block.start + len(chunk) - len(chunk.lstrip())
            end = block.start + len(chunk.rstrip())
            return [(start, end)] if start < end else []
        spans = [(block.start + span.start, block.start + span.end) for span in sentences(chunk)]
        return list(_rejoined(self._plain, spans))

    @staticmethod
    def _zone(part: Part) -> Part:
        """Return the part whose sections are counted on: what is folded belongs where it is folded in."""
        return part if part in {Part.ASIDE, Part.FOOTER} else Part.BODY

    def _enter(self, block: Block) -> None:
        """Move on to the next block, and to a section of its own where one starts."""
        if not block.group or block.group != self._group:
            self._block += bool(self.units)
        self._group = block.group
        zone = self._zone(block.part)
        stack = self._headings.setdefault(zone, [])
        if self._unfolds and block.part is not Part.FOLDED and block.role not in _APART:
            # what stands after something folded belongs to the section that this was folded into
            while stack and stack[-1][0] >= LOWEST:
                stack.pop()
                self._section[zone] = stack[-1][2] if stack else self._section[zone]
        self._unfolds = block.part is Part.FOLDED
        if block.role is Role.HEADING:
            while stack and stack[-1][0] >= block.level:
                stack.pop()
        if block.role is Role.HEADING or zone not in self._section:
            self._open_section(zone)

    def _open_section(self, zone: Part) -> None:
        self._sections += 1
        self._section[zone] = self._sections

    def _kind(self, block: Block, words: str, quoting: str) -> tuple[UnitKind, str]:
        """Return the kind of a unit, and the mark that will close a quotation that goes on after it."""
        kind = _KINDS[block.role]
        quoted, quoting = _quotation(words, quoting)
        if kind in _OPEN | {UnitKind.HEADING} and wording.is_question(words):
            kind = UnitKind.QUESTION
        elif kind in _OPEN:
            kind = self._spoken(block, words, quoted=quoted) or kind
        elif kind is UnitKind.CAPTION and self._follows_speech() and wording.is_attribution(words):
            kind = UnitKind.TESTIMONIAL
        return kind, quoting

    def _spoken(self, block: Block, words: str, *, quoted: bool) -> UnitKind | None:
        """Return the kind of a sentence that somebody is quoted with, or that calls on the reader."""
        if block.quoted or quoted or wording.is_quotation(words):
            return UnitKind.TESTIMONIAL
        if self._follows_speech() and wording.is_attribution(words):
            return UnitKind.TESTIMONIAL
        return UnitKind.CALL_TO_ACTION if wording.is_call(words) else None

    def _follows_speech(self) -> bool:
        return self._last is not None and self.units[self._last].kind is UnitKind.TESTIMONIAL

    def _lead(self, block: Block, kind: UnitKind) -> int | None:
        """Return the unit that introduces this one: a list's or table's lead-in, or the question that it answers."""
        if block.role in {Role.ITEM, Role.ROW}:
            if block.group not in self._leads:
                self._leads[block.group] = self._introduction(block)
            return self._leads[block.group]
        if block.role is Role.PARAGRAPH and kind is not UnitKind.QUESTION:
            return self._asked
        return None

    def _introduction(self, block: Block) -> int | None:
        if self._last is None or self.units[self._last].part is Part.META:
            return None
        last = self.units[self._last]
        if self._zone(last.part) is not self._zone(block.part):
            return None
        if last.kind is UnitKind.TABLE_ROW or (self._depth and self._depth >= max(block.level, 1)):
            return last.lead  # a second list or table right after the first
        return last.index

    def _note(self, block: Block, unit: Unit, *, final: bool) -> None:
        """Remember what the units to come refer to."""
        if block.role in _APART:
            return
        if block.role is Role.HEADING:
            self._headings[self._zone(block.part)].append((block.level, unit.index, unit.section))
            self._asked = None
        if unit.kind is UnitKind.QUESTION:
            self._asked = unit.index
        # the paragraph after a question answers it, if the question ended its own
        self._fresh = final and unit.kind is UnitKind.QUESTION
        self._last = unit.index
        self._depth = block.level if block.role is Role.ITEM else 0


def _rejoined(plain: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the sentences, those put together again that a full stop before lower case has cut.

    Such a stop ends an abbreviation, or stands there by mistake, unless the copy is written without capitals.
    """
    before: tuple[int, int] | None = None
    for start, end in spans:
        if before is None:
            before = (start, end)
        elif plain[before[1] - 1] == "." and plain[start].islower() and plain[before[0]].isupper():
            before = (before[0], end)
        else:
            yield before
            before = (start, end)
    if before is not None:
        yield before


def _quotation(words: str, quoting: str) -> tuple[bool, str]:
    """Return whether a sentence is part of a quotation of several, and the mark that will close what is still open."""
    if quoting:
        return True, "" if quoting in words else quoting
    opening = words[:1]
    closing = {"“": "”", "«": "»", '"': '"'}.get(opening)
    if closing and closing not in words[1:] and wording.is_first_person(words):
        return True, closing
    return False, ""


def _is_link(block: Block, start: int, end: int) -> bool:
    position = bisect_right(block.links, (start, sys.maxsize)) - 1
    return position >= 0 and end <= block.links[position][1]


def soften(plain: str, blocks: list[Block]) -> str:
    """Return the text with line breaks and tabs within blocks turned into spaces, so that wrapping ends no sentence."""
    parts: list[str] = []
    done = 0
    for block in blocks:
        parts.append(plain[done : block.start])
        parts.append(plain[block.start : block.end].translate(_SOFT))
        done = block.end
    parts.append(plain[done:])
    return "".join(parts)
