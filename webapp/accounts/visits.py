"""The cookie: a random token that names a session in the database, and from which the CSRF token is made.

It stands in for Flask's own sessions, which keep their content in the cookie and so cannot be revoked. Somebody who
only reads gets none. The sign-in form gives one that names no session yet, so that the form has a CSRF token, too;
signing in always gives a new one, so that nobody can prepare a browser with a token that they know.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any

from flask import request
from flask.sessions import SessionInterface, SessionMixin

from kb.accounts.sessions import new_token

if TYPE_CHECKING:
    from flask import Flask, Request, Response

_CSRF = "csrf_token"
"""Where Flask-WTF looks for what a token is checked against."""
_PORT = re.compile(r":([0-9]{1,5})$", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Visit(dict[str, Any], SessionMixin):
    """What is known of a browser: the token in its cookie, and the raw CSRF token that belongs to it."""

    def __init__(self, token: str | None, key: bytes) -> None:
        self.token = token or new_token()
        """The token of the cookie; a new one where the browser had none that could be ours."""
        self.to_set = False
        """Whether the answer sets the cookie."""
        self.known = token is not None
        """Whether the browser sent a token, which may name a session."""
        self.to_drop = False
        self._key = key
        super().__init__({_CSRF: self._csrf()})

    def __getitem__(self, name: str) -> Any:
        """Return a value; a form that shows the CSRF token needs the cookie it belongs to."""
        self.to_set = self.to_set or not self.known
        return super().__getitem__(name)

    def renew(self, token: str) -> None:
        """Go on under another token."""
        self.token, self.to_set, self.to_drop = token, True, False
        super().__setitem__(_CSRF, self._csrf())

    def drop(self) -> None:
        """Let the answer take the cookie away."""
        self.to_set, self.to_drop = False, True

    def _csrf(self) -> str:
        return hmac.new(self._key, self.token.encode(), hashlib.sha256).hexdigest()


class Visits(SessionInterface):
    """Reads and writes the cookie. What the token means is looked up later, by the routes that need to know."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def open_session(self, app: Flask, request: Request) -> Visit:  # noqa: ARG002  (Flask calls it with these)
        """Return what the cookie says."""
        found = request.cookies.get(cookie_name(request), "")
        return Visit(found if _TOKEN.fullmatch(found) else None, self._key)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Set or drop the cookie, where the request led to that."""
        assert isinstance(session, Visit)  # noqa: S101  (`open_session` makes no other)
        flags: dict[str, Any] = {"path": "/", "httponly": True, "samesite": "Lax", "secure": request.is_secure}
        if session.to_drop:
            response.delete_cookie(cookie_name(request), **flags)
        elif session.to_set:
            response.set_cookie(cookie_name(request), session.token, **flags)


def cookie_name(request: Request) -> str:
    """Return the cookie's name: under https, one that browsers take from this very host and over https alone.

    Browsers do not tell ports apart, so that two servers on one machine would take each other's sessions away.
    """
    if request.is_secure:
        return "__Host-caveat"
    # Not `request.host`, which raises for a host that is not trusted; here that is too early for an answer in words.
    port = _PORT.search(request.environ.get("HTTP_HOST", ""))
    return f"caveat-{port[1]}" if port else "caveat"
