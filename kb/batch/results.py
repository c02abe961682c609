"""The file of a shard: a header, one line a page, and a last line that says the file is whole and what is in it.

It holds no time, so that the same pages give the same bytes, whoever audited them and after however many stops.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kb.batch.tally import Tally, unchecked
from kb.errors import KbError
from kb.store.files import save_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kb.batch.pages import Page, Shard
    from kb.batch.worker import Result

SCHEMA = "kb-batch/1"
TRANSIENT = frozenset({"time", "memory", "crash"})
"""Kinds of errors that may go well another time."""


@dataclass(slots=True)
class Counts:
    """What a shard, or a whole run, comes to."""

    pages: int = 0
    unchecked: int = 0
    """Pages of which nothing could be audited."""
    transient: int = 0
    """Of these, those for which time, memory or a crash is to blame."""
    partly: int = 0
    """Pages of which a part could not be read."""
    error: int = 0
    warning: int = 0
    note: int = 0

    def add(self, other: Counts) -> None:
        """Add the counts of another shard."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


class Damaged(Exception):
    """The file is no whole result of a shard; the message says why."""


def encode(head: Mapping[str, Any], shard: Shard, results: Sequence[Result]) -> tuple[Counts, bytes]:
    """Return what a shard comes to, and the bytes of its file."""
    tally, counts = Tally(), Counts()
    lines = [_line({"schema": SCHEMA, **head})]
    for page, result in zip(shard.pages, results, strict=True):
        lines.append(_page_line(page, result))
        tally.add(result.tally if result.document else unchecked(page.site))
        counts.add(_counted(page, result))
    body = b"".join(lines)
    end = {"counts": asdict(counts), "tally": tally.content(), "sha256": hashlib.sha256(body).hexdigest()}
    return counts, body + _line({"end": end})


def _page_line(page: Page, result: Result) -> bytes:
    about = json.dumps(page.about(), ensure_ascii=False, separators=(",", ":"))
    if result.document:
        return f'{{"page":{about},"document":{result.document}}}\n'.encode(errors="replace")
    return _line({"page": page.about(), "error": {"kind": result.kind, "reason": result.reason}})


def _counted(page: Page, result: Result) -> Counts:
    failed = not result.document
    error, warning, note = result.levels
    partly = not failed and (result.lost or bool(page.incomplete))
    return Counts(1, int(failed), int(result.kind in TRANSIENT), int(partly), error, warning, note)


def _line(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode(errors="replace")


def save(path: Path, content: bytes) -> None:
    """Write a shard's file in whole or not at all; the same content gives the same bytes packed, too."""
    if path.suffix == ".gz":
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0, filename="") as file:
            file.write(content)
        content = packed.getvalue()
    save_bytes(path, content)


@dataclass(frozen=True, slots=True)
class Whole:
    """A shard's file that is as it was written."""

    head: Mapping[str, Any]
    counts: Counts
    tally: Mapping[str, Any]
    lines: bytes
    """Everything but the last line."""

    def pages(self) -> Iterator[dict[str, Any]]:
        """Yield what the file says of each page."""
        for line in self.lines.split(b"\n")[1:-1]:
            yield json.loads(line)


def load(path: Path) -> Whole:
    """Read a shard's file; raise `Damaged` unless every byte is as it was written, `OSError` if it cannot be read."""
    content = path.read_bytes()
    try:
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        cut = content.rindex(b"\n", 0, len(content) - 1) + 1
        body, end = content[:cut], json.loads(content[cut:])["end"]
        if hashlib.sha256(body).hexdigest() != end["sha256"]:
            raise Damaged("its digest does not fit")
        head = json.loads(body[: body.index(b"\n")])
        if head.get("schema") != SCHEMA:
            raise Damaged(f"it is no {SCHEMA}")
        return Whole(head, Counts(**end["counts"]), end["tally"], body)
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, zlib.error) as error:
        raise Damaged("it is not whole") from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object of ours; raise `KbError`."""
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KbError(f"{path} cannot be read: {error}") from error
    if not isinstance(said, dict):
        raise KbError(f"{path} is no JSON object")
    return said
