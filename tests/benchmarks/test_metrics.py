"""The measures of a ranking, on cases worked by hand and on their laws."""

from __future__ import annotations

from pathlib import Path

import metrics
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

CASES = [
    pytest.param(name, case, id=f"{name}: {case['why']}")
    for name, cases in yaml.safe_load(Path(__file__).with_name("metrics.yaml").read_text()).items()
    for case in cases
]
DOCUMENTS = st.lists(st.sampled_from("abcdefghijkl"), unique=True)
GRADES = st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(1, 3))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_measure_is_what_the_hand_makes_it(name, case):
    arguments = {key: value for key, value in case.items() if key not in {"why", "is"}}
    assert getattr(metrics, name)(**arguments) == pytest.approx(case["is"], abs=1e-6)


@given(DOCUMENTS, GRADES)
def test_measures_go_from_0_to_1_and_the_best_order_has_the_best_ndcg(ranking, grades):
    best = sorted(grades, key=lambda document: -grades[document])
    assert 0 <= metrics.ndcg(ranking, grades) <= metrics.ndcg(best, grades) == pytest.approx(1)
    assert 0 <= metrics.recall(ranking, grades) <= 1
    assert 0 <= metrics.average_precision(ranking, grades) <= 1


@given(DOCUMENTS, GRADES, st.data())
def test_moving_a_better_claim_up_never_lowers_ndcg(ranking, grades, data):
    if len(ranking) < 2:
        return
    place = data.draw(st.integers(0, len(ranking) - 2))
    pair = sorted(ranking[place : place + 2], key=lambda document: -grades.get(document, 0))
    better = [*ranking[:place], *pair, *ranking[place + 2 :]]
    assert metrics.ndcg(better, grades) >= metrics.ndcg(ranking, grades) - 1e-12
