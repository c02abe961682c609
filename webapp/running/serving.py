"""The application as a server runs it: behind a proxy or not, watched, with figures or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import create_app
from webapp.running.counting import EXTENSION
from webapp.running.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from kb.accounts import Accounts
    from kb.library import Library
    from webapp.running.metrics import Metrics


def application(
    library: Library,
    *,
    accounts: Accounts | None,
    trusted_hosts: Sequence[str] | None,
    behind_proxy: int | None,
    metrics: bool,
) -> Flask:
    """Return the application for a server; its figures are in `figures_of`."""
    app = create_app(library, trusted_hosts=trusted_hosts, accounts=accounts)
    figures = None
    if metrics:
        from webapp.running.metrics import Metrics  # noqa: PLC0415  (most servers do without)

        figures = app.extensions[EXTENSION] = Metrics(library)
    if behind_proxy:
        # Not the host: a proxy passes `Host` on, and most would pass on whatever X-Forwarded-Host a client made up.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind_proxy, x_proto=behind_proxy, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]
    app.wsgi_app = Watch(app.wsgi_app, figures, proxied=bool(behind_proxy))  # type: ignore[method-assign]
    return app


def figures_of(app: Flask) -> Metrics | None:
    """Return the figures that an application keeps."""
    found: Metrics | None = app.extensions.get(EXTENSION)
    return found
