from __future__ import annotations

import pytest

from kb.model import Concept
from kb.search.query import parse
from kb.search.widen import WIDENED, Clause, Vocabulary
from tests.search.bases import CONCEPTS

VOCABULARY = Vocabulary({key: Concept.model_validate(value) for key, value in CONCEPTS.items()})


def _plain(stem):
    return Clause((stem,), ((f"~{stem}", WIDENED),))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("TRD", [Clause(("trd",), (("#trd", WIDENED), ("~trd", WIDENED)))]),
        ('"TRD"', [Clause(("trd",))]),
        (
            "treatment-resistant depression",
            [
                Clause(("treatment", "resist"), (("#trd", WIDENED / 2),)),
                Clause(("depress",), (("#trd", WIDENED / 2), ("~depress", WIDENED))),
            ],
        ),
        # words that a concept shares with a phrase or an exclusion are not its words here
        ('treatment "resistant" depression', [_plain("treatment"), Clause(("resist",)), _plain("depress")]),
        # function words under a gap need no share of the weight
        (
            "pains in the head",
            [
                Clause(("pain",), (("#headache", WIDENED / 2), ("~pain", WIDENED))),
                Clause(("head",), (("#headache", WIDENED / 2), ("~head", WIDENED))),
            ],
        ),
    ],
)
def test_clauses(text, clauses):
    assert list(VOCABULARY.plan(parse(text)).wanted) == clauses


def test_a_concept_with_one_way_to_say_it_widens_nothing():
    assert VOCABULARY.plan(parse("oldazine")).wanted == (Clause(("oldazin",), (("~oldazin", WIDENED),)),)


def test_exclusions_are_meant_as_they_stand():
    assert VOCABULARY.plan(parse("-TRD")).unwanted == (Clause(("trd",)),)


def test_the_same_word_counts_once():
    assert len(VOCABULARY.plan(parse("mood MOOD moods -pain -pains")).wanted) == 1
    assert len(VOCABULARY.plan(parse("mood MOOD moods -pain -pains")).unwanted) == 1


def test_texts_that_are_read_again_are_remembered():
    assert VOCABULARY.read("People with TRD") is VOCABULARY.read("People with TRD")


@pytest.mark.parametrize(
    ("concepts", "widened"),
    [
        ({"broad": {"includes": ["narrow"], "terms": ["x"]}, "narrow": {"terms": ["mood", "y"]}}, ["narrow"]),
        ({"broad": {"includes": ["list"]}, "list": {"terms": ["mood", "y"], "widen": False}}, ["broad"]),
        (
            {"one": {"includes": ["two"], "terms": ["mood"]}, "two": {"includes": ["one"], "terms": ["z"]}},
            ["one", "two"],
        ),
        ({"one": {"terms": ["mood", "x"]}, "two": {"terms": ["mood", "y"]}}, ["one", "two"]),
        ({"one": {"terms": ["mood", "x"], "includes": ["gone"]}}, ["one"]),
    ],
    ids=["broad and narrow", "a list that only serves others", "a cycle", "two of a kind", "one that is missing"],
)
def test_the_narrowest_concepts_widen(concepts, widened):
    vocabulary = Vocabulary({key: Concept.model_validate(value) for key, value in concepts.items()})
    (term,) = vocabulary.plan(parse("mood")).reading.terms
    assert [widening.concept for widening in term.widened] == widened
