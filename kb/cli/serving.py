"""`kb serve`: the pages and the JSON API in a browser on this machine."""
# ruff: noqa: PLC0415  (servers and pages are imported when the command runs, not when `kb` starts)

from __future__ import annotations

import gc
import importlib
import ipaddress
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import open_library
from kb.cli.searching import model_option
from kb.errors import KbError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.accounts import Accounts
    from kb.library import Library

DEFAULT_HOST = "127.0.0.1"
_THREADS = 8
"""Of which four may be taken by audits and those who wait for one."""
_HEADROOM = 1_000_000
"""Bytes beyond the largest form, so that the application refuses what is a little too large, in words."""


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free port.")
@model_option
@click.option("--edit", is_flag=True, help="Print a link that lets whoever opens it first edit, on this machine.")
@click.option(
    "--behind-proxy",
    type=click.IntRange(1, 10),
    metavar="NUMBER",
    help="Trust X-Forwarded-For and X-Forwarded-Proto of so many proxies in front of this server.",
)
@click.pass_context
def serve(
    ctx: click.Context, *, host: str, port: int, model: Path | None, edit: bool, behind_proxy: int | None
) -> None:
    """Serve the pages and the JSON API to a browser.

    Only this machine can reach them, unless another HOST is given: who can reach the address can read everything.
    Edits to the files show at once. Nothing can be changed in the browser but by accounts (kb user add), or on this
    machine with --edit.
    """
    if edit and (behind_proxy or not _is_loopback(host)):
        raise click.UsageError("--edit is for this machine alone; make accounts with kb user add")
    library = open_library(ctx, follow_edits=True, model=model)
    library.index()
    accounts = _accounts(library, needed=edit)
    app = _application(library, accounts, host, behind_proxy)
    server = _server(app, host, port, proxied=bool(behind_proxy))
    _warn(accounts, host, behind_proxy)
    importlib.import_module("webapp.sample").warm(app)
    # A name such as localhost may stand for several addresses; they share the port.
    _, bound = getattr(server, "effective_listen", [("", getattr(server, "effective_port", port))])[0]
    click.echo(f"{library.kb.about.name}: {_address(host, bound)} (Ctrl+C stops)")
    if edit and accounts:
        _print_link(library, accounts, _address(host, bound))
    server.run()


def _accounts(library: Library, *, needed: bool) -> Accounts | None:
    """Open the accounts; where this machine keeps none and they cannot be made, all the same serve for reading."""
    from kb.accounts import Accounts, folder_of

    try:
        return Accounts.of(library.root)
    except KbError as error:
        if needed or folder_of(library.root).exists():
            raise
        click.echo(f"kb: {error}; serving for reading alone", err=True)
        return None


def _application(library: Library, accounts: Accounts | None, host: str, behind_proxy: int | None) -> Any:
    # By name, because the layers say that the command line and the web do not know each other.
    app = importlib.import_module("webapp").create_app(
        library, trusted_hosts=None if behind_proxy else _trusted_hosts(host), accounts=accounts
    )
    if behind_proxy:
        proxied = importlib.import_module("werkzeug.middleware.proxy_fix").ProxyFix
        # Not the host: a proxy passes `Host` on, and most would pass on whatever X-Forwarded-Host a client made up.
        app.wsgi_app = proxied(app.wsgi_app, x_for=behind_proxy, x_proto=behind_proxy, x_host=0, x_port=0, x_prefix=0)
    return app


def _server(app: Any, host: str, port: int, *, proxied: bool) -> Any:
    from waitress import create_server  # type: ignore[import-untyped]

    # What is loaded now stays: at 10,000 claims each look through it for garbage would hold a request up for a second.
    gc.collect()
    gc.freeze()
    # A body stays in memory, so that copy to audit never touches the disk, and is refused where it is beyond any form.
    most = importlib.import_module("webapp.audit_limits").MAX_FORM + _HEADROOM
    try:
        return create_server(
            app,
            host=host,
            port=port,
            threads=_THREADS,
            max_request_body_size=most,
            inbuf_overflow=most,
            # Otherwise Waitress takes the headers out before the application, which knows whom to trust, sees them.
            clear_untrusted_proxy_headers=not proxied,
        )
    except (OSError, ValueError) as error:  # the port is taken or not ours to take; the host is not an address
        message = f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}"
        raise KbError(message) from error


def _warn(accounts: Accounts | None, host: str, behind_proxy: int | None) -> None:
    """Say what could go wrong where other machines can reach the server."""
    if _is_loopback(host) or behind_proxy:
        return
    if accounts and accounts.users.any():
        click.echo(
            f"kb: {host} can be reached from other machines, and passwords travel in the clear; "
            "put a server with TLS in front and say --behind-proxy 1",
            err=True,
        )
    else:
        click.echo(f"kb: {host} can be reached from other machines, and there are no passwords", err=True)


def _print_link(library: Library, accounts: Accounts, address: str) -> None:
    from kb.accounts.identity import name_and_email

    me = accounts.users.local(*name_and_email(library.root))
    link = f"{address}start/{accounts.sessions.link(me)}"
    click.echo(f"Edit as {me.display}: {link} (works once, for ten minutes)")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trusted_hosts(host: str) -> list[str] | None:
    """Return the names by which this machine may be asked; any, where its other names cannot be known."""
    return ["localhost", DEFAULT_HOST, "[::1]", host] if _is_loopback(host) else None


def _address(host: str, port: int) -> str:
    """Return the URL to open; an IPv6 address stands in brackets, and "all addresses" includes this machine's own."""
    shown = {"0.0.0.0": DEFAULT_HOST, "::": "::1"}.get(host, host)  # noqa: S104  (shown, not bound)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
