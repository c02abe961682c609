"""What differs between two states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.errors import GitUnavailable
from kb.history import changes
from tests import lake
from tests.history.repository import commit, git
from tests.history.test_entry import WAKES, trap

if TYPE_CHECKING:
    from pathlib import Path

    from kb.history import Changes


def told(found: Changes) -> list[tuple[str, str, str, list[str]]]:
    return [
        (one.kind.value, one.entry_kind, one.entry_id, [field.field for field in one.fields]) for one in found.changes
    ]


@pytest.fixture
def busy(repository: Path) -> Path:
    """Change one thing of every sort, a day each."""
    project = repository.parent
    lake.edit(repository, WAKES, "Cold water wakes people up.", "Cold water wakes most people.")
    lake.edit(repository, "caveats/fades-soon.yaml", "status: in-review", "status: withdrawn")
    commit(project, "Change and withdraw", 2)
    git(project, "mv", "claims/entries/mood/lifts-mood.yaml", "claims/entries/mood/raises-mood.yaml")
    file = repository / "entries/mood/raises-mood.yaml"
    text = file.read_text(encoding="utf-8").replace("id: lifts-mood", "id: raises-mood")
    file.write_text(text.replace("review:", "aliases: [lifts-mood]\nreview:"), encoding="utf-8")
    with (repository / "vocabulary.yaml").open("a", encoding="utf-8") as vocabulary:
        vocabulary.write("brisk:\n  terms: [brisk]\n")
    commit(project, "Rename and add", 3)
    return repository


ALL = [
    ("added", "concept", "brisk", []),
    ("withdrawn", "caveat", "fades-soon", ["status"]),
    ("renamed", "claim", "raises-mood", ["id", "aliases"]),
    ("changed", "claim", "wakes-up", ["claim"]),
]


@pytest.mark.parametrize("since", ["HEAD~2", "2026-01-01"])
@pytest.mark.parametrize("until", [None, "HEAD", "2026-01-03"])
def test_between_two_states(busy: Path, since: str, until: str | None) -> None:
    found = changes(busy, since, until)
    told_of = told(found)
    assert [(kind, what, name) for kind, what, name, _ in told_of] == [(one[0], one[1], one[2]) for one in ALL]
    assert [set(fields) for *_, fields in told_of] == [set(one[3]) for one in ALL]
    assert found.since_at.day == 1
    assert (found.until is None) == (until is None)


def test_what_is_not_committed_counts_in_the_files_as_they_are(busy: Path) -> None:
    (busy / WAKES).unlink()
    assert told(changes(busy, "HEAD")) == [("removed", "claim", "wakes-up", [])]
    assert told(changes(busy, "HEAD", "HEAD")) == []


def test_backwards_an_entry_is_removed_or_comes_back(busy: Path) -> None:
    found = {(one[0], one[2]) for one in told(changes(busy, "HEAD", "HEAD~2"))}
    assert {("removed", "brisk"), ("changed", "fades-soon"), ("changed", "wakes-up")} <= found


def test_a_file_that_is_no_yaml_is_named(busy: Path) -> None:
    (busy / WAKES).write_text("{{{\n", encoding="utf-8")
    assert changes(busy, "HEAD").unread == (WAKES,)


@pytest.mark.parametrize("since", ["nonsense", "--output=x", "2020-01-01", "2026-13-01", "HEAD:claims"])
def test_what_is_no_state(busy: Path, since: str) -> None:
    with pytest.raises(GitUnavailable):
        changes(busy, since)


def test_without_git(root: Path) -> None:
    with pytest.raises(GitUnavailable):
        changes(root, "HEAD")


def test_no_program_that_the_repository_names_is_run(busy: Path, tmp_path: Path) -> None:
    mark = trap(busy, tmp_path)
    assert len(told(changes(busy, "HEAD~2"))) == len(ALL)
    assert len(told(changes(busy, "HEAD~2", "HEAD"))) == len(ALL)
    assert not mark.exists()
