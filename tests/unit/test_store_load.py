"""Loading a folder: every problem of every file, whatever is in the folder."""

from __future__ import annotations

import gc
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import KnowledgeBaseNotFound
from kb.model import About
from kb.store import Loader, codec, digest, encode, files, load, locate, yaml12
from tests import factories, on_disk
from tests.store.cases import lines
from tests.store.strategies import commented, dumped, soup

CLAIM = "entries/mood/lifts-mood.yaml"
STRAY = "this file is no part of a knowledge base and is not read; move it elsewhere"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small knowledge base on disk, without a problem."""
    base = factories.knowledge_base(
        claims=[factories.claim(), factories.claim("lifts-sleep")],
        concepts={"relief": {"terms": ["relief"]}, "low-mood": {"terms": ["low mood"]}},
    )
    return on_disk.write(base, tmp_path / "claims")


def problems(root: Path) -> list[str]:
    return lines(load(root, cache=False).findings)


def test_everything_is_read_in_the_order_of_ids(root: Path):
    loaded = load(root, cache=False)
    expected = factories.knowledge_base(
        claims=[factories.claim(), factories.claim("lifts-sleep")],
        concepts={"low-mood": {"terms": ["low mood"]}, "relief": {"terms": ["relief"]}},
    )
    assert loaded.findings == ()
    assert loaded.files == {
        ("caveat", "fades-soon"): "caveats/fades-soon.yaml",
        ("claim", "lifts-mood"): CLAIM,
        ("claim", "lifts-sleep"): "entries/mood/lifts-sleep.yaml",
        ("source", "clinic-page"): "sources/clinic-page.yaml",
    }
    for part in ("about", "themes", "concepts", "references", "sources", "caveats", "claims"):
        assert getattr(loaded.kb, part) == getattr(expected, part)
    assert list(loaded.kb.concepts) == ["low-mood", "relief"]
    assert loaded.kb.digest == digest(root)


def test_files_that_may_be_missing(tmp_path: Path):
    (tmp_path / "kb.yaml").write_text(encode(About(name="Small", description="Tiny.", licence="CC0")))
    loaded = load(tmp_path, cache=False)
    assert (loaded.findings, loaded.files, loaded.kb.themes, loaded.kb.claims) == ((), {}, {}, {})


def test_no_knowledge_base(tmp_path: Path):
    with pytest.raises(KnowledgeBaseNotFound, match=f"^there is no kb.yaml in {tmp_path}$"):
        load(tmp_path)


def test_every_bad_file_is_reported_and_hides_no_other(root: Path):
    (root / "kb.yaml").write_text("nam: Test base\n")
    (root / "themes.yaml").write_text("- mood\n")
    (root / "vocabulary.yaml").write_text("relief: [\n")
    (root / "references.yaml").write_bytes("title: \xe9".encode("latin-1"))
    (root / "sources" / "clinic-page.yaml").write_text("")
    (root / "caveats" / "fades-soon.yaml").write_text("id: fades-soon\nid: fades\n- a\n")
    (root / CLAIM).write_text("id: lifts-mood\nclaim: x\n" + "[" * 50)
    loaded = load(root, cache=False)
    assert lines(loaded.findings) == [
        "caveats/fades-soon.yaml:2:1: duplicate-key: id: the field 'id' is written twice here; keep one of the two",
        (
            "caveats/fades-soon.yaml:3:1: yaml-syntax: : not valid YAML: "
            "this does not line up with the fields above it, or text here or above it needs quotes"
        ),
        (
            "entries/mood/lifts-mood.yaml:3:1: yaml-syntax: : not valid YAML: this is neither a field ('name: value') "
            "nor an item ('- value'); if it goes on from above, indent it"
        ),
        "kb.yaml:1:1: schema: description: the field 'description' is missing; write text here",
        "kb.yaml:1:1: schema: licence: the field 'licence' is missing; write text here",
        "kb.yaml:1:1: schema: nam: unknown field 'nam'; did you mean 'name'?",
        "references.yaml:1:8: not-utf-8: : byte 8 of the file is not UTF-8; save the file as UTF-8",
        "sources/clinic-page.yaml:1:1: schema: : the file is empty; it must hold an entry",
        "themes.yaml:1:1: schema: : the file must hold fields with values, not a list",
        "vocabulary.yaml:2:1: yaml-syntax: relief[0]: not valid YAML: a value or a closing bracket is missing here",
    ]
    assert list(loaded.kb.claims) == ["lifts-sleep"]
    assert loaded.kb.about == About(name="claims", description="kb.yaml cannot be read.", licence="unknown")


def test_two_files_with_one_id(root: Path):
    (root / "entries" / "other").mkdir()
    (root / "entries" / "other" / "lifts-mood.yaml").write_text(encode(factories.claim(status="draft")))
    loaded = load(root, cache=False)
    assert lines(loaded.findings) == [
        (
            "entries/other/lifts-mood.yaml:2:1: duplicate-id: id: the id 'lifts-mood' is taken by "
            "entries/mood/lifts-mood.yaml; give this entry another id, or delete one of the two"
        )
    ]
    assert loaded.kb.claims["lifts-mood"].status == "in-review"


def test_an_id_that_is_not_the_name_of_the_file(root: Path):
    (root / CLAIM).rename(root / "entries" / "mood" / "raises-mood.yaml")
    assert problems(root) == [
        (
            "entries/mood/raises-mood.yaml:2:1: file-name: id: the id is 'lifts-mood' and the file raises-mood.yaml; "
            "call the file lifts-mood.yaml, or change the id"
        )
    ]


def test_files_that_do_not_belong(root: Path):
    for stray in (
        *("notes.txt", "entries/loose.yaml", "caveats/new.yml", "entries/mood/deep/claim.yaml", "images/a.png"),
        *("caveats/deep/x.yaml", "README.md", "LICENSE", ".hidden.yaml", ".git/config", "entries/mood/.swap.yaml"),
    ):
        (root / stray).parent.mkdir(parents=True, exist_ok=True)
        (root / stray).write_text("x")
    folder = "this folder is not read; entries go to entries/<area>/, and there are also caveats/ and sources/"
    assert problems(root) == [
        f"caveats/deep: stray-file: : {folder}",
        "caveats/new.yml: stray-file: : this file is not read; rename it so that it ends in .yaml",
        (
            "entries/loose.yaml: stray-file: : this file is not read; "
            "claims go to entries/<area>/, others to caveats/ or sources/"
        ),
        f"entries/mood/deep: stray-file: : {folder}",
        f"images: stray-file: : {folder}",
        f"notes.txt: stray-file: : {STRAY}",
    ]
    assert {finding.level for finding in load(root, cache=False).findings} == {"warning"}


def test_things_that_are_no_files(root: Path, tmp_path: Path):
    outside = tmp_path / "outside.yaml"
    outside.write_text(encode(factories.caveat("outside")))
    mood = root / "entries" / "mood"
    (mood / "folder.yaml").mkdir()
    (mood / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (mood / "loop.yaml").symlink_to(mood / "loop.yaml")
    (mood / "outside.yaml").symlink_to(outside)
    (mood / "again.yaml").symlink_to(root / CLAIM)
    (root / "entries" / "linked").symlink_to(mood)
    (root / "sources" / "loop").symlink_to(root)
    os.mkfifo(mood / "pipe.yaml")
    assert problems(root) == [
        "entries/linked: stray-file: : this is a link, which is not followed; put the files themselves here",
        (
            "entries/mood/again.yaml:2:1: file-name: id: the id is 'lifts-mood' and the file again.yaml; "
            "call the file lifts-mood.yaml, or change the id"
        ),
        "entries/mood/folder.yaml: unreadable: : this is a folder; a file of that name is expected here",
        "entries/mood/gone.yaml: unreadable: : the file cannot be read: No such file or directory",
        (
            "entries/mood/lifts-mood.yaml:2:1: duplicate-id: id: the id 'lifts-mood' is taken by "
            "entries/mood/again.yaml; give this entry another id, or delete one of the two"
        ),
        "entries/mood/loop.yaml: unreadable: : the file cannot be read: Too many levels of symbolic links",
        "entries/mood/outside.yaml: unreadable: : this is a link to a file outside the knowledge base; copy the file",
        "entries/mood/pipe.yaml: unreadable: : this is not a plain file; a file of that name is expected here",
        "sources/loop: stray-file: : this is a link, which is not followed; put the files themselves here",
    ]


def test_what_vanishes_or_fails_while_it_is_read(root: Path, monkeypatch: pytest.MonkeyPatch):
    def scandir(folder: str) -> Any:
        if folder.endswith("caveats"):
            raise PermissionError(13, "Permission denied", folder)
        return real_scandir(folder)

    real_scandir = os.scandir
    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(files, "open", lambda path, _: _failing(path), raising=False)
    assert problems(root)[:2] == [
        "caveats: unreadable: : the folder cannot be read: Permission denied",
        "entries/mood/lifts-mood.yaml: unreadable: : the file cannot be read: Input/output error",
    ]


def _failing(path: str) -> Any:
    raise OSError(5, "Input/output error", path)


def test_a_file_of_four_mebibytes_is_read_and_a_larger_one_is_not(root: Path):
    text = encode(factories.claim())
    (root / CLAIM).write_text(text + "#" * (2**22 - len(text)))
    assert problems(root) == []
    (root / CLAIM).write_text(text + "#" * (2**22 - len(text) + 1))
    assert problems(root) == [
        (
            "entries/mood/lifts-mood.yaml: too-large: : the file is larger than 4 MiB and was not read; "
            "split it, or move what is not an entry elsewhere"
        )
    ]


def test_a_file_that_grows_while_it_is_read(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "open", lambda *_: io.BytesIO(b"#" * 2**23), raising=False)
    assert {finding.rule for finding in load(root, cache=False).findings} == {"too-large"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id: é".encode("utf-16"), ":1:1: not-utf-8: : byte 1 of the file is not UTF-8 (it looks like UTF-16)"),
        ("é: 1\nid: ".encode() + b"\xff", ":2:5: not-utf-8: : byte 11 of the file is not UTF-8"),
        (b"id: \xed\xa0\x80", ":1:5: not-utf-8: : byte 5 of the file is not UTF-8"),
    ],
)
def test_other_encodings(root: Path, content: bytes, problem: str):
    (root / CLAIM).write_bytes(content)
    assert problems(root) == [f"{CLAIM}{problem}; save the file as UTF-8"]


def test_a_byte_order_mark_and_line_ends_of_windows(root: Path):
    text = (root / CLAIM).read_text(encoding="utf-8")
    (root / CLAIM).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    loaded = load(root, cache=False)
    assert loaded.findings == ()
    assert loaded.kb.claims["lifts-mood"] == factories.claim()


def test_names_that_would_break_a_line_of_output(root: Path):
    (root / "entries" / "mood" / "a\nb\u202e.yaml").write_text(encode(factories.claim("a-b")))
    with (root / "entries" / "mood").joinpath(os.fsdecode(b"\xff.txt")).open("w"):
        pass
    name = r"a\nb\u202e.yaml"
    assert problems(root) == [
        rf"entries/mood/\udcff.txt: stray-file: : {STRAY}",
        (
            f"entries/mood/{name}:2:1: file-name: id: the id is 'a-b' and the file {name}; "
            "call the file a-b.yaml, or change the id"
        ),
    ]


def test_without_libyaml_all_is_the_same(root: Path, monkeypatch: pytest.MonkeyPatch):
    (root / "caveats" / "fades-soon.yaml").write_text("id: fades-soon\nkey: side effects\n")
    fast = load(root, cache=False)
    monkeypatch.setattr(yaml12, "loader", yaml.SafeLoader)
    assert load(root, cache=False) == fast


def test_only_changed_files_are_read_again(root: Path, monkeypatch: pytest.MonkeyPatch):
    decoded = []
    real = codec.decode_all
    monkeypatch.setattr(codec, "decode_all", lambda text, kind, path: decoded.append(path) or real(text, kind, path))
    loader = Loader()
    first = loader.load(root, cache=False)
    decoded.clear()
    assert loader.load(root, cache=False) == first
    assert decoded == []
    (root / CLAIM).write_text(encode(factories.claim(status="published")))
    (root / "entries" / "mood" / "lifts-sleep.yaml").unlink()
    changed = loader.load(root, cache=False)
    assert decoded == [CLAIM]
    assert list(changed.kb.claims) == ["lifts-mood"]
    assert changed.kb.claims["lifts-mood"].status == "published"
    assert changed.kb.digest != first.kb.digest
    assert changed.kb.caveats["fades-soon"] is first.kb.caveats["fades-soon"]


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_is_as_it_was(root: Path, enabled: bool, monkeypatch: pytest.MonkeyPatch):
    switched = []
    monkeypatch.setattr(gc, "isenabled", lambda: enabled)
    monkeypatch.setattr(gc, "disable", lambda: switched.append("off"))
    monkeypatch.setattr(gc, "enable", lambda: switched.append("on"))
    load(root, cache=False)
    assert switched == (["off", "on"] if enabled else ["off"])


@pytest.mark.parametrize(
    ("field", "position"),
    [
        ("evidence[0].reference", (11, 5)),
        ("evidence[0]", (11, 5)),
        ("evidence[7].finding", (10, 1)),
        ("caveats[0].near", (17, 26)),
        ("scope.drug", (2, 1)),
        ("", (2, 1)),
    ],
)
def test_a_field_is_located(root: Path, field: str, position: tuple[int, int]):
    (root / CLAIM).write_text(encode(factories.claim(no_caveat={"reason": "None."})))
    assert locate(root, CLAIM, field) == position


def test_a_field_of_what_cannot_be_read_has_no_place(root: Path):
    assert locate(root, "entries/none.yaml", "id") == (0, 0)
    assert locate(root, "entries/\x00.yaml", "id") == (0, 0)
    (root / CLAIM).write_bytes(b"\xff: [")
    assert locate(root, CLAIM, "id") == (1, 1)


def test_what_to_write_is_said_in_one_line(root: Path):
    (root / "vocabulary.yaml").write_text("calm:\n")
    assert problems(root) == [
        "vocabulary.yaml:1:1: schema: calm: 'calm' is empty; write here: An idea and the words that express it."
    ]


SHARED = ("kb.yaml", "themes.yaml", "vocabulary.yaml", "topics.yaml", "references.yaml")
FILES = (*SHARED, "sources/a.yaml", "caveats/a.yaml", CLAIM)
contents = st.one_of(st.binary(max_size=100), st.one_of(soup, dumped, commented()).map(str.encode))


@settings(max_examples=60)  # each writes a folder
@given(st.dictionaries(st.sampled_from(FILES), contents, min_size=1))
def test_whatever_is_in_the_files_it_is_read_or_reported(found: dict[str, bytes]):
    with tempfile.TemporaryDirectory() as folder:
        root = on_disk.write(factories.knowledge_base(claims=[factories.claim("lifts-sleep")]), Path(folder))
        for relpath, content in found.items():
            (root / relpath).write_bytes(content)
        loaded = load(root, cache=False)
        assert "lifts-sleep" in loaded.kb.claims
        reported = {finding.location.path for finding in loaded.findings}
        assert set(found) - reported <= {*SHARED, *loaded.files.values()}
        assert all(finding.message.isprintable() for finding in loaded.findings)
