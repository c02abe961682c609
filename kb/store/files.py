"""Find and read the files of a knowledge base, and write one so that it is there in whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KbError, KnowledgeBaseNotFound
from kb.finding import Finding, Level, Location
from kb.store.kinds import Kind, kind_of_path
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_BYTES = 4 * 1024 * 1024
"""Size of the largest file that is read; the longest entry needs some twenty kilobytes, a vocabulary one megabyte."""

_ABANDONED = 3_600.0
"""Seconds after which a temporary file in a cache is nobody's."""

_FOLDERS = frozenset({"sources", "caveats", "entries"})
BESIDE = frozenset({"gradings"})
"""Folders at the top that hold something else, which is no part of the knowledge base; they are not looked into."""

_WELCOME_NAMES = ("README", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the knowledge base and its bytes."""

    kind: Kind
    relpath: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All files that could be read, in the order of their paths, and what stood in the way of the others."""

    files: tuple[File, ...]
    findings: tuple[Finding, ...]

    @property
    def digest(self) -> str:
        """64 hex digits that change with any path or byte of the files that were read."""
        return digest_of((file.relpath, file.sha256) for file in self.files)


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """Return 64 hex digits that name files, given by path and SHA-256 in the order of their paths."""
    named = "".join([f"{relpath}\x00{sha256}\n" for relpath, sha256 in files])
    return hashlib.sha256(named.encode()).hexdigest()


def find_root(start: Path) -> Path:
    """Return the nearest folder with a `kb.yaml`: `start`, `start/claims`, or the same above it.

    `start` may also be a file inside a knowledge base. Raise `KnowledgeBaseNotFound`.
    """
    try:
        start = start.resolve()
        for folder in (start, *start.parents):
            for candidate in (folder, folder / "claims"):
                if (candidate / "kb.yaml").is_file():
                    return candidate
    except (OSError, RuntimeError, ValueError) as error:
        raise KnowledgeBaseNotFound(f"{printable(str(start))} cannot be looked at: {error}") from error
    raise KnowledgeBaseNotFound(f"no kb.yaml or claims/kb.yaml in {printable(str(start))} or any folder above it")


def shipped_root() -> Path | None:
    """Return the knowledge base that comes with the program: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    return next(
        (root for root in (package / "_claims", package.parent / "claims") if (root / "kb.yaml").is_file()), None
    )


def digest(root: Path) -> str:
    """Return 64 hex digits that name exactly the files below `root`; raise `KnowledgeBaseNotFound`."""
    return read_all(root).digest


def read_all(root: Path) -> Contents:
    """Read every file of the knowledge base in the folder `root`; raise `KnowledgeBaseNotFound`."""
    if not os.path.lexists(root / "kb.yaml"):
        raise KnowledgeBaseNotFound(f"there is no kb.yaml in {printable(str(root))}")
    read = [_read(root, found) if isinstance(found, _Found) else found for found in _walk(root)]
    files = sorted((item for item in read if isinstance(item, File)), key=lambda file: file.relpath)
    return Contents(tuple(files), tuple(item for item in read if isinstance(item, Finding)))


def read_file(root: Path, relpath: str) -> File | Finding:
    """Read one file of the knowledge base by its path relative to `root`, or say why it cannot be read."""
    kind = kind_of_path(relpath)
    if kind is None:
        return _unreadable(relpath, "this is no file of a knowledge base")
    return _read(root, _Found(kind, relpath, str(root / relpath)))


def read_text(content: bytes, relpath: str) -> str | Finding:
    """Return the text of a file's bytes (a byte order mark at its start is dropped), or why it has none."""
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        above = content[: error.start].decode()
        looks = " (it looks like UTF-16)" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        message = f"byte {error.start + 1} of the file is not UTF-8{looks}; save the file as UTF-8"
        line, column = above.count("\n") + 1, len(above) - above.rfind("\n")
        return Finding("not-utf-8", Level.ERROR, message, Location(relpath, line, column))


def save_text(path: Path, text: str) -> None:
    """Write a file so that after a crash it holds the old text or the new one in whole; raise `KbError`.

    A link is followed. The permissions of a file that was there stay as they were.
    """
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise KbError(f"{printable(str(path))} cannot be written: {_reason(error)}") from error
    save_bytes(path, content)


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file that is no text as `save_text` writes one; raise `KbError`.

    What is no file (`/dev/null`, a pipe) is written into: in its place, a file would take it from everybody.
    """
    try:
        if _takes_what_is_written(path):
            path.write_bytes(content)
        else:
            _replace(Path(os.path.realpath(path)), content)
    except (OSError, ValueError) as error:
        raise KbError(f"{printable(str(path))} cannot be written: {_reason(error)}") from error


def save_together(texts: Mapping[Path, str], gone: Path) -> None:
    """Write files and then delete another one, so that what fails changes none of them; raise `KbError`.

    All are written beside their places first: a full disk says so before anything has changed. Whoever is killed
    half-way leaves `gone` as it was, so that nothing is lost.
    """
    beside: dict[Path, Path] = {}
    path = gone
    try:
        for path, text in texts.items():
            place = Path(os.path.realpath(path))
            beside[place] = _written_beside(place, text.encode())
        path = gone
        _swap(beside, gone)
    except (OSError, ValueError) as error:
        what = "removed" if path is gone else "written"
        raise KbError(f"{printable(str(path))} cannot be {what}: {_reason(error)}") from error
    finally:
        for temporary in beside.values():
            temporary.unlink(missing_ok=True)


def _swap(beside: Mapping[Path, Path], gone: Path) -> None:
    """Give all files their names, and delete one; where that fails, put back what was there."""
    former = {path: path.read_bytes() if path.exists() else None for path in beside}
    done = []
    try:
        for path, temporary in beside.items():
            temporary.replace(path)
            done.append(path)
        for folder in {path.parent for path in beside}:
            _sync_folder(folder)
        gone.unlink()
    except BaseException:
        for path in done:
            before = former[path]
            with contextlib.suppress(OSError):
                if before is None:
                    path.unlink()
                else:
                    _replace(path, before)
        raise
    _sync_folder(gone.parent)


def _takes_what_is_written(path: Path) -> bool:
    """Whether a path names a device, a pipe or a socket."""
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(kind) or stat.S_ISDIR(kind))


def _replace(path: Path, content: bytes) -> None:
    temporary = _written_beside(path, content)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _written_beside(path: Path, content: bytes) -> Path:
    """Write what shall be in a file into one beside it, whose name nobody reads; return that."""
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def tidy(folder: Path) -> None:
    """Delete what writers that were killed left in a folder for caches, once it is surely nobody's."""
    for left in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            if abs(time.time() - left.stat().st_mtime) > _ABANDONED:  # a clock may have been set back
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; Windows has no such call and needs none."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that is to be read."""

    kind: Kind
    relpath: str
    path: str


def _walk(root: Path) -> Iterator[_Found | Finding]:
    """Yield the files of the layout and a finding for all else; nothing below a third folder is looked at."""
    folders = [("", str(root))]
    while folders:
        prefix, folder = folders.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(prefix.removesuffix("/") or ".", f"the folder cannot be read: {_reason(error)}")
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            relpath = printable(prefix + entry.name)
            kind = kind_of_path(relpath)
            if kind is not None:
                yield _Found(kind, relpath, entry.path)
            elif entry.is_dir(follow_symlinks=False) and _is_expected_folder(relpath):
                folders.append((f"{prefix}{entry.name}/", entry.path))
            elif not _is_welcome(entry.name) and relpath not in BESIDE:
                yield _stray(relpath, entry)


def is_in_place(root: Path, relpath: str) -> bool:
    """Tell whether a walk would find a file at this path: it has a kind, and no folder above it is hidden or a link."""
    if kind_of_path(relpath) is None or printable(relpath) != relpath:
        return False
    *folders, name = relpath.split("/")
    above = [root.joinpath(*folders[: depth + 1]) for depth in range(len(folders))]
    return not any(part.startswith(".") for part in (*folders, name)) and not any(map(os.path.islink, above))


def _is_expected_folder(relpath: str) -> bool:
    top, *below = relpath.split("/")
    return top in _FOLDERS and len(below) <= (1 if top == "entries" else 0)


def _is_welcome(name: str) -> bool:
    return name.endswith(".md") or name.startswith(_WELCOME_NAMES)


def _stray(relpath: str, entry: os.DirEntry[str]) -> Finding:
    if entry.is_symlink():
        advice = "this is a link, which is not followed; put the files themselves here"
    elif entry.is_dir(follow_symlinks=False):
        advice = "this folder is not read; entries go to entries/<area>/, and there are also caveats/ and sources/"
    elif relpath.endswith(".yml"):
        advice = "this file is not read; rename it so that it ends in .yaml"
    elif relpath.endswith(".yaml"):
        advice = "this file is not read; claims go to entries/<area>/, others to caveats/ or sources/"
    else:
        advice = "this file is no part of a knowledge base and is not read; move it elsewhere"
    return Finding("stray-file", Level.WARNING, advice, Location(relpath))


def _read(root: Path, found: _Found) -> File | Finding:
    """Read one file, never more than the limit, and nothing that is not a plain file inside the root."""
    try:
        status = os.lstat(found.path)
        if stat.S_ISLNK(status.st_mode):
            if not Path(os.path.realpath(found.path, strict=True)).is_relative_to(root.resolve()):
                return _unreadable(found.relpath, "this is a link to a file outside the knowledge base; copy the file")
            status = os.stat(found.path)  # noqa: PTH116 - one call as cheap as lstat above
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a plain file"
            return _unreadable(found.relpath, f"this is {what}; a file of that name is expected here")
        if status.st_size > MAX_BYTES:
            return _too_large(found.relpath)
        with open(found.path, "rb") as file:  # noqa: PTH123 - the same, twice as fast as pathlib
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(found.relpath, f"the file cannot be read: {_reason(error)}")
    if len(content) > MAX_BYTES:
        return _too_large(found.relpath)
    return File(found.kind, found.relpath, content, hashlib.sha256(content).hexdigest())


def _reason(error: Exception) -> str:
    """Return what the system says, without the path that it adds."""
    return str(getattr(error, "strerror", None) or error)


def _unreadable(relpath: str, message: str) -> Finding:
    return Finding("unreadable", Level.ERROR, message, Location(relpath))


def _too_large(relpath: str) -> Finding:
    message = "the file is larger than 4 MiB and was not read; split it, or move what is not an entry elsewhere"
    return Finding("too-large", Level.ERROR, message, Location(relpath))


def sort_findings(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by place, without repeats."""
    return tuple(sorted(set(found), key=lambda finding: finding.sort_key))
