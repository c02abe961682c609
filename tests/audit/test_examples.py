"""The examples on the page of each rule show what they say, over the entries of this repository."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.audit.rules.examples import examples
from kb.audit.rules.registry import RULES
from kb.library import Library
from kb.library.auditing import COMMENT_RULES, AuditOptions, Audits, Copy
from kb.model import Status

NEEDS_A_BASELINE = {"baseline-stale"}
CASES = [
    (rule, kind, one)
    for rule, found in examples().items()
    for kind in ("fail", "passing")
    for one in getattr(found, kind)
]


@pytest.fixture(scope="module")
def kb():
    return Library(Path(__file__).parents[2] / "claims", engine="memory", cache=False).kb


@pytest.fixture(scope="module")
def audited(kb):
    made = {}

    def audit(example):
        way = (example.profile, example.withdrawn)
        if way not in made:
            made[way] = Audits(_withdrawn(kb, example.withdrawn), AuditOptions(profile=example.profile))
        return made[way].of(Copy("copy.md", content=example.copy.encode()))

    return audit


def _withdrawn(kb, claim_id):
    if claim_id is None:
        return kb
    claim = kb.claims[claim_id].model_copy(update={"status": Status.WITHDRAWN})
    return replace(kb, claims={**kb.claims, claim_id: claim})


def test_every_rule_has_an_example_of_each():
    rules = {rule.id for rule in (*RULES, *COMMENT_RULES)} - NEEDS_A_BASELINE
    assert {rule for rule, found in examples().items() if found.fail and found.passing} == rules


@pytest.mark.parametrize(("rule", "kind", "example"), CASES, ids=[f"{rule}-{kind}" for rule, kind, _ in CASES])
def test_it_shows_what_it_says(audited, rule, kind, example):
    found = [finding for finding in audited(example).findings if finding.rule == rule and not finding.suppressed]
    if kind == "fail":
        assert example.at in {finding.region.text for finding in found}
        assert example.at in example.copy
    else:
        assert (found, example.at) == ([], "")
    assert example.why
