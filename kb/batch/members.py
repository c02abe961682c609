"""The members of a gzip file one by one, so that one that is damaged or cut short takes no other with it."""

from __future__ import annotations

import io
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

_MAGIC = b"\x1f\x8b\x08"
_BLOCK = 1 << 16


class Member(io.RawIOBase):
    """What one member unpacks to, piece by piece. `problem` is set when its end is not where it should be."""

    def __init__(self, file: IO[bytes], begin: int) -> None:
        super().__init__()
        self.begin = begin
        self.end = begin
        """Where in the file the member ends, once it has been read."""
        self.problem = ""
        self._file = file
        self._at = begin
        self._unpack = zlib.decompressobj(wbits=31)
        self._done = False

    def readable(self) -> bool:
        """Say that it can be read, which a raw stream cannot otherwise."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Unpack as much as fits, and never more: a small member may hold very much."""
        view = memoryview(buffer).cast("B")
        while not self._done:
            piece = self._next(len(view))
            if piece:
                view[: len(piece)] = piece
                return len(piece)
        return 0

    def _next(self, most: int) -> bytes:
        packed = self._unpack.unconsumed_tail or self._block()
        try:
            piece = self._unpack.decompress(packed, most)
        except zlib.error as error:
            self._stop(f"it is damaged ({error})")
            return b""
        if self._unpack.eof:
            self._stop("")
            self.end = self._at - len(self._unpack.unused_data)
        elif not packed:
            self._stop("it is cut short")
        return piece

    def _block(self) -> bytes:
        self._file.seek(self._at)
        block = self._file.read(_BLOCK)
        self._at += len(block)
        return block

    def _stop(self, problem: str) -> None:
        self._done, self.problem, self.end = True, problem, self._at

    def drain(self) -> None:
        """Read what is left, so that its end is known."""
        while self.read(_BLOCK):
            pass


def members(file: IO[bytes]) -> Iterator[Member]:
    """Yield the members of a file. After one that is damaged, go on with the next that begins like a record."""
    begin = 0
    while begin >= 0 and _has_more(file, begin):
        member = Member(file, begin)
        yield member
        member.drain()
        begin = _search(file, begin + 1) if member.problem else member.end


def _has_more(file: IO[bytes], at: int) -> bool:
    file.seek(at)
    return bool(file.read(1))


def _search(file: IO[bytes], begin: int) -> int:
    """Return where the next member with a record begins; -1 if there is none."""
    at, before = begin, b""
    while True:
        file.seek(at)
        block = file.read(_BLOCK)
        if not block:
            return -1
        whole, start = before + block, at - len(before)
        found = whole.find(_MAGIC)
        while found >= 0:
            if Member(file, start + found).read(len(b"WARC/")) == b"WARC/":
                return start + found
            found = whole.find(_MAGIC, found + 1)
        at, before = at + len(block), whole[-len(_MAGIC) + 1 :]
