"""Ratios, their noise, and percentiles, from made-up figures."""

from __future__ import annotations

import math

import pytest
from harness.tables import Place, Ratio, Table, decoded, percentile, ratio


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([2, 2, 2], [8, 8, 8], Ratio(4, 0)),
        ([1, 2, 4], [2, 4, 8], Ratio(2, 0)),  # the load of the machine, which both suffered, falls out
        ([10, 10, 10], [10, 8, 12], Ratio(1, 0.2)),
        ([5], [10], Ratio(2, math.inf)),  # one round says nothing of noise
        ([1, 2], [1], None),
        ([], [], None),
        ([1, 0], [1, 1], None),
    ],
)
def test_a_ratio_is_the_peers_cost_over_ours_round_by_round(ours, theirs, expected):
    assert ratio(ours, theirs) == (pytest.approx(expected) if expected else None)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 10), (0.95, 19), (1, 20)])
def test_percentiles(share, expected):
    assert percentile(list(range(20, 0, -1)), share) == expected


def test_a_percentile_of_one_value():
    assert percentile([7.0], 0.05) == 7


@pytest.fixture
def table():
    made = Table("searching", "10 claims", ("SQLite", "Other"), {"p50": "ms", "CPU": "ms"}, {"found": ""})
    for round_ in (1, 2, 3):
        made.add("word", "SQLite", p50=round_, CPU=1, found=4)
        made.add("word", "tantivy", p50=round_ * 2, CPU=2, found=5)
    made.add("phrase", "tantivy", p50=1, CPU=1)
    return made


def test_our_programs_stand_before_the_peers_that_were_measured(table):
    assert table.programs == ("tantivy", "SQLite")
    assert table.ours == ("tantivy",)


def test_only_costs_that_both_have_give_ratios(table):
    places = {place: ratio.median for place, ratio in table.ratios()}
    assert places == {
        Place("searching", "10 claims", "word", "tantivy", "SQLite", "p50"): 0.5,
        Place("searching", "10 claims", "word", "tantivy", "SQLite", "CPU"): 0.5,
    }
    assert table.median("word", "tantivy", "found") == 5
    assert table.median("phrase", "SQLite", "p50") is None


def test_a_table_comes_back_from_json(table):
    assert decoded(table.encoded()) == table
