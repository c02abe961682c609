"""Response headers: what a browser may load, how long it may keep a page, and when it already has the right one.

A page is a function of its address, the knowledge base's files, the index, the attached copies and this program. The
ETag names all of these, so that a reader who comes back costs no search and no rendering.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import flask

import kb
from webapp.accounts.current import current, offers_to_sign_in
from webapp.cors import from_elsewhere
from webapp.reading import desk, knowledge_base, library

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PACKAGES = (Path(__file__).parent, Path(kb.__file__).parent)
_STATIC = "static"
_UNMOVED = frozenset({None, _STATIC, "health.alive"})
"""Endpoints that do not depend on the files."""
_UNKEPT = frozenset({"health.ready"})
"""Endpoints that are about this very moment."""


@cache
def build() -> str:
    """Return 12 hex digits that name this program's version: its number, code, templates, styles and scripts."""
    digest = hashlib.sha256(kb.__version__.encode())
    for package in _PACKAGES:
        for path in sorted(package.rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg"}:
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def forget_etag() -> None:
    """Let no browser keep the answer to this request: it depends on more than an ETag says."""
    flask.g.pop("etag", None)


def install(app: Flask) -> None:
    """Add the headers to every response of the application."""
    app.before_request(_answer_from_cache)
    app.after_request(_add_headers)


def _answer_from_cache() -> ResponseReturnValue | None:
    """Look for edits, then answer 304 where the reader already has this very page."""
    endpoint = flask.request.endpoint
    if endpoint in _UNMOVED:
        return None
    desk().look_for_edits()
    if endpoint in _UNKEPT or flask.request.method not in {"GET", "HEAD"} or current() is not None:
        return None  # what somebody sees who is signed in is kept nowhere: on the next visit it may be another's turn
    flask.g.etag = _etag()
    known = flask.request.if_none_match
    if not known.star_tag and known.contains_weak(flask.g.etag):
        return flask.Response(status=304)
    return None


def _add_headers(response: flask.Response) -> flask.Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if flask.request.endpoint == _STATIC:
        # Style sheets are asked for by their build, so one that has been fetched never changes.
        if flask.request.args.get("v") == build():
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.status_code in {200, 304} and "etag" in flask.g:
        # Pages may show words from private copies of articles: no shared cache keeps them.
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(flask.g.etag, weak=True)
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _etag() -> str:
    base, shelf = knowledge_base(), library()
    index = shelf.index_info().info
    state = (
        build(),
        base.digest,
        index.digest if index else "",
        *shelf.attached(),
        flask.request.full_path,
        "from elsewhere" if from_elsewhere() else "",
        "can sign in" if offers_to_sign_in() else "",
    )
    return hashlib.sha256("\x00".join(state).encode("utf-8", "surrogatepass")).hexdigest()[:24]
