"""HTML: an HTML5 parser builds the tree, and the words of its text nodes are found again in the source."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from justhtml import Element, JustHTML, Template, Text

from kb.audit.base import Part
from kb.audit.extract import html_context, html_tables
from kb.audit.extract.html_blocks import Run, lay_out
from kb.audit.extract.html_context import Context, inside
from kb.audit.extract.html_source import STAND_IN, align, attribute, mended, without
from kb.audit.extract.layout import Layout, Role, not_checked
from kb.finding import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from justhtml import Node

    from kb.audit.extract.html_source import Piece

_STRAY = re.compile(r"<(?!/?[A-Za-z]|!--|!doctype)", re.IGNORECASE)
"""Opens no tag; the parser takes quadratic time on a million of those."""

_SUMMARIES = frozenset({"description", "og:title", "og:description", "twitter:title", "twitter:description"})
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|pptx?)(?:[?#]|\Z)", re.IGNORECASE)
_HERE = re.compile(r"\s*(?:#|mailto:|tel:|sms:|javascript:|data:|\Z)", re.IGNORECASE)
_PRESSED = frozenset({"submit", "button", "reset"})


class _Step(NamedTuple):
    """A node still to be read in its context; with `leave` set, a block element that ends here."""

    node: Node | Text
    context: Context
    leave: bool = False


def read(text: str) -> Layout:
    """Lay out an HTML page."""
    page = Page(text)
    plain, blocks = lay_out(text, page.runs, page.heads())
    layout = Layout(text, plain, blocks, page.skipped(), dict(sorted(page.left_out.items())))
    if all(block.role is Role.META for block in blocks):
        layout.skipped.append(Skipped("page text", "the page holds no words; perhaps a script writes them"))
    return layout


class Page:
    """The words of a page, or of a part of one, in place; read once, on construction.

    `context` is what surrounds a part of a page. Paragraphs, links and so on get numbers above `number`.
    """

    def __init__(self, text: str, context: Context = Context(), number: int = 0) -> None:  # noqa: B008 - frozen
        self.runs: list[Run] = []
        self.number = number
        self.left_out: Counter[str] = Counter()
        self.seen: dict[str, list[str]] = {}
        self._text = text
        mended_text = mended(text)
        self._source, self._blanked = _source(mended_text.source), mended_text.blanked
        root = JustHTML(self._source, sanitize=False, track_node_locations=True).root
        self._folded = _controlled(root)
        self._pending = [_Step(root, context)]
        self._run = 0
        self._rows: dict[Element, int] = {}
        """Row of a table of data → number of the table."""
        self._heads: dict[Element, Element] = {}
        self._cells: dict[Element, int] = {}
        self._lost = 0
        self._walk()

    def _walk(self) -> None:
        """Read every node, without recursion, so that no page is too deep."""
        while self._pending:
            node, context, leave = self._pending.pop()
            if leave:
                self._run = self._next()
            elif isinstance(node, Text):
                self._words(node, context)
            elif isinstance(node, Element):
                self._element(node, context)
            else:
                self._children(node, context)

    def heads(self) -> dict[int, int]:
        """Return the number of its column's head for each cell that has one."""
        cells = self._cells
        return {number: cells.get(self._heads[cell], 0) for cell, number in cells.items() if cell in self._heads}

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _children(self, node: Node, context: Context) -> None:
        self._pending.extend(_Step(child, context) for child in reversed(node.children or ()))

    def _element(self, element: Element, outer: Context) -> None:
        """Read an element in the context around it."""
        name = element.name
        reason = "template" if isinstance(element, Template) else html_context.left_out(element)
        if reason is not None:
            self.left_out[reason] += 1
            return
        self._attributes(element, outer)
        if name in html_context.NOT_CHECKED:
            self._see(html_context.NOT_CHECKED[name], element.attrs.get("src") or element.attrs.get("data") or "")
        elif name == "br":
            self._break(element, outer)
        elif name == "svg":
            self.left_out.update({"drawing": 1} if _is_lettered(element) else ())
        else:
            self._within(element, self._context(element, outer), outer)

    def _context(self, element: Element, outer: Context) -> Context:
        context = inside(element, outer, number=self._next(), folded=self._folded)
        if element.name == "table" and not outer.row and html_tables.is_data(element):
            self._heads.update(html_tables.grid(element))
            self._rows.update(dict.fromkeys(html_tables.rows(element), self.number))
        elif element in self._rows:
            return replace(context, role=Role.ROW, row=self.number, group=self._rows[element])
        elif element.name in {"td", "th"} and context.row:
            self._cells[element] = self.number
            return replace(context, cell=self.number)
        elif element.name == "title":
            return replace(context, role=Role.META, part=Part.META, row=0, cell=0)
        return context

    def _within(self, element: Element, context: Context, outer: Context) -> None:
        """Read what is within an element, as a block of its own where it is one."""
        if element.name in html_context.BLOCKS or context.role is not outer.role:
            self._run = self._next()
            self._pending.append(_Step(element, outer, leave=True))
        if element.name == "details":
            self._pending.extend(reversed(list(_folding(element, context))))
        else:
            self._children(element, context)

    def _words(self, node: Text, context: Context) -> None:
        """Find the words of a text node in the source."""
        words = node.data or ""
        start = node.origin_offset
        if not words or start is None:
            self._lost += bool(words.strip())
            return
        # a title, or what stands in <plaintext>, may hold what looks like a tag
        titled = context.role is Role.META
        pieces = align(self._source, start, words, tags=not titled)
        if pieces is None and not titled:
            pieces = align(self._source, start, words, tags=False)
        if pieces is None and self._source[start : start + 1] in {"\r", "\n"}:  # dropped, as after <pre>
            skipped = 2 if self._source.startswith("\r\n", start) else 1
            pieces = align(self._source, start + skipped, words)
        if pieces is None:
            self._lost += bool(words.strip())
            return
        self._add(pieces, context, self._run)

    def _add(self, pieces: Iterable[Piece], context: Context, glue: int) -> None:
        for piece in pieces:
            end = min(piece.end, len(self._text))
            parts = without(piece.start, end, self._blanked) if piece.words is None else ((piece.start, end),)
            for start, stop in parts:
                shown = self._text[start:stop] if piece.words is None else piece.words
                if shown:
                    self.runs.append(Run(start, stop, shown, context.row or glue, glue, context))

    def _break(self, element: Element, context: Context) -> None:
        if element.origin_offset is not None:
            start = element.origin_offset
            self.runs.append(Run(start, start + 1, "\n", context.row or self._run, self._run, context))
            self._run = self._run if context.role is not Role.ROW else self._next()

    def _attributes(self, element: Element, context: Context) -> None:
        """Read what an element says in its attributes: alternative text, the page's description, a button's label."""
        name, attrs = element.name, element.attrs
        if name == "meta":
            if (attrs.get("name") or attrs.get("property") or "").lower() in _SUMMARIES:
                self._value(element, "content", Context(Role.META, Part.META))
        elif name in {"img", "area"} or (name == "input" and attrs.get("type") == "image"):
            # a tick or a cross in a table is what its cell says
            alone = Context(Role.ALT, context.part if context.part is Part.FOLDED else Part.META)
            self._value(element, "alt", context if context.row else alone)
        elif name == "input" and attrs.get("type") in _PRESSED:
            self._value(element, "value", replace(context, role=Role.BUTTON))
        elif name == "a" and attrs.get("href"):
            href = attrs["href"] or ""
            if not _HERE.match(href):
                self._see("linked document" if _DOCUMENT.search(href) else "link", href)

    def _value(self, element: Element, name: str, context: Context) -> None:
        words = element.attrs.get(name) or ""
        start = element.origin_offset
        if not words.strip() or start is None:
            return
        value = attribute(self._source, start, name)
        pieces = align(self._source, value, words, tags=False) if value is not None else None
        if pieces is None:
            self._lost += 1
            return
        number = self._next()
        self._add(pieces, context, number)
        self._run = self._next() if context.role is Role.BUTTON else self._run

    def _see(self, kind: str, address: str) -> None:
        self.seen.setdefault(kind, []).append("(data)" if address.startswith("data:") else address)

    def skipped(self) -> list[Skipped]:
        """Return what was seen and not checked."""
        found = unseen(self.seen)
        if self._lost:
            what = f"{self._lost} stretches of text"
            found.append(Skipped(what, "their place in the source is unclear", lost=True))
        return found


