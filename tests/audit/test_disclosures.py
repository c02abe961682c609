"""What copy discloses, by the repository's rules, and where a disclosure does not count."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor
from kb.audit.extract import extract
from kb.library import Library
from tests.factories import caveat, knowledge_base

SENTENCES = yaml.safe_load((Path(__file__).parent / "disclosures.yaml").read_text(encoding="utf-8"))
CONCEPTS = {"wears-off": {"terms": ["wears off"]}, "sick": {"terms": ["sick"]}}


@cache
def auditor():
    kb = Library.open(Path(__file__).parents[2] / "claims").kb
    return Auditor(kb, profile=kb.about.profile, rules=(), learned=False)  # learned from these sentences too


def keys(sentence):
    """Return the keys that a sentence serves on a page about the treatment."""
    copy = f"Ketamine infusions are offered here.\n\n{sentence}"
    return {found.key for found in auditor().audit(extract(copy.encode(), "copy.txt")).disclosures if found.key}


@pytest.mark.parametrize("key", SENTENCES["discloses"])
def test_what_discloses_a_key(key):
    assert [sentence for sentence in SENTENCES["discloses"][key] if key not in keys(sentence)] == []


def test_what_denies_makes_small_or_speaks_of_something_else_discloses_nothing():
    found = {sentence: keys(sentence) for sentence in SENTENCES["discloses_nothing"]}
    assert {sentence: served for sentence, served in found.items() if served} == {}


def test_known_misses_are_still_missed():
    found = [s for key, sentences in SENTENCES["known_misses"].items() for s in sentences if key in keys(s)]
    assert found == [], "recognised by now: move them to `discloses`"


def small(**fields):
    fades = caveat("fades", recognise=[{"all": ["wears-off"]}])
    topics = {"nausea": {"key": "side-effects", "discloses": [{"any": ["sick"]}]}}
    return Auditor(
        knowledge_base(caveats=[fades], claims=[], concepts=CONCEPTS, topics=topics), profile="us-ftc", **fields
    )


def disclosures(copy):
    found = small(rules=()).audit(extract(copy.encode(), "copy.txt")).disclosures
    return [(one.caveat, one.key and str(one.key), one.themes, copy[one.start : one.end]) for one in found]


def test_a_caveat_gives_its_key_and_a_warning_on_a_theme_the_key_of_the_topic():
    assert disclosures("It wears off. Some feel sick.") == [
        ("fades", "transient-effect", ("mood",), "wears off"),
        (None, "side-effects", ("nausea",), "sick"),
    ]


@pytest.mark.parametrize("copy", ["Does it make people sick?", "It does not make anybody sick.", "It never wears off."])
def test_a_question_or_a_denial_discloses_nothing(copy):
    assert disclosures(copy) == []


def test_a_few_words_that_answer_no_warn_of_nothing_they_name():
    copy = "Ketamine infusions are offered here.\n\nIs it addictive?\n\nUnder medical supervision, no."
    assert auditor().audit(extract(copy.encode(), "copy.txt")).disclosures == ()
