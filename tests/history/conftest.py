"""A project under git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.history.repository import commit, git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(root: Path) -> Path:
    """Return the lake's knowledge base in `claims` of a project, committed on the first of January."""
    git(root.parent, "init", "--quiet")
    commit(root.parent, "Begin", 1)
    return root
