"""Plain words: every value has some, and sentences are as firm as the evidence."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml

from kb import words
from kb.citations import cite
from kb.model import CertaintyLevel, Verdict
from tests.factories import claim, reference
from webapp.templating import count

CITATIONS = yaml.safe_load((Path(__file__).parent / "cases" / "citations.yaml").read_text(encoding="utf-8"))


TABLES = """
    VERDICTS CERTAINTY REASONS STATUSES TYPES NEAR STRENGTHS DIRECTIONS DIRECTNESS DESIGNS READ RELATIONS KEYS
"""


@pytest.mark.parametrize("table", TABLES.split())
def test_every_value_has_words(table):
    wordings = getattr(words, table)
    kind = type(next(iter(wordings)))
    assert set(wordings) == set(kind)


def test_every_verdict_with_every_certainty_makes_a_sentence():
    for verdict, level in product(Verdict, (*CertaintyLevel, None)):
        found = words.judgement(claim(verdict=verdict, certainty={"level": level} if level else None))
        assert found.endswith(".")


@pytest.mark.parametrize(
    ("verdict", "level", "sentence"),
    [
        ("supported", "high", "The evidence shows that this is so."),
        ("supported", "moderate", "This is probably so."),
        ("supported", "low", "This may be so; the evidence is limited."),
        ("supported", "very-low", "This may be so, but the evidence is very uncertain."),
        ("refuted", "high", "The evidence shows that this is not so."),
        ("refuted", "moderate", "This is probably not so."),
        ("contested", "low", "The evidence points both ways, and it is limited."),
        ("unproven", "very-low", "The evidence is very uncertain and does not show this."),
    ],
)
def test_firmness_follows_grade(verdict, level, sentence):
    assert words.judgement(claim(verdict=verdict, certainty={"level": level})) == sentence


@pytest.mark.parametrize("kind", ["regulatory", "history"])
def test_matters_of_record_are_on_record(kind):
    supported = claim(type=kind, certainty={"level": "high"})
    assert (words.judgement(supported), words.certainty_wording(supported).label) == ("This is on record.", "On record")
    refuted = claim(type=kind, verdict="refuted", certainty={"level": "high"})
    assert words.judgement(refuted) == "The record says otherwise."
    unsure = claim(type=kind, certainty={"level": "low"})
    assert words.certainty_wording(unsure).label == "Low certainty"


def test_counts_agree_with_their_nouns():
    assert [count(0, "claim"), count(1, "claim"), count(1_204, "entry", "entries")] == [
        "0 claims",
        "1 claim",
        "1,204 entries",
    ]


@pytest.mark.parametrize("case", CITATIONS, ids=lambda case: case["name"])
def test_citations(case):
    found = cite("some_key", reference(**case["fields"]))
    links = [f"{link.label} {link.url}{'' if link.confirmed else ' (not confirmed)'}" for link in found.links]
    assert (found.text, found.short, links) == (case["text"], case["short"], case["links"])
