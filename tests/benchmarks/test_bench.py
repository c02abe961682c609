"""`make bench` itself, with works that take no time."""

from __future__ import annotations

from pathlib import Path

import bench
import pytest
from harness.peers import Peers
from harness.tables import Table


class Work:
    """Yields one table; each call takes the next of the costs."""

    def __init__(self, *costs, case="case"):
        self.costs = costs
        self.case = case
        self.calls = 0

    def __call__(self, settings):
        self.settings = settings
        cost = self.costs[min(self.calls, len(self.costs) - 1)]
        self.calls += 1
        table = Table("work", self.case, ("peer",), {"wall": "s"})
        for _ in range(3):
            table.add("row", "kb", wall=cost)
            table.add("row", "peer", wall=10)
        yield table


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the harness with a work, and keeps its files in a folder of its own."""
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    monkeypatch.setattr(bench.peers, "installed", lambda _: Peers(missing={"textlint": "there is no npm here"}))
    monkeypatch.setenv("CAVEAT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(bench.DSN, raising=False)

    def run_(work, *arguments):
        monkeypatch.setattr(bench, "WORKS", {"one": work, "two": Work(1, case="other")})
        return bench.main([*arguments])

    return run_


def test_the_first_run_leaves_results_and_a_record(run, tmp_path):
    assert run(Work(5)) == 0
    page = (tmp_path / "RESULTS.md").read_text()
    assert "- **textlint**: there is no npm here" in page
    assert "- **postgres**: " in page, "an engine that cannot be used is named"
    assert bench.load(tmp_path / "record.json").table("work", "case").median("row", "kb", "wall") == 5


def test_what_is_slower_twice_is_the_exit_code(run, tmp_path):
    run(Work(5))
    slow = Work(8)
    assert run(slow, "one") == 1
    assert slow.calls == 2
    assert bench.load(tmp_path / "record.json").table("work", "case").median("row", "kb", "wall") == 5


def test_what_is_slower_once_is_not(run):
    run(Work(5))
    busy = Work(8, 5)
    assert run(busy, "one") == 0
    assert busy.calls == 2


def test_a_slower_run_can_be_made_the_record(run):
    run(Work(5))
    run(Work(8), "one", "--record")
    assert run(Work(8), "one") == 0


def test_a_run_of_some_works_is_printed_alone(run, tmp_path, capsys):
    assert run(Work(5), "one", "--size", "7") == 0
    assert list(tmp_path.glob("*.*")) == []
    assert "| row | 5.00 | 10.0 | 2.00 ±0 % |" in capsys.readouterr().out


def test_the_page_keeps_what_was_measured_in_another_run(run, tmp_path):
    assert run(Work(5, case="many claims"), "one", "--record") == 0
    assert run(Work(6)) == 0
    page = (tmp_path / "RESULTS.md").read_text()
    assert "### Case" in page
    assert "### Many claims\n\n*Measured apart: " in page


def test_a_work_that_fails_costs_no_other_work(run, tmp_path):
    class Failing(Work):
        def __call__(self, settings):
            yield from super().__call__(settings)
            raise OSError("the disk is full")

    assert run(Failing(5)) == 2
    page = (tmp_path / "RESULTS.md").read_text()
    assert "- **one**: failed: OSError: the disk is full" in page
    assert "### Case" in page, "what it had measured until then"
    assert "### Other" in page


@pytest.mark.parametrize(
    ("arguments", "sizes", "rounds"),
    [((), (0, 1_000, 10_000), 5), (("--full",), (0, 1_000, 10_000, 100_000), 9), (("--rounds", "2"), None, 2)],
)
def test_settings(run, arguments, sizes, rounds):
    work = Work(5)
    run(work, "one", *arguments)
    assert sizes in {None, work.settings.sizes}
    assert work.settings.rounds == rounds


def test_long_works_have_fewer_rounds_and_no_engine_that_is_built_at_each_start(run):
    work = Work(5)
    run(work, "one", "--engine", "memory", "--engine", "whoosh")
    assert work.settings.rounds_at(1_000) == 5
    assert work.settings.rounds_at(10_000) == 3
    assert work.settings.engines_at(1_000) == ("memory", "whoosh")
    assert work.settings.engines_at(10_000) == ("whoosh",)


def test_an_unknown_work_is_refused(run, capsys):
    with pytest.raises(SystemExit):
        run(Work(5), "three")
    assert "no such work: three; there are one, two" in capsys.readouterr().err


def test_every_work_has_a_module_of_its_name_or_shares_one():
    assert {Path(work.__code__.co_filename).stem for work in bench.WORKS.values()} == set(bench.WORKS)
