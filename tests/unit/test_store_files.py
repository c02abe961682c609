"""Finding a knowledge base, naming its state, saving a file for good, and places outside of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from kb.errors import KbError, KnowledgeBaseNotFound
from kb.store import digest, files, find_root, places, save_text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project" / "claims"
    (root / "entries" / "mood").mkdir(parents=True)
    (root / "kb.yaml").write_text("name: Test base\n")
    (root / "entries" / "mood" / "lifts-mood.yaml").write_text("id: lifts-mood\n")
    return root


@pytest.mark.parametrize(
    "start", ["", "kb.yaml", "entries/mood", "entries/mood/lifts-mood.yaml", "entries/none", "..", "../docs/deep"]
)
def test_the_root_is_found_from(root: Path, start: str):
    assert find_root(root / start) == root


def test_the_nearest_root_is_taken(root: Path):
    inner = root / "entries"
    (inner / "kb.yaml").write_text("name: Inner\n")
    assert find_root(inner / "mood") == inner


def test_no_root(tmp_path: Path):
    message = f"^no kb.yaml or claims/kb.yaml in {tmp_path}/a or any folder above it$"
    with pytest.raises(KnowledgeBaseNotFound, match=message):
        find_root(tmp_path / "a")


def test_a_place_that_cannot_be_looked_at(tmp_path: Path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for place in (tmp_path / "loop" / "a", tmp_path / "\x00", tmp_path / ("x" * 5_000)):
        with pytest.raises(KnowledgeBaseNotFound):
            find_root(place)


def test_the_digest_names_paths_and_bytes(root: Path):
    first = digest(root)
    assert len(first) == 64
    assert digest(root) == first
    claim = root / "entries" / "mood" / "lifts-mood.yaml"
    claim.write_text("id: lifts-mood \n")
    changed = digest(root)
    claim.rename(claim.with_name("other.yaml"))
    moved = digest(root)
    assert len({first, changed, moved}) == 3
    (root / "notes.md").write_text("not an entry")
    assert digest(root) == moved


def test_no_digest_of_nothing(tmp_path: Path):
    with pytest.raises(KnowledgeBaseNotFound, match=f"^there is no kb.yaml in {tmp_path}$"):
        digest(tmp_path)


def test_a_saved_file_holds_the_text_as_it_is(tmp_path: Path):
    path = tmp_path / "a.yaml"
    for text in ("old\n", "é\r\nnew\n", ""):
        save_text(path, text)
        assert path.read_bytes() == text.encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_permissions_stay(tmp_path: Path):
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.touch()
    old.chmod(0o640)
    umask = os.umask(0o027)
    try:
        save_text(old, "x")
        save_text(new, "x")
    finally:
        os.umask(umask)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o640, 0o640]


def test_a_link_is_followed(tmp_path: Path):
    target, link = tmp_path / "target.yaml", tmp_path / "link.yaml"
    target.write_text("old")
    link.symlink_to(target)
    save_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_what_is_no_file_is_written_into_and_stays_what_it_is(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        save_text(pipe, "for whoever reads")
        assert os.read(reading, 100) == b"for whoever reads"
    finally:
        os.close(reading)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_file_and_folder_are_synced_before_and_after_the_swap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    done: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace
    kinds = {True: "sync folder", False: "sync file"}

    def fsync(handle: int) -> None:
        done.append(kinds[stat.S_ISDIR(os.fstat(handle).st_mode)])
        real_fsync(handle)

    def replace(self: Path, target: Path) -> Path:
        done.append("swap")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    save_text(tmp_path / "a.yaml", "x")
    assert done == ["sync file", "swap", "sync folder"]


def test_a_save_that_fails_leaves_the_old_text_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fsync(_: int) -> Any:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.yaml"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(KbError, match=f"^{path} cannot be written: No space left on device$"):
        save_text(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("none/a.yaml", "x", "No such file or directory"),
        ("a\x00.yaml", "x", ".*embedded null .*"),
        ("a.yaml", "\ud800", "'utf-8' codec can't encode character '\\\\ud800' in position 0: surrogates not allowed"),
    ],
)
def test_what_cannot_be_saved(tmp_path: Path, name: str, text: str, reason: str):
    with pytest.raises(KbError, match=f"cannot be written: {reason}$"):
        save_text(tmp_path / name, text)
    assert list(tmp_path.iterdir()) == []


def test_systems_without_a_way_to_sync_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(files.os, "O_DIRECTORY")
    save_text(tmp_path / "a.yaml", "x")
    assert (tmp_path / "a.yaml").read_text() == "x"


def test_places_below_a_home_of_ones_own(home: Path):
    assert (places.cache_dir(), places.data_dir()) == (home / "cache", home / "data")


def test_places_of_the_system(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CAVEAT_HOME")
    assert {places.cache_dir().name, places.data_dir().name} == {"caveat-kb"}
    assert places.cache_dir() != places.data_dir()
