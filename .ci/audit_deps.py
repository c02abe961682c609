# ruff: noqa: T201, INP001, S603  (a script: it prints, stands alone, and runs programs of its own choosing)
"""Ask for published holes in every locked package, and write a bill of materials (CycloneDX): `make audit-deps`.

The tools live in a virtual environment of their own, since nothing of the program needs them. Exit codes: 0 nothing
found or, said plainly as `not done: …`, not asked; 1 holes are known; with `--required`, 2 where anything was not done.
A package that the service knows nothing of counts as not asked: silence is no good news.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
BILL = ROOT / "dist" / "sbom.cdx.json"
AUDITING = "pip-audit==2.10.1"
LISTING = "cyclonedx-bom==7.5.0"
KNOWN = "https://pypi.org/pypi/pip/24.0/json"
"""What every advisory service of this kind knows; a package index that has none does not, and is asked for no other."""
MOST_NAMED = 5
MINUTES = 5

Report = dict[str, list[dict[str, object]]]


class NotDone(Exception):
    """Something could not be asked or made; says why."""


def verdict(report: Report) -> tuple[list[str], bool, bool]:
    """Return what to say of a report by pip-audit, whether holes are known, and whether every package was asked for."""
    lines, unasked = [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unasked.append(str(package["name"]))
        for hole in package.get("vulns", ()):
            mended = ", ".join(hole["fix_versions"]) or "no version yet"
            lines.append(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}")
    holes = bool(lines)
    asked = len(report["dependencies"]) - len(unasked)
    if asked:
        of = len(report["dependencies"])
        lines.append(f"holes in packages: asked for {asked} of {of}, {len(lines) or 'none'} known")
    if unasked:
        names = ", ".join(unasked[:MOST_NAMED]) + (", …" if len(unasked) > MOST_NAMED else "")
        lines.append(f"not done: the advisory service knew nothing of {len(unasked)} packages ({names})")
    return lines, holes, not unasked


def _run(what: str, *command: str | Path) -> str:
    """Run a program; raise `NotDone` where it cannot do its work."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
    except subprocess.TimeoutExpired:
        message = f"{what} took more than {MINUTES} minutes"
        raise NotDone(message) from None
    if done.returncode not in {0, 1} or (done.returncode and not done.stdout.strip()):
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        message = f"{what} failed: {said[:300]}"
        raise NotDone(message)
    return done.stdout


def _probe() -> None:
    """Ask for one package that the advisory service must know: soon done, where asking for all takes minutes."""
    try:
        with urllib.request.urlopen(KNOWN, timeout=10) as answer:
            known = "vulnerabilities" in json.load(answer)
    except (OSError, ValueError) as error:
        message = f"the advisory service does not answer at {KNOWN} ({error})"
        raise NotDone(message) from None
    if not known:
        message = f"the package index has no advisories at {KNOWN}"
        raise NotDone(message)


def _tools(folder: Path, *tools: str) -> Path:
    """Install tools; return the folder with their programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    _run("installing tools", programs / "python", "-m", "pip", "install", "--quiet", "--no-input", *tools)
    if not (programs / "cyclonedx-py").exists():
        message = f"{', '.join(tools)} cannot be installed; is the package index reachable?"
        raise NotDone(message)
    return programs


def _ask(programs: Path) -> Report:
    options = ("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10")
    return _report(_run("pip-audit", programs / "pip-audit", "--requirement", LOCK, *options))


def _report(told: str) -> Report:
    try:
        found: Report = json.loads(told)
    except ValueError:
        message = "pip-audit gave no report; is its advisory service reachable?"
        raise NotDone(message) from None
    return found


def _bill(programs: Path) -> str:
    BILL.parent.mkdir(exist_ok=True)
    command = (programs / "cyclonedx-py", "requirements", LOCK, "--pyproject", ROOT / "pyproject.toml")
    _run("cyclonedx-py", *command, "--output-reproducible", "--of", "JSON", "-o", BILL)
    if not BILL.exists():
        message = "cyclonedx-py wrote no bill of materials"
        raise NotDone(message)
    parts = json.loads(BILL.read_text(encoding="utf-8"))["components"]
    return f"bill of materials: {len(parts)} packages in {BILL.relative_to(ROOT)}"


def main() -> int:
    """Do both, each as far as it goes, and say what came of it."""
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    made.add_argument("--required", action="store_true", help="fail where anything could not be done")
    required = made.parse_args().required
    holes, whole, tools = False, True, [LISTING]
    try:
        _probe()
        tools.append(AUDITING)
    except NotDone as reason:
        print(f"not done: {reason}")
        whole = False
    with tempfile.TemporaryDirectory() as folder:
        try:
            programs = _tools(Path(folder), *tools)
        except NotDone as reason:
            print(f"not done: {reason}")
            return 2 if required else 0
        if AUDITING in tools:
            try:
                lines, holes, whole = verdict(_ask(programs))
                print("\n".join(lines))
            except NotDone as reason:
                print(f"not done: {reason}")
                whole = False
        try:
            print(_bill(programs))
        except NotDone as reason:
            print(f"not done: {reason}")
            whole = False
    return 1 if holes else 2 if required and not whole else 0


if __name__ == "__main__":
    sys.exit(main())
