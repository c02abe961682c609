"""Whoosh under the contract, and what is its own: an index on disk that may be missing, foreign, damaged or shared."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import IndexUnavailable
from kb.search.base import Query
from kb.search.kept import KEPT
from kb.search.whoosh import WhooshEngine
from tests.search.bases import base
from tests.search.contract import ids
from tests.search.kept import KeptContract, refuses

ROOT = Path(__file__).parents[2]


class TestWhoosh(KeptContract):
    @staticmethod
    def engine(folder):
        return WhooshEngine(folder)


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def place(engine, tmp_path):
    """Build the index of the base, and return its file."""
    engine.build(base())
    return tmp_path / "index" / f"whoosh-{base().digest}.zip"


# Missing, foreign, damaged


def test_an_index_is_one_file(place):
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    with zipfile.ZipFile(place) as archive:
        kinds = sorted(name.rpartition(".")[2] for name in archive.namelist())
    assert kinds == ["json", "json", "json", "seg", "toc"]


def _flip(content, position):
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(lambda content: content[:0], "BadZipFile", id="emptied"),
        pytest.param(lambda content: content[: len(content) // 2], "BadZipFile", id="cut"),
        pytest.param(lambda content: bytes(len(content)), "BadZipFile", id="zeros"),
        pytest.param(lambda content: b"not an index", "BadZipFile", id="something else"),  # noqa: ARG005
        pytest.param(lambda content: _flip(content, 60), "BadZipFile", id="one bit of the manifest"),
        pytest.param(lambda content: _flip(content, len(content) // 2), "BadZipFile", id="one bit in the middle"),
    ],
)
def test_a_damaged_index_is_noticed(engine, place, damage, reason):
    place.write_bytes(damage(place.read_bytes()))
    refuses(engine, f"the search index is damaged ({reason})")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_any_change_of_the_file_is_noticed_or_does_no_harm(engine, place, data):
    engine.build(base())
    content = place.read_bytes()
    position = data.draw(st.integers(0, len(content) - 1))
    place.write_bytes(content[:position] + data.draw(st.binary(max_size=9)) + content[position + 1 :])
    try:
        backend = engine.open(base())
    except IndexUnavailable:
        return
    assert ids(backend.search(Query("trd"))) == ["eases-trd", "relief"]


def _repack(place, changed, kept=lambda name: True):  # noqa: ARG005
    """Write an index anew with other parts; all its check sums are right."""
    with zipfile.ZipFile(place) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if kept(name)}
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in (parts | changed).items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"engine": "other"}, "the search index was made for another version of this program (other, format 4)"),
        ({"format": 99}, "the search index was made for another version of this program (whoosh, format 99)"),
        ({"digest": "f" * 64}, "the search index is of another state of the knowledge base"),
        ({"documents": 12}, "the search index is of another state of the knowledge base"),
        ({"sample": {"aches": "0" * 64}}, "the search index was made by another version of the text analysis"),
        ({"extra": 1}, "the search index is damaged (ValidationError)"),
    ],
)
def test_a_foreign_index_is_refused(engine, place, changed, message):
    with zipfile.ZipFile(place) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    _repack(place, {"manifest.json": json.dumps(manifest | changed)})
    refuses(engine, message)


def test_an_index_without_a_manifest_is_refused(engine, place):
    _repack(place, {}, kept=lambda name: name != "manifest.json")
    refuses(engine, "the search index is damaged (KeyError)")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.one_of(st.binary(max_size=200), st.just(b"[" * 100_000), st.just(b"{}"), st.just(b"null")))
def test_a_manifest_may_hold_anything(engine, place, content):
    _repack(place, {"manifest.json": content})
    with pytest.raises(IndexUnavailable, match=r"^the search index is damaged \(ValidationError\)$"):
        engine.open(base())


@pytest.mark.parametrize("suffix", ["seg", "toc"])
def test_parts_that_whoosh_cannot_read_are_refused(engine, place, suffix):
    with zipfile.ZipFile(place) as archive:
        name = next(name for name in archive.namelist() if name.endswith(suffix))
    _repack(place, {name: b"nonsense"})
    with pytest.raises(IndexUnavailable, match=r"^the search index cannot be read \(\w+: .*\)$"):
        engine.open(base())


# What stays in the folder


def test_only_the_newest_indexes_stay(engine, place):
    for number in range(KEPT + 2):
        engine.build(dataclasses.replace(base(), digest=f"{number:064}"))
        latest = place.with_name(f"whoosh-{number:064}.zip")
        os.utime(latest, (1_000 + number, 1_000 + number))
    os.utime(place, (1, 1))
    engine.build(dataclasses.replace(base(), digest=f"{9:064}"))
    kept = sorted(path.name for path in place.parent.iterdir())
    assert kept == [f"whoosh-{number:064}.zip" for number in (3, 4, 5, 6, 9)]


# Killed, raced, shared


BUILDER = """
import sys
from pathlib import Path
from kb.search.whoosh import WhooshEngine
from tests.search.bases import base
engine, kb = WhooshEngine(Path(sys.argv[1])), base()
for _ in range(int(sys.argv[2])):
    engine.build(kb)
    print("built", flush=True)
"""


def _builder(folder, times):
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(folder), str(times)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_a_killed_builder_leaves_a_whole_index(tmp_path):
    chance = random.Random(7)  # noqa: S311
    for _ in range(5):
        builder = _builder(tmp_path / "index", 1_000)
        assert builder.stdout.readline() == "built\n"
        time.sleep(chance.uniform(0, 0.05))
        builder.kill()
        builder.communicate()
        assert WhooshEngine(tmp_path / "index").open(base()).search(Query("trd")).total == 2


def test_processes_may_build_at_once(tmp_path):
    builders = [_builder(tmp_path / "index", 8) for _ in range(3)]
    assert [builder.communicate()[0] for builder in builders] == ["built\n" * 8] * 3
    assert [path.name for path in (tmp_path / "index").iterdir()] == [f"whoosh-{base().digest}.zip"]
    assert WhooshEngine(tmp_path / "index").open(base()).search(Query("trd")).total == 2


def test_a_failure_inside_whoosh_is_no_empty_answer_and_is_not_repeated(engine, place, monkeypatch):
    assert place.exists()
    backend = engine.open(base())
    monkeypatch.setattr(backend._store._idle[0], "postings", lambda *_: 1 / 0)
    message = r"^the search index cannot be read \(ZeroDivisionError: division by zero\)$"
    with pytest.raises(IndexUnavailable, match=message):
        backend.search(Query("trd"))
    assert backend.search(Query("trd")).total == 2
