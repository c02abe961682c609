"""Tantivy under the contract, and what is its own: an index on disk that may be missing, foreign, damaged or shared."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("tantivy", reason="the extra `fast` is not installed")

from kb.errors import IndexUnavailable, KbError
from kb.search import analysis
from kb.search.base import FILTERS, Query
from kb.search.engines import open_or_build
from kb.search.kept import KEPT, MISSING
from kb.search.memory import MemoryEngine
from kb.search.tantivy import TantivyEngine
from kb.semantic.backend import SemanticEngine
from tests.factories import claim, knowledge_base
from tests.search.agreement import small_limits
from tests.search.bases import base, named
from tests.search.contract import SearchContract, ids

ROOT = Path(__file__).parents[2]
QUERIES = [Query(text, facets=FILTERS) for text in ("headache", "zebra testamine", '"does not cause"', "trd -mood", "")]


class TestTantivy(SearchContract):
    @staticmethod
    def engine(folder):
        return TantivyEngine(folder)


@pytest.fixture
def engine(tmp_path):
    return TantivyEngine(tmp_path / "index")


@pytest.fixture
def place(engine, tmp_path):
    """Build the index of the base, and return its folder."""
    engine.build(base())
    return tmp_path / "index" / f"tantivy-{base().digest}"


def _refuses(engine, message):
    """Check that the index is refused for this reason, and that building it anew mends it."""
    with pytest.raises(IndexUnavailable) as raised:
        engine.open(base())
    assert str(raised.value) == message
    opened = open_or_build(engine, base())
    assert (opened.rebuilt, ids(opened.backend.search(Query("zebra trd")))) == (message, ["eases-trd", "relief"])
    assert open_or_build(engine, base()).rebuilt == ""


# Missing, foreign, damaged


def test_a_missing_index_is_built(engine):
    _refuses(engine, MISSING)


def test_an_index_made_with_another_vocabulary_does_not_count(engine):
    engine.build(dataclasses.replace(base(), digest="f" * 64, concepts={}))
    _refuses(engine, MISSING)


def _parts(place):
    return sorted(path for path in place.iterdir() if path.name != "manifest.json" and path.suffix != ".lock")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="emptied"),  # noqa: ARG005
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content[:-1] + bytes([content[-1] ^ 1]), id="one bit"),
    ],
)
def test_damage_of_any_file_is_noticed(engine, place, damage):
    for part in _parts(place):
        content = part.read_bytes()
        part.write_bytes(damage(content))
        with pytest.raises(IndexUnavailable, match=rf"^the search index is damaged \({part.name}\)$"):
            engine.open(base())
        part.write_bytes(content)
    part.write_bytes(damage(content))
    _refuses(engine, f"the search index is damaged ({part.name})")


def test_a_file_that_is_gone_is_noticed(engine, place):
    part = next(part for part in _parts(place) if part.suffix == ".store")
    part.unlink()
    _refuses(engine, f"the search index is damaged ({part.name} is missing)")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "manifest.json is missing"),
        (b"", "JSONDecodeError"),
        (b"[" * 100_000, "RecursionError"),
        (b"null", "TypeError"),
        (b"{}", "KeyError"),
    ],
)
def test_a_manifest_may_hold_anything(engine, place, content, reason):
    manifest = place / "manifest.json"
    manifest.unlink() if content is None else manifest.write_bytes(content)
    _refuses(engine, f"the search index is damaged ({reason})")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"engine": "other"}, "the search index was made for another version of this program (other, format 1)"),
        ({"format": 99}, "the search index was made for another version of this program (tantivy, format 99)"),
        (
            {"format": 99, "files": 3},
            "the search index was made for another version of this program (tantivy, format 99)",
        ),
        ({"digest": "f" * 64}, "the search index is of another state of the knowledge base"),
        ({"documents": 12}, "the search index is of another state of the knowledge base"),
        ({"sample": {"aches": "0" * 64}}, "the search index was made by another version of the text analysis"),
        ({"extra": 1}, "the search index is damaged (ValidationError)"),
    ],
)
def test_a_foreign_index_is_refused(engine, place, changed, message):
    manifest = place / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_bytes()) | changed))
    _refuses(engine, message)


def test_a_change_of_the_analysis_makes_an_index_foreign(engine, place, monkeypatch):
    assert place.exists()
    monkeypatch.setitem(analysis.WEIGHTS, "claim", 9.0)
    _refuses(engine, "the search index was made by another version of the text analysis")


def test_a_folder_that_cannot_be_written_to_is_reported(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(IndexUnavailable, match=r"^the search index cannot be built in .*file: \[Errno"):
        TantivyEngine(tmp_path / "file").build(base())


def test_a_full_disk_leaves_the_old_index(engine, place, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IndexUnavailable, match="No space left on device"):
        engine.build(base())
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    assert engine.open(base()).search(Query("trd")).total == 2


def test_ranking_by_meaning_is_refused_in_words(engine, place, tmp_path):
    assert place.exists()
    with pytest.raises(KbError, match=r"^the engine tantivy cannot be combined with ranking by meaning$"):
        SemanticEngine(engine, _NoModel(), tmp_path).open(base())


class _NoModel:
    digest = "0" * 64


# What stays in the folder, and later states


def test_only_the_newest_indexes_stay(engine, place):
    for number in range(KEPT + 1):
        engine.build(dataclasses.replace(base(), digest=f"{number:064}"))
        os.utime(place.with_name(f"tantivy-{number:064}"), (1_000 + number, 1_000 + number))
    os.utime(place, (1, 1))
    engine.build(dataclasses.replace(base(), digest=f"{9:064}"))
    kept = sorted(path.name for path in place.parent.iterdir())
    assert kept == [f"tantivy-{number:064}" for number in (2, 3, 4, 5, 9)]


def test_it_serves_a_later_state_and_nothing_is_written(engine, place):
    later = named(dataclasses.replace(base(), claims=base().claims | {"calm": claim("calm", claim="Zebras doze.")}))
    opened = open_or_build(engine, later)
    assert (opened.rebuilt, opened.backend.info.digest) == ("", later.digest)
    expected = MemoryEngine().open(later)
    for query in QUERIES:
        assert set(ids(opened.backend.search(query))) == set(ids(expected.search(query)))
    assert ids(opened.backend.search(Query("doze"))) == ["calm"]
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_by_last_change_what_is_only_related_takes_no_place_of_what_is_found(tmp_path):
    said = {"runs": "Zebras run.", "eats": "Zebras eat.", "dozes": "Zebras doze."}
    beside = [{"claim": "dozes", "type": "similar"}]
    claims = [claim(each, claim=words, related=beside if each != "dozes" else []) for each, words in said.items()]
    kb = named(knowledge_base(claims=claims))
    query = Query("zebra doze", sort="changed")
    backend = open_or_build(TantivyEngine(tmp_path / "index"), kb).backend
    with small_limits(1, 2):  # more is found than the first, and few have all
        assert ids(backend.search(query)) == ids(MemoryEngine().open(kb).search(query)) == ["dozes", "eats", "runs"]


def test_after_many_edits_it_wants_to_be_built_anew(engine, place, monkeypatch):
    assert place.exists()
    backend = engine.open(base())
    assert not backend.worn
    monkeypatch.setattr("kb.search.tantivy.finder._FEW", 0)
    kb = named(dataclasses.replace(base(), claims=base().claims | {"calm": claim("calm", claim="Zebras doze.")}))
    assert backend.updated(kb).worn
    assert backend.updated(kb, most=0) is None


# Raced, shared

BUILDER = """
import sys
from pathlib import Path
from kb.search.engines import open_or_build
from kb.search.tantivy import TantivyEngine
from tests.search.bases import base
engine, kb = TantivyEngine(Path(sys.argv[1])), base()
for _ in range(8):
    engine.build(kb)
    assert open_or_build(engine, kb).backend.info.digest == kb.digest
