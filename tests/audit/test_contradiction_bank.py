"""How many contradictions of four banks are found, and in how many honest sentences in much the same words.

The numbers only fall. What a bank tells of copy that nobody has seen stands at its head.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor
from kb.audit.extract import extract
from kb.library import Library

FOLDER = Path(__file__).parent / "contradiction_bank"
RULES = {"contradicted", "approval-confusion"}
MOST = {"first": (9, 3), "second": (13, 2), "third": (15, 0), "fourth": (28, 3)}
"""Bank → how many contradictions are missed, and how many honest sentences are called one, at most."""


@cache
def auditor():
    return Auditor(Library.open(Path(__file__).parents[2] / "claims").kb, profile="us-ftc", learned=False)


def contradicts(sentence):
    heading = "# Ketamine\n\n"
    report = auditor().audit(extract(f"{heading}{sentence}\n".encode(), "copy.md"))
    return any(one.rule in RULES and one.region and one.region.start >= len(heading) for one in report.findings)


@pytest.mark.parametrize("bank", MOST)
def test_contradictions_are_found_and_honest_sentences_left_alone(bank):
    sentences = yaml.safe_load((FOLDER / f"{bank}.yaml").read_text(encoding="utf-8"))
    missed = [one for family in sentences["contradicted"].values() for one in family if not contradicts(one)]
    wrong = [one for family in sentences["honest"].values() for one in family if contradicts(one)]
    most_missed, most_wrong = MOST[bank]
    assert len(missed) <= most_missed, missed
    assert len(wrong) <= most_wrong, wrong
