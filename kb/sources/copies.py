"""Private copies of the articles' texts, named by their SHA-256 and kept where git cannot publish them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KbError, NotPrivate, SourceMismatch, SourceNotAttached

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import Source


def source_of(content: bytes, name: str, sources: Iterable[Source]) -> Source:
    """Return the source whose text has exactly these bytes; raise `SourceMismatch` where there is none.

    `name` is what the message calls the file.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = list(sources)
    found = next((source for source in known if source.text.sha256 == digest), None)
    if found is None:
        listed = ", ".join(f"{source.id} ({source.text.sha256[:12]}…)" for source in known) or "none"
        message = f"{name} is not the text of a source: its SHA-256 is {digest}; known sources: {listed}"
        raise SourceMismatch(message)
    length = len(_decode(content, name))
    if length != found.text.chars:
        message = (
            f"{name} has the SHA-256 of {found.id}, but {length} characters where the entry says {found.text.chars}"
        )
        raise SourceMismatch(message)
    return found


def attach(file: Path, sources: Iterable[Source], folder: Path) -> Source:
    """Keep a private copy of `file` (mode 0600) in `folder`; return the source whose text it is.

    Raise `SourceMismatch` for any other text, `NotPrivate` where the folder lies inside a git work tree, and
    `KbError` where the file cannot be read or the copy not written.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise KbError(message) from error
    source = source_of(content, str(file), sources)
    _refuse_work_tree(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(_place(folder, source), content)
    except OSError as error:
        message = f"the private copy of {source.id} cannot be kept in {folder}: {error.strerror}"
        raise KbError(message) from error
    return source


def read_copy(source: Source, folder: Path) -> str:
    """Return the words of a source; raise `SourceNotAttached` without a copy, `SourceMismatch` where it is damaged."""
    try:
        content = _place(folder, source).read_bytes()
    except FileNotFoundError:
        message = f"no copy of {source.id} is attached; `kb sources attach FILE` keeps one on this machine"
        raise SourceNotAttached(message) from None
    except OSError as error:
        message = f"the private copy of {source.id} cannot be read: {error.strerror}"
        raise SourceMismatch(message) from error
    if hashlib.sha256(content).hexdigest() != source.text.sha256:
        message = f"the private copy of {source.id} is damaged; attach the article again"
        raise SourceMismatch(message)
    return _decode(content, source.id)


def with_copies(sources: Iterable[Source], folder: Path) -> list[Source]:
    """Return the sources that have a copy, sound or not; one look at the folder tells of all of them.

    Where nobody may look into the folder, that is any of them.
    """
    try:
        there = {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        return []
    except OSError:
        return list(sources)
    return [source for source in sources if _name(source) in there]


def _place(folder: Path, source: Source) -> Path:
    return folder / _name(source)


def _name(source: Source) -> str:
    return f"{source.text.sha256}.txt"


def _decode(content: bytes, name: str) -> str:
    """Decode without touching newlines, so that offsets count what is in the file."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 (byte {error.start})"
        raise SourceMismatch(message) from error


def _refuse_work_tree(folder: Path) -> None:
    """Raise `NotPrivate` where git could pick the copy up: the articles are not ours to publish."""
    place = folder.resolve()
    tree = next((parent for parent in (place, *place.parents) if (parent / ".git").exists()), None)
    if tree is not None:
        message = (
            f"private copies would be kept in {folder}, inside the git work tree {tree}; set CAVEAT_HOME elsewhere"
        )
        raise NotPrivate(message)


def _write_private(path: Path, content: bytes) -> None:
    """Write beside and replace, so that a reader finds the old copy or the new one; `mkstemp` gives mode 0600."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".attach-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
