"""Fixtures of the library's and the command line's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.library import Library
from tests.unit import lake

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of the lake's knowledge base, `claims` in a project."""
    return lake.write_lake(tmp_path / "project" / "claims")


@pytest.fixture
def library(root: Path) -> Library:
    """Return the lake's knowledge base, opened, with an engine that keeps nothing on disk."""
    return Library.open(root, engine="memory")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Return a file with the article's text."""
    file = tmp_path / "lake.txt"
    file.write_bytes(lake.TEXT.encode())
    return file
