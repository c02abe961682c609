"""What the elements of a page make of the text within them: its part, its role, its place in lists and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.audit.base import Part
from kb.audit.extract.layout import LOWEST, Role

if TYPE_CHECKING:
    from justhtml import Element

_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p "
    "pre search section summary table tbody td tfoot th thead title tr ul button"
)
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that start and end a paragraph; all others, unknown ones too, stand within one."""

LEFT_OUT = {
    "script": "script",
    "style": "style",
    "template": "template",
    "noscript": "noscript",
    "noframes": "noscript",
    "noembed": "noscript",
    "nav": "navigation",
    "dialog": "dialog",
    "select": "form field",
    "textarea": "form field",
    "datalist": "form field",
    "canvas": "drawing",
}
"""Elements whose words are not read, and under which name they are counted."""

_LEFT_OUT_ROLES = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "dialog": "dialog",
    "alertdialog": "dialog",
}
NOT_CHECKED = {
    "img": "image",
    "video": "video",
    "audio": "audio",
    "iframe": "frame",
    "object": "object",
    "embed": "object",
}
"""Elements that may say something in other ways than by words."""


_HEADING = re.compile(r"h([1-6])\Z")
_INVISIBLE = re.compile(r"(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.IGNORECASE)
_NOTES = frozenset({"doc-footnote", "doc-footnotes", "doc-endnote", "doc-endnotes"})
_NOTE_CLASSES = frozenset({"footnote", "footnotes", "endnote", "endnotes", "disclaimer", "fine-print", "small-print"})


@dataclass(frozen=True, slots=True)
class Context:
    """How the text at one place of the page is to be read."""

    role: Role = Role.PARAGRAPH
    part: Part = Part.BODY
    level: int = 0
    group: int = 0
    depth: int = 0
    """How many lists it stands in."""
    quote: int = 0
    """Number of the quotation that it stands in, 0 for none."""
    link: int = 0
    """Number of the link."""
    row: int = 0
    """Number of the row of a table of data; within it no paragraph starts."""
    cell: int = 0
    small: bool = False
    strong: bool = False
    raised: bool = False
    kept: bool = False
    """Whether line breaks of the source are line breaks of the page."""


def left_out(element: Element) -> str | None:
    """Return under which name an element is left out, or `None` where its words count."""
    name = element.name
    if name in LEFT_OUT:
        return LEFT_OUT[name]
    return _LEFT_OUT_ROLES.get((element.attrs.get("role") or "").strip().lower())


def inside(element: Element, outer: Context, *, number: int, folded: frozenset[str]) -> Context:
    """Return the context within an element; `number` is one that no other element has."""
    name = element.name
    context = _parted(element, outer, folded)
    heading = _heading(element)
    if heading and not context.row and not context.quote:
        return replace(context, role=Role.HEADING, level=heading, group=0)
    return _listed(name, context, number) or _inline(name, context, number)


def _listed(name: str, context: Context, number: int) -> Context | None:
    """Return the context within a list, an item or a quotation, or none where an element is neither."""
    if name in {"ul", "ol", "menu", "dl"}:
        return replace(context, role=Role.PARAGRAPH, group=number, depth=context.depth + 1)
    if name in {"li", "dd"} and not context.row:
        # what a term means is introduced by the term, not by what stands before the whole list
        group = number if name == "dd" else context.group or number
        return replace(context, role=Role.ITEM, group=group, level=max(context.depth, 1))
    if name == "blockquote":
        return replace(context, quote=context.quote or number, role=Role.PARAGRAPH, group=0)
    return None


def _inline(name: str, context: Context, number: int) -> Context:
    if name == "a":
        return replace(context, link=number)
    if name in {"strong", "b"}:
        return replace(context, strong=True)
    if name in {"figcaption", "caption"}:
        return replace(context, role=Role.CAPTION, group=0, row=0)
    if name in {"small", "sup", "pre"}:
        return replace(context, small=context.small or name == "small", raised=name == "sup", kept=name == "pre")
    return context


def _parted(element: Element, outer: Context, folded: frozenset[str]) -> Context:
    """Return the context with the part of the page that an element opens, and buttons and notes told by their role."""
    name, attrs = element.name, element.attrs
    role = (attrs.get("role") or "").strip().lower()
    context = outer
    if (name == "footer" and not outer.quote) or role == "contentinfo":
        context = replace(context, part=Part.FOOTER)
    elif name == "aside" or role in {"complementary", "note"}:
        context = replace(context, part=Part.ASIDE) if context.part is Part.BODY else context
    if _is_folded(element, folded):
        context = replace(context, part=Part.FOLDED) if context.part is not Part.FOOTER else context
    if (name == "button" or role == "button") and outer.role is not Role.HEADING:
        context = replace(context, role=Role.BUTTON)
    elif role in _NOTES or (role != "doc-noteref" and _NOTE_CLASSES & _classes(element)):
        context = replace(context, small=True)
    return context


def _classes(element: Element) -> set[str]:
    if element.name in {"a", "sup", "span"}:
        return set()
    return set((element.attrs.get("class") or "").lower().split()) if element.attrs else set()


def _is_folded(element: Element, folded: frozenset[str]) -> bool:
    attrs = element.attrs
    if not attrs:
        return False
    if "hidden" in attrs or (attrs.get("id") or "") in folded:
        return True
    return _INVISIBLE.search(attrs.get("style") or "") is not None


def _heading(element: Element) -> int:
    match = _HEADING.match(element.name)
    if match:
        return int(match.group(1))
    if element.name == "summary" or (element.name == "button" and "aria-expanded" in element.attrs):
        return LOWEST
    if (element.attrs.get("role") or "") == "heading":
        level = (element.attrs.get("aria-level") or "2").strip()
        return int(level) if level in set("123456") else 2
    return 0
