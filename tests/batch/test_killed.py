"""kb audit --batch is killed and stopped at random moments: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import time

import pytest

from tests.batch.conftest import COPY, contents, shards, wait_for

KILLS = int(os.environ.get("CAVEAT_BATCH_KILLS", "3"))
"""So often it is killed; more by the switch, for longer runs."""
PAGES = 90


@pytest.fixture
def lines(tmp_path):
    """Return JSON lines of many small pages."""
    file = tmp_path / "pages.jsonl"
    with file.open("w", encoding="utf-8") as opened:
        for number in range(PAGES):
            page = {"id": f"p{number}", "url": f"https://s{number % 3}.example/{number}", "text": COPY[number % 4] * 9}
            opened.write(json.dumps(page) + "\n")
    return file


@pytest.fixture
def start(begin):
    return lambda out, *more: begin(out, "--shard-size", "3", "--jobs", "2", *more)


def test_killed_again_and_again_it_ends_with_the_same_bytes(start, tmp_path):
    whole = start("whole")
    assert "kb" not in whole.communicate()[1]
    chance = random.Random(7)  # noqa: S311 - the same moments on every run
    out = tmp_path / "out"
    for _ in range(KILLS):
        process = start("out")
        wait_for(out, shards(out) + 1 + chance.randrange(4), process)
        time.sleep(chance.random() * 0.02)
        process.kill()
        process.communicate()
    said, problems = start("out").communicate()
    assert problems == ""
    assert f"{PAGES} pages in {PAGES // 3} shards" in said
    assert "of them before" in said
    assert contents(out) == contents(tmp_path / "whole")
    run, other = (json.loads((tmp_path / name / "run.json").read_bytes()) for name in ("out", "whole"))
    assert {**run, "seconds": 0} == {**other, "seconds": 0}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_whole_shards_and_says_how_to_go_on(number, start, tmp_path):
    out = tmp_path / "out"
    process = start("out")
    wait_for(out, 2, process)
    process.send_signal(number)
    _, problems = process.communicate()
    assert process.returncode == 2
    first, second = problems.splitlines()
    assert first == "kb: stopped"
    assert second.endswith("are whole and stay; the same command goes on from there")
    assert json.loads((out / "run.json").read_bytes())["state"] == "stopped"
    assert not [name for name in contents(out) if name.endswith(".tmp")]
    assert 2 <= shards(out) < PAGES // 3
