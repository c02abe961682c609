"""From words in place to blocks: pieces of one paragraph are put together, in the order of the source."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Cell
from kb.audit.extract import wording
from kb.audit.extract.html_blanking import blanked
from kb.audit.extract.layout import LOWEST, Block, Role
from kb.audit.extract.marks import refine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.extract.html_context import Context

_SOFT = str.maketrans("\n\r\t\v\f", "     ")
_REFERENCE = re.compile(r"\s?(?:[\[(]?[\d,;\s*†‡§¶#–-]{1,12}[\])]?|\[\^\w{1,20}\])\s?\Z")  # noqa: RUF001 - an en dash is meant
_POWER = re.compile(r"(?:\d|\b[a-zµ]{1,2})\Z", re.IGNORECASE)
"""After a number or a unit a raised digit is a power."""


class Run(NamedTuple):
    """Words in place: a stretch of the source, what it says, and where on the page that stands."""

    start: int
    end: int
    words: str
    block: int
    """Number of the paragraph or row."""
    glue: int
    """Pieces with the same number may be parts of one word."""
    context: Context


def lay_out(text: str, runs: Iterable[Run], heads: dict[int, int]) -> tuple[str, list[Block]]:
    """Return the text with markup blanked out, and its blocks."""
    placed = list(_placed(_embedded(sorted(runs, key=lambda run: run.start))))
    notes = {run.block for run, note in placed if note}
    shown = [run for run, _ in placed]
    plain = blanked(len(text), _pieces(text, shown))
    names = _heads(plain, shown, set(heads.values()))
    columns = {cell: names.get(head, "") for cell, head in heads.items()}
    blocks: list[Block] = []
    for number, group in groupby(shown, key=lambda run: run.block):
        pieces = list(group)
        for lines in _lines(pieces):
            block = _block(plain, lines, columns, note=number in notes)
            if block:
                blocks.append(block)
    return plain, refine(plain, blocks)


def _embedded(runs: list[Run]) -> Iterator[Run]:
    """Yield the runs with the alternative text of images within a paragraph made words of that paragraph."""
    following: list[Run | None] = []
    after: Run | None = None
    for run in reversed(runs):
        following.append(after)
        if run.words.strip() and run.context.role is not Role.ALT:
            after = run
    before: Run | None = None
    for run, after in zip(runs, reversed(following), strict=True):
        if run.context.role is not Role.ALT:
            before = run if run.words.strip() else before
        elif before is not None and after is not None and before.block == after.block:
            yield run._replace(block=before.block, context=before.context)
            continue
        yield run


def _placed(runs: Iterable[Run]) -> Iterator[tuple[Run, bool]]:
    """Yield the runs without references to notes, and whether one opened the block that a run is in."""
    done = 0
    before = ""
    block = -1
    note = -1
    for run in runs:
        if run.start < done:
            continue
        first = run.block != block
        if run.context.raised and _REFERENCE.match(_close(run.words)) and (first or not _POWER.search(before)):
            note = run.block if first else note
            block, done = run.block, run.end
            continue
        if run.words.strip():
            block = run.block
        yield run, run.block == note
        before, done = run.words[-3:], run.end


def _close(words: str) -> str:
    """Return words with one blank at most before and behind them."""
    inner = words.strip()
    return f"{words[:1] if words[:1].isspace() else ''}{inner}{words[-1:] if words[-1:].isspace() else ''}"


def _pieces(text: str, runs: list[Run]) -> Iterator[tuple[int, int, str, bool]]:
    """Yield what stands where, and whether it may go on the word before it."""
    done = 0
    glue = -1
    for run in runs:
        goes_on = run.glue == glue and not _parts(text[done : run.start])
        words = run.words if run.context.kept else run.words.translate(_SOFT)
        yield run.start, run.end, words, goes_on
        done, glue = run.end, run.glue


def _parts(gap: str) -> bool:
    """Return whether what stands between two words sets them apart on the page, as two links side by side."""
    lower = gap.lower()
    return "<br" in lower or "<sup" in lower or ("</a" in lower and "<a" in lower) or "<img" in lower


def _lines(pieces: list[Run]) -> Iterator[list[Run]]:
    """Split a paragraph at its line breaks, unless the sentence goes on after one."""
    if pieces[0].context.role in {Role.HEADING, Role.ROW, Role.META, Role.ALT, Role.BUTTON}:
        yield pieces
        return
    parted = _is_row_of_links(pieces)
    line: list[Run] = []
    for run in _split(pieces):
        if line and (run.words == "\n" or (parted and run.context.link != line[-1].context.link)):
            yield line
            line = []
        if run.words != "\n":
            line.append(run)
    if line:
        yield line


def _is_row_of_links(pieces: list[Run]) -> bool:
    """Return whether a paragraph holds links and nothing else, as a row of buttons does."""
    links = {run.context.link for run in pieces if run.words.strip()}
    return len(links) > 1 and 0 not in links


def _split(pieces: list[Run]) -> Iterator[Run]:
    """Yield the runs with each line break that ends a line on its own; those that do not are left out."""
    whole = [part for run in pieces for part in (_kept_lines(run) if run.context.kept else [run])]
    for position, run in enumerate(whole):
        if run.words != "\n" or (not run.context.kept and run.end - run.start != 1) or not _goes_on(whole, position):
            yield run


def _kept_lines(run: Run) -> Iterator[Run]:
    """Cut preformatted text at its line breaks."""
    if len(run.words) != run.end - run.start:
        yield run
        return
    position = run.start
    for line in run.words.splitlines(keepends=True):
        words = line.rstrip("\r\n")
        if words:
            yield run._replace(start=position, end=position + len(words), words=words)
        if len(words) < len(line):
            yield run._replace(start=position + len(words), end=position + len(words) + 1, words="\n")
        position += len(line)


def _goes_on(pieces: list[Run], position: int) -> bool:
    """Return whether a sentence goes on after a line break: no end before it, lower case after."""
    before = next((run.words for run in reversed(pieces[max(0, position - 3) : position]) if run.words.strip()), "")
    after = next((run.words for run in pieces[position + 1 : position + 4] if run.words.strip()), "")
    return wording.ends_open(before.rstrip()) and after.lstrip()[:1].islower()


def _block(plain: str, pieces: list[Run], columns: dict[int, str], *, note: bool) -> Block | None:
    """Return the block that these pieces make, or none where they show nothing."""
    visible = [run for run in pieces if plain[run.start : run.end].strip()]
    if not visible:
        return None
    context = visible[0].context
    start, end = _trimmed(plain, visible[0].start, visible[-1].end)
    block = Block(start, end, context.role, context.part, context.level)
    block.group = context.group if context.role in {Role.ITEM, Role.ROW} else visible[0].block
    if context.role is Role.ROW:
        block.cells = tuple(_cells(plain, visible, columns))
    block.links = tuple(_links(visible))
    block.quotation = context.quote
    if block.role in {Role.PARAGRAPH, Role.ITEM} and (note or all(run.context.small for run in visible)):
        block.role = Role.FOOTNOTE
    elif block.role is Role.PARAGRAPH and all(run.context.strong for run in visible) and not context.quote:
        words = plain[start:end]
        if wording.is_short(words) and (wording.ends_open(words) or wording.is_question(words)):
            block.role, block.level = Role.HEADING, LOWEST
    return block


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    words = plain[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))


def _cells(plain: str, pieces: list[Run], columns: dict[int, str]) -> Iterator[Cell]:
    for number, group in groupby(pieces, key=lambda run: run.context.cell):
        within = list(group)
        yield Cell(*_trimmed(plain, within[0].start, within[-1].end), columns.get(number, ""))


def _links(pieces: list[Run]) -> Iterator[tuple[int, int]]:
    for number, group in groupby(pieces, key=lambda run: run.context.link):
        within = list(group)
        if number:
            yield within[0].start, within[-1].end


def _heads(plain: str, runs: list[Run], wanted: set[int]) -> dict[int, str]:
    """Return the words of the cells that are heads of columns."""
    found: dict[int, list[str]] = {}
    for run in runs:
        if run.context.cell in wanted and run.context.cell:
            found.setdefault(run.context.cell, []).append(plain[run.start : run.end])
    return {cell: " ".join(" ".join(words).split()) for cell, words in found.items()}
