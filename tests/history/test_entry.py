"""The history of one entry by a real git, and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.history import ChangeKind, entry_history
from kb.history.reading import entries_of, part_of
from kb.store import shipped_root
from tests import lake
from tests.history.repository import commit, git

if TYPE_CHECKING:
    from pathlib import Path

WAKES = "entries/mood/wakes-up.yaml"


def told(root: Path, kind: str, entry_id: str, path: str | None = None) -> list[tuple[str, int, str, list[str]]]:
    found = entry_history(root, kind, entry_id, path)
    return [(one.kind.value, one.at.day, one.message, [field.field for field in one.fields]) for one in found.events]


def test_every_commit_with_its_fields_through_a_rename(repository: Path) -> None:
    project = repository.parent
    lake.edit(repository, WAKES, "Cold water wakes people up.", "Cold water wakes most people.")
    commit(project, "Say most", 2)
    git(project, "mv", f"claims/{WAKES}", "claims/entries/mood/wakes-most.yaml")
    lake.edit(repository, "entries/mood/wakes-most.yaml", "id: wakes-up", "id: wakes-most")
    commit(project, "Find a better name", 3)
    lake.edit(repository, "entries/mood/wakes-most.yaml", "status: in-review", "status: withdrawn")
    commit(project, "Withdraw it", 4)
    lake.edit(repository, "caveats/fades-soon.yaml", "status: in-review", "status: draft")
    commit(project, "Another entry", 5)
    found = entry_history(repository, "claim", "wakes-most", "entries/mood/wakes-most.yaml")
    assert [(one.kind.value, one.at.day, one.author, one.message) for one in found.events] == [
        ("withdrawn", 4, "A. Editor", "Withdraw it"),
        ("renamed", 3, "A. Editor", "Find a better name"),
        ("changed", 2, "A. Editor", "Say most"),
        ("added", 1, "A. Editor", "Begin"),
    ]
    assert [(one.field, one.old, one.new) for one in found.events[2].fields] == [
        ("claim", "Cold water wakes people up.", "Cold water wakes most people.")
    ]
    assert found.events[1].former_id == "wakes-up"
    assert found.problem == ""


def test_an_entry_of_a_shared_file_has_its_own_history(repository: Path) -> None:
    concepts = (repository / "vocabulary.yaml").read_text(encoding="utf-8")
    (repository / "vocabulary.yaml").write_text(concepts + "brisk:\n  terms: [brisk]\n", encoding="utf-8")
    commit(repository.parent, "Add one", 2)
    (repository / "vocabulary.yaml").write_text(concepts + "brisk:\n  terms: [brisk, lively]\n", encoding="utf-8")
    commit(repository.parent, "Widen it", 3)
    (repository / "vocabulary.yaml").write_text(concepts, encoding="utf-8")
    commit(repository.parent, "Drop it", 4)
    assert told(repository, "concept", "brisk") == [
        ("removed", 4, "Drop it", ["terms"]),
        ("changed", 3, "Widen it", ["terms"]),
        ("added", 2, "Add one", ["terms"]),
    ]


def test_an_entry_that_is_gone_keeps_its_history(repository: Path) -> None:
    (repository / WAKES).unlink()
    commit(repository.parent, "Remove it", 2)
    kinds = [kind for kind, *_ in told(repository, "claim", "wakes-up")]
    assert kinds == ["removed", "added"]


def test_a_state_that_was_no_yaml_is_said_to_be_unreadable(repository: Path) -> None:
    good = (repository / WAKES).read_text(encoding="utf-8")
    (repository / WAKES).write_text("{{{\n", encoding="utf-8")
    commit(repository.parent, "Break it", 2)
    (repository / WAKES).write_text(good, encoding="utf-8")
    commit(repository.parent, "Mend it", 3)
    found = entry_history(repository, "claim", "wakes-up", WAKES)
    assert [(one.message, one.readable) for one in found.events] == [
        ("Mend it", False),
        ("Break it", False),
        ("Begin", True),
    ]


def test_only_a_new_layout_is_no_change(repository: Path) -> None:
    (repository / WAKES).write_text(
        "# A comment.\n" + (repository / WAKES).read_text(encoding="utf-8"), encoding="utf-8"
    )
    commit(repository.parent, "Say something beside it", 2)
    assert [one for *_, one, _ in told(repository, "claim", "wakes-up", WAKES)] == ["Begin"]


@pytest.mark.parametrize("why", ["no checkout", "no git", "not committed"])
def test_without_git_it_says_so(why: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if why == "no git":
        monkeypatch.setattr("shutil.which", lambda _: None)
    if why == "not committed":
        git(root.parent, "init", "--quiet")
    found = entry_history(root, "claim", "wakes-up", WAKES)
    assert found.events == ()
    assert found.problem


@pytest.mark.parametrize("path", [None, WAKES])
def test_no_program_that_the_repository_names_is_run(repository: Path, tmp_path: Path, path: str | None) -> None:
    mark = trap(repository, tmp_path)
    events = told(repository, "claim", "wakes-up", path)
    assert [one[0] for one in events] == (["added"] if path else [])
    assert not mark.exists()


def trap(repository: Path, tmp_path: Path) -> Path:
    """Make every setting that git has for it name a program; return the file that the program would write."""
    program, mark = tmp_path / "trap.sh", tmp_path / "it-ran"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat \"$1\"\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "diff.external",
        "diff.trap.textconv",
        "filter.trap.smudge",
    ):
        git(repository, "config", name, str(program))
    for name in ("filter.trap.clean", "filter.trap.process", "diff.trap.command", "gpg.program", "core.editor"):
        git(repository, "config", name, str(program))
    git(repository, "config", "log.showSignature", "true")
    (repository.parent / ".git/info/attributes").write_text("*.yaml diff=trap filter=trap\n")
    mark.unlink(missing_ok=True)
    return mark


def test_the_part_of_a_shared_file_is_that_entry() -> None:
    root = shipped_root()
    assert root
    for name in ("vocabulary.yaml", "references.yaml", "topics.yaml"):
        content = (root / name).read_bytes()
        for (kind, entry_id), fields in (entries_of(name, content) or {}).items():
            assert entries_of(name, part_of(content, entry_id)) == {(kind, entry_id): fields}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a:\n  x: 1\nb:\n  x: 2\n", "b:\n  x: 2\n"),
        ('"b":\n  x: 2\n\n  # more\n  y: 1\nc: {}\n', '"b":\n  x: 2\n\n  # more\n  y: 1\n'),
        ("b: {x: 2}", "b: {x: 2}"),
        ("bb:\n  b: 1\n", "{}"),
        ("{b: {x: 2}}\n", "{b: {x: 2}}\n"),
    ],
)
def test_parts(text: str, part: str) -> None:
    assert part_of(text.encode(), "b") == part.encode()


def test_kinds_of_change_are_words() -> None:
    assert [kind.value for kind in ChangeKind] == ["added", "changed", "renamed", "withdrawn", "removed"]
