"""The settings of a run, and the knowledge bases that it measures, each made once."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generate import generate

from harness.peers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from harness.databases import Databases
    from harness.peers import Peers

SHIPPED = 0
"""The size that stands for the entries that come with the program."""
LARGE = 10_000
"""From so many claims on, a build takes tens of seconds."""
HUGE = 100_000


def case_of(size: int) -> str:
    """Return how a size is called."""
    return f"{size:,} claims" if size else "shipped claims"


@dataclass
class Bench:
    """One run: what is measured how often, where, and beside whom."""

    home: Path
    peers: Peers
    engines: tuple[str, ...]
    sizes: tuple[int, ...]
    rounds: int = 5
    full: bool = False
    databases: Databases | None = None
    """Where a server of PostgreSQL can be reached."""
    missing: dict[str, str] = field(default_factory=dict)
    """What could not be measured here, and why."""
    failed: dict[str, str] = field(default_factory=dict)
    """Works that should have gone to their end, and did not."""
    began: float = field(default_factory=time.monotonic)
    _exported: set[int] = field(default_factory=set)

    def say(self, what: str) -> None:
        """Tell whoever waits what is being measured."""
        print(f"{time.monotonic() - self.began:7.0f} s  {what}", flush=True)

    def rounds_at(self, size: int) -> int:
        """Return how many rounds there are time for."""
        return min(self.rounds, 3) if size >= (HUGE if self.full else LARGE) else self.rounds

    def engines_at(self, size: int) -> tuple[str, ...]:
        """Return the engines to measure; the one for tests is left out where its build, at each start, is long."""
        return tuple(name for name in self.engines if name != "memory" or size < (HUGE if self.full else LARGE))

    def groups_at(self, size: int) -> list[tuple[str, tuple[str, ...]]]:
        """Return the engines that take turns, by case; where each needs gigabytes, one after the other."""
        engines = self.engines_at(size)
        if size < HUGE:
            return [(case_of(size), engines)]
        return [(f"{case_of(size)}, {name}", (name,)) for name in engines]

    def root(self, size: int) -> Path:
        """Return a knowledge base of this size; a copy of the shipped one, since edits under way would cost."""
        folder = self.home / f"claims-{size}"
        if not folder.exists():
            self.say(f"writing {case_of(size)}")
            if size:
                generate(folder, size)
            else:
                shutil.copytree(ROOT / "claims", folder)
        return folder

    def rows(self, size: int) -> Path:
        """Return the folder with the same claims as a database for SQLite and Datasette, with Datasette's metadata."""
        folder = self.home / f"rows-{size}"
        if size not in self._exported:
            self.say(f"exporting {case_of(size)}")
            folder.mkdir(exist_ok=True)
            for form, name in (("sqlite", "claims.db"), ("metadata", "metadata.json")):
                command = [*kb(self.root(size)), "export", form, "--output", str(folder / name)]
                subprocess.run(command, check=True)  # noqa: S603 - our own command
            self._exported.add(size)
        return folder


def kb(root: Path) -> list[str]:
    """Return our command for the knowledge base in this folder."""
    return [sys.executable, "-m", "kb", "--claims", str(root)]
