"""A small site of pages, and engines that audit in this process or break where a test wants it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from kb.batch.run import Asked, Batch
from kb.batch.worker import Desk
from kb.library.auditing import AuditOptions
from kb.library.opening import entries

COPY = (
    "Testamine lifts your mood within hours!",
    "A dip in cold water wakes you.",
    "Bring a towel.",
    "Testamine lifts your mood. The effect fades.",
)


class Here:
    """An engine without processes. `before` is called with each shard."""

    def __init__(self, setting, before=lambda _shard: None):
        self.desk = Desk(setting)
        self.before = before
        self.closed = False

    def results(self, shards):
        for shard in shards:
            self.before(shard)
            yield shard, [self.desk.result(page) for page in shard.pages]

    def close(self):
        self.closed = True


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "run.json"}


def shards(folder):
    return len(list(folder.glob("shard-*")))


def wait_for(folder, count, process):
    """Wait until a batch has written so many shards, or has ended."""
    while shards(folder) < count and process.poll() is None:
        time.sleep(0.005)


@pytest.fixture
def begin(root, lines, tmp_path):
    """Return a function that starts `kb audit --batch` on the lines of the test's own, and ends it with the test."""
    running = []

    def run(out, *options):
        command = [sys.executable, "-m", "kb", "--claims", str(root), "audit", "--batch", str(lines)]
        process = subprocess.Popen(
            [*command, "-o", str(tmp_path / out), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def kb(root):
    return entries(root)


@pytest.fixture
def site(tmp_path):
    """Return a folder with ten pages on two sites."""
    folder = tmp_path / "site"
    for number in range(10):
        file = folder / f"{'ab'[number % 2]}.example" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"Page {number}. {COPY[number % len(COPY)]}\n", encoding="utf-8")
    return folder


@pytest.fixture
def audit(kb, site, tmp_path):
    """Return a function that audits the site into `out`, three pages a shard, and returns how far it got."""

    def run(engine=Here, day=dt.date(2026, 1, 1), options=None, **asked):
        given = Asked(site, tmp_path / "out", shard_pages=3)
        return Batch(replace(given, **asked), kb, options or AuditOptions(today=day)).run(engine)

    return run
