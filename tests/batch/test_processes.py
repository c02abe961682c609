"""Processes that die, hang, eat memory or print on a page: replaced, and the page says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kb.batch.pages import Page, Shard
from kb.batch.processes import Processes, Worker
from kb.batch.worker import Setting
from kb.errors import KbError
from kb.library.auditing import AuditOptions
from kb.library.confined import Limits
from tests.batch.trouble import Trouble

DAY = dt.date(2026, 1, 1)
CHECKOUT = str(Path(__file__).parents[2])


@pytest.fixture
def setting(kb, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", CHECKOUT)  # the other process must find our trouble

    def make(seconds=60.0, **trouble):
        options = AuditOptions(today=DAY, baseline=Trouble(trouble) if trouble else None)
        return Setting(kb, options, Limits(copy_seconds=seconds))

    return make


def pages(*names):
    return [Page(name, b"Testamine lifts your mood.", path=name) for name in names]


def test_each_page_has_its_result_whatever_happens_on_others(setting, tmp_path, capfd):
    marker = tmp_path / "died"
    trouble = {"b": "die", "d": "eat", "e": "fail", "f": "print", "g": f"die_once {marker}"}
    worker = Worker(setting(**trouble))
    results = worker.results([*pages("a", "b", "c", "d", "e", "f", "g"), Page("h", problem="gone")])
    worker.close()
    assert [result.kind for result in results] == ["", "crash", "", "memory", "crash", "", "", "unreadable"]
    assert [bool(result.document) for result in results] == [not result.kind for result in results]
    assert marker.exists()
    assert results[4].reason == "the program failed on it: ZeroDivisionError('on purpose')"
    assert results[7].reason == "gone"
    assert "noise" in capfd.readouterr().err  # and not between the results


def test_a_page_that_hangs_is_given_up(setting):
    worker = Worker(setting(1.0, b="hang"))
    results = worker.results(pages("a", "b", "c"))
    worker.close()
    assert [result.kind for result in results] == ["", "time", ""]
    assert results[1].reason == "it took longer than 1 seconds"


def test_shards_are_done_side_by_side_and_the_slow_one_holds_nobody_up(setting):
    engine = Processes(setting(slow="wait 1.5"), 2)
    shards = [Shard(0, tuple(pages("slow")))] + [Shard(number, tuple(pages("a"))) for number in range(1, 4)]
    try:
        order = [shard.number for shard, results in engine.results(shards) if results[0].document]
    finally:
        engine.close()
    assert order[-1] == 0
    assert sorted(order) == [0, 1, 2, 3]


def test_shards_are_read_as_they_are_needed(setting):
    engine = Processes(setting(), 1)
    read = []
    stream = (read.append(number) or Shard(number, tuple(pages("a"))) for number in range(10))
    try:
        next(engine.results(stream))
        assert len(read) == 2
    finally:
        engine.close()


def test_an_engine_that_is_closed_leaves_no_process(setting):
    engine = Processes(setting(a="hang"), 1)
    results = engine.results([Shard(0, tuple(pages("b"))), Shard(1, tuple(pages("a")))])
    next(results)
    process = engine._workers[0]._process
    engine.close()
    assert process.poll() is not None
    with pytest.raises(KbError, match="stopped"):
        engine._workers[0].results(pages("b"))


def test_a_process_that_cannot_start_ends_the_run(setting, monkeypatch):
    monkeypatch.setattr("kb.batch.processes._PROGRAM", "raise SystemExit")
    with pytest.raises(KbError, match="the process that audits does not start: it ends at once"):
        Worker(setting()).results(pages("a"))
