"""`docs/audit-rules.md` is what the rules of the audit say of themselves, and each says what it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.audit.profiles import PROFILES, level
from kb.audit.rules.base import Mark
from kb.audit.rules.manual import manual
from kb.audit.rules.registry import RULES
from kb.finding import Level


def test_the_page_in_docs_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "audit-rules.md"
    assert page.read_text(encoding="utf-8") == manual(), "run: python -m kb.audit.rules.manual > docs/audit-rules.md"


def test_ids_are_unique():
    ids = [rule.id for rule in RULES]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_says_what_passes_how_to_mend_things_and_what_it_rests_on(rule):
    assert rule.check.__name__ == rule.id.replace("-", "_")
    assert rule.summary.endswith(".")
    assert "\n\nPasses: " in rule.help
    assert "\n\nFix: " in rule.help
    assert rule.basis
    assert all(basis.says.endswith(".") and basis.url.startswith("https://") for basis in rule.basis)


@pytest.mark.parametrize("profile", PROFILES, ids=[profile.id for profile in PROFILES])
def test_what_we_have_not_read_makes_no_rule_an_error(profile):
    hearsay = {rule.id for rule in RULES if Mark.READ not in {basis.mark for basis in rule.basis}}
    errors = {rule.id for rule in RULES if level(rule, profile) is Level.ERROR}
    assert hearsay & errors == set()
