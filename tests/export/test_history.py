"""When entries changed, by a real git and without one; and what a repository's settings must not make it run."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from kb import store
from kb.export import history as module
from kb.export.history import Change, History, history
from kb.history import ChangeKind
from tests import lake
from tests.export import small
from tests.on_disk import write

if TYPE_CHECKING:
    from pathlib import Path

WHO = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull}
WHO |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_SYSTEM": os.devnull}


def git(folder: Path, *arguments: str, day: int = 1) -> None:
    date = {"GIT_COMMITTER_DATE": f"2026-01-{day:02}T00:00:00+00:00", "GIT_AUTHOR_DATE": "2020-01-01T00:00:00+00:00"}
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=os.environ | WHO | date)  # noqa: S607 - whichever git there is


def commit(folder: Path, message: str, day: int) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--message", message, day=day)


def read(root: Path) -> History:
    loaded = store.load(root, cache=False)
    return history(root, loaded.kb, loaded.files)


def told(root: Path) -> list[tuple[str, str, int, str]]:
    found = read(root)
    assert found.from_git
    return [(change.kind.value, change.entry_id, change.at.day, change.reason) for change in found.changes]


@pytest.fixture
def repository(root: Path) -> Path:
    """Return a project under git with the lake's knowledge base in `claims`, committed on the first of January."""
    git(root.parent, "init", "--quiet")
    commit(root.parent, "Begin", 1)
    return root


BEGIN = [("added", "fades-soon", 1, "Begin"), ("added", "lifts-mood", 1, "Begin"), ("added", "wakes-up", 1, "Begin")]


def test_what_happened_to_each_entry_newest_first(repository):
    project, entry = repository.parent, repository / "entries/mood/wakes-up.yaml"
    lake.edit(repository, "entries/mood/wakes-up.yaml", "Cold water wakes people up.", "Cold water wakes most people.")
    commit(project, "Say most", 2)
    lake.edit(repository, "caveats/fades-soon.yaml", "status: in-review", "status: withdrawn")
    (project / "README.md").write_text("No entry.\n")
    commit(project, "Withdraw  \t it", 3)
    git(project, "mv", "claims/entries/mood/lifts-mood.yaml", "claims/entries/mood/raises-mood.yaml")
    lake.edit(repository, "entries/mood/raises-mood.yaml", "id: lifts-mood", "id: raises-mood")
    commit(project, "Find a better name", 4)
    (repository / "entries/water").mkdir()
    entry.rename(repository / "entries/water/wakes-up.yaml")
    commit(project, "Move only", 5)
    (repository / "entries/mood/raises-mood.yaml").unlink()
    commit(project, "Remove", 6)
    assert told(repository) == [
        ("removed", "raises-mood", 6, "Remove"),
        ("renamed", "raises-mood", 4, "Find a better name"),
        ("withdrawn", "fades-soon", 3, "Withdraw  \t it"),
        ("changed", "wakes-up", 2, "Say most"),
        *BEGIN,
    ]


def test_settings_of_the_reader_and_of_hooks_change_nothing(repository, monkeypatch):
    for setting in ("diff.noprefix=true", "diff.mnemonicPrefix=true", "color.ui=always", "log.showSignature=true"):
        git(repository, "config", *setting.split("=", 1))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/nowhere")
    assert told(repository) == BEGIN


def test_no_program_that_the_repository_names_is_run(repository, tmp_path):
    trap, mark = tmp_path / "trap.sh", tmp_path / "it-ran"
    trap.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat \"$1\"\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "diff.trap.textconv", "diff.trap.command"):
        git(repository, "config", name, str(trap))
    git(repository, "config", "gpg.program", str(trap))
    git(repository, "config", "log.showSignature", "true")
    (repository.parent / ".git/info/attributes").write_text("*.yaml diff=trap\n")
    mark.unlink(missing_ok=True)
    assert told(repository) == BEGIN
    assert not mark.exists()


def test_a_long_history_is_read_only_as_far_as_it_is_shown(repository, monkeypatch):
    monkeypatch.setattr(module, "MOST_CHANGES", 2)
    assert told(repository) == BEGIN[:2]


def test_what_is_not_committed_does_not_show(repository):
    lake.edit(repository, "entries/mood/wakes-up.yaml", "people", "most people")
    assert told(repository) == BEGIN


@pytest.mark.parametrize("why", ["no checkout", "no git", "nothing committed", "not tracked"])
def test_without_git_the_files_times_stand_in(why, root, monkeypatch):
    if why == "no git":
        git(root, "init", "--quiet")
        commit(root, "Begin", 1)
        monkeypatch.setattr("shutil.which", lambda _: None)
    if why in {"nothing committed", "not tracked"}:
        git(root.parent, "init", "--quiet")
    if why == "not tracked":
        git(root.parent, "commit", "--allow-empty", "--message", "Nothing")
    lake.edit(root, "caveats/fades-soon.yaml", "status: in-review", "status: withdrawn")
    for day, path in enumerate(
        ("entries/mood/wakes-up.yaml", "entries/mood/lifts-mood.yaml", "caveats/fades-soon.yaml")
    ):
        os.utime(root / path, (day * 86_400, day * 86_400))
    third, second, first = (dt.datetime(1970, 1, day, tzinfo=dt.UTC) for day in (3, 2, 1))
    assert read(root) == History(
        (
            Change(ChangeKind.WITHDRAWN, "caveat", "fades-soon", third, third.isoformat()),
            Change(ChangeKind.CHANGED, "claim", "lifts-mood", second, second.isoformat()),
            Change(ChangeKind.CHANGED, "claim", "wakes-up", first, first.isoformat()),
        ),
        from_git=False,
    )


def test_a_folder_that_is_gone_has_no_history(tmp_path):
    assert history(tmp_path / "gone", small.base(), {("claim", "hostile"): "x.yaml"}) == History((), from_git=False)


def test_a_git_that_hangs_is_stopped(root, tmp_path, monkeypatch):
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(slow))
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    assert not read(root).from_git


def test_a_time_that_no_calendar_has_is_no_obstacle():
    lines = [b"\x00abc 99999999999999999 Far off\n", b"\n", b"diff --git a/caveats/x.yaml b/caveats/x.yaml\n"]
    (change,) = module.read_patches(lines)
    assert (change.at.year, change.reason) == (1970, "Far off")


def test_names_that_are_no_entries_are_passed_over():
    lines = [
        b"\x00abc 1 One\n",
        b'diff --git "a/caveats/\\303\\244.yaml" "b/caveats/\\303\\244.yaml"\n',
        b"diff --git a/caveats/deep/x.yaml b/caveats/deep/x.yaml\n",
        b"diff --git a/caveats/x.md b/caveats/x.md\n",
    ]
    assert list(module.read_patches(lines)) == []


def test_a_base_on_disk_with_hostile_texts_has_a_history(tmp_path):
    root = write(small.base(), tmp_path / "claims")
    git(root, "init", "--quiet")
    commit(root, "-- <b>&\N{SNOWMAN}", 1)
    assert {reason for *_, reason in told(root)} == {"-- <b>&\N{SNOWMAN}"}
