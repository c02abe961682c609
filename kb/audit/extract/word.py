"""DOCX: paragraphs, lists, tables, footnotes and text boxes of a Word file; offsets count in the text read from it."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from kb.audit.base import Cell, Part
from kb.audit.extract import wording
from kb.audit.extract.assembling import soften
from kb.audit.extract.layout import LOWEST, Block, Layout, Role, not_checked
from kb.audit.extract.marks import refine
from kb.audit.extract.word_styles import Look, Styles
from kb.audit.extract.word_text import Line, blocks_in, boxes, lines, pictures
from kb.audit.extract.written import Written
from kb.errors import CopyUnreadable

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as _Element

_LARGEST = 200_000_000
"""Bytes that a file may hold once it is unpacked."""

_MEMBERS = 5_000
_BESIDE = re.compile(r"/(header|footer|footnotes|endnotes)\d*\.xml\Z")
_ORDER = ("footnotes", "endnotes", "header", "footer")
_OFFSETS = "the text read from the Word file, one line for each paragraph; see places for the paragraph"


def read(content: bytes, path: str) -> Layout:
    """Lay out a Word file."""
    _check_size(content, path)
    try:
        document = docx.Document(io.BytesIO(content))
        return _Reading(document).layout()
    except (CopyUnreadable, MemoryError):
        raise
    except Exception as error:  # python-docx and lxml raise many kinds on what is no Word file
        raise CopyUnreadable(f"{path}: this is no Word file that can be read; save it anew as .docx") from error


def _check_size(content: bytes, path: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CopyUnreadable(f"{path}: the file is broken or cut short; save it anew as .docx") from error
    if any(member.flag_bits & 1 for member in members):
        raise CopyUnreadable(f"{path}: the file is encrypted; save it without a password")
    if len(members) > _MEMBERS or sum(member.file_size for member in members) > _LARGEST:
        raise CopyUnreadable(f"{path}: unpacked it is larger than {_LARGEST // 1_000_000} MB; hand in its text alone")


class _Reading:
    """Writes down one Word file."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = Styles(document.styles.element)
        self._written = Written()
        self._paragraphs = 0
        self._tables = 0
        self._groups: dict[str, int] = {}
        self._number = 0
        self._part = Part.BODY
        self._pictures: list[str] = []
        self._left_out: Counter[str] = Counter()
        self._quote = 0

    def layout(self) -> Layout:
        """Read everything and lay it out."""
        body = self._document.element.body
        self._blocks(body)
        self._left_out["comment"] += sum(1 for _ in body.iter(qn("w:commentReference")))
        self._left_out["deleted text"] += sum(1 for _ in body.iter(qn("w:del")))
        for kind, root in self._beside():
            self._notes(kind, root) if kind.endswith("notes") else self._margin(kind, root)
        text = self._written.text
        blocks = refine(text, self._written.blocks)
        return Layout(
            text,
            soften(text, blocks),
            blocks,
            not_checked("picture", self._pictures, "only words are read"),
            {kind: count for kind, count in sorted(self._left_out.items()) if count},
            tuple(self._written.places),
            _OFFSETS,
        )

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _beside(self) -> list[tuple[str, _Element]]:
        """Return what stands beside the body: notes, heads and feet of pages."""
        found: dict[str, _Element] = {}
        for relation in self._document.part.rels.values():
            match = None if relation.is_external else _BESIDE.search(str(relation.target_part.partname))
            if match:
                part = relation.target_part
                found[str(part.partname)] = parse_xml(part.blob)
        named = [(_BESIDE.search(name), root) for name, root in sorted(found.items())]
        kinds = [(match.group(1), root) for match, root in named if match]
        return sorted(kinds, key=lambda pair: _ORDER.index(pair[0]))

    def _blocks(self, parent: _Element) -> None:
        for element in blocks_in(parent):
            if element.tag == qn("w:tbl"):
                self._table(element)
            else:
                self._paragraph(element)

    def _paragraph(self, element: _Element) -> None:
        """Write a paragraph, the alternative text of its pictures, and the text boxes that hang on it."""
        found = lines(element)
        if found:
            self._paragraphs += 1
            self._written.place(f"paragraph {self._paragraphs}")
            self._lines(found, self._styles.look(element))
        for name, words in pictures(element):
            self._pictures.append(name or words)
            if words.strip():
                self._written.block(" ".join(words.split()), role=Role.ALT, part=Part.META)
        for box in boxes(element):
            part, self._part = self._part, Part.ASIDE
            for inner in blocks_in(box):
                self._lines(lines(inner), self._styles.look(inner)) if inner.tag == qn("w:p") else self._table(inner)
            self._part = part

    def _lines(self, found: list[Line], look: Look) -> None:
        group = self._group(look)
        self._quote = (self._quote or self._next()) if look.quoted else 0
        for number, line in enumerate(found):
            block = self._written.block(line.words, part=self._part, group=group)
            if number and wording.ends_open(found[number - 1].words) and line.words.lstrip()[:1].islower():
                # the sentence goes on after the line break
                self._written.blocks.pop()
                self._written.blocks[-1].end = block.end
                continue
            block.links = tuple((block.start + start, block.start + end) for start, end in line.links)
            block.quotation = self._quote
            _give_role(block, line, look)

    def _group(self, look: Look) -> int:
        """Return the number of the list that a paragraph is in, or a number of its own."""
        if not look.listed:
            self._groups.clear()
            return self._next()
        key = f"{look.list_id}/{look.listed}"
        for deeper in [other for other in self._groups if int(other.rpartition("/")[2]) > look.listed]:
            del self._groups[deeper]
        return self._groups.setdefault(key, self._next())

    def _table(self, element: _Element) -> None:
        """Write a table row by row; the first row heads the columns of a table that has several."""
        rows = [row for row in element.iter(qn("w:tr")) if _table_of(row) is element]
        if len(rows) < 2 or max(sum(1 for _ in row.iterchildren(qn("w:tc"))) for row in rows) < 2:  # noqa: PLR2004
            for row in rows:
                for cell in row.iterchildren(qn("w:tc")):
                    self._blocks(cell)
            return
        self._tables += 1
        self._groups.clear()
        group = self._next()
        heads: list[str] = []
        for number, row in enumerate(rows, 1):
            self._written.place(f"table {self._tables}, row {number}")
            block = self._row(row, heads)
            block.group = group
            if number == 1:
                heads = [words for cell in row.iterchildren(qn("w:tc")) for words in [_words(cell)] * _columns(cell)]

    def _row(self, row: _Element, heads: list[str]) -> Block:
        cells: list[Cell] = []
        first: int | None = None
        column = 0
        for element in row.iterchildren(qn("w:tc")):
            words = _words(element)
            start, end = self._written.write(words)
            first = start if first is None else first
            if words.strip():
                cells.append(Cell(start, end, heads[column] if column < len(heads) else ""))
            self._written.write("\t")
            column += _columns(element)
        block = self._written.block("", role=Role.ROW, part=self._part)
        block.start = first or block.start
        block.cells = tuple(cells)
        return block

    def _notes(self, kind: str, root: _Element) -> None:
        self._part = Part.FOOTER
        number = 0
        for note in root:
            if note.get(qn("w:type")) is not None:
                continue  # the line that separates notes from text
            number += 1
            self._written.place(f"{kind[:-1]} {number}")
            for paragraph in blocks_in(note):
                for line in lines(paragraph):
                    self._written.block(line.words, role=Role.FOOTNOTE, part=Part.FOOTER)

    def _margin(self, kind: str, root: _Element) -> None:
        self._part = Part.FOOTER
        self._written.place(f"{kind} of the page")
        self._blocks(root)


def _give_role(block: Block, line: Line, look: Look) -> None:
    if look.heading:
        block.role, block.level, block.group = Role.HEADING, min(look.heading, LOWEST), 0
    elif look.listed:
        block.role, block.level = Role.ITEM, look.listed
    elif look.caption:
        block.role = Role.CAPTION
    elif line.bold and not look.quoted and wording.is_short(line.words):
        words = line.words.strip()
        if wording.ends_open(words) or wording.is_question(words):
            block.role, block.level = Role.HEADING, LOWEST


def _table_of(row: _Element) -> _Element | None:
    return next((parent for parent in row.iterancestors() if parent.tag == qn("w:tbl")), None)


def _words(cell: _Element) -> str:
    words = " ".join(line.words for inner in cell.iter(qn("w:p")) for line in lines(inner))
    return " ".join(words.split())


def _columns(cell: _Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    value = "1" if span is None else span.get(qn("w:val")) or "1"
    return min(max(int(value), 1), 100) if value.isascii() and value.isdecimal() else 1
