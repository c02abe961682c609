"""How copy words what it says on a theme: a negator counts wherever the unit comes back to the theme."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kb.audit import Auditor, Match
from kb.audit.extract import extract
from kb.library import Library

WORDED = [
    (
        "You will need a ride, and you should not get behind the wheel before morning.",
        "no-driving-aftercare",
        "negated",
    ),
    ("Someone must collect you, and you must not drive for a day.", "no-driving-aftercare", "negated"),
    ("You will need a ride, and somebody to stay with you.", "no-driving-aftercare", "asserted"),
    ("Without follow-up doses, symptoms tend to come back.", "transient-benefit", "asserted"),
    ("Symptoms come back without follow-up doses.", "transient-benefit", "asserted"),
    ("You must not drive yourself home.", "no-driving-aftercare", "negated"),
]


@cache
def auditor():
    kb = Library.open(Path(__file__).parents[2] / "claims").kb
    return Auditor(kb, profile=kb.about.profile, rules=(), learned=False)


@pytest.mark.parametrize(("text", "theme", "polarity"), WORDED, ids=[text for text, _, _ in WORDED])
def test_polarity_of_a_theme(text, theme, polarity):
    report = auditor().audit(extract(f"# Ketamine treatment\n\n{text}\n".encode(), "page.md"))
    found = {
        mention.polarity.value
        for mention in report.mentions
        if theme in mention.themes and mention.match is Match.CERTAIN and mention.claim is None
    }
    assert found == {polarity}
