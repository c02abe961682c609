from __future__ import annotations

import pytest

from kb.search.about import AsAsked, OnThemes, Topics
from kb.search.base import Query
from kb.search.documents import Table
from kb.search.lending import ASKED as BY_ASKING
from kb.search.lending import TOPIC, Related
from kb.search.memory import MemoryEngine
from kb.search.plan import Planner
from kb.search.query import parse
from kb.search.widen import Vocabulary
from tests.factories import claim, knowledge_base
from tests.search.bases import named

CONCEPTS = {
    "drug": {"terms": ["testamine"]},
    "sleeping": {"terms": ["sleep", "asleep", "nights"], "widen": False},
    "bills": {"terms": ["bill", "pay"]},
}
TOPICS = {
    "sleep": {"recognise": [{"all": ["sleeping"]}], "discloses": [{"all": ["bills"]}]},
    "cost": {"recognise": [{"all": ["bills"], "unless": ["sleeping"]}]},
}


def _base(topics=TOPICS):
    return named(
        knowledge_base(
            concepts=CONCEPTS,
            topics=topics,
            claims=[
                claim("aa", claim="Testamine costs money that people must find.", themes=["cost", "sleep"]),
                claim("bb", claim="Testamine makes money for people.", themes=["other"]),
                claim("cc", claim="Testamine calms people in a number of other ways.", themes=["sleep"]),
            ],
        )
    )


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("quiet nights", {"sleep"}),
        ("Who will pay?", {"cost"}),
        ("Who will pay? I cannot sleep.", {"cost", "sleep"}),
        ("I pay for my sleep", {"sleep"}),
        ("money", set()),
        ("", set()),
    ],
)
def test_a_text_is_about_the_themes_whose_topics_it_speaks_on(text, themes):
    assert Topics(_base()).of(text) == themes


def test_without_topics_nothing_is_about_anything():
    assert Topics(_base(topics={})).of("quiet nights") == frozenset()


def test_rows_are_on_a_theme_by_their_share_of_it():
    on = OnThemes(_base(), Table(_base(), Vocabulary({})))
    assert on.shares({0: 1.0, 1: 1.0}, frozenset({"sleep"})) == {0: 0.5}
    assert on.share(2, frozenset({"sleep"})) == 1.0


def test_entries_on_the_themes_of_a_text_get_a_share_of_the_best_score():
    related = Related(_base(), Table(_base(), Vocabulary({})))
    lent = related.lend({0: 1.0, 1: 2.0}, beyond=False, themes=frozenset({"sleep"}))
    plain = related.lend({0: 1.0, 1: 2.0}, beyond=False)
    assert lent == pytest.approx({0: plain[0] + TOPIC / 2 * max(plain.values()), 1: plain[1]})
    assert related.lend({}, beyond=False, themes=frozenset({"sleep"})) == {}


@pytest.mark.parametrize(("topics", "best"), [(TOPICS, "cc"), ({}, "bb")])
def test_a_pasted_sentence_finds_first_what_is_on_its_themes(topics, best):
    page = MemoryEngine().open(_base(topics)).search(Query("Some people are glad of the quiet nights they have."))
    assert page.hits[0].id == best


def test_what_is_demanded_is_not_ranked_by_themes():
    ids = [hit.id for hit in MemoryEngine().open(_base()).search(Query('"people" -money nights OR calms')).hits]
    assert ids == ["cc"]


ASKED = [
    claim("aa", claim="Testamine costs money.", asked=["what does it cost me", "price", "the of it"]),
    claim("bb", claim="Testamine costs time.", asked=["price list of a clinic"]),
    claim("cc", claim="Testamine costs nothing."),
]


@pytest.mark.parametrize(
    ("stems", "like"),
    [
        ({"price"}, {0: 1.0, 1: 1 / 3}),
        ({"price", "clinic"}, {0: 1 / 2, 1: 2 / 3}),
        ({"it", "the", "of"}, {}),  # nobody asks by function words
        ({"zebra"}, {}),
    ],
)
def test_a_text_is_as_like_a_claim_as_its_likest_way_of_asking(stems, like):
    kb = knowledge_base(claims=ASKED)
    asked = AsAsked(kb, Table(kb, Vocabulary({})))
    assert asked.likeness([0, 1, 2], frozenset(stems)) == pytest.approx(like)


def test_what_people_ask_in_these_words_gets_a_share_of_the_best_score():
    kb = knowledge_base(claims=ASKED)
    related = Related(kb, Table(kb, Vocabulary({})))
    scores = {0: 1.0, 1: 2.0, 2: 1.5}
    plain = related.lend(scores, beyond=False)
    lent = related.lend(scores, beyond=False, asked=frozenset({"price"}))
    best = max(plain.values())
    wanted = {0: plain[0] + BY_ASKING * best, 1: plain[1] + BY_ASKING / 3 * best, 2: plain[2]}
    assert lent == pytest.approx(wanted)
    assert related.lend({}, beyond=False, asked=frozenset({"price"})) == {}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("the price, then", {"price"}),
        ("price OR cost", set()),  # who says how words go together is not asking
        ('"price" cost', set()),
        ("verdict:refuted price", set()),
        ("The price of it is what you would pay for it.", set()),  # copy asks for nothing
    ],
)
def test_only_words_that_stand_alone_are_a_way_of_asking(text, asked):
    kb = knowledge_base(claims=ASKED)
    assert Planner(kb, Vocabulary({})).plan(parse(text)).asked == asked
