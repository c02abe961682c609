"""Saves that lose nobody's work: one at a time, durable, and with the texts that they replaced kept for a while.

The lock and the kept texts are in the cache folder, apart for each knowledge base. A lock ends with the process that
holds it, however that ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from typing import TYPE_CHECKING

from kb.errors import Busy, KbError, NotWritten
from kb.store import places
from kb.store.files import save_bytes

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 30.0
"""Seconds that a save waits for others before it gives up."""
MOST_TEXTS = 400
"""Texts that are kept of a knowledge base; the oldest are dropped first."""

_PAUSE = 0.004
_ABANDONED = 60.0
"""Seconds after which a temporary file is nobody's; a command such as `kb fmt` writes without the lock."""


def revision(content: bytes) -> str:
    """Return the 64 hex digits that name these bytes."""
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def locked(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Let nobody else save in the knowledge base at `root` meanwhile, in any process; raise `Busy`, `NotWritten`."""
    file = places.cache_of(root, "locks").with_suffix(".lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"{file}, the lock that saves take, cannot be opened: {error.strerror}"
        raise NotWritten(message) from error
    try:
        _take(handle, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)  # and with it the lock


def _take(handle: int, until: float) -> None:
    while not _taken(handle):
        if time.monotonic() > until:
            raise Busy("another program is saving to this knowledge base and does not finish; try again in a moment")
        time.sleep(_PAUSE)


def _taken(handle: int) -> bool:
    try:
        if fcntl is None:
            import msvcrt  # noqa: PLC0415  (only Windows has it)

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sweep(path: Path) -> None:
    """Delete what saves of a file left beside it that were ended half-way; only who holds the lock may."""
    with contextlib.suppress(OSError):
        for left in path.parent.glob(f".{path.name[:40]}.*.tmp"):
            if abs(time.time() - left.stat().st_mtime) > _ABANDONED:  # a clock may have been set back
                left.unlink()


def remember(root: Path, text: str) -> None:
    """Keep a text under its revision, so that whoever edits it can be shown later what both started from.

    Not being able to keep it stands in nobody's way: a conflict is then shown without its base.
    """
    folder = places.cache_of(root, "bases")
    content = text.encode()
    with contextlib.suppress(OSError, KbError):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{revision(content)}.yaml"
        if not file.exists():
            save_bytes(file, content)
            _drop_oldest(folder)


def recall(root: Path, wanted: str) -> str | None:
    """Return the text of a revision where it was kept."""
    if len(wanted) != 64 or not wanted.isalnum():  # noqa: PLR2004 - hex digits of a SHA-256
        return None
    try:
        content = (places.cache_of(root, "bases") / f"{wanted}.yaml").read_bytes()
    except OSError:
        return None
    return content.decode() if revision(content) == wanted else None


def _drop_oldest(folder: Path) -> None:
    kept = [entry for entry in os.scandir(folder) if entry.is_file()]
    if len(kept) > MOST_TEXTS:
        by_age = sorted(kept, key=lambda entry: entry.stat().st_mtime_ns)
        for entry in by_age[: len(kept) - MOST_TEXTS * 3 // 4]:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)  # noqa: PTH108 - an entry of scandir
