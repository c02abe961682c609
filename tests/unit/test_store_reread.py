"""Reading only what was saved gives what reading everything gives."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.store import Loader, load
from tests import factories, on_disk

_BASE = factories.knowledge_base(
    claims=[factories.claim(), factories.claim("lifts-sleep")],
    concepts={"relief": {"terms": ["relief"]}, "low-mood": {"terms": ["low mood"]}},
)
_PATHS = [
    "entries/mood/lifts-mood.yaml",
    "entries/mood/lifts-sleep.yaml",
    "entries/mood/new.yaml",
    "entries/sleep/lifts-sleep.yaml",
    "caveats/fades-soon.yaml",
    "caveats/another.yaml",
    "sources/clinic-page.yaml",
    "themes.yaml",
    "vocabulary.yaml",
    "references.yaml",
    "topics.yaml",
    "kb.yaml",
]
_CONTENTS = st.one_of(
    st.sampled_from(_PATHS).map(lambda path: ("copy of", path)),
    st.sampled_from([("same", ""), ("gone", ""), ("folder", ""), ("link", "")]),
    st.sampled_from(["", "id: new\n", "# only a comment\n", "x: [", "\udcff", "claim: x\n" * 500_000]).map(
        lambda text: ("text", text)
    ),
    st.just(("comment", "# a remark\n")),
)


def _edit(root: Path, relpath: str, what: str, matter: str) -> None:
    path = root / relpath
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes() if path.is_file() else b""
    if what == "same":
        return
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    path.unlink(missing_ok=True)
    if what == "copy of" and (root / matter).is_file():
        shutil.copyfile(root / matter, path)
    elif what == "folder":
        path.mkdir()
    elif what == "link":
        path.symlink_to(root.parent / "elsewhere.yaml")
    elif what == "text":
        path.write_bytes(matter.encode("utf-8", "surrogateescape"))
    elif what == "comment":
        path.write_bytes(matter.encode() + content)


@settings(max_examples=150, deadline=None)
@given(rounds=st.lists(st.lists(st.tuples(st.sampled_from(_PATHS), _CONTENTS), max_size=3), min_size=1, max_size=4))
def test_reading_what_was_saved_is_as_good_as_reading_everything(rounds):
    with tempfile.TemporaryDirectory() as folder:
        root = on_disk.write(_BASE, Path(folder) / "claims")
        loader = Loader()
        loader.load(root, cache=False)
        for edits in rounds:
            for relpath, (what, matter) in edits:
                _edit(root, relpath, what, matter)
            if not (root / "kb.yaml").is_symlink() and not (root / "kb.yaml").exists():
                return
            reread = loader.reread(root, [relpath for relpath, _ in edits]) or loader.load(root, cache=False)
            whole = load(root, cache=False)
            assert (reread.kb, reread.findings, reread.files) == (whole.kb, whole.findings, whole.files)
            for part in ("concepts", "references", "sources", "caveats", "claims", "topics"):
                assert list(getattr(reread.kb, part)) == list(getattr(whole.kb, part))
            assert list(reread.files) == list(whole.files)


def test_an_entry_whose_file_was_renamed_stays_in_its_place(tmp_path):
    root = on_disk.write(_BASE, tmp_path / "claims")
    loader = Loader()
    loader.load(root, cache=False)
    old, new = "entries/mood/lifts-mood.yaml", "entries/mood/new.yaml"
    (root / old).rename(root / new)
    reread = loader.reread(root, [old, new])
    assert reread.findings == load(root, cache=False).findings
    assert list(reread.kb.claims) == ["lifts-mood", "lifts-sleep"]


def test_only_the_named_files_are_read(tmp_path):
    root = on_disk.write(_BASE, tmp_path / "claims")
    loader = Loader()
    before = loader.load(root, cache=False)
    for relpath in ("entries/mood/lifts-mood.yaml", "entries/mood/lifts-sleep.yaml"):
        _edit(root, relpath, "comment", "# seen\n")
    after = loader.reread(root, ["entries/mood/lifts-mood.yaml"])
    assert after.kb.digest not in {before.kb.digest, load(root, cache=False).kb.digest}
    assert after.kb.claims["lifts-sleep"] is before.kb.claims["lifts-sleep"]


@pytest.mark.parametrize(
    "relpath", ["README.md", "entries/x.yaml", "entries/.hidden/x.yaml", "../x.yaml", "entries/linked/x.yaml"]
)
def test_what_is_no_file_of_the_layout_takes_a_look_at_everything(tmp_path, relpath):
    root = on_disk.write(_BASE, tmp_path / "claims")
    (root / "entries" / "linked").symlink_to(root / "entries" / "mood")
    loader = Loader()
    assert loader.reread(root, ["themes.yaml"]) is None
    loader.load(root, cache=False)
    assert loader.reread(root, [relpath]) is None
