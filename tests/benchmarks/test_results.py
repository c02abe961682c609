"""The page of results, from made-up figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from harness import results
from harness.goals import GOALS
from harness.record import Run, compared
from harness.tables import Table

ABOUT = {"date": "2030-01-01", "machine": "2 cores", "missing": {"textlint": "there is no npm here"}}


def audit(ours, theirs):
    table = Table("audit", "one text", ("proselint",), {"wall": "s", "CPU": "s"}, {"words/s": ""}, "A note.")
    for our, their in zip(ours, theirs, strict=True):
        table.add("text", "kb audit", wall=our, CPU=our, **{"words/s": 1_000 / our})
        table.add("text", "proselint", wall=their, CPU=their * 2, **{"words/s": 1_000 / their})
    return Run(ABOUT, (table,))


RUN = audit([1.0, 1.0, 1.0], [12.0, 10.0, 11.0])


def test_a_table_has_a_column_for_each_program_and_each_ratio():
    assert results.rendered(RUN.tables[0]).splitlines() == [
        "| | kb audit: wall / CPU / words/s | proselint: wall / CPU / words/s | proselint over kb audit: wall / CPU |",
        "|---|---|---|---|",
        "| text | 1.00 / 1.00 / 1,000 | 11.0 / 22.0 / 90.9 | 11.0 / 22.0 ±9 % |",
    ]


def test_what_was_not_measured_is_a_dash():
    table = Table("audit", "one text", ("proselint",), {"wall": "s"})
    table.add("one", "kb audit", wall=1)
    table.add("two", "proselint", wall=2)
    assert results.rendered(table).splitlines()[-2:] == ["| one | 1.00 | — | — |", "| two | — | 2.00 | — |"]


def test_what_is_measured_is_explained_once_for_each_work():
    twice = Run(ABOUT, (*RUN.tables, *audit([1.0], [1.0]).tables))
    assert results.page(twice, [], [], "").count("A note. Figures: wall in s, CPU in s, words/s.") == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "—"),
        (0, "0"),
        (0.00456, "0.0046"),
        (0.1234, "0.12"),
        (9.999, "10.00"),
        (12.34, "12.3"),
        (123.4, "123"),
        (12345.6, "12,346"),
    ],
)
def test_figures_have_the_digits_that_count(value, expected):
    assert results.shown(value) == expected


@pytest.mark.parametrize(
    ("ours", "measured", "outcome"),
    [
        (1.0, "proselint takes 11.00 times as long", "reached"),
        (2.0, "proselint takes 5.50 times as long", "missed: 1.82 times as long as it may be"),
    ],
)
def test_goals_say_by_how_much_they_are_missed(ours, measured, outcome):
    goal = next(goal for goal in GOALS if goal.peer == "proselint")
    run = audit([ours] * 3, [11.0, 11.0, 11.0])
    assert goal.outcome(run) == (measured, outcome)
    assert f"| {goal.name} | {measured} | {outcome} |" in results.page(run, [], [], "")


def test_a_goal_without_a_peer_is_a_cost():
    goal = next(goal for goal in GOALS if not goal.peer)
    table = Table(goal.work, goal.case, (), {goal.figure: "ms"})
    table.add(goal.row, goal.program, **{goal.figure: 200})
    assert goal.outcome(Run({}, (table,))) == ("200 ms", "missed: 2.00 times as long as it may be")


def test_a_goal_measured_in_another_run_says_so():
    goal = next(goal for goal in GOALS if goal.peer == "proselint")
    (table,) = audit([1.0] * 3, [11.0] * 3).tables
    run = Run(ABOUT, (replace(table, apart="2028 by `bench.py`"),))
    assert goal.outcome(run) == ("proselint takes 11.00 times as long (in another run)", "reached")


def test_what_was_not_measured_is_no_goal_reached():
    assert {goal.outcome(Run(ABOUT, ())) for goal in GOALS} == {("", "not measured")}


def test_the_page_says_what_is_missing_and_what_changed():
    then = audit([0.5, 0.5, 0.5], [11.0, 11.0, 11.0])
    changes = compared(then, RUN)
    page = results.page(RUN, changes, [change for change in changes if change.slower], "2029")
    assert "- machine: 2 cores\n" in page
    assert "- **textlint**: there is no npm here\n" in page
    assert "2 ratios compared with the record of 2029: 2 worse and 0 better" in page
    assert "| audit · one text · text · kb audit · proselint · wall | 22.0 ±0 % | 11.0 ±9 % |" in page
    assert page.endswith(" |\n")


def test_the_first_run_has_no_record():
    assert "There was none to compare with." in results.page(RUN, [], [], "")
