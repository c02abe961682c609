"""A page of a batch, and pages gathered into shards."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST = 50_000_000
"""Bytes of a page; the audit refuses more, so no more is read."""
SHARD_PAGES = 200
SHARD_BYTES = 32_000_000
"""A shard is closed once it has so many bytes, so that a few of them fit in memory whatever pages hold."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the input. One with a `problem` could not be had; it is a result all the same."""

    id: str
    content: bytes = b""
    media: str | None = None
    url: str = ""
    path: str = ""
    problem: str = ""
    """Why there is nothing to audit."""
    incomplete: str = ""
    """Why this is only a part of the page."""

    @property
    def name(self) -> str:
        """What the result calls it: where it is, so that two runs over the same site can be compared."""
        return self.path or self.url or self.id

    @property
    def site(self) -> str:
        """The host of its address without `www.`, else the first folder of its path, else nothing."""
        if self.url:
            return _host(self.url)
        folder, slash, _ = self.path.partition("/")
        return folder if slash else ""

    def about(self) -> dict[str, Any]:
        """Return what a result says of the page besides what was found in it."""
        path = "" if self.path == self.id else self.path
        said = {"url": self.url, "path": path, "incomplete": self.incomplete}
        return {"id": self.id, "site": self.site} | {key: value for key, value in said.items() if value}

    def digest(self) -> bytes:
        """Return what changes with anything that a result can depend on."""
        said = [self.id, self.url, self.path, self.media, self.problem, self.incomplete, len(self.content)]
        return hashlib.sha256(json.dumps(said).encode() + hashlib.sha256(self.content).digest()).digest()


@dataclass(frozen=True, slots=True)
class Cut:
    """Between two pages: a shard ends here. Inputs cut at the end of a file, so that new files move no other shard."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages that are audited together and whose results are one file."""

    number: int
    pages: tuple[Page, ...]

    def digest(self) -> str:
        """Return 64 hex digits that name exactly these pages."""
        return hashlib.sha256(b"".join(page.digest() for page in self.pages)).hexdigest()


def shards(found: Iterable[Page | Cut], size: int = SHARD_PAGES, limit: int | None = None) -> Iterator[Shard]:
    """Yield shards of at most `size` pages, of the first `limit` pages, never holding more than one."""
    number = taken = weight = 0
    pages: list[Page] = []
    if limit == 0:
        return
    for page in found:
        if isinstance(page, Page):
            pages.append(page)
            taken, weight = taken + 1, weight + len(page.content)
        full = isinstance(page, Cut) or len(pages) >= size or weight >= SHARD_BYTES
        if pages and (full or taken == limit):
            yield Shard(number, tuple(pages))
            number, weight, pages = number + 1, 0, []
        if taken == limit:
            return
    if pages:
        yield Shard(number, tuple(pages))


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # such as an address of IPv6 that lacks its bracket
        return ""
    return host.removeprefix("www.")
