"""A knowledge base under a real git, with settings that nobody's machine changes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WHO = {"GIT_AUTHOR_NAME": "A. Editor", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull}
WHO |= {"GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.org", "GIT_CONFIG_SYSTEM": os.devnull}


def git(folder: Path, *arguments: str, day: int = 1) -> str:
    """Run git on a day of January 2026 and return what it says."""
    date = f"2026-01-{day:02}T12:00:00+00:00"
    environment = os.environ | WHO | {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=environment)  # noqa: S607 - whichever git there is
    return done.stdout.decode().strip()


def commit(folder: Path, message: str, day: int) -> str:
    """Commit everything and return the id."""
    git(folder, "add", "--all")
    git(folder, "commit", "--message", message, day=day)
    return git(folder, "rev-parse", "HEAD")
