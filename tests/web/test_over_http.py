"""The benchmark over HTTP: its queries, its figures, and what it does where there is no Datasette."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.shelf import base

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def over_http():
    sys.path.insert(0, str(FOLDER))
    try:
        import over_http as module  # noqa: PLC0415 - a script in a folder of its own
    finally:
        sys.path.remove(str(FOLDER))
    return module


def test_every_kind_of_query_is_asked_the_same_for_the_same_seed(over_http):
    asked = list(over_http.queries(base(), 3, seed=1))
    assert asked == list(over_http.queries(base(), 3, seed=1)) != list(over_http.queries(base(), 3, seed=2))
    kinds = [query.kind for query in asked]
    assert {kinds.count(kind) for kind in kinds} == {3}
    assert len(set(kinds)) == 7
    by_kind = {query.kind: query for query in asked}
    assert by_kind["phrase"].text.startswith('"')
    assert by_kind["filter + facets"].verdict
    assert "_searchmode=raw" in by_kind["prefix"].theirs


def test_a_typing_error_swaps_two_letters(over_http):
    chance = over_http.random.Random(1)
    wrong = over_http._mistyped("depression", chance)
    assert wrong != "depression"
    assert sorted(wrong) == sorted("depression")
    assert over_http._mistyped("mood", chance) == "mood"


def test_ratios_above_one_are_in_our_favour(over_http):
    ours = {"word": over_http.Times([2.0, 4.0, 6.0], cpu=6.0, found=[3])}
    theirs = {"word": over_http.Times([8.0, 8.0, 8.0], cpu=12.0, found=[2])}
    *_, word, every = over_http.table("html", ours, theirs).splitlines()
    assert word.split() == ["word", "4.0", "4.0", "2.0", "3", "8.0", "8.0", "4.0", "2", "2.00", "2.00", "2.00"]
    assert every.split() == ["all", "4.0", "4.0", "2.0", "8.0", "8.0", "4.0", "2.00", "2.00", "2.00"]


def test_without_datasette_nothing_is_measured(tmp_path):
    command = [sys.executable, str(FOLDER / "over_http.py"), "--datasette", str(tmp_path / "datasette")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "There is no Datasette" in ended.stdout
