"""Ask for pages before anybody does: much is made ready when it is first asked for, and nobody should wait for it.

The first search of a process reads what the engine keeps, lists the words that typing errors are mended with, and
compiles rules and templates. `/readyz` says no until all of that is done.
"""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

from webapp.reading import desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from kb.model import KnowledgeBase

EXTENSION = "caveat-warming"

_LONG = 5
"""Letters of a word that stands for those which people look for."""

_PAGES = (
    "/api/v1/search",
    "/help/search",
    "/overview/claims",
    "/themes",
    "/caveats",
    "/sources",
    "/references",
)


def warm(app: Flask) -> threading.Thread:
    """Ask for pages of every kind, in a thread of its own."""
    thread = threading.Thread(target=_ask, args=(app,), name="kb-warming", daemon=True)
    app.extensions[EXTENSION] = thread
    thread.start()
    return thread


def warming(app: Flask) -> bool:
    """Tell whether pages are still being made ready."""
    thread: threading.Thread | None = app.extensions.get(EXTENSION)
    return thread is not None and thread.is_alive()


def _ask(app: Flask) -> None:
    with app.app_context():
        kb = desk().library.kb
    host = next(iter(app.config["TRUSTED_HOSTS"] or ["localhost"]))
    for address in addresses(kb):
        # past the server's own layers, which count and log what people ask for
        with app.test_request_context(address, base_url=f"http://{host}"):
            app.full_dispatch_request()
    # what has been made stays: with many claims, each look through it for garbage would hold up requests
    gc.collect()
    gc.freeze()


def addresses(kb: KnowledgeBase) -> Iterator[str]:
    """Yield what makes everything ready: each way of searching, and a page of each kind."""
    claim = next(iter(kb.claims.values()), None)
    if claim:
        words = [word for word in claim.claim.split() if word.isalpha() and len(word) >= _LONG][:2] or ["word"]
        first = words[0]
        # a word, several, a phrase, a beginning, a slip, a field without such a value, and what somebody pastes
        for typed in (
            first,
            " ".join(words),
            f'"{first}"',
            f"{first[:3]}*",
            f"{first}xq{first}",
            "theme:xq",
            f"{claim.claim} {claim.claim}",
        ):
            yield f"/?q={quote(typed)}"
        yield f"/?sort=changed&q={quote(first)}"
        yield f"/api/v1/complete?q={quote(first[:3])}"
        yield f"/claims/{claim.id}"
    yield from _PAGES
