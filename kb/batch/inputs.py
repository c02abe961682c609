"""Pages of a folder, of JSON lines, of a web archive: one after the other, never all of them in memory."""

from __future__ import annotations

import gzip
import stat
import zlib
from typing import TYPE_CHECKING

from kb.batch.jsonlines import pages_of_lines
from kb.batch.pages import LARGEST, Cut, Page
from kb.batch.warc import pages_of_archive
from kb.errors import KbError
from kb.finding import Skipped
from kb.library.copies import ENDINGS, files_in
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
ARCHIVES = (".warc", ".warc.gz")


def pages(source: Path, exclude: Sequence[str] = ()) -> Iterator[Page | Cut]:
    """Yield the pages of `source` in an order that is the same every time; raise `KbError` if it is no input."""
    if source.is_dir():
        return _of_folder(source, exclude)
    if not source.exists():
        raise KbError(f"{printable(str(source))} is not there")
    reader = _reader(source)
    if reader is None:
        endings = ", ".join((*LINES, *ARCHIVES))
        raise KbError(f"{printable(str(source))} is neither a folder nor a file that ends in {endings}")
    return reader(source, source.name)


def _reader(file: Path) -> Callable[[Path, str], Iterator[Page | Cut]] | None:
    name = file.name.lower()
    if name.endswith(LINES):
        return _of_lines
    return _of_archive if name.endswith(ARCHIVES) else None


def _of_folder(folder: Path, exclude: Sequence[str]) -> Iterator[Page | Cut]:
    """Yield the files of a folder; those that hold many pages begin and end a shard."""
    for found in files_in(folder, exclude, (*ENDINGS, *LINES, *ARCHIVES)):
        if isinstance(found, Skipped):
            yield Page(found.what, path=found.what, problem=found.reason)
            continue
        path = printable(found.relative_to(folder).as_posix())
        reader = _reader(found)
        if reader is None:
            yield _file(found, path)
        else:
            yield Cut()
            yield from reader(found, path)
            yield Cut()


def _file(file: Path, path: str) -> Page:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return Page(path, path=path, problem="this is no file")  # a pipe would be waited for
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        return Page(path, path=path, problem=error.strerror or str(error))
    return Page(path, content, path=path)


def _of_lines(file: Path, name: str) -> Iterator[Page | Cut]:
    try:
        with file.open("rb") as opened:
            if file.name.lower().endswith(".gz"):
                with gzip.open(opened) as lines:
                    yield from pages_of_lines(lines, name)
            else:
                yield from pages_of_lines(opened, name)
    except (OSError, EOFError, zlib.error) as error:
        yield Page(name, path=name, problem=f"cannot be read to its end: {error}")


def _of_archive(file: Path, name: str) -> Iterator[Page | Cut]:
    try:
        with file.open("rb") as opened:
            yield from pages_of_archive(opened, name)
    except OSError as error:
        yield Page(name, path=name, problem=error.strerror or str(error))
