"""docs/security.md names tests that exist: what it says of the program can be looked up and run."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    wrong = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).is_file() or (name and name not in functions(ROOT / path))
    ]
    assert wrong == []


def test_nothing_that_looks_like_a_test_is_written_in_another_way():
    assert len(NAMED) == PAGE.count("tests/")


def test_every_threat_in_the_tables_is_shown_by_a_test():
    tables = PAGE.split("## Ways in", 1)[1].split("### What it is made of", 1)[0]
    rows = [line for line in tables.splitlines() if line.startswith("| ") and not line.startswith("| Threat")]
    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row] == []


@pytest.mark.parametrize("page", ["docs/security.md", "docs/operations.md", "SECURITY.md"])
def test_links_lead_to_files(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_operators_find_every_figure_that_there_is():
    """The table of figures in docs/operations.md and the program name the same."""
    from tests.web.shelf import Shelf  # noqa: PLC0415
    from webapp.running.metrics import Metrics  # noqa: PLC0415

    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = told.split("## Figures", 1)[1].split("What to be woken by", 1)[0]
    named = {name.removesuffix("_total") for name in re.findall(r"`(caveat_\w+)", table)}
    kept = {found.name for found in Metrics(Shelf()).registry.collect() if found.name.startswith("caveat_")}
    assert named == kept
