"""The programs that we are measured beside: installed in a place of their own, or named as missing with the reason.

Their versions are fixed (group `bench` of pyproject.toml, and `_NODE` here), since another version has another ratio.
They go to `bench-peers` in our virtual environment, each apart, so that theirs and our dependencies never meet.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(sys.prefix) / "bench-peers"
_NODE = ("textlint@15.8.0", "textlint-rule-write-good@2.0.0")
_LONGEST = 600
"""Seconds that an installation may take."""


@dataclass(frozen=True)
class Peer:
    """A program, what it is installed from, and how."""

    name: str
    program: Path
    requirements: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]


@dataclass
class Peers:
    """Where each peer's program is, and why those that are not there are not."""

    programs: dict[str, Path] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def known(folder: Path = FOLDER, pyproject: Path = ROOT / "pyproject.toml") -> list[Peer]:
    """Return all peers that are programs; those of Python are listed in the group `bench`."""
    requirements = tomllib.loads(pyproject.read_text(encoding="utf-8"))["dependency-groups"]["bench"]
    peers = []
    for requirement in requirements:
        name = requirement.partition("==")[0].strip()
        place = folder / name
        pip = (str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        commands = ((sys.executable, "-m", "venv", str(place)), (*pip, requirement))
        peers.append(Peer(name, place / "bin" / name, (requirement,), commands))
    node = folder / "node"
    npm = ("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(node), *_NODE)
    peers.append(Peer("textlint", node / "node_modules" / ".bin" / "textlint", _NODE, (npm,)))
    return peers


def installed(peers: list[Peer]) -> Peers:
    """Install what is not there yet in the version that is wanted, and return what could be had."""
    found = Peers()
    for peer in peers:
        reason = _install(peer)
        if reason:
            how = "; ".join(" ".join(command) for command in peer.commands)
            found.missing[peer.name] = f"{reason}. To get it: `{how}`"
        else:
            found.programs[peer.name] = peer.program
            found.versions[peer.name] = ", ".join(peer.requirements)
    return found


def _install(peer: Peer) -> str:
    """Return why a peer cannot be had; nothing where it can."""
    note = peer.program.parents[1] / "bench-installed.txt"
    wanted = "\n".join(peer.requirements)
    if peer.program.exists() and note.exists() and note.read_text(encoding="utf-8") == wanted:
        return ""
    print(f"installing {wanted}", flush=True)
    for command in peer.commands:
        try:
            subprocess.run(command, check=True, timeout=_LONGEST, capture_output=True)  # noqa: S603 - named above
        except FileNotFoundError:
            return f"there is no {command[0]} here"
        except subprocess.TimeoutExpired:
            return f"{command[0]} took longer than {_LONGEST} s"
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            return f"{Path(command[0]).name} failed: {said[-1] if said else error.returncode}"
    note.write_text(wanted, encoding="utf-8")
    return "" if peer.program.exists() else f"{peer.program.name} is not among what was installed"
