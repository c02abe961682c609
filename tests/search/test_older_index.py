"""The index of an earlier state, with what has changed since beside it: right, or refused and built anew."""

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
from kb.library import Library
from kb.search import analysis, revising, whoosh
from kb.search.base import FILTERS, Query
from kb.search.engines import open_or_build
from kb.search.memory import MemoryEngine
from kb.search.revising import Revised
from kb.search.whoosh import WhooshBackend, WhooshEngine
from tests.factories import claim
from tests.lake import write_lake
from tests.search.bases import base, named

ROOT = Path(__file__).parents[2]
NONE = "no search index has been built for this state of the knowledge base"
QUERIES = [Query(text, facets=FILTERS) for text in ("headache", "zebra testamine", "doze", "trd -mood", "")]


def later(**others):
    """Return a later state: one claim changed, one gone, one new, and whatever else."""
    claims = dict(base().claims) | {
        "calm": claim("calm", claim="Zebras doze."),
        "new-one": claim("new-one", claim="Headache goes away."),
    }
    del claims["welcome"]
    return named(dataclasses.replace(base(), claims=dict(sorted((claims | others).items()))))


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def place(engine, tmp_path):
    """Build the index of the base, and return its file."""
    engine.build(base())
    return tmp_path / "index" / f"whoosh-{base().digest}.zip"


def answers(backend):
    return [backend.search(query) for query in QUERIES]


def right(kb):
    return answers(MemoryEngine().open(kb))


def repack(place, changed):
    """Write the index again with other parts; `None` leaves one out."""
    with zipfile.ZipFile(place) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | changed
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)


def part(place, name):
    with zipfile.ZipFile(place) as archive:
        return json.loads(archive.read(name))


def test_it_serves_a_later_state_and_nothing_is_written(engine, place):
    opened = open_or_build(engine, later())
    assert (opened.rebuilt, type(opened.backend)) == ("", Revised)
    assert opened.backend.info.digest == later().digest
    assert answers(opened.backend) == right(later())
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_the_newest_that_fits_is_taken(engine, place):
    engine.build(later())
    engine.build(dataclasses.replace(base(), digest="f" * 64, concepts={}))
    for number, digest in enumerate((base().digest, later().digest, "f" * 64)):
        os.utime(place.with_name(f"whoosh-{digest}.zip"), (1_000 + number, 1_000 + number))
    last = later(calm=claim("calm", claim="Zebras doze at noon."))
    backend = engine.open(last)
    assert list(backend.own) == ["calm"]
    place.with_name(f"whoosh-{later().digest}.zip").write_bytes(b"broken")
    backend = engine.open(last)
    assert sorted(backend.own) == ["calm", "new-one"]
    assert answers(backend) == right(last)


@pytest.mark.parametrize(
    "change",
    [
        lambda place: place.write_bytes(b""),
        lambda place: place.write_bytes(place.read_bytes()[:-40]),
        lambda place: place.write_bytes(place.read_bytes()[: place.stat().st_size // 2]),
        lambda place: repack(place, {"inputs.json": None}),
        lambda place: repack(place, {"inputs.json": b"[]"}),
        lambda place: repack(place, {"manifest.json": json.dumps(part(place, "manifest.json") | {"format": 99})}),
        lambda place: repack(place, {"manifest.json": json.dumps(part(place, "manifest.json") | {"engine": "other"})}),
        lambda place: repack(place, {"manifest.json": json.dumps(part(place, "manifest.json") | {"documents": 3})}),
        lambda place: repack(place, {"wording.json": b"[[], [], {}]"}),
        lambda place: repack(place, {"wording.json": None}),
    ],
)
def test_what_is_damaged_or_foreign_is_built_anew(engine, place, change):
    change(place)
    opened = open_or_build(engine, later())
    assert (opened.rebuilt, type(opened.backend)) == (NONE, WhooshBackend)
    assert answers(opened.backend) == right(later())


def test_other_claims_than_its_rows_are_refused(engine, place):
    inputs = part(place, "inputs.json")
    del inputs["claims"]["pressure"]
    repack(place, {"inputs.json": json.dumps(inputs)})
    assert open_or_build(engine, later()).rebuilt == NONE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_whatever_byte_is_wrong_the_answers_are_right(engine, place, where, bit, cut):
    whole = place.read_bytes()
    at = int(where * len(whole))
    place.write_bytes(whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
    try:
        opened = open_or_build(engine, later())
        assert opened.rebuilt in {"", NONE}
        assert answers(opened.backend) == right(later())
    finally:
        for path in place.parent.iterdir():
            path.unlink()
        place.write_bytes(whole)


def test_where_too_much_has_changed_it_is_built_anew(engine, place, monkeypatch):
    assert place.exists()
    monkeypatch.setattr(revising, "_FEW", 2)
    assert open_or_build(engine, later()).rebuilt == NONE


def test_code_that_makes_other_terms_builds_it_anew(engine, place, monkeypatch):
    assert place.exists()
    monkeypatch.setitem(analysis.WEIGHTS, "claim", 9.0)
    assert open_or_build(engine, later()).rebuilt == NONE


def test_where_no_sample_is_left_to_compare_it_is_built_anew(engine, place):
    sample = part(place, "manifest.json")["sample"]
    others = {claim_id: claim(claim_id, claim="Quite another matter.") for claim_id in sample}
    assert open_or_build(engine, later(**others)).rebuilt == NONE


def test_a_file_that_another_process_removes_is_no_error(engine, place, monkeypatch):
    monkeypatch.setattr(whoosh, "newest_first", lambda *_: [place.with_name("whoosh-gone.zip"), place])
    assert open_or_build(engine, later()).rebuilt == ""


def test_a_closed_index_gives_no_other(engine, place):
    assert place.exists()
    backend = engine.open(base())
    updated = backend.updated(later())
    backend.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        backend.updated(later())
    assert answers(updated) == right(later())
    updated.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        updated.search(Query("headache"))


EDITOR = """
import sys
from pathlib import Path
from kb.library import Library
from kb.store import save_text
library = Library.open(Path(sys.argv[1]), follow_edits=True)
library.index()
path = Path(sys.argv[1], "entries", "mood", "wakes-up.yaml")
for number in range(10_000):
    text = path.read_text()
    start = text.index("claim: ")
    text = text[:start] + f"claim: Cold water wakes people up {number} times.\\n" + text[text.index("\\n", start) + 1 :]
    save_text(path, text)
    library.apply_saved(["entries/mood/wakes-up.yaml"])
    if number % 5 == 4:
        library.index(force=True)
    print("saved", flush=True)
"""


def test_a_killed_editor_leaves_an_index_that_answers_for_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("CAVEAT_HOME", str(tmp_path / "home"))
    root = write_lake(tmp_path / "claims")
    chance = random.Random(11)  # noqa: S311
    for _ in range(4):
        editor = subprocess.Popen(
            [sys.executable, "-c", EDITOR, str(root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert editor.stdout.readline() == "saved\n"
        time.sleep(chance.uniform(0, 0.2))
        editor.kill()
        editor.communicate()
        library = Library.open(root)
        number = library.claim("wakes-up").claim.split()[-2]
        assert [hit.id for hit in library.search(Query(f'"up {number} times"')).hits] == ["wakes-up"]
        assert not library.index_info().behind
