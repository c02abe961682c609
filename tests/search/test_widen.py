from __future__ import annotations

import pytest

from kb.search.plan import Planner, Words
from kb.search.query import parse
from kb.search.widen import WIDENED, Vocabulary
from tests.factories import knowledge_base
from tests.search.bases import CONCEPTS


def _planner(concepts):
    kb = knowledge_base(concepts=concepts)
    return Planner(kb, Vocabulary(kb.concepts))


PLANNER = _planner(CONCEPTS)


def _plain(stem):
    return Words((stem,), open=True)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("TRD", [Words(("trd",), (("#trd", WIDENED),), open=True)]),
        ('"TRD"', [Words(("trd",))]),
        (
            "treatment-resistant depression",
            [
                Words(("treatment", "resist"), (("#trd", WIDENED / 2), ("~treatment-resistant", 1.0)), open=True),
                Words(("depress",), (("#trd", WIDENED / 2),), open=True),
            ],
        ),
        # words that a concept shares with a phrase or an exclusion are not its words here
        ('treatment "resistant" depression', [_plain("treatment"), Words(("resist",)), _plain("depress")]),
        # function words under a gap need no share of the weight
        (
            "pains in the head",
            [
                Words(("pain",), (("#headache", WIDENED / 2),), open=True),
                Words(("head",), (("#headache", WIDENED / 2),), open=True),
            ],
        ),
    ],
)
def test_clauses(text, clauses):
    assert list(PLANNER.plan(parse(text)).things) == clauses


def test_a_concept_with_one_way_to_say_it_widens_nothing():
    assert tuple(PLANNER.plan(parse("oldazine")).things) == (_plain("oldazin"),)


def test_exclusions_are_meant_as_they_stand():
    assert PLANNER.plan(parse("-TRD")).unwanted == (Words(("trd",)),)


def test_the_same_word_counts_once():
    assert len(PLANNER.plan(parse("mood MOOD moods -pain -pains")).wanted) == 1
    assert len(PLANNER.plan(parse("mood MOOD moods -pain -pains")).unwanted) == 1


def test_texts_that_are_read_again_are_remembered():
    vocabulary = Vocabulary({})
    assert vocabulary.read("People with TRD") is vocabulary.read("People with TRD")


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
    (term,) = _planner(concepts).plan(parse("mood")).reading.terms
    assert [widening.concept for widening in term.widened] == widened


@pytest.mark.parametrize(
    ("word", "other", "together"),
    [
        ("inflamation", "inflammation", True),  # a concept that has a common misspelling too
        ("reddened", "inflammation", False),  # it stands in the other concept
        ("swelling", "swellings", True),
        ("wholly", "inflammation", False),
    ],
)
def test_words_of_one_concept(word, other, together):
    concepts = {
        "inflammation": {"terms": ["less inflamation", "inflammation", "swelling"]},
        "redness": {"terms": ["reddened skin"], "widen": False},
    }
    vocabulary = Vocabulary(knowledge_base(concepts=concepts).concepts)
    assert vocabulary.one_concept(word, other) == together
    assert vocabulary.knows(word) == (word != "wholly")
