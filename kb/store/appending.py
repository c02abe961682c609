"""Add lines to a file in one piece or not at all: a list that is only ever added to never holds half of a line."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from kb.errors import NotWritten

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path


def append(file: Path, lines: str) -> None:
    """Add whole lines to a file, which is made where there is none; raise `NotWritten`, and nothing of them stays."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab+", buffering=0) as opened:
            _append(opened, lines.encode())
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise NotWritten(message) from error


def _append(opened: FileIO, content: bytes) -> None:
    end = opened.seek(0, os.SEEK_END)
    if end:
        opened.seek(end - 1)
        # where a crash has left half a line, the next begins on one of its own
        content = content if opened.read(1) == b"\n" else b"\n" + content
    written = opened.write(content)
    if written != len(content):
        opened.truncate(end)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
