"""Commit what was saved, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Commit:
    """What came of a commit: its id, or why there is none, or neither where none was asked for."""

    id: str | None
    problem: str | None


def commit(root: Path, paths: Sequence[str], message: str, author: str, email: str | None) -> Commit:
    """Commit these files."""
    return Commit(None, "not yet")


def former_texts(root: Path, path: str) -> Iterator[str]:
    """Yield former texts of a file from git, newest first."""
    yield from ()
