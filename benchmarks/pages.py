"""Ask for every kind of page of a large knowledge base, and say which are larger than a page may be.

    python benchmarks/pages.py                          # 10,000 made-up claims
    python benchmarks/pages.py --base claims --say          # each address as it is asked for

It starts at `/` and follows the links of pages, as many addresses of each kind as `--each` says, and besides asks for
the caveats, references, articles and claims that most others are tied to. Size is that of the HTML as it is sent
without compression, and milliseconds are those of this process's own work. Exit code 1: some page is too large, or an
address that a page leads to does not answer.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter, deque
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generate import generate

from kb.crossings import Crossings
from kb.library import Library
from kb.search.base import Query
from webapp import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask import Flask

MOST_BYTES = 100_000
"""Larger no page may be."""

_LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
_NO_PAGES = ("exports.", "api.", "static", "audit.")
"""What is no page; the audit's own limits are tested with it."""


class Asked(NamedTuple):
    """One address and what came of it."""

    endpoint: str
    address: str
    status: int
    size: int
    milliseconds: float


def crawl(app: Flask, start: Sequence[str], each: int) -> Iterator[Asked]:
    """Ask for addresses and for those that their pages lead to, at most so many of each kind."""
    client = app.test_client()
    waiting, known = deque(start), set(start)
    asked: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        endpoint = _endpoint(app, address)
        if endpoint is None or endpoint.startswith(_NO_PAGES) or (address not in start and asked[endpoint] >= each):
            continue
        asked[endpoint] += 1
        began = time.process_time()
        response = client.get(address)
        milliseconds = 1000 * (time.process_time() - began)
        if response.mimetype == "text/html" or response.status_code >= 400:  # noqa: PLR2004 - what failed
            yield Asked(endpoint, address, response.status_code, len(response.data), milliseconds)
        if response.status_code in {301, 302, 308}:
            led = [response.headers["Location"]]
        else:
            led = [unescape(link) for link in _LINK.findall(response.text)] if response.mimetype == "text/html" else []
        waiting.extend(link for link in dict.fromkeys(led) if link not in known)
        known.update(led)


def _endpoint(app: Flask, address: str) -> str | None:
    with app.test_request_context(address) as context:
        return context.request.endpoint


def tied(known: Crossings, number: int) -> list[str]:
    """Return the addresses of the entries that most others are tied to."""
    kinds: dict[str, Mapping[str, Sequence[object]]] = {
        "caveats": known.kb.claims_by_caveat,
        "references": known.claims_by_reference,
        "sources": known.claims_by_source,
        "claims": {claim.id: [*claim.occurrences, *claim.related] for claim in known.kb.claims.values()},
    }
    return [
        f"/{kind}/{entry}"
        for kind, ties in kinds.items()
        for entry in sorted(ties, key=lambda entry: (-len(ties[entry]), entry))[:number]
    ]


def table(found: Sequence[Asked]) -> str:
    """Return a line for each kind of page: how many were asked for, the largest, and the one that took longest."""
    lines = [f"{'page':<34}{'asked':>6}{'largest':>10}{'ms':>8}  address of the largest"]
    kinds: dict[str, list[Asked]] = {}
    for asked in found:
        kinds.setdefault(asked.endpoint, []).append(asked)
    for endpoint, pages in sorted(kinds.items()):
        largest = max(pages, key=lambda page: page.size)
        slowest = max(page.milliseconds for page in pages)
        lines.append(f"{endpoint:<34}{len(pages):>6}{largest.size:>10,}{slowest:>8.0f}  {largest.address[:70]}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Crawl and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, help="a knowledge base; without it one is made up")
    parser.add_argument("--claims", type=int, default=10_000, help="how many claims the made-up one has")
    parser.add_argument("--say", action="store_true", help="tell of each page at once, on standard error")
    parser.add_argument("--each", type=int, default=40, help="how many addresses of each kind are asked for")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        base = options.base or Path(folder)
        if options.base is None:
            generate(base, options.claims)
        library = Library.open(base, engine="memory")
        library.search(Query())  # indexes; no page is to blame for that
        app = create_app(library, reload_every=None)
        found = []
        for asked in crawl(app, ["/", *tied(Crossings(library.kb), 5)], options.each):
            found.append(asked)
            if options.say:
                print(f"{asked.size:>10,}{asked.milliseconds:>8.0f}  {asked.address}", file=sys.stderr, flush=True)
    print(table(found))
    broken = [asked for asked in found if asked.status >= 400]  # noqa: PLR2004 - what failed
    large = [asked for asked in found if asked.size > MOST_BYTES]
    for asked in broken:
        print(f"{asked.status} {asked.address}")
    print(f"{len(found)} pages, {len(large)} over {MOST_BYTES:,} bytes, {len(broken)} failed")
    return 1 if broken or large else 0


if __name__ == "__main__":
    sys.exit(main())
