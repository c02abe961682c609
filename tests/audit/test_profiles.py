"""Profiles: a name that is not one says which there are, and levels follow the profile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.audit import Auditor
from kb.audit.profiles import PROFILES, level, profile
from kb.audit.rules import missing_caveat, prescription_only_named
from kb.audit.rules.registry import RULES
from kb.errors import UnknownProfile
from kb.finding import Level
from tests.factories import knowledge_base


def test_an_unknown_profile_lists_the_known_ones():
    with pytest.raises(UnknownProfile) as caught:
        Auditor(knowledge_base(), profile="nonsense")
    assert str(caught.value) == "there is no profile 'nonsense'; the profiles are us-ftc, us-fda-rx, uk-cap"
    assert caught.value.known == ("us-ftc", "us-fda-rx", "uk-cap")


def test_a_rule_stands_at_its_own_level_unless_the_profile_says_otherwise():
    rule = replace(missing_caveat.RULE, level=Level.NOTE, profiles={"us-fda-rx": Level.ERROR, "uk-cap": None})
    assert [level(rule, chosen) for chosen in PROFILES] == [Level.NOTE, Level.ERROR, None]


def test_naming_a_medicine_is_wrong_in_the_united_kingdom_only():
    levels = {chosen.id: level(prescription_only_named.RULE, chosen) for chosen in PROFILES}
    assert levels == {"us-ftc": None, "us-fda-rx": None, "uk-cap": Level.ERROR}


def test_rules_name_no_profile_that_is_not_there():
    named = {name for rule in RULES for name in rule.profiles or ()}
    assert named <= {chosen.id for chosen in PROFILES}
    assert profile("us-ftc") in PROFILES
