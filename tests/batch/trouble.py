"""A baseline that makes pages of some names break the process that audits them."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Trouble:
    """`entries` say what happens on which page."""

    entries: dict[str, str] = field(default_factory=dict)

    def apply(self, path, findings):
        kind, _, argument = self.entries.get(Path(path).name, "").partition(" ")
        if kind:
            getattr(self, f"_{kind}")(argument)
        return list(findings), []

    def _hang(self, _):
        time.sleep(1000)

    def _die(self, _):
        os.kill(os.getpid(), signal.SIGKILL)

    def _die_once(self, marker):
        if not Path(marker).exists():
            Path(marker).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def _eat(self, _):
        bytearray(1 << 50)

    def _fail(self, _):
        raise ZeroDivisionError("on purpose")

    def _print(self, _):
        print("noise " * 100_000)  # noqa: T201 - what a library might do

    def _wait(self, seconds):
        time.sleep(float(seconds))