"""


def test_processes_may_build_at_once(tmp_path):
    run = [sys.executable, "-c", BUILDER, str(tmp_path / "index")]
    builders = [subprocess.Popen(run, cwd=ROOT) for _ in range(2)]
    assert [builder.wait() for builder in builders] == [0, 0]
    assert [path.name for path in (tmp_path / "index").iterdir()] == [f"tantivy-{base().digest}"]
    assert TantivyEngine(tmp_path / "index").open(base()).search(Query("trd")).total == 2


def test_readers_go_on_while_the_index_is_rebuilt_and_removed(engine, place):
    backend = engine.open(base())
    expected = [backend.search(query) for query in QUERIES]
    done = threading.Event()

    def read():
        answers = [[backend.search(query) for query in QUERIES]]
        while not done.wait(0.005):
            answers.append([backend.search(query) for query in QUERIES])
        return answers

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for _ in range(3):
            engine.build(base())
        shutil.rmtree(place)
        done.set()
        assert all(answer == expected for reader in readers for answer in reader.result())


def test_threads_may_share_an_open_index(engine, place):
    assert place.exists()
    backend = engine.open(base())
    expected = [backend.search(query) for query in QUERIES]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: backend.search(QUERIES[number % 5]), range(200))) == expected * 40


def test_a_failure_inside_tantivy_is_no_empty_answer(engine, place, monkeypatch):
    assert place.exists()
    backend = engine.open(base())

    class PanicException(BaseException):
        """What tantivy raises where it gives up."""

    class Broken:
        def doc_freq(self, *_):
            raise PanicException("unreachable")

    monkeypatch.setattr(backend._finder._built, "searcher", Broken())
    with pytest.raises(IndexUnavailable, match=r"^the search index cannot be read \(PanicException: unreachable\)$"):
        backend.search(Query("trd"))
