from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.base import Query
from kb.search.documents import Table
from kb.search.lending import KIN_LENT, LENT, Kin, Related, related, related_anew
from kb.search.memory import MemoryEngine
from kb.search.widen import Vocabulary
from tests.factories import claim, knowledge_base
from tests.search.bases import generated_bases, named
from tests.search.edits import EDITS, edited


def _related(*ids):
    return [{"claim": each, "type": "similar"} for each in ids]


KB = named(
    knowledge_base(
        claims=[
            claim("aa", claim="Testamine eases pain.", related=_related("bb", "gone")),
            claim("bb", claim="Testamine dulls aches.", related=_related("cc")),
            claim("cc", claim="Testamine lifts gloom.", related=_related("bb")),
            claim("dd", claim="Testamine makes tired."),
        ]
    )
)
RELATED = Related(KB, Table(KB, Vocabulary({})))


@pytest.mark.parametrize(
    ("scores", "beyond", "lent"),
    [
        ({0: 2.0, 3: 1.0}, True, {0: 2.0, 1: 2 * LENT, 3: 1.0}),
        ({0: 2.0, 3: 1.0}, False, {0: 2.0, 3: 1.0}),
        ({0: 2.0, 1: 1.0}, False, {0: 2.0 + LENT, 1: 1.0 + 2 * LENT}),
        ({1: 1.0}, True, {0: LENT, 1: 1.0, 2: LENT}),
        ({}, True, {}),
    ],
)
def test_related_entries_lend_a_share_of_their_score(scores, beyond, lent):
    before = dict(scores)
    assert RELATED.lend(scores, beyond=beyond) == pytest.approx(lent)
    assert scores == before


def _marked(claim_id, *themes, owes=()):
    return claim(claim_id, themes=list(themes), caveats=[{"caveat": caveat, "near": "section"} for caveat in owes])


MARKED = named(
    knowledge_base(
        claims=[
            _marked("aa", "sleep", "calm", owes=["drowsy"]),
            _marked("bb", "sleep", "calm", owes=["drowsy"]),
            _marked("cc", "sleep"),
            *(_marked(f"dd-{number}", f"other-{number}") for number in range(9)),
        ]
    )
)
TABLE = Table(MARKED, Vocabulary({}))


def test_kin_is_what_editors_marked_alike():
    kin = Kin(MARKED, TABLE).of(0)
    assert kin[1] == pytest.approx(1.0)
    assert 0.0 < kin[2] < kin[1]
    assert set(kin) == {1, 2}  # neither itself nor whoever shares but a mark that all have


def test_the_best_entry_lends_to_its_kin():
    lent = Related(MARKED, TABLE).lend({0: 2.0, 1: 0.0, 3: 0.0}, beyond=True)
    assert lent == pytest.approx({0: 2.0, 1: 2.0 * KIN_LENT, 3: 0.0})


@pytest.mark.parametrize("beyond", [True, False])
def test_kin_that_was_not_found_stays_out(beyond):
    assert set(Related(MARKED, TABLE).lend({0: 2.0}, beyond=beyond)) == {0}


def test_a_word_that_finds_little_finds_what_is_related_and_says_so():
    page = MemoryEngine().open(KB).search(Query("pain"))
    assert [hit.id for hit in page.hits] == ["aa", "bb"]
    assert str(page.reading) == "entries with pain; 1 more is related to these"


def test_what_is_demanded_is_not_loosened_by_relations():
    backend = MemoryEngine().open(KB)
    for text in ('"eases pain"', "claim:pain", "pain -gloom"):
        assert [hit.id for hit in backend.search(Query(text)).hits] == ["aa"]


@given(kb=generated_bases, edits=st.lists(EDITS, min_size=1, max_size=6))
def test_relations_of_a_later_state_are_those_that_it_has(kb, edits):
    later = kb
    for edit in edits:
        later = edited(later, edit)
    anew = {each for each in {*kb.claims, *later.claims} if kb.claims.get(each) is not later.claims.get(each)}
    found = related_anew(related(kb.claims.values()), kb.claims, later.claims, anew)
    assert list(found.items()) == [pair for pair in related(later.claims.values()).items() if pair[1]]


NAMED = {each.id: each for each in (claim("aa", related=_related("bb", "gone")), claim("bb"), claim("cc"))}


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"gone": claim("gone")}, {"aa": ("bb", "gone"), "bb": ("aa",), "gone": ("aa",)}),
        ({"cc": claim("cc", related=_related("cc", "aa"))}, {"aa": ("bb", "cc"), "bb": ("aa",), "cc": ("aa", "cc")}),
        ({"aa": claim("aa")}, {}),
        ({"bb": None}, {}),
        ({"aa": None}, {}),
    ],
    ids=["what was named has come", "itself and another", "no more", "the named one is gone", "the naming one is gone"],
)
def test_relations_follow_what_came_and_went(later, expected):
    after = {each: one for each, one in sorted((NAMED | later).items()) if one}
    assert related_anew(related(NAMED.values()), NAMED, after, later.keys()) == expected
