"""The vectors of a knowledge base, kept beside its index: a cache, made again whenever it is missing or damaged.

    <folder>/vectors-<model>-<knowledge base>-<check>.npy

The first two parts are the beginnings of both digests, the third is that of the file's own SHA-256, so that a file is
known to be whole. It is written beside and renamed into place, and read without unpickling anything. Each row holds
the digest of its text, so that after an edit only the texts that changed go through the model again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.semantic.base import Embedder, Matrix

    Table = np.ndarray[tuple[int], np.dtype[np.void]]

KEPT = 5
"""How many files stay in the folder: those of other states and models that one may go back to."""

_WRITING = ".vectors-"
_LEFTOVER_SECONDS = 3_600
_TEXT_BYTES = 16
_PART = 16


class Vectors:
    """The cache of one model's vectors in one folder. Any number of processes may share the folder."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._prefix = f"vectors-{embedder.digest[:_PART]}-"

    def read(self, digest: str, texts: Sequence[str]) -> Matrix:
        """Return one row for each text; raise `IndexUnavailable` where no whole file has just these texts."""
        for path in self._folder.glob(f"{self._prefix}{digest[:_PART]}-*.npy"):
            table = _load(path)
            if table is not None and np.array_equal(table["text"], _keys(texts)):
                vectors: Matrix = np.ascontiguousarray(table["vector"])
                return vectors
        raise IndexUnavailable(f"no vectors of {self._embedder.name} have been made for this state")

    def build(self, digest: str, texts: Sequence[str]) -> Matrix:
        """Make the vectors, those of known texts taken over, and keep them; raise `IndexUnavailable`."""
        keys = _keys(texts)
        known = self._known()
        missing = [number for number, key in enumerate(keys) if key.tobytes() not in known]
        made = self._embedder.embed([texts[number] for number in missing])
        table = np.empty(len(texts), dtype=_row(made.shape[1]))
        table["text"] = keys
        for number, key in enumerate(keys):
            table["vector"][number] = known.get(key.tobytes(), 0.0)
        table["vector"][missing] = made
        try:
            self._write(digest, table)
        except OSError as error:
            raise IndexUnavailable(f"the vectors cannot be kept in {self._folder}: {error}") from error
        vectors: Matrix = np.ascontiguousarray(table["vector"])
        return vectors

    def _known(self) -> dict[bytes, Matrix]:
        """Return text → vector from the newest file of this model that is whole."""
        for path in self._newest(f"{self._prefix}*.npy"):
            table = _load(path)
            if table is not None:
                return {key.tobytes(): vector for key, vector in zip(table["text"], table["vector"], strict=True)}
        return {}

    def _write(self, digest: str, table: Table) -> None:
        """Put the file in place whole and synced, and remove what it replaces and what is too old."""
        packed = io.BytesIO()
        np.save(packed, table, allow_pickle=False)
        name = f"{self._prefix}{digest[:_PART]}-{_check(packed.getvalue())}.npy"
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=_WRITING, dir=self._folder, delete=False) as file:
            try:
                file.write(packed.getvalue())
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(self._folder / name)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        for path in self._folder.glob(f"{self._prefix}{digest[:_PART]}-*.npy"):
            if path.name != name:
                path.unlink(missing_ok=True)
        for path in list(self._newest("vectors-*.npy"))[KEPT:]:
            path.unlink(missing_ok=True)
        for path in self._folder.glob(f"{_WRITING}*"):
            if abs(time.time() - _changed(path)) > _LEFTOVER_SECONDS:  # a clock may have been set back
                path.unlink(missing_ok=True)

    def _newest(self, pattern: str) -> Iterator[Path]:
        return iter(sorted(self._folder.glob(pattern), key=lambda path: (-_changed(path), path.name)))


def _row(size: int) -> Any:
    return np.dtype([("text", np.uint8, (_TEXT_BYTES,)), ("vector", np.float32, (size,))])


def _keys(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    digests = b"".join(hashlib.sha256(text.encode(errors="replace")).digest()[:_TEXT_BYTES] for text in texts)
    return np.frombuffer(digests, dtype=np.uint8).reshape(len(texts), _TEXT_BYTES)


def _check(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()[:_PART]


def _load(path: Path) -> Table | None:
    """Return what a file holds, or `None` where it is gone, unreadable, or not what was written."""
    with contextlib.suppress(OSError, ValueError):
        packed = path.read_bytes()
        if path.stem.endswith(_check(packed)):
            table: Table = np.load(io.BytesIO(packed), allow_pickle=False)
            return table if table.dtype.names == ("text", "vector") else None
    return None


def _changed(path: Path) -> float:
    """Return when a file was last written; now, if another process has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
