"""`make audit-deps` never takes silence for good news."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / ".ci" / "audit_deps.py"
SOUND = {"name": "flask", "version": "3.1.0", "vulns": []}
HOLED = {"name": "jinja2", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]}]}
OPEN = {"name": "whoosh", "version": "2.7.4", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
UNASKED = {"name": "waitress", "skip_reason": "Dependency not found on PyPI and could not be audited: waitress (3.0.2)"}


@pytest.fixture
def audit_deps():
    spec = importlib.util.spec_from_file_location("audit_deps", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "holes", "whole", "said"),
    [
        ([SOUND], False, True, ["holes in packages: asked for 1 of 1, none known"]),
        (
            [SOUND, HOLED, OPEN],
            True,
            True,
            [
                "jinja2 1.0: PYSEC-1, mended in 1.1, 2.0",
                "whoosh 2.7.4: PYSEC-2, mended in no version yet",
                "holes in packages: asked for 3 of 3, 2 known",
            ],
        ),
        (
            [SOUND, *[UNASKED] * 7],
            False,
            False,
            [
                "holes in packages: asked for 1 of 8, none known",
                f"not done: the advisory service knew nothing of 7 packages ({'waitress, ' * 5}…)",
            ],
        ),
        ([UNASKED], False, False, ["not done: the advisory service knew nothing of 1 packages (waitress)"]),
    ],
)
def test_what_is_said_of_a_report(audit_deps, packages, holes, whole, said):
    assert audit_deps.verdict({"dependencies": packages}) == (said, holes, whole)


@pytest.mark.parametrize(("required", "code"), [([], 0), (["--required"], 2)])
def test_without_a_network_it_says_so(audit_deps, monkeypatch, capsys, required, code):
    def unreachable(_folder, *_tools):
        raise audit_deps.NotDone("pip-audit cannot be installed")

    monkeypatch.setattr(audit_deps, "_probe", lambda: None)
    monkeypatch.setattr(audit_deps, "_tools", unreachable)
    monkeypatch.setattr(sys, "argv", ["audit_deps.py", *required])
    assert audit_deps.main() == code
    assert capsys.readouterr().out == "not done: pip-audit cannot be installed\n"


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize(
    "case",
    [(b"{}", "has no advisories"), (b"<html>", "does not answer"), (OSError("no route to host"), "no route to host")],
)
def test_where_no_advisories_are_known_the_bill_alone_is_made(audit_deps, monkeypatch, capsys, case, required):
    answer, said = case

    def opened(_address, timeout):
        assert timeout <= 10
        if isinstance(answer, OSError):
            raise answer
        return io.BytesIO(answer)

    installed = []
    monkeypatch.setattr(audit_deps.urllib.request, "urlopen", opened)
    monkeypatch.setattr(audit_deps, "_tools", lambda _folder, *tools: installed.extend(tools))
    monkeypatch.setattr(audit_deps, "_bill", lambda _programs: "bill of materials: 1 packages")
    monkeypatch.setattr(sys, "argv", ["audit_deps.py", *["--required"] * required])
    assert audit_deps.main() == (2 if required else 0)
    first, second = capsys.readouterr().out.splitlines()
    assert (first.startswith("not done: "), said in first) == (True, True)
    assert (second, installed) == ("bill of materials: 1 packages", [audit_deps.LISTING])


@pytest.mark.parametrize("printed", ["", "nothing that JSON knows"])
def test_a_tool_that_gives_no_report_is_not_done(audit_deps, printed):
    command = [sys.executable, "-c", f"print({printed!r}); import sys; sys.exit('no route to host' * {not printed})"]
    with pytest.raises(audit_deps.NotDone, match="failed: no route to host" if not printed else "gave no report"):
        audit_deps._report(audit_deps._run("it", *command))


def test_holes_fail_the_build_and_the_bill_is_written_all_the_same(audit_deps, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(audit_deps, "_probe", lambda: None)
    monkeypatch.setattr(audit_deps, "_tools", lambda _folder, *_tools: tmp_path)
    monkeypatch.setattr(audit_deps, "_ask", lambda _programs: {"dependencies": [HOLED]})
    monkeypatch.setattr(audit_deps, "_bill", lambda _programs: "bill of materials: 1 packages")
    monkeypatch.setattr(sys, "argv", ["audit_deps.py"])
    assert audit_deps.main() == 1
    assert "PYSEC-1" in (told := capsys.readouterr().out)
    assert "bill of materials" in told
