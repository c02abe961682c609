"""Each format against a golden file; `pytest --update-golden` writes them anew, and the diff is reviewed."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

import kb.formats
from kb.finding import Finding, Level, Location, Report, Skipped
from kb.formats import json as json_format
from kb.formats import text

GOLDEN = Path(__file__).parent / "golden"

FULL = Report(
    findings=(
        Finding(
            "review-overdue",
            Level.NOTE,
            "the review was due on 2026-01-01",
            Location("entries/mood/lifts-mood.yaml", 30, 3, "review.due"),
        ),
        Finding(
            "unknown-reference",
            Level.ERROR,
            "there is no reference 'doe2021'",
            Location("entries/mood/lifts-mood.yaml", 12, 18, "evidence[0].reference"),
            "did you mean doe2020?",
        ),
        Finding(
            "copied-text",
            Level.WARNING,
            "“wie es heißt” 🚣 stands in the article",
            Location("caveats/fades-soon.yaml", 2, 9, "caveat"),
            "Say it in your own words.\nSeven words in a row are too many.",
        ),
        Finding("not-utf-8", Level.ERROR, "not UTF-8 (byte 7)", Location("sources/clinic-page.yaml")),
    ),
    skipped=(Skipped("clinic-page", "the private copy of clinic-page is damaged; attach the article again"),),
    checked={"claims": 152, "caveats": 59, "sources": 1},
)
CLEAN = Report(checked={"claims": 1, "caveats": 0, "sources": 0})

CASES = {
    "full.txt": lambda: text.render(FULL, base="claims/"),
    "full-colour.txt": lambda: text.render(FULL, colour=True),
    "clean.txt": lambda: text.render(CLEAN),
    "full.json": lambda: json_format.render(FULL, base="claims/", tool="0.1.0"),
    "clean.json": lambda: json_format.render(CLEAN, tool="0.1.0"),
}


@pytest.mark.parametrize("name", CASES)
def test_output_is_the_golden_file(name, golden):
    golden(GOLDEN / name, CASES[name]())


def test_every_golden_file_is_compared():
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)


def test_every_format_has_a_golden_file():
    formats = {path.stem for path in Path(kb.formats.__file__).parent.glob("[a-z]*.py")}
    assert formats == {"json", "text"}
    assert all(hasattr(importlib.import_module(f"kb.formats.{name}"), "render") for name in formats)


def test_fingerprints_do_not_depend_on_where_the_reader_stands():
    here = json.loads(json_format.render(FULL, tool="0.1.0"))["findings"]
    there = json.loads(json_format.render(FULL, base="/somewhere/claims/", tool="0.1.0"))["findings"]
    assert [finding["fingerprint"] for finding in here] == [finding["fingerprint"] for finding in there]
    assert len({finding["fingerprint"] for finding in here}) == len(FULL.findings)


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"claims": 0}, "no findings in 0 entries\n"),
        ({"claims": 1}, "no findings in 1 entry\n"),
        ({"claims": 1, "caveats": 1}, "no findings in 2 entries\n"),
    ],
)
def test_the_summary_counts_entries_in_words(counts, line):
    assert text.render(Report(checked=counts)) == line
