from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.semantic.polarity import NEGATIONS, OPPOSITES, Statement, differs, statements

CASES = yaml.safe_load(Path(__file__).with_name("polarity.yaml").read_text(encoding="utf-8"))
WORDS = st.lists(st.sampled_from(["not", "never", "raises", "lowers", "safe", "harm", "mood", "."]), max_size=8)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "nothing")
def test_a_text_turns_another_way_or_does_not(case):
    assert differs(statements(case["text"]), Statement.of(case["claim"])) is case["differs"]


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_denying_is_mutual_and_nothing_denies_itself(one, other):
    first, second = Statement.of(one), Statement.of(other)
    assert first.denies(second) == second.denies(first)
    assert not first.denies(first)


@given(st.text())
def test_any_text_can_be_read(text):
    assert differs(statements(text), Statement.of(text)) in {True, False}


def test_opposites_are_mutual_and_no_word_is_its_own():
    assert all(word in OPPOSITES[other] for word, others in OPPOSITES.items() for other in others)
    assert [word for word, others in OPPOSITES.items() if word in others] == []
    assert NEGATIONS.isdisjoint(OPPOSITES)
