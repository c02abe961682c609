"""Disks that are full or may not be written to, as far as the machine lets a test have them.

Where file systems can be mounted (root), a disk is a small one in memory, which is really full and really read-only.
Everywhere else, "full" is a process that may not make any file longer (`RLIMIT_FSIZE`), and a read-only folder is one
without the right to write, which binds everybody but root.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import stat
import subprocess
import tempfile
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = "24m"


def _mount(*arguments: str) -> bool:
    program = shutil.which("mount")
    return bool(program) and subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0


@cache
def can_mount() -> bool:
    """Whether this machine lets us have a file system of our own."""
    with tempfile.TemporaryDirectory() as folder:
        if not _mount("-t", "tmpfs", "-o", "size=64k", "none", folder):
            return False
        subprocess.run(["umount", folder], check=True)  # noqa: S607
        return True


def states() -> list[str]:
    """Return the ways in which a disk can fail here."""
    return ["full by limit", *(["full", "read-only"] if can_mount() else ["read-only by mode"] if os.geteuid() else [])]


SAYS = {
    "full by limit": "File too large|disk I/O error",
    "full": "No space left on device|database or disk is full|disk I/O error",
    "read-only": "Read-only file system|readonly database|unable to open database",
    "read-only by mode": "Permission denied|readonly database|unable to open database",
}
"""What the system calls it; messages must say so."""


class Disk:
    """A folder on a disk that can fail in one way, and be mended."""

    def __init__(self, folder: Path, state: str) -> None:
        self.folder, self.state, self.says = folder, state, SAYS[state]

    @contextlib.contextmanager
    def failing(self) -> Iterator[None]:
        """Let the disk be as its state says, and mend it afterwards."""
        with {
            "full by limit": _limited,
            "full": self._filled,
            "read-only": self._remounted,
            "read-only by mode": self._without_rights,
        }[self.state]():
            yield

    @contextlib.contextmanager
    def _filled(self) -> Iterator[None]:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\0" * 65_536):
                pass
        try:
            yield
        finally:
            filler.unlink()

    @contextlib.contextmanager
    def _remounted(self) -> Iterator[None]:
        assert _mount("-o", "remount,ro", str(self.folder))
        try:
            yield
        finally:
            assert _mount("-o", "remount,rw", str(self.folder))

    @contextlib.contextmanager
    def _without_rights(self) -> Iterator[None]:
        folders = [path for path in (self.folder, *self.folder.rglob("*")) if path.is_dir()]
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        before = {path: stat.S_IMODE(path.stat().st_mode) for path in (*folders, *files)}
        for path, mode in before.items():
            path.chmod(mode & ~0o222)
        try:
            yield
        finally:
            for path, mode in before.items():
                path.chmod(mode)


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def disk(folder: Path, state: str) -> Iterator[Disk]:
    """Lend a disk that can fail like this."""
    folder.mkdir()
    if state not in {"full", "read-only"}:
        yield Disk(folder, state)
        return
    assert _mount("-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder))
    try:
        yield Disk(folder, state)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607
