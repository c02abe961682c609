"""Tantivy under the contract, and what is its own: an index on disk that may be missing, foreign, damaged or shared."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("tantivy", reason="the extra `fast` is not installed")

from kb.errors import IndexUnavailable, KbError
from kb.search.base import Query
from kb.search.engines import open_or_build
from kb.search.kept import BUILDING, KEPT
from kb.search.memory import MemoryEngine
from kb.search.tantivy import TantivyEngine
from kb.semantic.backend import SemanticEngine
from tests.factories import claim, knowledge_base
from tests.search.agreement import small_limits
from tests.search.bases import base, named
from tests.search.contract import ids
from tests.search.kept import QUERIES, KeptContract, refuses

ROOT = Path(__file__).parents[2]


class TestTantivy(KeptContract):
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


# Exchanged by another build while it is opened


@pytest.fixture
def exchanged(place):
    """Move an index away as a build does that is about to put its own there."""
    before = place.parent / f"{BUILDING}other" / "before-0"
    before.parent.mkdir()
    return place.rename(before)


def test_an_index_that_is_exchanged_meanwhile_is_waited_for(engine, place, exchanged, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: exchanged.rename(place))
    assert engine.open(base()).search(Query("trd")).total == 2


@pytest.mark.usefixtures("exchanged")
def test_an_exchange_that_was_killed_is_not_waited_for_without_end(engine, monkeypatch):
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with pytest.raises(IndexUnavailable, match="no search index has been built"):
        engine.open(base())
    assert 0 < sum(waits) < 1


# Missing, foreign, damaged


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
    refuses(engine, f"the search index is damaged ({part.name})")


def test_a_file_that_is_gone_is_noticed(engine, place):
    part = next(part for part in _parts(place) if part.suffix == ".store")
    part.unlink()
    refuses(engine, f"the search index is damaged ({part.name} is missing)")


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
    refuses(engine, f"the search index is damaged ({reason})")


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
    refuses(engine, message)


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


def test_what_cannot_be_written_at_all_is_no_value_of_any_claim(engine, place):
    assert place.exists()
    backend = engine.open(base())
    with small_limits(1, 2):  # so that tantivy is asked, and not what is at hand
        assert backend.search(Query("", {"theme": ("mood",)})).total
        assert backend.search(Query("", {"theme": ("\ud800",)})).total == 0


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
import time
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


def test_many_changes_leave_few_indexes_and_each_claim_in_one(engine, place, monkeypatch):
    assert place.exists()
    monkeypatch.setattr("kb.search.tantivy.finder._SMALL", 4)
    kb, backend = base(), engine.open(base())
    for number in range(60):
        calm = {f"calm-{number % 40}": claim(f"calm-{number % 40}", claim=f"Zebras doze{number}.")}
        kb = named(dataclasses.replace(kb, claims=dict(sorted((kb.claims | calm).items()))))
        backend = backend.updated(kb)
        assert ids(backend.search(Query(f"doze{number}"))) == list(calm)
    parts = backend._finder._parts
    assert len(parts) < 5
    assert sorted(claim_id for part in parts for claim_id in part.entries) == sorted(f"calm-{n}" for n in range(40))
    assert backend.search(Query("zebras")).total == MemoryEngine().open(kb).search(Query("zebras")).total
