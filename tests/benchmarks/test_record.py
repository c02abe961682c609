"""What counts as slower than the record, and what is kept in it."""

from __future__ import annotations

import json

import pytest
from harness.record import Run, compared, confirmed, joined, load, save
from harness.tables import Table


def made(ours, theirs, *, figure="p50", case="few claims", date="today"):
    table = Table("searching", case, ("peer",), {figure: "ms"})
    for our, their in zip(ours, theirs, strict=True):
        table.add("word", "kb", **{figure: our})
        table.add("word", "peer", **{figure: their})
    return Run({"date": date, "command": "bench.py"}, (table,))


PEER = [10.0, 10.0, 10.0]


@pytest.mark.parametrize(
    ("then", "now", "slower", "faster"),
    [
        ([5, 5, 5], [5, 5, 5], False, False),
        ([5, 5, 5], [5.4, 5.4, 5.4], False, False),  # less than a tenth
        ([5, 5, 5], [6, 6, 6], True, False),
        ([5, 5, 5], [4, 4, 4], False, True),
        ([4, 5, 6], [6, 6, 6], False, False),  # the record's rounds scatter as much
        ([5, 5, 5], [4, 6, 8], False, False),  # or those of now
        ([4, 5, 6], [20, 20, 20], True, False),
        ([5], [500], False, False),  # nobody knows the noise of a single round
    ],
)
def test_a_change_must_be_beyond_the_noise_of_both_runs(then, now, slower, faster):
    (change,) = compared(made(then, PEER[: len(then)]), made(now, PEER[: len(now)]))
    assert (change.slower, change.faster) == (slower, faster)


def test_a_busy_machine_slows_both_and_is_no_change():
    (change,) = compared(made([5, 5, 5], PEER), made([15, 15, 15], [30, 30, 30]))
    assert not change.slower


def test_the_slowest_few_are_too_uncertain_to_judge_by():
    assert compared(made([5], [5], figure="p95"), made([9], [5], figure="p95")) == []


def test_what_the_record_does_not_have_is_not_compared():
    assert compared(made([5], [5]), made([9], [5], case="many claims")) == []


def test_only_what_is_slower_twice_is_reported():
    then, slow, fine = made([5, 5, 5], PEER), made([9, 9, 9], PEER), made([5, 5, 5], PEER)
    assert len(confirmed(compared(then, slow), compared(then, slow))) == 1
    assert confirmed(compared(then, slow), compared(then, fine)) == []
    assert confirmed(compared(then, fine), compared(then, slow)) == []


def test_the_record_comes_back_and_each_table_is_a_line(tmp_path):
    path = tmp_path / "record.json"
    run = made([5.123456, 5, 5], PEER)
    save(path, run)
    assert load(path) == made([5.123, 5, 5], PEER)
    assert len(path.read_text().splitlines()) == 6
    assert load(tmp_path / "none.json") is None


def test_a_record_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps({"schema": "other/1"}))
    with pytest.raises(ValueError, match="another kind"):
        load(path)


def test_recording_some_works_keeps_the_others_and_says_of_when_they_are():
    both = joined(made([5], [5], case="many claims", date="yesterday"), made([6], [5]))
    assert [(table.case, table.apart) for table in both.tables] == [
        ("few claims", ""),
        ("many claims", "yesterday by `bench.py`"),
    ]
    again = joined(both, made([7], [5], date="tomorrow"))
    assert [table.median("word", "kb", "p50") for table in again.tables] == [7, 5]
    assert [table.apart for table in again.tables] == ["", "yesterday by `bench.py`"]


def test_the_first_run_is_recorded_as_it_is():
    assert joined(None, made([5], [5])) == made([5], [5])
