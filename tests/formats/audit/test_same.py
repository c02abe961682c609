"""Every format has the same findings, and every span in every format is the words that it says."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.audit.base import Document, Subject, Unit, UnitKind
from kb.audit.findings import placed
from kb.audit.rules.base import Found
from kb.finding import Level
from kb.formats.audit import FORMATS, render
from kb.formats.audit.elements import text as as_html
from tests.formats.audit import reading
from tests.formats.audit.report import CLEAN, FULL, MISSING, OVERSTATED

TEXTS = {found.document.path: found.document.text for found in FULL.documents}
READERS = {
    "text": reading.text_places,
    "json": reading.json_places,
    "sarif": reading.sarif_places,
    "github": reading.github_places,
    "rdjson": lambda output: reading.rdjson_places(output, TEXTS),
    "markdown": reading.markdown_places,
}
ALL = [finding.fingerprint for finding in FULL.findings]


def test_every_format_is_read_back():
    assert {*READERS, "html"} == set(FORMATS)


@pytest.mark.parametrize("name", READERS)
def test_the_findings_that_nobody_accepted_stand_at_the_same_places(name):
    expected = [
        reading.Place(finding.location.path, finding.location.line, finding.location.column, finding.rule)
        for finding in FULL.findings
        if not finding.suppressed
    ]
    assert sorted(READERS[name](render(name, FULL))) == sorted(expected)


def test_formats_that_keep_accepted_findings_have_every_fingerprint():
    report = json.loads(render("json", FULL))
    assert [finding["fingerprint"] for document in report["documents"] for finding in document["findings"]] == ALL
    results = json.loads(render("sarif", FULL))["runs"][0]["results"]
    of_findings = [result for result in results if "number" in result.get("properties", {})]
    assert [result["partialFingerprints"]["claimSpanHash/v1"] for result in of_findings] == ALL
    assert [result["properties"]["number"] for result in of_findings] == [*range(1, len(ALL) + 1)]
    assert sorted(reading.marks(render("html", FULL)).fingerprints) == sorted(ALL)


def test_the_words_marked_in_html_are_those_of_the_findings():
    words = reading.marks(render("html", FULL)).words
    for number, finding in enumerate(FULL.findings, 1):
        said = finding.region.text if finding.location.path.endswith(".md") else "cures colds for good"
        assert " ".join(words.get(number, "").split()) == " ".join(said.split())


pieces = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [
            "\r\n",
            "\n",
            "\r",
            "\t",
            " ",
            "🧘🏽‍♀️",
            "e\u0301\u0323",
            "湖水",
            "\u202e",
            "\x00",
            "\x85",
            "\u2028",
            "<b>",
            "`",
            "%",
        ]
    ),
)


@st.composite
def reports(draw):
    """Draw a report on arbitrary text, with findings anywhere in it."""
    text = "".join(draw(st.lists(pieces, min_size=1, max_size=14)))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    found = [
        (rule, Level.ERROR, Found(start, end, f"message {number}", caveat=None))
        for number, (start, end) in enumerate(draw(st.lists(ends, max_size=5)))
        for rule in [draw(st.sampled_from([MISSING, OVERSTATED]))]
    ]
    units = (Unit(0, 0, len(text), UnitKind.SENTENCE),) if draw(st.booleans()) else ()
    document = Document("a b.txt", text, text, units, "0" * 64)
    subjects = (Subject.KETAMINE,) * len(units)
    audited = replace(CLEAN.documents[0], document=document, subjects=subjects, findings=placed(document, found))
    return replace(CLEAN, documents=(audited,))


@given(reports())
def test_every_span_in_every_format_is_its_excerpt(report):
    (document,) = report.documents
    text, findings = document.document.text, document.findings
    excerpts = [finding.region.text for finding in findings]
    outputs = {name: render(name, report) for name in FORMATS}

    in_json = json.loads(outputs["json"])["documents"][0]["findings"]
    assert [text[one["start"] : one["end"]] for one in in_json] == excerpts == [one["text"] for one in in_json]
    by_line = [
        (reading.offset(text, one["line"], one["column"]), reading.offset(text, one["end_line"], one["end_column"]))
        for one in in_json
    ]
    assert [text[start:end] for start, end in by_line] == excerpts

    results = json.loads(outputs["sarif"])["runs"][0]["results"]
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in results]
    assert [text[one["charOffset"] :][: one["charLength"]] for one in regions] == excerpts
    by_line = [
        (
            reading.offset(text, one["startLine"], one["startColumn"]),
            reading.offset(text, one["endLine"], one["endColumn"]),
        )
        for one in regions
    ]
    assert [text[start:end] for start, end in by_line] == excerpts == [one["snippet"]["text"] for one in regions]

    ranges = [one["location"]["range"] for one in json.loads(outputs["rdjson"])["diagnostics"]]
    spans = [[reading.byte_offset(text, *one[side].values()) for side in ("start", "end")] for one in ranges]
    assert [text[start:end] for start, end in spans] == excerpts

    starts = sorted((finding.location.line, finding.location.column) for finding in findings)
    assert sorted((place.line, place.column) for place in reading.text_places(outputs["text"])) == starts
    in_github = sorted((place.line, place.column) for place in reading.github_places(outputs["github"]))
    in_one_line = [
        (finding.location.line, finding.location.column if finding.region.end_line == finding.location.line else 0)
        for finding in findings
    ]
    assert in_github == sorted(in_one_line)

    marked = reading.marks(outputs["html"]).words
    shown = {number: unescape(as_html(words)) for number, words in enumerate(excerpts, 1)}
    for number, words in shown.items():  # a span may end between CR and LF, which are one line end here
        assert marked.get(number, "").replace("\n", "") == words.replace("\n", "")
