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
    ("It acts on glutamate and does what years of tablets could not.", "glutamate-surge", "asserted"),
    ("It acts on serotonin and does not touch glutamate.", "glutamate-surge", "negated"),
    ("Many feel brighter, and others gain no benefit.", "response-varies", "asserted"),
    ("Some patients do not respond.", "response-varies", "asserted"),
    ("Rarely, someone becomes agitated, paranoid or manic.", "psychiatric-risk", "asserted"),
    ("A temporary lift, not a cure.", "cure-claim", "negated"),
    ("A temporary lift, not a cure.", "transient-benefit", "asserted"),
    (
        "It is tried for nerve pain when gabapentin or other medicines have not been enough.",
        "neuropathic-pain",
        "asserted",
    ),
    ("It does not help nerve pain.", "neuropathic-pain", "negated"),
]


@cache
def auditor():
    kb = Library.open(Path(__file__).parents[2] / "claims").kb
    return Auditor(kb, profile=kb.about.profile, rules=(), learned=False)


@pytest.mark.parametrize(("text", "theme", "polarity"), WORDED, ids=[f"{theme}: {text}" for text, theme, _ in WORDED])
def test_polarity_of_a_theme(text, theme, polarity):
    report = auditor().audit(extract(f"# Ketamine treatment\n\n{text}\n".encode(), "page.md"))
    found = {
        mention.polarity.value
        for mention in report.mentions
        if theme in mention.themes and mention.match is Match.CERTAIN
    }
    assert found == {polarity}
