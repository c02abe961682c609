"""Whole documents: what is made of pages of every format, unit by unit, compared with golden files."""

from __future__ import annotations

from pathlib import Path

import pytest
from justhtml import JustHTML

from kb.audit.extract import extract

PAGES = Path(__file__).parent / "pages"


def dump(document) -> str:
    """Write a document down, one unit a line, references to other units by number."""
    lines = []
    for unit in document.units:
        words = " ".join(document.plain[unit.start : unit.end].replace("\N{WORD JOINER}", "").split())
        marks = [f"s{unit.section}", f"b{unit.block}"]
        marks += [f"under {'>'.join(map(str, unit.headings))}"] if unit.headings else []
        marks += [f"lead {unit.lead}"] if unit.lead is not None else []
        marks += ["link"] if unit.link else []
        lines.append(f"{unit.index} {unit.kind} {unit.part} [{' '.join(marks)}] {words}")
        cells = [(cell.head, " ".join(document.plain[cell.start : cell.end].split())) for cell in unit.cells]
        lines.extend(f"    {head or '-'}: {cell}" for head, cell in cells)
    lines.append(f"{document.media} {document.encoding}, offsets in {document.offsets}")
    lines.extend(f"left out: {kind} {count}" for kind, count in document.left_out.items())
    lines.extend(f"skipped: {skipped.what}: {skipped.reason}" for skipped in document.skipped)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["clinic.html", "leaflet.html", "page.md", "page.txt"])
def test_page(name, golden):
    golden(PAGES / f"{name}.units", dump(extract((PAGES / name).read_bytes(), name)))


@pytest.mark.parametrize("name", ["clinic.html", "leaflet.html"])
def test_a_page_shows_the_words_that_the_parser_sees(name):
    document = extract((PAGES / name).read_bytes(), name)
    tree = JustHTML(document.text, sanitize=False)
    for selector in ("script", "style", "nav", "select", "noscript", "template", "[role=dialog]", "sup"):
        for element in tree.query(selector):
            element.parent.remove_child(element)
    said = "".join(document.plain.replace("\N{WORD JOINER}", "").split())
    title = tree.query_one("title").to_text()
    shown = tree.to_text(separator=" ").removeprefix(title)
    # attributes are no text to the parser, and it sets no space between inline elements that touch
    missing = [word for word in shown.split() if word not in said]
    assert missing == []
    assert len(shown.split()) > 100
