from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess

import pytest

from kb import store
from kb.library import Library
from kb.search.base import Query
from tests import lake

PLACES = ["kb.yaml", "entries/mood/wakes-up.yaml", "entries/mood/lifts-mood.yaml"]


def _at(year):
    return dt.datetime(year, 1, 1, tzinfo=dt.UTC)


def _git(folder, *arguments, year=2020):
    when = {"GIT_AUTHOR_DATE": f"{year}-01-01T00:00:00Z", "GIT_COMMITTER_DATE": f"{year}-01-01T00:00:00Z"}
    who = {f"GIT_{role}_{what}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = [shutil.which("git"), "-C", folder, *arguments]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | when | who)


def _touch(root, year):
    for path in PLACES:
        os.utime(root / path, (_at(year).timestamp(),) * 2)


@pytest.fixture
def root(tmp_path):
    made = lake.write_lake(tmp_path / "claims")
    _touch(made, 2001)
    return made


@pytest.fixture
def committed(root):
    """Everything committed in 2020, and one entry again in 2021."""
    _git(root, "init", "--quiet")
    _git(root, "add", ".")
    _git(root, "commit", "--quiet", "-m", "all", year=2020)
    lake.edit(root.parent, f"claims/{PLACES[1]}", "Cold water", "Chilly lakes")
    _git(root, "commit", "--quiet", "-a", "-m", "one", year=2021)
    _touch(root, 2001)
    return root


def test_without_git_the_files_own_times_stand(root):
    assert store.changes(root, [*PLACES, "gone.yaml"]) == {
        **dict.fromkeys(PLACES, _at(2001)),
        "gone.yaml": dt.datetime.fromtimestamp(0, dt.UTC),
    }


def test_a_file_was_changed_by_its_last_commit(committed):
    assert store.changes(committed, PLACES) == {PLACES[0]: _at(2020), PLACES[1]: _at(2021), PLACES[2]: _at(2020)}


def test_what_is_not_committed_has_its_own_time(committed):
    (committed / "new.yaml").write_text("a: 1\n")
    lake.edit(committed.parent, f"claims/{PLACES[0]}", "name:", "name: ")
    for name in ("new.yaml", PLACES[0]):
        os.utime(committed / name, (_at(2030).timestamp(),) * 2)
    assert store.changes(committed, ["new.yaml", *PLACES[:2]]) == {
        "new.yaml": _at(2030),
        PLACES[0]: _at(2030),
        PLACES[1]: _at(2021),
    }


def test_git_that_is_missing_is_done_without(committed, monkeypatch):
    monkeypatch.setenv("PATH", str(committed))
    assert store.changes(committed, PLACES) == dict.fromkeys(PLACES, _at(2001))


def test_results_are_sorted_by_their_last_change(committed):
    library = Library.open(committed, engine="memory")
    assert [hit.id for hit in library.search(Query(sort="changed")).hits] == ["wakes-up", "lifts-mood"]
    assert library.changed("claim", "wakes-up") == _at(2021)
    assert library.changed("claim", "gone") is None
