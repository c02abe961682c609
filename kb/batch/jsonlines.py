"""JSON lines: one page a line, with `id`, `url` or `path`, and `text` or `html`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from kb.batch.pages import Page
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lines(Protocol):
    """A file, packed or not."""

    def readline(self, size: int, /) -> bytes:
        """Return a line, at most so many bytes of it."""


LONGEST = 64_000_000
"""Bytes of a line; a page of 50 MB with its escapes."""
_NAMES = ("id", "url", "path")


def pages_of_lines(lines: Lines, name: str) -> Iterator[Page]:
    """Yield a page for every line that is not empty; a line that is wrong is a page with a problem."""
    number = 0
    while line := lines.readline(LONGEST + 1):
        number += 1
        here = f"{name}:{number}"
        if len(line) > LONGEST:
            _pass_over(lines)
            yield Page(here, problem=f"the line is longer than {LONGEST // 1_000_000} MB")
        elif line.strip():
            yield _page(line, here)


def _pass_over(lines: Lines) -> None:
    while (rest := lines.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _page(line: bytes, here: str) -> Page:
    try:
        said = json.loads(line)
    except ValueError as error:
        return Page(here, problem=f"the line is no JSON: {error}")
    except RecursionError:
        return Page(here, problem="the line is nested too deeply")
    if not isinstance(said, dict):
        return Page(here, problem="the line is no JSON object")
    wrong = [key for key in (*_NAMES, "text", "html", "media") if not isinstance(said.get(key), str | int | None)]
    names = {key: printable(str(said[key])) for key in _NAMES if said.get(key) not in (None, "") and key not in wrong}
    page = Page(names.get("id", here), url=names.get("url", ""), path=names.get("path", ""))
    if wrong:
        return _without(page, f"{', '.join(wrong)}: not a text")
    return _filled(page, said)


def _filled(page: Page, said: dict[str, Any]) -> Page:
    given = [key for key in ("text", "html") if said.get(key) is not None]
    if len(given) != 1:
        return _without(page, "the line has both text and html" if given else "the line has neither text nor html")
    media = said.get("media") or ("text/html" if given == ["html"] else "text/plain")
    # The text is decoded already; what its page once declared about bytes must not count any more.
    kind = f"{str(media).partition(';')[0].strip()}; charset=utf-8"
    return Page(page.id, str(said[given[0]]).encode(errors="replace"), kind, page.url, page.path)


def _without(page: Page, problem: str) -> Page:
    return Page(page.id, url=page.url, path=page.path, problem=problem)
