"""Who may read the JSON API from a browser: pages of any site, without credentials, and without private words.

The API needs no key and sets no cookie, so whoever can reach it may read it, and so may any page that such a person
has open. The words of articles are another matter: the private copies on somebody's own machine must not leak to
every page that this person visits. A page of another site therefore gets every answer without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

from webapp.errors import is_api

if TYPE_CHECKING:
    from flask import Response

_READING = ("GET", "HEAD", "OPTIONS")
_HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Location"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(_READING),
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def allow_reading(response: Response) -> Response:
    """Let pages of other sites read an answer of the API; leave all others as they are."""
    if is_api(request.path) and request.method in _READING:
        response.headers.update(_HEADERS)
        if request.method == "OPTIONS":
            response.headers.update(_PREFLIGHT)
        response.vary.add("Origin")
    return response


def from_elsewhere() -> bool:
    """Say whether a page of another site asks. Browsers write `Origin` themselves; no page can change or drop it.

    Only the host is compared: a proxy may have taken the encryption off on the way.
    """
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
