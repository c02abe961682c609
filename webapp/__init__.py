"""The web: server-rendered pages and the JSON API over `kb.library`. `create_app` puts the parts together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from webapp import (
    about,
    api,
    audit,
    caveats,
    checklist,
    claims,
    desk,
    editing,
    entries_api,  # noqa: F401  (its routes are part of the API, and stand in its blueprint)
    errors,
    exports,
    gaps,
    grade,
    headers,
    help,  # noqa: A004
    history,
    overview,
    rate,
    references,
    review,
    rules,
    search,
    sources,
    templating,
    themes,
    tryout,
)
from webapp.accounts import enforcing, overseeing, saved
from webapp.reading import Desk
from webapp.running import health, watching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.accounts import Accounts
    from kb.library import Library

__all__ = ["create_app"]


def create_app(
    library: Library,
    *,
    reload_every: float | None = 0.5,
    trusted_hosts: Sequence[str] | None = None,
    audits_per_minute: int | None = rate.AUDITS_PER_MINUTE,
    accounts: Accounts | None = None,
) -> Flask:
    """Return the application that serves one knowledge base.

    Files are looked at for edits at most every `reload_every` seconds, when a request comes; never, if `None`.
    With `trusted_hosts`, requests for any other host name are refused (400): a page elsewhere could otherwise point
    its own name at this machine and read the private copies of articles. One address may ask for `audits_per_minute`
    audits; for any number, if `None`. Without `accounts` nothing can be changed, and nobody can sign in.
    """
    app = Flask(__name__)
    app.config["TRUSTED_HOSTS"] = list(trusted_hosts) if trusted_hosts else None
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order of fields is part of the contract
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions["caveat"] = Desk(library, reload_every)
    if audits_per_minute:
        app.extensions[rate.EXTENSION] = rate.Rate(audits_per_minute)
    enforcing.install(app, accounts)
    watching.install(app)
    headers.install(app)
    templating.install(app)
    errors.install(app)
    areas = (
        search,
        overview,
        claims,
        caveats,
        sources,
        references,
        themes,
        about,
        audit,
        rules,
        checklist,
        gaps,
        help,
        exports,
        api,
        tryout,
        editing,
        review,
        history,
        grade,
        desk,
        overseeing,
        saved,
        health,
    )
    for area in areas:
        app.register_blueprint(area.blueprint)
    return app
