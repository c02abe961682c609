from __future__ import annotations

import pytest

from kb.search.base import Query
from kb.search.memory import MemoryEngine
from kb.search.pasted import subject, telling
from kb.search.plan import MAX_SAID
from tests.factories import claim, knowledge_base
from tests.search.bases import named

CONCEPTS = {
    "drug": {"label": "the drug", "terms": ["testamine"]},
    "eases": {"label": "eases", "terms": ["eases", "helps with"]},
    "pain": {"label": "pain", "terms": ["pain", "aches"]},
    "quick": {"label": "works fast", "terms": ["within hours", "fast"]},
}


def _base():
    return named(
        knowledge_base(
            concepts=CONCEPTS,
            claims=[
                claim("eases-pain", claim="Testamine eases pain.", recognise=[{"all": ["drug", "eases", "pain"]}]),
                claim("acts-fast", claim="Testamine acts within hours.", recognise=[{"all": ["drug", "quick"]}]),
                claim(
                    "is-testamine", claim="Testamine is testamine.", recognise=[{"all": ["drug"], "unless": ["pain"]}]
                ),
                claim("sold-here", claim="Clinics sell it in this town."),
            ],
        )
    )


BACKEND = MemoryEngine().open(_base())


def _matches(text):
    return [(match.id, match.certain, match.score, match.reasons) for match in BACKEND.match(text)]


def test_a_knowledge_base_is_about_what_most_rules_need():
    assert subject(_base()) == "drug"
    assert subject(knowledge_base()) is None


def test_a_sentence_that_names_the_drug_is_certain():
    assert _matches("In trials, testamine helps with aches.")[0] == (
        "eases-pain",
        True,
        1.0,
        ("“testamine” means the drug", "“helps with” means eases", "“aches” means pain"),
    )


def test_the_drug_is_understood_where_it_is_not_named():
    assert _matches("It eases pain.")[0] == (
        "eases-pain",
        True,
        0.9,
        ("“eases” means eases", "“pain” means pain", "taken to be about the drug"),
    )


def test_a_paragraph_makes_the_claims_of_its_sentences():
    found = _matches("Welcome to our clinic! Testamine eases pain. And it acts fast.")
    assert [(claim_id, certain) for claim_id, certain, *_ in found if certain] == [
        ("eases-pain", True),
        ("acts-fast", True),
    ]


def test_what_is_merely_alike_follows_and_is_not_certain():
    (found,) = _matches("Which clinics of this town sell things?")
    assert found == ("sold-here", False, 0.5, ("similar words",))


@pytest.mark.parametrize("text", ["", "zebra", "\x00", "." * 50_000, "testamine " * 5_000])
def test_anything_may_be_pasted(text):
    assert all(match.score <= 1 for match in BACKEND.match(text))


def test_a_search_for_a_sentence_shows_the_claims_that_it_makes_first():
    page = BACKEND.search(Query("People say that it eases pain."))
    assert (page.hits[0].id, page.matches[0].id, page.reading.pasted) == (
        "eases-pain",
        "eases-pain",
        True,
    )
    assert str(page.reading).startswith("what this says, then entries with most of: People, say, eases")


def test_a_search_with_operators_is_no_sentence():
    page = BACKEND.search(Query('"eases pain" -one two three four five six seven eight'))
    assert not page.reading.pasted
    assert page.reading.notes == ()


def test_a_quotation_in_a_sentence_is_no_phrase_and_the_reading_says_so():
    page = BACKEND.search(Query("“I was in agony,” says Ann, but now *it* eases her pain."))
    assert (page.hits[0].id, page.reading.pasted) == ("eases-pain", True)
    assert page.reading.notes[-1] == "quotation marks and signs were read as those of a sentence"


def test_a_long_text_is_read_by_its_rarest_known_words():
    long = " ".join([*(f"common{number}" for number in range(60)), "rare"] * 9)
    counts = {f"common{number}": 50 + number for number in range(60)} | {"rare": 1}
    assert telling(long, counts).split() == [*(f"common{number}" for number in range(MAX_SAID - 1)), "rare"]
    assert telling("a short text", counts) == "a short text"
