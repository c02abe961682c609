"""The hooks that the repository offers, run by pre-commit itself over a repository of its own.

Hooks of `language: python` are installed from an index, and tests use no network. So the same hooks, read from
`.pre-commit-hooks.yaml`, run here with the `kb` that is installed already; all else of them is as people get it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import lake

REPOSITORY = Path(__file__).parents[2]
HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"
GOOD = "We open at nine.\n"
BAD = "Ketamine is FDA-approved for depression and has no side effects.\n"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with entries of its own, honest copy, the hooks, and our entries to audit against."""
    folder = tmp_path / "site"
    lake.write_lake(folder / "claims")
    (folder / "page.md").write_text(GOOD, "utf-8")
    (folder / ".caveat.toml").write_text(f"claims = '{REPOSITORY / 'claims'}'\n", "utf-8")
    (folder / "code.py").write_text(f"COPY = {BAD!r}\n", "utf-8")
    hooks = [hook | {"language": "system"} for hook in yaml.safe_load(HOOKS.read_text("utf-8"))]
    settings = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    git(tmp_path, "init", "-q", str(folder))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"])
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in [name for name in os.environ if name.startswith("GIT_") and name != "GIT_CONFIG_GLOBAL"]:
        monkeypatch.delenv(name)
    return folder


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    git(folder, "add", "-A")
    command = [sys.executable, "-m", "pre_commit", "run", "--color", "never", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_hooks_are_what_pre_commit_takes_for_hooks():
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_honest_copy_and_sound_entries_pass(project):
    code, output = run(project)
    assert code == 0, output
    assert output.count("Passed") == 2


def test_copy_that_the_entries_contradict_is_held_back(project):
    (project / "page.md").write_text(BAD, "utf-8")
    code, output = run(project, "caveat-audit")
    assert code == 1
    assert any(line.startswith("page.md:1:") and ": error: " in line for line in output.splitlines())
    assert "[contradicted]" in output
    assert "code.py" not in output


def test_entries_with_an_error_are_held_back_where_they_stand(project):
    file = project / "claims" / "caveats"
    (entry,) = file.glob("*.yaml")
    entry.write_text(entry.read_text("utf-8") + "tyop: true\n", "utf-8")
    code, output = run(project, "caveat-lint")
    assert code == 1
    assert f"claims/caveats/{entry.name}:" in output


def test_each_hook_looks_at_its_own_files_alone(project):
    run(project)
    git(project, "commit", "-q", "--no-verify", "-m", "x")
    (project / "code.py").write_text("pass\n", "utf-8")
    code, output = run(project)
    assert code == 0
    assert output.count("Skipped") == 2
    (project / "page.html").write_text(f"<p>{BAD}</p>", "utf-8")
    code, output = run(project)
    assert code == 1
    assert output.count("Skipped") == 1
