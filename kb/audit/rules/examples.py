"""Examples for the page of each rule: copy that fails and copy that passes, as data in `examples.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("examples.toml")


@dataclass(frozen=True, slots=True)
class Example:
    """A few lines of Markdown."""

    copy: str
    why: str
    """What it shows, in a sentence."""
    at: str = ""
    """What a finding of the rule marks; "" where there is none."""
    profile: str | None = None
    """The profile in which it shows that, where the default does not."""
    withdrawn: str | None = None
    """A claim that is taken to be withdrawn."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What shows what a rule means."""

    fail: tuple[Example, ...] = ()
    passing: tuple[Example, ...] = ()


@cache
def examples() -> Mapping[str, Examples]:
    """Return rule → its examples."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        rule: Examples(
            tuple(_example(one) for one in found.get("fail", ())), tuple(_example(one) for one in found.get("pass", ()))
        )
        for rule, found in content.items()
    }


def _example(found: dict[str, str]) -> Example:
    return Example(**found | {"copy": found["copy"].strip("\n")})
