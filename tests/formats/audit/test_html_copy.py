"""The copy in HTML: what stands beside it, how pages of markup are shown, and what marks share."""

from __future__ import annotations

from dataclasses import replace

from kb.audit.base import Cell, Disclosure, Document, Part, Subject, Unit, UnitKind
from kb.audit.findings import placed
from kb.audit.rules.base import Found
from kb.finding import Level
from kb.formats.audit import html_copy, render
from tests.formats.audit.report import CLEAN, FAR, FULL, MISSING


def shown(document, *, disclosures=(), found=(), report=FULL):
    subjects = (Subject.NONE,) * len(document.units)
    findings = placed(document, found)
    audited = replace(
        CLEAN.documents[0], document=document, subjects=subjects, disclosures=disclosures, findings=findings
    )
    html = render("html", replace(report, documents=(audited,)))
    start = html.index('<div class="copy')
    return html[start : html.index("<h3", start) if "<h3" in html[start:] else None]


def page(plain, *units):
    return Document("a.html", plain, plain, units, "0" * 64, "text/html")


def test_running_text_of_a_paragraph_flows_and_all_else_stands_apart():
    plain = "One. Two?  Item\u2060s  Head  One  Two  A lake  Legal."
    units = (
        Unit(0, 0, 4, UnitKind.SENTENCE),
        Unit(1, 5, 9, UnitKind.QUESTION),
        Unit(2, 11, 17, UnitKind.LIST_ITEM, block=1),
        Unit(3, 19, 23, UnitKind.HEADING, block=2),
        Unit(4, 25, 33, UnitKind.TABLE_ROW, block=3, cells=(Cell(25, 28, ""), Cell(30, 33, ""))),
        Unit(5, 35, 41, UnitKind.ALT_TEXT, Part.META, block=4),
        Unit(6, 43, 49, UnitKind.SENTENCE, Part.FOOTER, block=5),
    )
    html = shown(page(plain, *units))
    assert "<p>One. Two?</p>" in html
    assert '<div class="words list-item"><p>Items</p>' in html
    assert '<div class="words heading"><p>Head</p>' in html
    assert '<span class="kind">table row</span><p>One  <span class="cell" aria-hidden="true">|</span>Two</p>' in html
    assert '<span class="kind">alt text</span><p>A lake</p>' in html
    assert '<span class="kind">footer</span><p>Legal.</p>' in html


def test_two_disclosures_at_one_place_share_a_tick():
    disclosures = (Disclosure(0, "fades", None, (), 0, 4), Disclosure(0, "cold-shock", "side-effects", (), 0, 8))
    html = shown(page("Feel it.", Unit(0, 0, 8, UnitKind.SENTENCE)), disclosures=disclosures)
    assert html.count("✓") == 1
    assert 'title="A caveat; Discloses: Side effects"' in html


def test_the_margin_names_two_caveats_of_a_rule_or_all_three_and_counts_the_rest():
    def margin(count):
        names = {f"c{n}": replace(FULL.named_caveats["fades"], short=f"Caveat {n}") for n in range(count)}
        found = [(MISSING, Level.ERROR, Found(0, 4, f"{n}", caveat=name)) for n, name in enumerate(names)]
        found.append((FAR, Level.NOTE, Found(0, 4, "far")))
        html = shown(
            page("Feel it.", Unit(0, 0, 8, UnitKind.SENTENCE)), found=found, report=replace(FULL, named_caveats=names)
        )
        return html.partition('<ul aria-label="Findings on this paragraph">')[2]

    assert "<b>Missing caveat</b>: Caveat 0; Caveat 1; Caveat 2. <b>Caveat not near</b></span>" in margin(3)
    assert "<b>Missing caveat</b>: Caveat 0; Caveat 1 and 3 more. <b>Caveat not near</b></span>" in margin(5)


def test_nothing_of_a_text_is_left_out():
    text = "Before.\n\n* one\n* two\n\nAfter, without a unit.\n"
    units = (Unit(0, 11, 14, UnitKind.LIST_ITEM, block=1), Unit(1, 17, 20, UnitKind.LIST_ITEM, block=1))
    html = shown(Document("a.md", text, text, units, "0" * 64, "text/markdown"))
    assert "<p>Before.</p>" in html
    assert '<div class="words list-item"><p>* one\n* two\n\nAfter, without a unit.</p>' in html


def test_a_text_without_one_kind_of_line_break_is_gone_through_once():
    looked = 0

    class Counting(str):
        __slots__ = ()

        def rfind(self, mark, start=0, end=None):
            nonlocal looked
            found = str.rfind(self, mark, start, end)
            looked += end - max(found, start)
            return found

    text = Counting("A lake.\n\n" * 500)
    units = tuple(Unit(n, 9 * n, 9 * n + 7, UnitKind.SENTENCE, block=n) for n in range(500))
    pieces = html_copy._lined(Document("a.txt", text, text, units, "0" * 64))
    assert [(piece.start, piece.end) for piece in pieces] == [(unit.start, unit.end) for unit in units]
    assert looked < 4 * len(text)
