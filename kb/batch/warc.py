"""Web archives (WARC): every answer of a server that is a page. Records are read with warcio.

Left to itself, warcio passes over the end of a file that is cut short and takes a damaged record for the end of its
file or part of the next. So each member of a gzip file is handed to it alone, and what cannot be read becomes a page
with a problem.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from typing import IO, TYPE_CHECKING, Any

from kb.batch.members import members
from kb.batch.pages import LARGEST, Page
from kb.errors import KbError
from kb.store.wording import cut, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEDIA = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf"})
_KINDS = frozenset({"response", "resource"})


def pages_of_archive(archive: IO[bytes], name: str) -> Iterator[Page]:
    """Yield the pages of an archive, and for each stretch that cannot be read a page that says so."""
    packed = archive.read(1) == b"\x1f"
    archive.seek(0)
    if not packed:
        yield from _records(archive, name, name)
        return
    for member in members(archive):
        here = f"{name}@{member.begin}"
        # The whole record is known to be sound only when its member has been read to the end.
        held: Page | None = None
        stream = io.BufferedReader(member)
        for page in _records(stream, here, name):
            if held is not None:
                yield held
            held = page
        member.drain()
        if member.problem:
            held = _damaged(here, name, f"the record at byte {member.begin:,} cannot be read: {member.problem}")
        if held is not None:
            yield held


def _records(stream: IO[bytes], here: str, name: str) -> Iterator[Page]:
    """Yield the pages of a stream of records; stop where it cannot be read on."""
    iterator = _iterator(stream)
    last, wrong = "its beginning", 0
    while True:
        try:
            with contextlib.redirect_stderr(io.StringIO()):  # warcio prints what `err_count` says as well
                record = next(iterator, None)
        except Exception as error:  # noqa: BLE001 - whatever a reader of broken bytes raises
            yield _damaged(here, name, f"it cannot be read after {last}: {cut(str(error) or repr(error))}")
            return
        if iterator.err_count > wrong:
            wrong = iterator.err_count
            yield _damaged(f"{here}#{wrong}", name, f"{last} is longer or shorter than it says; a record may be lost")
        if record is None:
            return
        if not record.rec_type or record.rec_headers.get_header("Content-Length") is None:
            yield _damaged(
                here, name, f"it cannot be read after {last}: a record says neither what it is nor its length"
            )
            return
        last = f"the record {_named(record)}"
        page = _page(record)
        if page is not None:
            yield page


def _iterator(stream: IO[bytes]) -> Any:
    try:
        warcio = importlib.import_module("warcio.archiveiterator")  # an extra that few need, and without types
    except ImportError as error:
        raise KbError("reading a web archive needs warcio: pip install 'caveat-kb[batch]'") from error
    return warcio.ArchiveIterator(stream)


def _page(record: Any) -> Page | None:
    """Return the page that a record holds; `None` for requests, errors of the server, pictures and the like."""
    if record.rec_type not in _KINDS:
        return None
    heads = record.http_headers or record.rec_headers
    if record.http_headers and not str(heads.get_statuscode()).startswith("2"):
        return None
    media = heads.get_header("Content-Type") or ""
    if media.partition(";")[0].strip().lower() not in _MEDIA:
        return None
    said = record.rec_headers
    url = printable(said.get_header("WARC-Target-URI") or "")
    try:
        content = record.content_stream().read(LARGEST + 1)
    except Exception as error:  # noqa: BLE001 - decoders of a server's bytes raise what they like
        return Page(_named(record), url=url, problem=f"its content cannot be unpacked: {cut(str(error))}")
    return Page(_named(record), content, printable(media), url, incomplete=_incomplete(record, content))


def _incomplete(record: Any, content: bytes) -> str:
    truncated = record.rec_headers.get_header("WARC-Truncated")
    if truncated:
        return f"the crawler kept only a part of it ({cut(truncated)})"
    left = getattr(record.raw_stream, "limit", 0)
    return "its record is cut short" if left and len(content) <= LARGEST else ""


def _named(record: Any) -> str:
    said = record.rec_headers.get_header("WARC-Record-ID") or record.rec_headers.get_header("WARC-Target-URI") or ""
    return printable(said.strip("<>"))


def _damaged(here: str, name: str, problem: str) -> Page:
    return Page(here, path=name, problem=problem)
