"""The words of a paragraph of a Word file as they show on paper: insertions in, deletions and hidden text out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.oxml.xmlchemy import BaseOxmlElement as _Element

_WORDS = {qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-", qn("w:cr"): "\n"}
_OUT = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:instrText"),
        qn("w:txbxContent"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    },
)
_BLOCKS = frozenset({qn("w:p"), qn("w:tbl")})


class Line(NamedTuple):
    """A line of a paragraph."""

    words: str
    bold: bool
    links: tuple[tuple[int, int], ...]


def lines(paragraph: _Element) -> list[Line]:
    """Return the lines of a paragraph; only a typed line break ends one."""
    made: list[Line] = []
    words: list[str] = []
    plain = False
    links: list[tuple[int, int]] = []
    for piece, bold, linked in _pieces(paragraph):
        if piece == "\n":
            made.append(_line(words, plain=plain, links=links))
            words, plain, links = [], False, []
            continue
        start = sum(map(len, words))
        words.append(piece)
        plain = plain or (not bold and bool(piece.strip()))
        if linked:
            links.append((start, start + len(piece)))
    made.append(_line(words, plain=plain, links=links))
    return [line for line in made if line.words.strip()]


def _line(words: list[str], *, plain: bool, links: list[tuple[int, int]]) -> Line:
    joined: list[tuple[int, int]] = []
    for start, end in links:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return Line("".join(words), not plain, tuple(joined))


def _pieces(paragraph: _Element) -> Iterator[tuple[str, bool, bool]]:
    """Yield words with whether they are bold and whether they are a link."""
    pending = [(paragraph, False, False)]
    while pending:
        element, bold, linked = pending.pop()
        if element.tag in _OUT:
            continue
        if element.tag == qn("w:t"):
            yield element.text or "", bold, linked
        elif element.tag in _WORDS:
            yield _WORDS[element.tag], bold, linked
        elif element.tag == qn("w:br"):
            yield "\n" if element.get(qn("w:type")) in {None, "textWrapping"} else " ", bold, linked
        else:
            properties = element.find(qn("w:rPr")) if element.tag == qn("w:r") else None
            if properties is not None and _on(properties, "w:vanish"):
                continue
            bold = bold or (properties is not None and _on(properties, "w:b"))
            linked = linked or element.tag == qn("w:hyperlink")
            pending.extend((child, bold, linked) for child in reversed(element))


def _on(properties: _Element, name: str) -> bool:
    found = properties.find(qn(name))
    return found is not None and found.get(qn("w:val")) not in {"0", "false", "off"}


def blocks_in(parent: _Element) -> Iterator[_Element]:
    """Yield the paragraphs and tables in an element, those in content controls and insertions included."""
    pending = list(reversed(parent))
    while pending:
        element = pending.pop()
        if element.tag in _BLOCKS:
            yield element
        elif element.tag not in _OUT and isinstance(element.tag, str):
            pending.extend(reversed(element))


def boxes(paragraph: _Element) -> Iterator[_Element]:
    """Yield the text boxes that hang on a paragraph, each once."""
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors()):
            yield box


def pictures(paragraph: _Element) -> Iterator[tuple[str, str]]:
    """Yield name and alternative text of the pictures in a paragraph."""
    for drawing in paragraph.iter(qn("wp:docPr")):
        yield drawing.get("name") or "", drawing.get("descr") or ""
