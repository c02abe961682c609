"""A small knowledge base with one of everything that an export must get right, hostile texts included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.crossings import Crossings
from tests.factories import caveat, claim, evidence, knowledge_base, reference, source

if TYPE_CHECKING:
    from kb.model import KnowledgeBase

SITE = "https://kb.example"


def place(source_id: str, start: int = 0) -> dict:
    selector = {"start": start, "end": start + 10}
    return {"source": source_id, "selector": selector, "digest": "0" * 16, "section": "Opening", "strength": "plain"}


def base(**changes) -> KnowledgeBase:
    parts = {"claims": CLAIMS, "caveats": CAVEATS, "sources": SOURCES, "references": REFERENCES}
    return knowledge_base(**(parts | changes))


def crossings(**changes) -> Crossings:
    return Crossings(base(**changes))


CLAIMS = [
    claim(
        "a-promise",
        claim="A new life begins with testamine.",
        type="outlook",
        verdict="not-checkable",
        certainty=None,
        evidence=[],
        caveats=[],
        no_caveat={"reason": "It says nothing that could mislead."},
    ),
    claim(
        "approved",
        claim="Testamine was first made in 1950.",
        type="history",
        certainty={"level": "high"},
        status="published",
        review={"author": "A. Editor", "approved_by": "B. Clinician", "approved_on": "2026-02-01", "due": "2030-01-01"},
        evidence=[evidence("agency_2022", design="history")],
        occurrences=[place("with-address")],
    ),
    claim(
        "hostile",
        claim='=HYPERLINK("https://bad.example") </script><b>&amp; "quoted"',
        rationale="-1 point, or \u2028 @less; it costs 5 % & more.",
        verdict="refuted",
        certainty={"level": "moderate", "reasons": ["risk-of-bias", "large-effect"]},
        status="disputed",
        asked=["=what is it", "does it <b>help</b>"],
        scope={"drug": "testamine", "population": "+adults"},
        evidence=[evidence("roe2021", direction="disputes", directness="indirect", design="preclinical")],
        occurrences=[place("with-address"), place("without-address"), place("without-address", 20)],
        related=[{"claim": "lifts-mood", "type": "contradicts", "note": "Both cannot be so."}],
    ),
    claim(
        "lifts-mood",
        claim="Testamine lifts mood within a day.",
        themes=["mood", "sleep"],
        evidence=[evidence("doe2020"), evidence("roe2021", direction="neutral")],
        caveats=[{"caveat": "fades-soon", "near": "section"}, {"caveat": "makes-sick", "near": "sentence"}],
        aliases=["raises-mood"],
        occurrences=[place("without-address")],
    ),
    claim("withdrawn-one", claim="Testamine is quite harmless.", status="withdrawn"),
]

CAVEATS = [
    caveat(occurrences=[place("with-address", 40)]),
    caveat("makes-sick", caveat="Some people feel sick.", short="Can make people sick", evidence=[], key=None),
]

SOURCES = [
    source(
        "with-address",
        title="Feel better",
        publisher="Quiet Harbour Clinic",
        date="2023-06-07",
        address="https://harbour.example/?a=1&b=2",
    ),
    source("without-address", title="A day in the North", note="The date is not known."),
]

REFERENCES = {
    "agency_2022": reference(
        type="webpage",
        design="agency-communication",
        title="What we know",
        author=[{"literal": "Agency for Food and Drugs, Example"}],
        issued=None,
        **{"container-title": None},
    ),
    "doe2020": reference(
        DOI="10.1000/test(2020)_1",
        PMID="12345",
        URL="https://journal.example/doe?x=1&y={2}",
        volume="7",
        issue="2",
        page="11-19",
        to_confirm=["page", "authors"],
    ),
    "roe2021": reference(
        type="no-such-type",
        title=r"100% of mice_{x} & \write18{rm} $5 #1 ~ ^ } @misc{evil,",
        author=[{"family": "Roe, Jr", "given": "K"}, {"family": "Sand and Sea", "given": "M"}],
        et_al=True,
        DOI="not a doi",
        URL="javascript:alert(1)",
        read="secondary",
        note="Found in a drawer.",
    ),
}
