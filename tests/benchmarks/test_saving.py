"""The benchmark of saving: its command line, its table, and that it measures what it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import saving

from tests.lake import write_lake


@pytest.mark.parametrize(
    ("arguments", "claims", "generated", "saves"),
    [
        (["--claims", "a", "--claims", "b"], [Path("a"), Path("b")], [], saving.SAVES),
        (["--generated", "1000", "10000", "--saves", "7"], [], [1000, 10000], 7),
    ],
)
def test_the_command_line(arguments, claims, generated, saves):
    options = saving.parser().parse_args(arguments)
    assert (options.claims, options.generated, options.saves) == (claims, generated, saves)


def test_something_must_be_measured(capsys):
    with pytest.raises(SystemExit):
        saving.main([])
    assert "give --claims FOLDER or --generated N" in capsys.readouterr().err


def test_figures_are_medians_and_worst_in_milliseconds():
    assert saving.told([0.001, 0.0021, 0.5]) == "2.1 median, 500.0 worst of 3"
    assert saving.told([]) == "none"


def test_every_part_is_measured(tmp_path, monkeypatch):
    monkeypatch.setenv("CAVEAT_HOME", str(tmp_path / "home"))
    rows = dict(saving.measure(write_lake(tmp_path / "claims"), 4))
    assert list(rows)[:4] == ["writing", "applying", "searching", "waited"]
    assert [rows[f"waited: {what}"].split()[-1] for what in ("change", "add", "remove")] == ["3", "1", "none"]
