"""Accounts with a clock that stands until it is moved, and with hashes that cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import argon2
import pytest

from kb.accounts import Accounts, Role, passwords

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "tree lamp onion bridge"  # noqa: S105  (it opens nothing but accounts of tests)
OTHER = "nine quiet rivers run"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """Stands until somebody moves it."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with parameters that are good for nothing but tests."""
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    monkeypatch.setattr(passwords, "_NOBODYS", CHEAP.hash("nobody"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock, cheap: None) -> Iterator[Accounts]:  # noqa: ARG001  (first the cheap hashes)
    """Return accounts with one person of each role, named after it."""
    made = Accounts(tmp_path / "accounts", clock)
    for role in Role:
        made.users.add(f"some-{role.value}", role, PASSWORD, display=f"Some {role.value.title()}")
    yield made
    made.close()
