"""Headings that only name a theme make no mention of it; what is said in a heading counts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor, Match
from kb.audit.extract import extract
from kb.library import Library

CASES = yaml.safe_load(Path(__file__).with_suffix("").with_name("headings.yaml").read_text(encoding="utf-8"))


@cache
def auditor():
    kb = Library.open(Path(__file__).parents[2] / "claims").kb
    return Auditor(kb, profile=kb.about.profile, learned=False)


def spoken(heading):
    """Return the themes on which a heading speaks that stands on a page about the treatment."""
    page = f"# Ketamine treatment\n\nKetamine is given here.\n\n## {heading}\n\nAsk us.\n"
    report = auditor().audit(extract(page.encode(), "page.md"))
    start = report.document.plain.index(heading)
    return {
        theme
        for one in report.mentions
        if one.match is Match.CERTAIN and report.document.units[one.unit].start == start
        for theme in one.themes
    }


@pytest.mark.parametrize("heading", CASES["announces"])
def test_a_heading_that_only_names_a_theme_speaks_on_none(heading):
    assert spoken(heading) == set()


@pytest.mark.parametrize(("heading", "theme"), CASES["says"].items(), ids=list(CASES["says"]))
def test_a_heading_that_says_something_counts(heading, theme):
    assert theme in spoken(heading)
