"""Each request has an id, is timed, and leaves a line in the access log and in the figures when it is answered.

The line has the route and never the address: what was searched for, pasted or signed in with stands in addresses.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import g, request
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask, Response

    from webapp.running.metrics import Metrics

LOG = "webapp.access"
KEY = "caveat.seen"
NO_ROUTE = "(none)"
"""Instead of a route, where an address leads nowhere."""

_log = logging.getLogger(LOG)
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass
class Seen:
    """What is known of a request so far."""

    id: str
    method: str
    began: float = field(default_factory=time.perf_counter)
    route: str = NO_ROUTE
    endpoint: str = ""
    account: str = ""
    status: int = 500

    def line(self, seconds: float) -> dict[str, Any]:
        """Return what the access log says of it."""
        return {
            "request": self.id,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "ms": round(seconds * 1000, 1),
            "account": self.account,
        }


class Watch:
    """Stands around an application (WSGI)."""

    def __init__(self, application: WSGIApplication, metrics: Metrics | None, *, proxied: bool) -> None:
        self._application, self._metrics, self._proxied = application, metrics, proxied

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        # A method may be any word, and would be a way to write into the log.
        method = environ["REQUEST_METHOD"]
        seen = environ[KEY] = Seen(self._id(environ), method if method.isalpha() and len(method) <= 10 else "other")  # noqa: PLR2004
        if self._metrics:
            self._metrics.begun()

        def starting(status: str, headers: list[tuple[str, str]], *args: Any) -> Any:
            seen.status = int(status[:3])
            headers.append(("X-Request-ID", seen.id))
            return start_response(status, headers, *args)

        try:
            body = self._application(environ, starting)
        except BaseException:
            self._ended(seen)
            raise
        return ClosingIterator(body, lambda: self._ended(seen))

    def _id(self, environ: WSGIEnvironment) -> str:
        """Return the id that a proxy in front gave, so that both logs can be read together, or a new one."""
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._proxied else ""
        return given if _ID.fullmatch(given) else uuid.uuid4().hex

    def _ended(self, seen: Seen) -> None:
        seconds = time.perf_counter() - seen.began
        if self._metrics:
            self._metrics.ended(
                route=seen.route, endpoint=seen.endpoint, method=seen.method, status=seen.status, seconds=seconds
            )
        _log.info("%s %s", seen.method, seen.route, extra={"seen": seen.line(seconds)})


def install(app: Flask) -> None:
    """Let an application tell the one around it which route was taken, and by whom."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    seen: Seen | None = request.environ.get(KEY)
    if seen is not None:
        rule = request.url_rule
        seen.route, seen.endpoint = (rule.rule, rule.endpoint) if rule else (NO_ROUTE, "")
        session = g.get("signed_in")
        seen.account = session.account.name if session else ""
    return response
