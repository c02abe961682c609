"""Comments and baselines: what they accept, what they say of themselves, and that nothing is dropped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.audit import baseline, suppress
from kb.audit.extract import extract
from kb.audit.findings import placed
from kb.audit.rules.base import AuditRule, Found, Kind
from kb.errors import KbError
from kb.finding import Level, Suppression

CASES = yaml.safe_load((Path(__file__).parent / "suppress.yaml").read_text(encoding="utf-8"))
KNOWN = ("overstated", "missing-caveat", "lifts-mood", "fades-soon")
TODAY = dt.date(2026, 6, 1)


def rule(name):
    return AuditRule(name, "It is so.", Kind.FAIL, Level.ERROR, lambda _: iter(()))


def finding(document, wanted):
    start = document.text.index(wanted["words"])
    found = Found(
        start, start + len(wanted["words"]), "It is so.", claim=wanted.get("claim"), caveat=wanted.get("caveat")
    )
    return placed(document, [(rule(wanted["rule"]), Level.ERROR, found)])[0]


def document_of(text):
    return extract(text.encode(), "copy.md", media="text/markdown")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_comments(case):
    document = document_of(case["copy"])
    findings = [finding(document, wanted) for wanted in case["findings"]]
    marked, problems = suppress.apply(document, findings, KNOWN, TODAY)
    assert [replace(one, suppressed=None) for one in marked] == findings
    assert {one.region.text: one.suppressed.reason for one in marked if one.suppressed} == case.get("accepted", {})
    assert {one.suppressed.kind for one in marked if one.suppressed} <= {"inSource"}
    assert [[about.id, found.message] for about, found in problems] == case.get("problems", [])


@given(st.text(alphabet=st.sampled_from("<!-> \ncaveatignoreoffonoverstated,[until 2026-01-01]-"), max_size=200))
def test_any_text_can_be_read_for_comments(text):
    for directive in suppress.directives(f"<!-- caveat-{text}", KNOWN):
        assert directive.problem or directive.names


def test_fifty_thousand_comments_are_read_once_each():
    text = "<!-- caveat-ignore overstated -- because -->\n" * 50_000
    assert len(suppress.directives(text, KNOWN)) == 50_000
    unclosed = "<!-- caveat-ignore overstated " * 50_000
    assert len(suppress.directives(unclosed, KNOWN)) == 50_000


@pytest.fixture
def page():
    return document_of("A miracle. A miracle.\n\nIt cures.\n")


def findings_of(page):
    rows = [
        (rule("overstated"), Level.ERROR, Found(2, 9, "Too strong.", claim="lifts-mood")),
        (rule("overstated"), Level.ERROR, Found(13, 20, "Too strong.", claim="lifts-mood")),
        (rule("missing-caveat"), Level.WARNING, Found(26, 31, "Say more.", caveat="fades-soon")),
    ]
    return placed(page, rows)


def test_a_baseline_accepts_what_it_lists_wherever_it_moves(page):
    written = baseline.decode(baseline.encode(findings_of(page)), "base.json")
    moved = document_of("New words first.\n\n" + page.text)
    shifted = [
        (
            rule(one.rule),
            one.level,
            Found(one.region.start + 18, one.region.end + 18, "Reworded.", claim=one.claim, caveat=one.caveat),
        )
        for one in findings_of(page)
    ]
    marked, stale = written.apply("copy.md", placed(moved, shifted))
    assert [one.suppressed.kind for one in marked] == ["external"] * 3
    assert stale == []


def test_a_repeat_is_new_to_a_baseline(page):
    written = baseline.decode(baseline.encode(findings_of(page)[:1]), "base.json")
    marked, _ = written.apply("copy.md", findings_of(page))
    assert [bool(one.suppressed) for one in marked] == [True, False, False]


def test_what_was_mended_makes_a_baseline_stale(page):
    written = baseline.decode(baseline.encode(findings_of(page)), "base.json")
    _, stale = written.apply("copy.md", findings_of(page)[:2])
    assert [(about.id, found.message) for about, found in stale] == [
        ("baseline-stale", "The baseline lists missing-caveat of fades-soon, which is no longer found.")
    ]


def test_what_a_comment_accepts_stays_out_of_a_baseline(page):
    accepted = [replace(one, suppressed=Suppression("inSource", "why")) for one in findings_of(page)]
    assert '"findings": []' in baseline.encode(accepted)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "base.json is no baseline (JSONDecodeError: Expecting value: line 1 column 1 (char 0)); write it anew"),
        ("[]", "base.json is no baseline (TypeError: list indices must be integers or slices, not str); write it anew"),
        (
            '{"schema": "kb-baseline/9"}',
            "base.json is no baseline that this version reads: its schema is 'kb-baseline/9'",
        ),
        ('{"schema": "kb-baseline/1", "findings": [{}]}', "base.json is no baseline (KeyError: 'rule'); write it anew"),
        ("[" * 100_000, "base.json is no baseline (RecursionError"),
    ],
)
def test_a_file_that_is_no_baseline_says_so(text, says):
    with pytest.raises(KbError) as caught:
        baseline.decode(text, "base.json")
    assert str(caught.value).startswith(says)
