"""Agreement of two readers, against worked examples that others have published."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model import Certainty, Verdict
from kb.review.agreement import agreement
from kb.review.grading import Grading, between, with_entries

STEPS = ("normal", "benign", "suspect", "cancer")


def pairs(table: list[list[int]], names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the answers of a table: one row for each answer of the first reader, one column for the second's."""
    cells = product(range(len(names)), repeat=2)
    return [(names[row], names[column]) for row, column in cells for _ in range(table[row][column])]


@pytest.mark.parametrize(
    ("table", "percent", "kappa"),
    [
        # Two readers of 50 grant proposals; en.wikipedia.org/wiki/Cohen's_kappa, "Simple example"
        ([[20, 5], [10, 15]], 70.0, 0.4),
        # The same page, "Same percentages but different numbers"
        ([[45, 15], [25, 15]], 60.0, 0.1304),
        ([[25, 35], [5, 35]], 60.0, 0.2593),
    ],
)
def test_plain_kappa(table: list[list[int]], percent: float, kappa: float) -> None:
    found = agreement(pairs(table, ("yes", "no")))
    assert found.percent == pytest.approx(percent)
    assert found.kappa == pytest.approx(kappa, abs=0.00005)
    assert found.weighted is None


def test_linear_weights() -> None:
    """85 mammograms, two radiologists (Boyd 1982, in Altman 1991); figures of the Stata manual, `kappa`, example 3."""
    table = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
    found = agreement(pairs(table, STEPS), STEPS)
    assert found.n == 85
    assert found.percent == pytest.approx(63.53, abs=0.005)
    assert found.kappa == pytest.approx(0.4728, abs=0.00005)
    assert found.weighted == pytest.approx(0.5684, abs=0.00005)


def test_nothing_to_compare() -> None:
    found = agreement([], STEPS)
    assert (found.n, found.percent, found.kappa, found.weighted) == (0, None, None, None)


def test_where_chance_explains_everything_kappa_is_not_defined() -> None:
    found = agreement([("normal", "normal")] * 3, STEPS)
    assert (found.percent, found.kappa, found.weighted) == (100.0, None, None)


def test_an_answer_outside_the_order() -> None:
    with pytest.raises(ValueError, match="not in the order: dull"):
        agreement([("dull", "normal")], STEPS)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(STEPS)), min_size=1))
def test_kappa_has_bounds_and_no_side(answers: list[tuple[str, str]]) -> None:
    found = agreement(answers, STEPS)
    turned = agreement([(other, one) for one, other in answers], STEPS)
    for one, other in ((found.kappa, turned.kappa), (found.weighted, turned.weighted)):
        assert (one is None) == (other is None)
        if one is not None:
            assert other == pytest.approx(one)
            assert -1.000001 <= one <= 1.000001
    if found.same == found.n and found.kappa is not None:
        assert found.kappa == pytest.approx(1)


def graded(claim: str, reader: str, judged: tuple[str, str | None], entry: tuple[str, str | None]) -> Grading:
    verdict, level = judged
    fields: dict[str, Any] = {"certainty": Certainty(level=level)} if level else {}  # type: ignore[arg-type]  # pydantic reads it
    return Grading(
        claim=claim,
        reader=reader,
        date=dt.date(2026, 1, 2),
        verdict=Verdict(verdict),
        entry={"author": "A. Editor", "verdict": entry[0], "certainty": entry[1]},  # type: ignore[arg-type]  # as above
        **fields,
    )


GRADINGS = (
    graded("a-claim", "B", ("supported", "low"), ("supported", "low")),
    graded("b-claim", "B", ("refuted", "high"), ("supported", "low")),
    graded("c-claim", "B", ("not-checkable", None), ("not-checkable", None)),
    graded("d-claim", "B", ("not-checkable", None), ("unproven", "very-low")),
    graded("a-claim", "C", ("supported", "moderate"), ("supported", "low")),
)


def test_each_reader_is_compared_with_what_the_entries_said_then() -> None:
    first, second = with_entries(GRADINGS)
    assert (first.second, first.verdict.n, first.verdict.same) == ("B", 4, 2)
    assert (first.certainty.n, first.certainty.same, first.ungraded) == (2, 1, 2)
    assert [pair.claim for pair in first.differences] == ["b-claim", "d-claim"]
    assert (second.second, second.verdict.n, [pair.claim for pair in second.differences]) == ("C", 1, ["a-claim"])


def test_two_readers_are_compared_where_both_graded() -> None:
    found = between(GRADINGS, "B", "C")
    assert (found.verdict.n, found.verdict.same, found.certainty.same) == (1, 1, 0)
    assert between(GRADINGS, "B", "nobody").verdict.n == 0
