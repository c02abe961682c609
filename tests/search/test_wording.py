from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.analysis import Analysed
from kb.search.wording import Wording

_STEM = st.sampled_from(["a", "b", "not", "5%", "-1", "ü"])
_PASSAGES = st.lists(st.lists(_STEM, max_size=5).map(tuple), max_size=3).map(tuple)
_ROWS = st.lists(_PASSAGES, max_size=6)


def _wording(rows):
    return Wording.of(Analysed({}, passages, ()) for passages in rows)


def _has(passage, stems):
    return any(passage[start : start + len(stems)] == stems for start in range(len(passage)))


@given(_ROWS, st.lists(_STEM, min_size=1, max_size=3).map(tuple))
def test_finds_words_in_a_row_in_no_passage_but_one(rows, stems):
    wording = Wording.load(_wording(rows).dump())
    found = [number for number, passages in enumerate(rows) if any(_has(passage, stems) for passage in passages)]
    in_claim = [number for number, passages in enumerate(rows) if passages and _has(passages[0], stems)]
    assert list(wording.rows_with(stems)) == found
    assert list(wording.rows_with(stems, in_claim=True)) == in_claim
    assert wording.lengths == [sum(map(len, passages)) for passages in rows]


def test_there_are_enough_characters_for_any_number_of_words():
    stems = tuple(f"w{number}" for number in range(70_000))
    wording = Wording.load(_wording([(stems,)]).dump())
    assert list(wording.rows_with(stems[55_200:55_400])) == [0]
    assert list(wording.rows_with(("w55300", "w55302"))) == []
    assert ("w69999" in wording, "gone" in wording) == (True, False)


def test_words_are_counted_once_an_entry():
    wording = Wording.of([Analysed({}, (), ("mood", "low")), Analysed({}, (), ("mood",))])
    assert Wording.load(wording.dump()).words == {"mood": 2, "low": 1}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff"])
def test_what_is_no_wording_is_refused(content):
    with pytest.raises(ValueError, match=r"."):
        Wording.load(content)
