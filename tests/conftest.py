"""Fixtures for all tests: a home of their own, golden files, no quiet skips."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import lake

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.library import Library

# The same examples on every run in CI, so that a red build can be repeated; no deadlines, since machines differ.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CAVEAT_FORBID_SKIP") else "local")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write golden files anew instead of comparing")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Turn a skip into a failure where CAVEAT_FORBID_SKIP is set: what was not tested must not look tested."""
    report = yield
    if report.skipped and os.environ.get("CAVEAT_FORBID_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CAVEAT_FORBID_SKIP forbids that: {report.longrepr[2]}"
    return report


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep caches and private copies of each test apart from each other's and from the developer's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CAVEAT_HOME", str(folder))
    monkeypatch.delenv("CAVEAT_CLAIMS", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares text with a golden file, or writes it with `--update-golden`."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of the lake's knowledge base, `claims` in a project."""
    return lake.write_lake(tmp_path / "project" / "claims")


@pytest.fixture
def library(root: Path) -> Library:
    """Return the lake's knowledge base, opened, with an engine that keeps nothing on disk."""
    from kb.library import Library  # noqa: PLC0415  (tests of single parts do without it)

    return Library.open(root, engine="memory")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Return a file with the article's text."""
    file = tmp_path / "lake.txt"
    file.write_bytes(lake.TEXT.encode())
    return file
