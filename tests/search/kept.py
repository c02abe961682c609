"""What every engine must do that keeps its indexes on disk, beside the contract of search.

A module that subclasses this has two fixtures: `engine`, over an empty folder, and `place`, where the index of the base
stands once it is built.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.errors import IndexUnavailable
from kb.search import analysis
from kb.search.base import FILTERS, Query
from kb.search.engines import open_or_build
from kb.search.kept import MISSING
from tests.search.bases import base
from tests.search.contract import SearchContract, ids

QUERIES = [Query(text, facets=FILTERS) for text in ("headache", "zebra testamine", '"does not cause"', "trd -mood", "")]


def refuses(engine, message):
    """Check that the index is refused for this reason, and that building it anew mends it."""
    with pytest.raises(IndexUnavailable) as raised:
        engine.open(base())
    assert str(raised.value) == message
    opened = open_or_build(engine, base())
    assert (opened.rebuilt, ids(opened.backend.search(Query("zebra trd")))) == (message, ["eases-trd", "relief"])
    assert open_or_build(engine, base()).rebuilt == ""


class KeptContract(SearchContract):
    """One suite, run against each engine that keeps its indexes."""

    def test_a_missing_index_is_built(self, engine):
        refuses(engine, MISSING)

    def test_an_index_made_with_another_vocabulary_does_not_count(self, engine):
        engine.build(dataclasses.replace(base(), digest="f" * 64, concepts={}))
        refuses(engine, MISSING)

    def test_a_change_of_the_analysis_makes_an_index_foreign(self, engine, place, monkeypatch):
        assert place.exists()
        monkeypatch.setitem(analysis.WEIGHTS, "claim", 9.0)
        refuses(engine, "the search index was made by another version of the text analysis")

    def test_a_folder_that_cannot_be_written_to_is_reported(self, tmp_path):
        (tmp_path / "file").write_text("no folder")
        engine = self.engine(tmp_path / "file")
        with pytest.raises(IndexUnavailable, match=r"^the search index cannot be built in .*file: \[Errno"):
            engine.build(base())

    def test_a_full_disk_leaves_the_old_index(self, engine, place, monkeypatch):
        def full(_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(IndexUnavailable, match="No space left on device"):
            engine.build(base())
        assert [path.name for path in place.parent.iterdir()] == [place.name]
        assert engine.open(base()).search(Query("trd")).total == 2

    def test_readers_go_on_while_the_index_is_rebuilt_and_removed(self, engine, place):
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
            shutil.rmtree(place) if place.is_dir() else place.unlink()
            done.set()
            assert all(answer == expected for reader in readers for answer in reader.result())

    def test_threads_may_share_an_open_index(self, engine, place):
        assert place.exists()
        backend = engine.open(base())
        expected = [backend.search(query) for query in QUERIES]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)  # threads take turns as often as they can, so that what they share shows
        try:
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda number: backend.search(QUERIES[number % 5]), range(400)))
        finally:
            sys.setswitchinterval(interval)
        assert answers == expected * 80

    def test_threads_may_open_or_build_at_once(self, engine):
        with ThreadPoolExecutor(8) as pool:
            opened = list(pool.map(lambda _: open_or_build(engine, base()), range(8)))
        assert {one.backend.search(Query("trd")).total for one in opened} == {2}

    def test_leftovers_go_when_they_are_old(self, engine, place):
        old, new = place.parent / ".building-old", place.parent / ".building-new"
        for leftover in (old, new):
            leftover.mkdir()
            (leftover / "half").write_text("")
        hours_ago = time.time() - 7_200
        os.utime(old, (hours_ago, hours_ago))
        engine.build(base())
        assert sorted(path.name for path in place.parent.iterdir()) == [new.name, place.name]
