"""Copy that says the opposite of a caveat is contradicted; what only looks like it is not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor
from kb.audit.extract import extract
from kb.audit.rules.contradicted import RULE
from kb.library import Library

SENTENCES = yaml.safe_load((Path(__file__).parent / "denials.yaml").read_text(encoding="utf-8"))


@cache
def auditor():
    kb = Library.open(Path(__file__).parents[2] / "claims").kb
    return Auditor(kb, profile=kb.about.profile, rules=(RULE,))


def denied(sentence):
    """Return the caveats that a sentence contradicts on a page about the treatment."""
    copy = f"Ketamine infusions are offered here.\n\n{sentence}"
    return {found.caveat for found in auditor().audit(extract(copy.encode(), "copy.txt")).findings if found.caveat}


@pytest.mark.parametrize("caveat", SENTENCES["denies"])
def test_what_denies_a_caveat(caveat):
    assert [sentence for sentence in SENTENCES["denies"][caveat] if caveat not in denied(sentence)] == []


@pytest.mark.parametrize("caveat", SENTENCES["denies_one_alone"])
def test_what_denies_one_harm_denies_no_other(caveat):
    assert [denied(sentence) for sentence in SENTENCES["denies_one_alone"][caveat]] == [{caveat}]


def test_what_denies_nothing():
    found = {sentence: denied(sentence) for sentence in SENTENCES["denies_nothing"]}
    assert {sentence: caveats for sentence, caveats in found.items() if caveats} == {}


def test_known_false_alarms_are_still_raised():
    found = [sentence for sentence in SENTENCES["known_false_alarms"] if not denied(sentence)]
    assert found == [], "no longer raised: move them to `denies_nothing`"