def unseen(seen: dict[str, list[str]]) -> list[Skipped]:
    """Return what a page shows or leads to besides words, each kind with its addresses."""
    found: list[Skipped] = []
    for kind, addresses in sorted(seen.items()):
        if kind == "link":
            count = len(set(addresses))
            what = f"{count} linked page{'s' if count > 1 else ''}"
            found.append(Skipped(what, "links are not followed"))
        else:
            found.extend(not_checked(kind, addresses, "only the words of the page are read"))
    return found


def _source(text: str) -> str:
    """Return what the parser is to read: each character in its place, and a last comment that is left open closed."""
    source = _STRAY.sub(STAND_IN, text)
    return f"{source}-->" if source.rfind("<!--") > source.rfind("-->") else source


def _is_lettered(drawing: Node) -> bool:
    """Return whether a drawing shows words; its title and description are not shown."""
    pending = [drawing]
    while pending:
        for child in pending.pop().children or ():
            if isinstance(child, Text):
                if (child.data or "").strip():
                    return True
            elif child.name not in {"title", "desc", "style", "script", "metadata", "defs"}:
                pending.append(child)
    return False


def _controlled(root: Node) -> frozenset[str]:
    """Return the ids of what is opened by something that says that it is shut now."""
    found: set[str] = set()
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        attrs = node.attrs if isinstance(node, Element) else {}
        if attrs and attrs.get("aria-expanded") == "false":
            found.update((attrs.get("aria-controls") or "").split())
        pending.extend(child for child in node.children or () if not isinstance(child, Text))
    return frozenset(found)


def _folding(details: Element, context: Context) -> list[_Step]:
    """Return the steps into a `<details>`: all but its first summary is folded."""
    steps: list[_Step] = []
    folded = replace(context, part=Part.FOLDED) if context.part is not Part.FOOTER else context
    first = True
    for child in details.children or ():
        summary = first and isinstance(child, Element) and child.name == "summary"
        first = first and not summary
        steps.append(_Step(child, context if summary else folded))
    return steps
