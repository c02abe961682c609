"""The benchmarks are scripts in a folder of their own; here they are imported from it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kb.library import Library

RELEVANCE = Path(__file__).parents[2] / "benchmarks" / "relevance"
sys.path[:0] = [str(RELEVANCE), str(RELEVANCE.parent)]


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.open(RELEVANCE.parents[1] / "claims", engine="memory", cache=False)
