"""Concepts: terms, gaps, letters, includes; and what the finder promises for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model import Concept
from kb.text import ConceptFinder, ConceptHit, tokens
from kb.text.concepts import included, parts

CONCEPTS = {
    "drug": {"terms": ["ketamine"]},
    "pressure": {"terms": ["blood pressure", "hypertension"]},
    "raised": {"terms": ["raises * blood pressure"]},
    "far": {"terms": ["drug * * effect"]},
    "agency": {"exact": ["WHO", "Food and Drug"]},
    "any-drug": {"includes": ["drug", "other-drug"]},
    "other-drug": {"terms": ["esketamine"], "includes": ["any-drug"]},
    "nothing": {},
    "unknown": {"includes": ["gone"]},
}


def finder(**concepts):
    return ConceptFinder({key.replace("_", "-"): Concept.model_validate(value) for key, value in concepts.items()})


def found(text, concepts=CONCEPTS):
    finder = ConceptFinder({key: Concept.model_validate(value) for key, value in concepts.items()})
    return [(hit.concept, text[hit.start : hit.end]) for hit in finder.find(tokens(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing at all", []),
        ("Blood-pressure, hyper tension", [("pressure", "Blood-pressure")]),
        ("high blood pressures", [("pressure", "blood pressures")]),
        ("It raised blood pressure", [("raised", "raised blood pressure"), ("pressure", "blood pressure")]),
        ("raise my own high blood pressure", [
            ("raised", "raise my own high blood pressure"),
            ("pressure", "blood pressure"),
        ]),
        ("raise my very own high blood pressure", [("pressure", "blood pressure")]),
        ("raises and raises blood pressure", [
            ("raised", "raises and raises blood pressure"),
            ("raised", "raises blood pressure"),
            ("pressure", "blood pressure"),
        ]),
        ("drug a b c d e f effect", [("far", "drug a b c d e f effect")]),
        ("drug a b c d e f g effect", []),
        ("who says WHO?", [("agency", "WHO")]),
        ("food and drug, Food and Drug", [("agency", "Food and Drug")]),
        ("KETAMINE", [("any-drug", "KETAMINE"), ("drug", "KETAMINE"), ("other-drug", "KETAMINE")]),
        ("esketamine", [("any-drug", "esketamine"), ("other-drug", "esketamine")]),
    ],
)  # fmt: skip
def test_find(text, expected):
    assert found(text) == expected


def test_hits_carry_places_in_text_and_tokens():
    text = "So it raises her blood pressure."
    hits = finder(raised={"terms": ["raises * pressure"]}).find(tokens(text))
    assert hits == (ConceptHit("raised", 6, 31, 2, 5),)
    assert hits[0].words == 4


def test_terms_that_share_their_beginning_are_all_found():
    concepts = {"a": {"terms": ["one", "one two", "one * three"]}, "b": {"terms": ["one two three"]}}
    assert found("one two three", concepts) == [
        ("a", "one"),
        ("a", "one two"),
        ("a", "one two three"),
        ("b", "one two three"),
    ]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("eases * symptoms", ("eas", "*", "symptom")),
        ("* eases *", ("eas",)),
        ("eases**symptoms", ("eas", "*", "*", "symptom")),
        ("*", ()),
        ("—", ()),
    ],
)
def test_parts_of_a_term(term, expected):
    assert parts(term) == expected


@given(st.text(alphabet="aBzŁé'-9 \t", max_size=70))
def test_the_parts_of_a_term_are_the_tokens_of_a_text(term):
    assert parts(term) == tuple(token.stem for token in tokens(term))
    assert parts(term, exact=True) == tuple(token.surface for token in tokens(term))


def test_includes_go_through_any_number_of_steps():
    concepts = {
        key: Concept.model_validate({"includes": value})
        for key, value in {"aa": ["bb"], "bb": ["cc", "gone"], "cc": ["bb"]}.items()
    }
    assert {key: included(concepts, key) for key in concepts} == {
        "aa": {"bb", "cc"},
        "bb": {"bb", "cc"},
        "cc": {"bb", "cc"},
    }


def test_the_state_does_not_grow_with_the_text():
    term = " * ".join(["ha"] * 6)
    hits = finder(laugh={"terms": [term]}).find(tokens("ha " * 2_000))
    assert len({(hit.first, hit.last) for hit in hits}) == len(hits)
    assert {hit.words for hit in hits} == set(range(6, 22))


def test_a_thousand_concepts_cost_no_more_look_ups_than_one():
    many = {f"c{number}": {"terms": [f"word{number} x", "shared phrase"]} for number in range(1_000)}
    assert len(found("word7 x, shared phrase", many)) == 1_001


WORDS = st.sampled_from(["ketamine", "raises", "blood", "pressure", "WHO", "drug", "effect", "and", "—", "😀", "\n"])


@given(st.text() | st.lists(WORDS, max_size=40).map(" ".join))
def test_any_text_gives_the_same_hits_twice_and_offsets_that_fit(text):
    words = tokens(text)
    whole = ConceptFinder({key: Concept.model_validate(value) for key, value in CONCEPTS.items()})
    hits = whole.find(words)
    assert hits == whole.find(words)
    assert list(hits) == sorted(hits, key=lambda hit: (hit.first, hit.last, hit.concept))
    assert all((words[hit.first].start, words[hit.last].end) == (hit.start, hit.end) for hit in hits)
