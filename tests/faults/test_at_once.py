"""Two processes that index and threads that read, at once: every answer is right for the state that it is of."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from kb.search.base import FILTERS, Query
from kb.search.engines import open_or_build
from kb.search.kept import KEPT
from kb.search.memory import MemoryEngine
from kb.search.whoosh import WhooshEngine
from tests.factories import claim
from tests.search.bases import base, named

REBUILDS = int(os.environ.get("CAVEAT_REBUILDS", "200"))
STATES = KEPT + 3
"""More states than indexes stay, so that readers also come to one that is gone."""

QUERIES = [Query(text, facets=FILTERS) for text in ("headache", "zebra testamine", "doze", "trd -mood", "")]

INDEXER = """
import sys
from pathlib import Path
from kb.search.whoosh import WhooshEngine
from tests.faults.test_at_once import STATES, state
engine = WhooshEngine(Path(sys.argv[1]))
states = [state(number) for number in range(STATES)]
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    engine.build(states[(number * int(sys.argv[3])) % STATES])
print("done", flush=True)
"""


def state(number):
    """Return one of several states of a knowledge base; in each, other claims speak of zebras."""
    words = "Zebras doze and headache goes." if number % 2 else "Nothing is said of animals."
    claims = dict(base().claims) | {f"new-{number}": claim(f"new-{number}", claim=words)}
    return named(dataclasses.replace(base(), claims=dict(sorted(claims.items()))))


def answers(backend):
    return [backend.search(query) for query in QUERIES]


class Reader(threading.Thread):
    """Opens indexes and asks them until it is told to stop; keeps what went wrong."""

    def __init__(self, folder, states, expected, *, keep):
        super().__init__(daemon=True)
        self.engine, self.states, self.expected, self.keep = WhooshEngine(folder), states, expected, keep
        self.stop, self.asked, self.rebuilt, self.wrong = threading.Event(), 0, 0, []

    def run(self):
        try:  # a pause between rounds, since it is the indexers that are to do much
            held = open_or_build(self.engine, self.states[0]).backend
            while not self.stop.wait(0.02):
                for kb, expected in zip(self.states, self.expected, strict=True):
                    if self.keep:  # one that was opened once and is asked for as long as it lasts
                        found, right = answers(held), self.expected[0]
                    else:
                        opened = open_or_build(self.engine, kb)
                        found, right = answers(opened.backend), expected
                        self.rebuilt += bool(opened.rebuilt)
                    self.asked += 1
                    if found != right:
                        self.wrong.append(kb.digest)
        except BaseException as error:
            self.wrong.append(error)
            raise


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_readers_are_served_right_through_all_rebuilds_of_two_indexers(tmp_path):
    folder = tmp_path / "index"
    states = [state(number) for number in range(STATES)]
    expected = [answers(MemoryEngine().open(kb)) for kb in states]
    assert len({repr(one) for one in expected}) == STATES
    command = [sys.executable, "-c", INDEXER, str(folder), str(REBUILDS // 2)]
    indexers = [
        subprocess.Popen([*command, step], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True)
        for step in ("1", "3")
    ]
    readers = [Reader(folder, states, expected, keep=keep) for keep in (True, False)]
    assert [indexer.stdout.readline() for indexer in indexers] == ["ready\n"] * 2
    for reader in readers:
        reader.start()
    assert [indexer.communicate()[0] for indexer in indexers] == ["done\n"] * 2
    for reader in readers:
        reader.stop.set()
        reader.join(60)
    assert [reader.wrong for reader in readers] == [[], []]
    assert all(reader.asked for reader in readers)
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) <= KEPT
    assert all(zipfile.ZipFile(folder / name).testzip() is None for name in left)
