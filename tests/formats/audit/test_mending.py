"""A disclosure is offered for insertion only where a sentence of running text ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.audit.base import Document, Part, Unit, UnitKind
from kb.audit.findings import placed
from kb.audit.rules.base import Found
from kb.finding import Level
from kb.formats.audit.mending import Insertion, insertion
from tests.formats.audit.report import CLEAN, FULL, MISSING

TEXT = "It lifts the mood. Swim!"


def offered(claim="lifts-mood", caveat="fades", media="text/plain", places=(), **unit):
    made = replace(Unit(0, 0, 18, UnitKind.SENTENCE), **unit)
    document = Document("a", TEXT, TEXT, (made,), "0" * 64, media, places=places)
    found = ((MISSING, Level.ERROR, Found(3, 8, "owes", claim=claim, caveat=caveat)),)
    audited = replace(CLEAN.documents[0], document=document, findings=placed(document, found))
    known = replace(FULL.named_caveats["fades"], disclosure="It fades & <goes>.")
    report = replace(FULL, documents=(audited,), named_caveats={"fades": known})
    return insertion(report, audited, audited.findings[0])


def test_it_goes_behind_the_sentence_and_is_escaped_in_html():
    assert offered() == Insertion(18, " It fades & <goes>.")
    assert offered(media="text/html") == Insertion(18, " It fades &amp; &lt;goes&gt;.")


@pytest.mark.parametrize(
    "case",
    [
        {"kind": UnitKind.HEADING},
        {"kind": UnitKind.TESTIMONIAL},
        {"part": Part.FOOTER},
        {"places": ((0, "page 1"),)},
        {"claim": None},
        {"caveat": None},
        {"caveat": "unknown"},
        {"end": 5},
    ],
    ids=str,
)
def test_elsewhere_nothing_is_offered(case):
    assert offered(**case) is None
