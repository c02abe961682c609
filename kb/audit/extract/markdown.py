"""Markdown: CommonMark with tables, HTML within it included, and the front matter of site generators."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.audit.base import Part
from kb.audit.extract.html import Page, unseen
from kb.audit.extract.html_blocks import Run, lay_out
from kb.audit.extract.html_context import Context
from kb.audit.extract.html_source import attribute
from kb.audit.extract.layout import Layout, Role
from kb.audit.extract.markdown_inline import DEEPEST, inlines, parser
from kb.audit.extract.markdown_source import Lines
from kb.finding import Skipped

if TYPE_CHECKING:
    from markdown_it.token import Token

    from kb.audit.extract.markdown_inline import Inline
    from kb.audit.extract.markdown_source import Placed

_FRONT = re.compile(
    r"\A---[ \t]*(?:\r\n|\r|\n)((?:(?!---|\.\.\.)[^\r\n]*(?>\r\n|\r|\n))*)(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)",
)
_TOLD = re.compile(r"^(?:title|description|summary|excerpt):(.*)$", re.MULTILINE)
_NOT_BREAK = re.compile(r"[^\r\n]")
_NOTE = re.compile(r"\[\^[^\]\s]{1,20}\](?!:)")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)
_AS_PARSED = str.maketrans("\0\n\r", "\ufffd  ")
_CODE = frozenset({"fence", "code_block"})


def read(text: str) -> Layout:
    """Lay out Markdown."""
    reading = _Reading(text)
    plain, blocks = lay_out(text, reading.runs, reading.heads)
    left_out = dict(sorted(reading.left_out.items()))
    return Layout(text, plain, blocks, [*unseen(reading.seen), *reading.skipped], left_out)


class _Reading:
    """Goes through the parser's tokens once."""

    def __init__(self, text: str) -> None:
        self.runs: list[Run] = []
        self.heads: dict[int, int] = {}
        self.seen: dict[str, list[str]] = {}
        self.skipped: list[Skipped] = []
        self.left_out: Counter[str] = Counter()
        self._text = text
        self._lines = Lines(text)
        self._number = 0
        self._contexts = [Context()]
        self._folds = 0
        self._lost = 0
        self._line = 0
        self._after = 0
        """In a row of a table: where the last cell ended."""
        self._columns: list[int] = []
        self._column = 0
        self._deepest = 0
        for token in parser().parse(self._front_matter()):
            self._token(token)
            self._deepest = max(self._deepest, token.level)
        if self._lost:
            what = f"{self._lost} stretches of text"
            self.skipped.append(Skipped(what, "their place in the source is unclear", lost=True))
        if self._deepest >= DEEPEST - 1:
            reason = f"lists and quotations are read to a depth of {DEEPEST // 2}"
            self.skipped.append(Skipped("text nested too deeply", reason, lost=True))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _front_matter(self) -> str:
        """Read title and description of the front matter, and return the text without it."""
        front = _FRONT.match(self._text)
        if front is None:
            return self._text
        self.left_out["front matter"] += 1
        for told in _TOLD.finditer(self._text, front.start(1), front.end(1)):
            number = self._next()
            words = told.group(1).removesuffix("\r").strip(" \t\"'")
            start = told.start(1) + told.group(1).find(words)
            context = Context(Role.META, Part.META)
            if words:
                self.runs.append(Run(start, start + len(words), words, number, number, context))
        return _NOT_BREAK.sub(" ", self._text[: front.end()]) + self._text[front.end() :]

    def _token(self, token: Token) -> None:
        if token.map:
            self._line = token.map[0]
        if token.nesting == 1:
            self._contexts.append(self._opened(token, self._contexts[-1]))
        elif token.nesting == -1:
            self._contexts.pop()
        elif token.type == "inline":
            self._paragraph(token)
        elif token.type == "html_block":
            self._html(token)
        elif token.type in _CODE:
            self.left_out["code"] += 1

    def _opened(self, token: Token, outer: Context) -> Context:
        """Return the context that an opening token begins."""
        kind = token.type.removesuffix("_open")
        if kind == "heading" and not outer.quote:
            return replace(outer, role=Role.HEADING, level=int(token.tag[1]), group=0)
        if kind in {"bullet_list", "ordered_list"}:
            return replace(outer, group=self._next(), depth=outer.depth + 1)
        if kind == "list_item":
            return replace(outer, role=Role.ITEM, level=outer.depth)
        if kind == "blockquote":
            return replace(outer, quote=outer.quote or self._next(), role=Role.PARAGRAPH, group=0)
        return self._tabled(kind, outer)

    def _tabled(self, kind: str, outer: Context) -> Context:
        if kind == "table":
            self._columns = []
            return replace(outer, group=self._next())
        if kind == "tr":
            self._after, self._column = 0, 0
            return replace(outer, role=Role.ROW, row=self._next())
        return self._cell(kind, outer) if kind in {"th", "td"} else outer

    def _cell(self, kind: str, outer: Context) -> Context:
        number = self._next()
        if kind == "th":
            self._columns.append(number)
        elif self._column < len(self._columns):
            self.heads[number] = self._columns[self._column]
        self._column += 1
        return replace(outer, cell=number)

    def _paragraph(self, token: Token) -> None:
        context = self._contexts[-1]
        if self._folds and context.part is Part.BODY:
            context = replace(context, part=Part.FOLDED)
        if context.cell:
            place, self._after = self._lines.cell(token.content, self._line, self._after)
        else:
            place = self._lines.paragraph(token.content, self._line)
        number = self._next()
        for inline in inlines(token.children or [], token.content):
            context = self._inline(inline, context, place, context.row or number)

    def _inline(self, inline: Inline, context: Context, place: Placed, block: int) -> Context:
        """Read what stands within a paragraph; return the context of what follows it."""
        start = place(inline.start)
        run = Run(start, start + 1, "\n", block, context.cell or block, context)
        if inline.kind == "text":
            self._words(run._replace(end=place(max(inline.end - 1, inline.start)) + 1, words=inline.words))
        elif inline.kind == "break":
            self.runs.append(run)
        elif inline.kind == "image":
            self._image(inline, start)
        elif inline.kind == "link_open":
            self._see_link(str(inline.token.attrs.get("href") or ""))
            return replace(context, link=self._next())
        elif inline.kind == "link_close":
            return replace(context, link=0)
        elif inline.kind in {"strong_open", "strong_close"}:
            return replace(context, strong=inline.kind == "strong_open")
        elif inline.kind == "html":
            return self._tag(start, context, block)
        return context

    def _words(self, run: Run) -> None:
        """Add words, with references to footnotes told apart."""
        if run.context.cell and len(run.words) < run.end - run.start and "|" in run.words:
            self._barred(run)
            return
        if len(run.words) != run.end - run.start:
            self._keep(run, fits=self._text[run.start : run.start + 1] in {"&", "\\"})
            return
        done = 0
        notes = _NOTE.finditer(run.words) if "[^" in run.words else ()
        for note in notes:
            self._run(run, done, note.start())
            self._run(run._replace(context=replace(run.context, raised=True)), note.start(), note.end())
            done = note.end()
        self._run(run, done, len(run.words))

    def _barred(self, run: Run) -> None:
        """Add words of a cell with bars in them, which stand in the source behind a backslash."""
        start = run.start
        for words in re.split(r"(\|)", run.words):
            end = start + len(words) + (words == "|")
            part = run._replace(start=start, end=end, words=words)
            self._keep(part, fits=self._text[start:end].translate(_AS_PARSED).removeprefix("\\") == words)
            start = end

    def _run(self, run: Run, first: int, last: int) -> None:
        """Add part of a run whose words stand in the source as they are."""
        if first < last:
            part = run._replace(start=run.start + first, end=run.start + last, words=run.words[first:last])
            self._keep(part, fits=self._text[part.start : part.end].translate(_AS_PARSED) == part.words)

    def _keep(self, run: Run, *, fits: bool) -> None:
        """Keep words whose place is sure; those that are elsewhere than the parser's positions say are counted."""
        if fits and 0 < len(run.words) <= run.end - run.start:
            self.runs.append(run)
        else:
            self._lost += bool(run.words.strip())

    def _image(self, inline: Inline, start: int) -> None:
        self.seen.setdefault("image", []).append(str(inline.token.attrs.get("src") or ""))
        if self._text.startswith(inline.words, start):
            self._alternative(start, start + len(inline.words))

    def _alternative(self, start: int, end: int) -> None:
        """Add the alternative text of an image."""
        number = self._next()
        context = Context(Role.ALT, Part.FOLDED if self._folds else Part.META)
        if start < end:
            self.runs.append(Run(start, end, self._text[start:end], number, number, context))

    def _see_link(self, href: str) -> None:
        if href and not href.startswith(("#", "mailto:", "tel:")):
            kind = "linked document" if re.search(r"\.(?:pdf|docx?|pptx?)(?:[?#]|\Z)", href, re.IGNORECASE) else "link"
            self.seen.setdefault(kind, []).append(href)

    def _tag(self, start: int, context: Context, block: int) -> Context:
        """Read a tag within a paragraph."""
        tag = _TAG.match(self._text, start)
        if tag is None:
            return context
        name = tag.group(2).lower()
        if name == "br":
            self.runs.append(Run(start, start + 1, "\n", block, block, context))
        elif name == "img":
            self._html_image(start)
        elif name in {"strong", "b"}:
            return replace(context, strong=not tag.group(1))
        elif name == "small":
            return replace(context, small=not tag.group(1))
        elif name == "sup":
            return replace(context, raised=not tag.group(1))
        elif name == "a":
            return replace(context, link=0 if tag.group(1) else self._next())
        return context

    def _html_image(self, start: int) -> None:
        value = attribute(self._text, start, "alt")
        self.seen.setdefault("image", []).append("")
        if value is None:
            return
        quote = self._text[value - 1]
        end = self._text.find(quote, value) if quote in "\"'" else -1
        self._alternative(value, end)

    def _html(self, token: Token) -> None:
        """Read a block of HTML; a `<details>` that it leaves open folds what follows."""
        start, end = self._lines.span(*(token.map or (0, 0)))
        source = self._text[start:end]
        context = replace(self._contexts[-1], part=Part.FOLDED) if self._folds else self._contexts[-1]
        page = Page(source, context, self._number)
        self._number = page.number
        self.runs.extend(run._replace(start=run.start + start, end=run.end + start) for run in page.runs)
        self.heads.update(page.heads())
        self.left_out.update(page.left_out)
        for kind, addresses in page.seen.items():
            self.seen.setdefault(kind, []).extend(addresses)
        for tag in _DETAILS.finditer(source):
            self._folds = max(0, self._folds + (-1 if tag.group(1) else 1))
