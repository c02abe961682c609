"""By which name somebody goes who works on this machine: the one that they commit under, else their login."""

from __future__ import annotations

import getpass
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 5.0


def name_and_email(folder: Path) -> tuple[str, str | None]:
    """Return name and e-mail address as git has them in a folder; without git, the login and no address."""
    name, email = (_git(folder, key) for key in ("user.name", "user.email"))
    return name or _login(), email or None


def _git(folder: Path, key: str) -> str:
    try:
        found = subprocess.run(  # noqa: S603  (our own words; `git` is found as in any shell)
            ["git", "config", "--get", key],  # noqa: S607
            cwd=folder,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
