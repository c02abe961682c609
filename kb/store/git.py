"""Ask git about a folder: in one place, and so that no setting of a repository can make it run another program.

Every call reads. A file system monitor, a pager, an external diff, a text converter, a signature check, a fetch of
missing objects and the variables that hooks set are all switched off, no lock is taken, and git is stopped when it
takes too long.
"""
# ruff: noqa: PLC0415  (subprocess is much to import for those who never ask)

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.errors import GitUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SECONDS = 20.0
"""After this long, git is stopped and counts as unable to answer."""

_ALWAYS = (
    *("--no-pager", "--no-optional-locks", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false", "-c", "core.quotePath=true", "-c", "log.showSignature=false"),
)
QUIET = ("--no-color", "--no-ext-diff", "--no-textconv")
"""For `log` and `diff`: neither colours nor the programs that a repository names for its files."""


def environment() -> dict[str, str]:
    """Return the environment without what hooks set for git, which would lead it to another repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def ask(root: Path, *arguments: str, given: bytes = b"", seconds: float = SECONDS) -> bytes:
    """Return what git says in the folder `root`; raise `GitUnavailable`. `given` goes to its standard input."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - no shell, and what comes from outside never stands where an option may
            command(arguments),
            cwd=root,
            env=environment(),
            capture_output=True,
            check=False,
            timeout=seconds,
            input=given,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise GitUnavailable(f"git cannot be asked: {type(error).__name__}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitUnavailable(said[0].removeprefix("fatal: ") if said else "git cannot answer")
    return done.stdout


@contextmanager
def lines(root: Path, *arguments: str, seconds: float = SECONDS) -> Iterator[Iterable[bytes]]:
    """Give the lines of what git says as they come; git is stopped when the reader leaves.

    Raise `GitUnavailable` where it cannot be asked, or fails after everything was read.
    """
    import subprocess

    try:
        process = subprocess.Popen(  # noqa: S603 - as above
            command(arguments),
            cwd=root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        raise GitUnavailable(f"git cannot be asked: {type(error).__name__}") from error
    clock = threading.Timer(seconds, process.kill)
    clock.start()
    read = _Whole(process.stdout or ())
    try:
        with process:
            yield read
            if not read.whole:
                process.kill()
    finally:
        clock.cancel()
    if read.whole and process.returncode != 0:
        raise GitUnavailable("git cannot answer, or not in time")


class _Whole:
    """Lines, and whether they were read to their end."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self.whole = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._lines
        self.whole = True


def command(arguments: Iterable[str]) -> list[str]:
    """Return the command with everything that keeps it to itself; raise `GitUnavailable` where there is no git."""
    git = shutil.which("git")
    if git is None:
        raise GitUnavailable("git is not installed")
    return [git, *_ALWAYS, *arguments]


def files_at(root: Path, revision: str) -> dict[str, str]:
    """Return path below `root` → id of its content, of every file at a commit; raise `GitUnavailable`."""
    listed = ask(root, "ls-tree", "-r", "-z", resolved(root, revision), "--", ".")
    found = {}
    for record in listed.decode("utf-8", "replace").split("\0"):
        about, _, path = record.partition("\t")
        mode, _, rest = about.partition(" ")
        if path and mode.startswith("100"):  # plain files, neither links nor submodules
            found[path] = rest.split(" ")[1]
    return found


def resolved(root: Path, revision: str) -> str:
    """Return the full id of a commit; raise `GitUnavailable` where there is none of this name."""
    found = ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return found.decode("ascii", "replace").strip()


def contents(root: Path, ids: Iterable[str]) -> Mapping[str, bytes]:
    """Return id → content; what is not there is left out. Raise `GitUnavailable`."""
    return dict(objects(root, sorted(set(ids))))


def objects(root: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield id and content of each object, in the order of the names; what is not there is left out.

    A name is what git takes for one, such as an id or `HEAD:./kb.yaml`. Raise `GitUnavailable`.
    """
    wanted = "".join(f"{one}\n" for one in names).encode()
    output = ask(root, "cat-file", "--batch", given=wanted) if wanted else b""
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        about = output[start:end].decode("utf-8", "replace").rsplit(" ", 2)
        start = end + 1
        if len(about) == 3 and about[2].isdigit():  # noqa: PLR2004 - id, kind and size; else the name and "missing"
            size = int(about[2])
            yield about[0], output[start : start + size]
            start += size + 1
