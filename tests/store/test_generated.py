"""The knowledge base that benchmarks are run on: the same each time, and valid in every respect."""

from __future__ import annotations

import datetime as dt
import runpy
from collections import Counter
from pathlib import Path

import pytest

from kb import checks
from kb.store import digest, load

GENERATE = Path(__file__).parent.parent.parent / "benchmarks" / "generate.py"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return runpy.run_path(str(GENERATE))["generate"](tmp_path_factory.mktemp("generated"), 40)


def test_it_is_the_same_for_the_same_seed(root: Path, tmp_path: Path):
    generate = runpy.run_path(str(GENERATE))["generate"]
    assert digest(generate(tmp_path / "same", 40)) == digest(root)
    assert digest(generate(tmp_path / "other", 40, seed=2)) != digest(root)


def test_it_is_read_without_a_finding(root: Path):
    loaded = load(root, cache=False)
    assert loaded.findings == ()
    assert (len(loaded.kb.claims), len(loaded.kb.caveats), len(loaded.kb.concepts)) == (40, 18, 500)


def test_every_check_is_content(root: Path):
    assert list(checks.run(load(root, cache=False).kb, today=dt.date(2026, 1, 1))) == []


def test_words_are_as_frequent_as_in_english():
    made = runpy.run_path(str(GENERATE))["Generator"](400, 1)
    drawn = Counter(made.sentence(2_000, 2_000).lower().rstrip(".").split())
    for _ in range(24):
        drawn.update(made.sentence(2_000, 2_000).lower().rstrip(".").split())
    counts = [count for _, count in drawn.most_common()]
    for rank in (10, 30, 100, 300, 1_000):
        assert 0.08 < counts[rank - 1] * rank / drawn.total() < 0.16, rank
    assert 0.3 < sum(count == 1 for count in counts) / len(counts) < 0.7, "about half of all words occur once"


def test_more_claims_have_more_words():
    generator = runpy.run_path(str(GENERATE))["Generator"]
    few, many = (len(generator(claims, 1)._words) for claims in (400, 6_400))
    assert few == 18_000
    assert many == 54_000
