"""A rename changes several files: it fails as a whole, and what a kill half-way leaves, lint tells how to finish."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import NotWritten
from kb.library import Editor, Library
from tests.lake import write_lake

OLD, NEW, NAMING = "wakes-up", "stirs-up", "lifts-mood"
"""A claim, its new id, and the claim that names it."""

KILLED = """
import os, sys
from pathlib import Path
from kb.library import Editor, Library

left = int(sys.argv[2])

def until_killed(real):
    def called(path, *arguments, **named):
        global left
        if path.name.startswith((".stirs-up.", ".lifts-mood.", "wakes-up.")):
            if left == 0:
                os._exit(9)
            left -= 1
        return real(path, *arguments, **named)
    return called

library = Library(Path(sys.argv[1]), engine="memory", cache=False)
library.commit_saves = False
revision = library.entry("claim", "wakes-up").revision
Path.replace, Path.unlink = until_killed(Path.replace), until_killed(Path.unlink)
library.rename_entry("claim", "wakes-up", "stirs-up", revision=revision, editor=Editor("Ann"))
"""


@pytest.fixture
def library(root: Path) -> Library:
    found = Library(root, engine="memory", cache=False)
    found.commit_saves = False
    return found


def everything(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in root.rglob("*.yaml")}


def rename(library: Library) -> None:
    revision = library.entry("claim", OLD).revision
    library.rename_entry("claim", OLD, NEW, revision=revision, editor=Editor("Ann"))


def errors(root: Path) -> list[tuple[str, str | None]]:
    found = Library(root, engine="memory", cache=False).lint().findings
    return [(one.message, one.suggestion) for one in found if one.level.value == "error"]


@pytest.mark.parametrize("fails", ["write", "new", "naming", "old"])
def test_where_any_step_fails_nothing_is_changed(root, library, monkeypatch, fails):
    before = everything(root)
    failed = []

    def failing(real, wanted):
        def called(path, *arguments, **named):
            if wanted(path) and not failed:
                failed.append(path)
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(path, *arguments, **named)

        return called

    if fails == "write":  # of the second file, when the first is written already
        monkeypatch.setattr(Path, "chmod", failing(Path.chmod, lambda path: path.name.startswith(f".{NAMING}.yaml")))
    elif fails == "old":
        monkeypatch.setattr(Path, "unlink", failing(Path.unlink, lambda path: path.name == f"{OLD}.yaml"))
    else:
        name = {"new": NEW, "naming": NAMING}[fails]
        monkeypatch.setattr(Path, "replace", failing(Path.replace, lambda path: path.name.startswith(f".{name}.yaml")))
    with pytest.raises(NotWritten, match="cannot be"):
        rename(library)
    assert failed
    assert everything(root) == before
    assert list(root.rglob(".*.tmp")) == []
    rename(library)
    assert errors(root) == []
    assert {name.rpartition("/")[2] for name in everything(root)} >= {f"{NEW}.yaml", f"{NAMING}.yaml"}


@pytest.mark.parametrize("steps", range(4))
def test_what_a_kill_leaves_is_whole_and_lint_says_how_to_finish(tmp_path, steps):
    root = write_lake(tmp_path / "claims")
    before = everything(root)
    command = [sys.executable, "-c", KILLED, str(root), str(steps)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr[-2_000:]
    old, new = (next(iter(root.rglob(f"{name}.yaml")), None) for name in (OLD, NEW))
    assert (old is not None, new is not None) == (steps < 3, steps > 0)
    if steps == 0:
        assert everything(root) == before
    if old and new:
        said = [text for message, text in errors(root) if "a rename was stopped half-way" in message]
        assert said == [f"Delete the file of '{OLD}', and write '{NEW}' wherever it is still named."]
        old.unlink()
        naming = next(root.rglob(f"{NAMING}.yaml"))
        naming.write_text(naming.read_text(encoding="utf-8").replace(f"claim: {OLD}", f"claim: {NEW}"), "utf-8")
    assert errors(root) == []
