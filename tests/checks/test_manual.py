"""`docs/rules.md` is what the rules say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.checks import RULES
from kb.checks.manual import manual


def test_the_page_in_docs_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == manual(), "run: python -m kb.checks.manual > docs/rules.md"


def test_ids_are_unique_and_the_gravest_rules_come_first():
    ids = [rule.id for rule in RULES]
    assert sorted(ids) == sorted(set(ids))
    assert [rule.level.rank for rule in RULES] == sorted(rule.level.rank for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_says_why_it_is_there_and_how_to_mend_things(rule):
    why, fix = rule.help.split("\n\n")
    assert why.startswith("Why: ")
    assert fix.startswith("Fix: ")
    assert rule.check.__name__ == rule.id.replace("-", "_")
    assert rule.summary.endswith(".")
