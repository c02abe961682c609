from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kb.semantic import fusion
from kb.semantic.fusion import fuse, scaled

NUMBER = st.floats(0, 40).map(lambda value: round(value, 3))
WEIGHT = st.floats(0, 1)


@st.composite
def cases(draw):
    """Draw the scores of some rows, and the likeness of all."""
    likeness = draw(st.lists(st.floats(-1, 1).map(lambda value: round(value, 3)), min_size=1, max_size=40))
    words = draw(st.dictionaries(st.integers(0, len(likeness) - 1), NUMBER, max_size=len(likeness)))
    return words, np.array(likeness, dtype=np.float32)


def never(_):
    return False


def always(_):
    return True


def ranked(scores):
    return sorted(scores, key=lambda row: (-scores[row], row))


def test_both_are_scaled_over_the_candidates_and_weighed():
    likeness = np.array([0.1, 0.5, 0.3, 0.9], dtype=np.float32)
    fused = fuse({0: 6.0, 1: 2.0, 2: 4.0}, likeness, weight=0.75, turned=never, most=0)
    assert fused == pytest.approx({0: 0.01 + 0.99 * 0.25, 1: 0.01 + 0.99 * 0.75, 2: 0.01 + 0.99 * 0.5})


@given(cases(), WEIGHT)
def test_what_the_words_found_is_what_is_found_and_scores_go_from_0_to_1(case, weight):
    words, likeness = case
    fused = fuse(words, likeness, weight=weight, turned=never, most=0)
    assert fused.keys() == words.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@given(cases())
def test_without_weight_or_differences_the_order_is_that_of_the_words(case):
    words, likeness = case
    for alike, weight in ((likeness, 0.0), (np.full_like(likeness, 0.4), 0.6)):
        assert ranked(fuse(words, alike, weight=weight, turned=never, most=0)) == ranked(words)


@given(cases())
def test_with_all_the_weight_the_order_is_that_of_meaning(case):
    words, likeness = case
    order = ranked({row: likeness[row] for row in words})
    assert ranked(fuse(words, likeness, weight=1.0, turned=never, most=0)) == order


@given(cases(), WEIGHT)
def test_likeness_never_lifts_what_turns_another_way(case, weight):
    words, likeness = case
    assume(len(set(words.values())) > 1)
    by_words = fuse(words, likeness, weight=0.0, turned=never, most=0)
    held = fuse(words, likeness, weight=weight, turned=always, most=99)
    free = fuse(words, likeness, weight=weight, turned=never, most=0)
    assert held.keys() == words.keys()
    for row, score in held.items():
        assert score <= by_words[row] + 1e-9
        assert score <= free[row] + 1e-9


@given(cases(), WEIGHT, st.sampled_from([0.5, 2.0, 4.0]))
def test_the_scale_of_the_words_does_not_matter(case, weight, factor):
    words, likeness = case
    scaled_up = {row: factor * score for row, score in words.items()}
    one = fuse(words, likeness, weight=weight, turned=never, most=0)
    assert fuse(scaled_up, likeness, weight=weight, turned=never, most=0) == pytest.approx(one)


@given(cases(), WEIGHT, st.randoms())
def test_the_order_of_asking_does_not_matter(case, weight, chance):
    words, likeness = case
    items = list(words.items())
    chance.shuffle(items)
    one = fuse(words, likeness, weight=weight, turned=never, most=5)
    assert fuse(dict(items), likeness, weight=weight, turned=never, most=5) == one


@given(cases(), st.integers(0, 5))
def test_few_are_added_and_only_those_that_stand_out(case, most):
    words, likeness = case
    added = fuse(words, likeness, weight=0.5, turned=never, most=most).keys() - words.keys()
    assert len(added) <= most
    least = likeness.mean(dtype=np.float64) + fusion.OUTLIER * likeness.std(dtype=np.float64)
    assert all(likeness[row] >= least - 1e-5 for row in added)


def test_a_row_that_stands_out_is_added_unless_it_turns_another_way():
    likeness = np.full(30, 0.2, dtype=np.float32)
    likeness[7], likeness[9] = 0.9, 0.8
    alike = fuse({3: 2.0}, likeness, weight=0.1, turned=never, most=5)
    assert ranked(alike) == [3, 7, 9]
    assert ranked(fuse({3: 2.0}, likeness, weight=0.1, turned=never, most=1)) == [3, 7]
    assert ranked(fuse({3: 2.0}, likeness, weight=0.1, turned=lambda row: row == 7, most=5)) == [3, 9]
    assert ranked(fuse({}, likeness, weight=0.1, turned=never, most=5)) == [7, 9]


def test_those_beyond_the_candidates_follow_in_the_order_of_their_words(monkeypatch):
    monkeypatch.setattr(fusion, "CANDIDATES", 2)
    words = {row: float(10 - row) for row in range(6)}
    likeness = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], dtype=np.float32)
    assert ranked(fuse(words, likeness, weight=1.0, turned=never, most=0)) == [5, 4, 1, 0, 2, 3]
    nothing = dict.fromkeys(range(6), 0.0)
    assert ranked(fuse(nothing, likeness, weight=1.0, turned=never, most=0)) == [5, 4, 1, 0, 2, 3]


def test_nothing_of_nothing():
    assert fuse({}, np.empty(0, dtype=np.float32), weight=0.5, turned=never, most=5) == {}
    assert scaled([]).tolist() == []
    assert (scaled([3.0]).tolist(), scaled([2.0, 2.0]).tolist(), scaled([1.0, 3.0, 2.0]).tolist()) == (
        [1.0],
        [1.0, 1.0],
        [0.0, 1.0, 0.5],
    )
