"""The snapshot: a cache that is used when it is sound, and never trusted when it is not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from kb.store import codec, encode, load, snapshot
from tests import factories, on_disk

if TYPE_CHECKING:
    from pathlib import Path

CLAIM = "entries/mood/lifts-mood.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A knowledge base with problems of every level, so that findings are kept too."""
    base = factories.knowledge_base(concepts={"relief": {"terms": ["relief"], "widen": False}})
    root = on_disk.write(base, tmp_path / "claims")
    (root / "entries" / "mood" / "broken.yaml").write_text("id: broken\nverdict: suported\nno: &x [\n")
    (root / "entries" / "mood" / "misnamed.yaml").write_text(encode(factories.claim("lifts-sleep")))
    (root / "caveats" / "stray.yml").write_text("")
    return root


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read as YAML, as the test goes on."""
    found: list[str] = []
    real = codec.decode_all
    monkeypatch.setattr(codec, "decode_all", lambda text, kind, path: found.append(path) or real(text, kind, path))
    return found


def the_snapshot(home: Path) -> Path:
    (path,) = (home / "cache" / "snapshots").iterdir()
    return path


def test_a_second_start_reads_no_yaml(root: Path, read: list[str]):
    first = load(root)
    assert len(read) == 9
    assert len(first.findings) == 4
    read.clear()
    assert load(root) == first
    assert read == []


def test_only_what_changed_is_read(root: Path, read: list[str]):
    load(root)
    read.clear()
    (root / CLAIM).write_text(encode(factories.claim(status="published")))
    assert load(root).kb.claims["lifts-mood"].status == "published"
    assert read == [CLAIM]
    read.clear()
    (root / CLAIM).unlink()
    assert list(load(root).kb.claims) == ["lifts-sleep"]
    assert list(load(root).kb.claims) == ["lifts-sleep"]
    assert read == []


def test_a_file_that_moved_is_read_again(root: Path, read: list[str]):
    load(root)
    (root / "entries" / "mood").rename(root / "entries" / "sleep")
    read.clear()
    assert load(root).files["claim", "lifts-mood"] == "entries/sleep/lifts-mood.yaml"
    assert len(read) == 3


def test_without_cache_nothing_is_kept_or_used(root: Path, home: Path, read: list[str]):
    load(root, cache=False)
    assert list(home.iterdir()) == []
    load(root)
    read.clear()
    load(root, cache=False)
    assert len(read) == 9


def test_each_knowledge_base_has_its_own(root: Path, home: Path, tmp_path: Path):
    load(root)
    other = on_disk.write(factories.knowledge_base(), tmp_path / "other")
    assert load(other).findings == ()
    assert len(load(root).findings) == 4
    assert len(list((home / "cache" / "snapshots").iterdir())) == 2


DAMAGE = {
    "empty": lambda _: b"",
    "cut off": lambda content: content[:-100],
    "one letter": lambda content: content.replace(b"Testamine does", b"Testamine doez"),
    "other code": lambda content: content.replace(b"caveat-kb ", b"caveat-kb 9.", 1),
    "no text": lambda content: b"\xff" + content,
    "not ours": lambda _: b"%PDF-1.7\n",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_snapshot_is_made_anew(damage: str, root: Path, home: Path, read: list[str]):
    first = load(root)
    sound = the_snapshot(home).read_bytes()
    the_snapshot(home).write_bytes(DAMAGE[damage](sound))
    read.clear()
    assert load(root) == first
    assert len(read) == 9
    assert the_snapshot(home).read_bytes() == sound


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b'"efficacy"', b'"efficacyy"'),
        lambda body: body.rpartition(b"\n")[0],
        lambda body: body.replace(b"{", b"[", 1),
        lambda _: b"\n" * 6,
        lambda body: body + b"\n{}",
    ],
)
def test_a_snapshot_that_is_whole_but_wrong_is_made_anew(change: Any, root: Path, home: Path, read: list[str]):
    first = load(root)
    header, _, body = the_snapshot(home).read_bytes().partition(b"\n")
    wrong = change(body)
    assert wrong != body
    words = header.split()[:-1]
    forged = hashlib.sha256(wrong).hexdigest().encode()
    the_snapshot(home).write_bytes(b" ".join([*words, forged]) + b"\n" + wrong)
    read.clear()
    assert load(root) == first
    assert len(read) == 9


def test_a_cache_folder_that_cannot_be_written_is_done_without(root: Path, home: Path):
    (home / "cache").write_text("a file where a folder should be")
    assert load(root) == load(root, cache=False)


def test_a_snapshot_that_cannot_be_put_in_place_leaves_nothing_behind(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    def replace(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot.Path, "replace", replace)
    load(root)
    assert list((home / "cache" / "snapshots").iterdir()) == []
