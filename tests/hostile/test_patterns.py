"""No regular expression of the program can be made to blow up: each is attacked with what its own structure repeats."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from kb.audit.extract import markdown
from tests.hostile import patterns

FOLDER = Path(__file__).parent
KNOWN = yaml.safe_load((FOLDER / "patterns.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tried():
    command = [sys.executable, "-m", "tests.hostile.patterns", json.dumps(KNOWN["bounded"])]
    done = subprocess.run(command, cwd=FOLDER.parents[1], capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


def test_every_pattern_is_tried(tried):
    assert len(tried["patterns"]) > 150
    assert {place.partition(":")[0] for place in tried["missed"]} == set(KNOWN["put_together"])


def test_no_pattern_blows_up(tried):
    slow = [one for one in tried["patterns"] if one["seconds"] >= 0.3]
    assert slow == []


def test_what_is_said_to_be_bounded_is_there(tried):
    known = {(one["file"], one["chars"]) for one in tried["patterns"] if one["chars"] != patterns.LENGTH}
    assert known == {(one["file"], one["chars"]) for one in KNOWN["bounded"]}


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)*b", r"(?:\w*\d)*x", r"\s*\Z"])
def test_the_attacks_find_what_is_known_to_blow_up(pattern):
    assert patterns.worst(re.compile(pattern), "search")[0] >= 0.3


def test_front_matter_that_never_ends_takes_no_time():
    text = "---\r\n" + "a\r\n" * 5_000 + "x"
    began = time.process_time()
    assert markdown._FRONT.match(text) is None
    assert time.process_time() - began < 1.0
