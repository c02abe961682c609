"""Read test cases that are kept as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.store import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.finding import Finding

FOLDER = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    """Return the cases of a file, each a mapping that is called by its `name`."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return [pytest.param(case, id=case["name"].replace(" ", "-")) for case in parse(text).value]


def lines(findings: Iterable[Finding]) -> list[str]:
    """Return findings as `path:line:column: rule: field: message`, the way that cases write them."""
    return [f"{found.location}: {found.rule}: {found.location.field}: {found.message}" for found in findings]
