"""Which claims copy makes where its words only seem to, in `mentions.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor, Match
from kb.audit.extract import extract
from kb.library import Library

CASES = yaml.safe_load((Path(__file__).parent / "mentions.yaml").read_text(encoding="utf-8"))


@cache
def auditor():
    return Auditor(Library.open(Path(__file__).parents[2] / "claims").kb, profile="us-ftc", rules=(), learned=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_claims_are_made_or_not(case):
    report = auditor().audit(extract(case["copy"].encode(), "copy.txt"))
    made = {one.claim for one in report.mentions if one.match is Match.CERTAIN and not one.denied}
    assert set(case.get("makes", ())) <= made
    assert made.isdisjoint(case.get("makes_not", ()))
