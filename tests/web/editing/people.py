"""Somebody at a browser without scripts: opens pages, changes controls, presses buttons."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


class Controls(HTMLParser):
    """What a browser would send of the one form of a page that posts: (name, value), in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.action = ""
        self._in_form = False
        self._select = self._textarea = ""
        self._options: list[tuple[str, bool]] = []
        self._text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a control in."""
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "form" and found.get("method") == "post" and "edit-form" in (found.get("class") or ""):
            self._in_form, self.action = True, found.get("action") or ""
        if not self._in_form:
            return
        if tag == "input" and name and found.get("type") in {"checkbox", "radio"}:
            self.pairs += [(name, value)] if "checked" in found else []
        elif tag == "input" and name:
            self.pairs.append((name, value))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((value, "selected" in found))
        elif tag == "textarea":
            self._textarea, self._text = name, []

    def handle_data(self, data: str) -> None:
        """Take the text of a textarea in."""
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Finish a control."""
        if tag == "form":
            self._in_form = False
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [value for value, _ in self._options]
            self.pairs += [(self._select, chosen[0])] if chosen else []
            self._select = ""
        elif tag == "textarea" and self._textarea:
            text = "".join(self._text)
            text = text.removeprefix("\n").replace("\n", "\r\n")  # the first line break is none of the text
            self.pairs.append((self._textarea, text))
            self._textarea = ""


@dataclass
class Person:
    """A client that is signed in, and the page that it looks at."""

    client: FlaskClient
    page: TestResponse | None = None

    def open(self, address: str) -> TestResponse:
        """Open a page."""
        self.page = self.client.get(address, follow_redirects=True)
        return self.page

    def press(self, button: str, **changes: str | None) -> TestResponse:
        """Post the form of the page with some controls changed (`None` leaves one out), and follow where it leads.

        `__` in a name stands for a dot, and `0` between underscores is written out by the caller.
        """
        assert self.page is not None
        form = Controls(self.page.text)
        kept = [(name, value) for name, value in form.pairs if name not in changes]
        added = [(name, value) for name, value in changes.items() if value is not None]
        body: dict[str, list[str]] = {}
        for name, value in [*kept, *added, ("do", button)]:
            body.setdefault(name, []).append(value)
        self.page = self.client.post(form.action, data=body, follow_redirects=True)
        return self.page
