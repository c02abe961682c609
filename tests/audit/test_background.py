"""What copy on the treatment says of the illness and of other treatments is named, and owes nothing."""

from __future__ import annotations

import pytest

from kb.audit.extract import extract
from kb.audit.pipeline import Auditor
from tests.factories import caveat, claim, knowledge_base

CONCEPTS = {
    "subject-treatment": {"terms": ["testamine"], "widen": False},
    "subject-other-treatment": {"terms": ["pill"], "widen": False},
    "subject-condition": {"terms": ["gloom"], "widen": False},
    "disabling": {"terms": ["debilitating"]},
    "slow": {"terms": ["take weeks"]},
}


def _audited(text):
    owed = [{"caveat": "fades-soon", "near": "document"}]
    gloom = {"all": ["subject-condition", "disabling"]}
    claims = [
        claim("gloom-disabling", type="background", caveats=owed, recognise=[gloom]),
        claim("works-in-gloom", type="efficacy", caveats=owed, recognise=[gloom]),
        claim("pills-slow", type="background", recognise=[{"all": ["subject-other-treatment", "slow"]}]),
    ]
    kb = knowledge_base(claims=claims, caveats=[caveat("fades-soon")], concepts=CONCEPTS)
    return Auditor(kb, profile="us-ftc").audit(extract(text.encode(), "copy.txt"))


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Gloom can be debilitating.", ["gloom-disabling"]),
        ("Pills take weeks to work.", ["pills-slow"]),
        ("Gloom is common.", []),
    ],
)
def test_background_is_named_where_copy_is_about_the_treatment(sentence, claims):
    report = _audited(f"{sentence}\n\nTestamine is a medicine. We give testamine here.\n")
    assert not report.subjects[0].ours
    assert [(one.claim, one.themes) for one in report.mentions if one.unit == 0] == [(one, ()) for one in claims]
    assert not [finding for finding in report.findings if finding.claim]


def test_background_is_not_named_where_no_treatment_of_ours_is():
    assert _audited("Gloom can be debilitating. Pills take weeks to work.\n").mentions == ()


def test_background_is_not_named_where_ours_is_mentioned_in_passing():
    gloom = "Gloom can be debilitating. Gloom is common. Gloom runs in families. Gloom is treated with pills."
    report = _audited(f"{gloom}\n\nSome doctors try testamine.\n")
    assert any(subject.ours for subject in report.subjects)
    assert not [one for one in report.mentions if one.claim == "gloom-disabling"]
